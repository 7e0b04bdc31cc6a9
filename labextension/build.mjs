// The panels as bundles for a cell: one file each, and the loader that fetches each of them once per page.
// `node build.mjs --watch` builds again with every change.
import { mkdir } from 'node:fs/promises';
import * as esbuild from 'esbuild';

const OUT = '../hf_nb/widgets/static';
const PANELS = ['models', 'spaces', 'inference'];

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
  loader: { '.css': 'text' },
  legalComments: 'none'
};

await mkdir(OUT, { recursive: true });
if (process.argv.includes('--watch')) {
  await (await esbuild.context(options)).watch();
} else {
  await esbuild.build(options);
}
