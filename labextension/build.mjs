// The panels as bundles for a cell: one file each, and the loader that fetches each of them once per page.
// `node build.mjs --watch` builds again with every change.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
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

const common = {
  bundle: true,
  minify: true,
  target: 'es2022',
  charset: 'utf8',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  legalComments: 'none', // NOTICES.txt has them
  metafile: true
};

/**
 * A part of a panel is a bundle of its own, which the panel fetches when it needs it: a function of the modules that
 * the panel's bundle has already. `import modules from 'lent:<part>'` builds it, and is what it is made of; `import()`
 * of its sources is what JupyterLab's bundle does instead.
 */
const parts = {
  name: 'parts',
  setup(build) {
    build.onResolve({ filter: /./ }, ({ kind, path }) =>
      kind === 'dynamic-import' ? { path, external: true } : undefined
    );
    build.onResolve({ filter: /^lent:/ }, ({ path, importer }) => ({
      path: path.slice('lent:'.length),
      namespace: 'lent',
      pluginData: importer
    }));
    build.onLoad({ filter: /./, namespace: 'lent' }, async ({ path: name, pluginData: panel }) => {
      const { own, lent } = await part(name, await modules(panel));
      const from = lent.map(([path, names], at) => {
        const numbered = names.map(one => `${one} as ${one}${at}`);
        return `import { ${numbered.join(', ')} } from ${JSON.stringify(`./${path}`)};`;
      });
      const made = lent.map(([, names], at) => `{ ${names.map(one => `${one}: ${one}${at}`).join(', ')} }`);
      return {
        contents: `${from.join('\n')}\nexport default [${made.join(', ')}];`,
        resolveDir: process.cwd(),
        watchFiles: own
      };
    });
  }
};

/** The files that a panel's bundle has without its parts. */
async function modules(panel) {
  const none = {
    name: 'none',
    setup: build => build.onResolve({ filter: /^lent:/ }, ({ path }) => ({ path, external: true }))
  };
  const plan = {
    ...common,
    entryPoints: [panel],
    format: 'esm',
    write: false,
    plugins: [none, parts, styles]
  };
  return new Set(Object.keys((await esbuild.build(plan)).metafile.inputs));
}

/** Builds a part, and says of what: its own files, and the names that it has lent of each of the panel's. */
async function part(name, theirs) {
  const plan = { ...common, entryPoints: [`src/widget/${name}.ts`], outdir: OUT };
  const plain = { ...plan, format: 'esm', minify: false, write: false, plugins: [borrows(theirs), styles] };
  const { outputFiles } = await esbuild.build(plain);
  const lent = new Map();
  for (const [line, names, path] of outputFiles[0].text.matchAll(
    /^import (?:\{ (.*) \}|.*) from "(.*)";$/gm
  )) {
    if (!names) throw new Error(`${name}: what is lent is imported by its names, and not so: ${line}`);
    const known = lent.get(path) ?? new Set();
    lent.set(path, known);
    for (const one of names.split(', ')) known.add(one.split(' as ')[0]);
  }
  const places = [...lent.keys()];
  const { metafile } = await esbuild.build({
    ...plan,
    format: 'cjs',
    banner: { js: 'export default require => { const module = { exports: {} };' },
    footer: { js: 'return module.exports; };' },
    plugins: [borrows(theirs, file => String(places.indexOf(file))), styles]
  });
  say(metafile);
  const own = Object.keys(metafile.inputs).map(path => resolve(path));
  return { own, lent: [...lent].map(([path, names]) => [path, [...names]]) };
}

/** Leaves out what the panel has; `called` is what it is asked for by. */
function borrows(theirs, called = file => file) {
  const ours = {};
  return {
    name: 'borrows',
    setup(build) {
      build.onResolve({ filter: /./ }, async ({ path, kind, resolveDir, pluginData }) => {
        if (kind === 'entry-point' || pluginData === ours) return undefined;
        const found = await build.resolve(path, { kind, resolveDir, pluginData: ours });
        const file = relative(process.cwd(), found.path).replaceAll('\\', '/');
        return theirs.has(file) ? { path: called(file), external: true } : found;
      });
    }
  };
}

function say({ outputs }) {
  for (const [path, { bytes }] of Object.entries(outputs)) console.log(`${bytes}  ${path}`);
}

const options = {
  ...common,
  entryPoints: ['loader', ...PANELS].map(name => `src/widget/${name}.ts`),
  outdir: OUT,
  format: 'esm',
  plugins: [parts, styles]
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
  say(metafile);
}
