// The panels as bundles for a cell: one file each, and the loader that fetches each of them once per page.
// `node build.mjs --watch` builds again with every change.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import * as esbuild from 'esbuild';

const OUT = '../hf_nb/widgets/static';
const PANELS = ['models', 'datasets', 'explorer', 'spaces', 'inference', 'playground', 'compare'];

/** Style sheets as text, without their comments and blanks: every bundle carries them. */
const styles = {
  name: 'styles',
  setup(build) {
    build.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await esbuild.transform(await readFile(path, 'utf8'), { loader: 'css', minify: true });
      return { contents: code, loader: 'text', watchFiles: [path] };
    });
  }
};

const options = {
  entryPoints: ['loader', ...PANELS].map(name => `src/widget/${name}.ts`),
  outdir: OUT,
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  charset: 'utf8',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  plugins: [styles],
  legalComments: 'none', // NOTICES.txt has them
  metafile: true
};

/** The licences of what was bundled, as they want to be passed on. */
async function notices({ inputs }) {
  const packages = new Set(
    Object.keys(inputs).flatMap(path => path.match(/^node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1] ?? [])
  );
  const parts = await Promise.all(
    [...packages].sort().map(async name => {
      const folder = `node_modules/${name}`;
      const { version, license } = JSON.parse(await readFile(`${folder}/package.json`, 'utf8'));
      const file = (await readdir(folder)).find(one => /^licen[cs]e/i.test(one));
      if (!file) throw new Error(`${name} comes without the text of its licence.`);
      return `${name} ${version} (${license})\n\n${(await readFile(`${folder}/${file}`, 'utf8')).trim()}\n`;
    })
  );
  return `The bundles in this folder contain:\n\n${parts.join(`\n${'-'.repeat(72)}\n\n`)}`;
}

await mkdir(OUT, { recursive: true });
if (process.argv.includes('--watch')) {
  await (await esbuild.context(options)).watch();
} else {
  const { metafile } = await esbuild.build(options);
  await writeFile(`${OUT}/NOTICES.txt`, await notices(metafile));
  for (const [path, { bytes }] of Object.entries(metafile.outputs)) console.log(`${bytes}  ${path}`);
}
