/** Nothing is kept that nobody uses: what a file exports is imported, and what a style sheet styles is drawn. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');
const SRC = join(ROOT, 'src');
/** Where nobody imports from: JupyterLab, a cell's loader, and the shapes that the kernel's answers have. */
const OPEN = [/^src\/index\.ts$/, /^src\/lab\/plugin\.ts$/, /^src\/widget\/\w+\.ts$/, /\/answers\.ts$/];

function files(folder: string, ending: RegExp): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(name => ending.test(name))
    .map(name => join(folder, name));
}

const bare = (text: string) => text.replace(/\/\*[\s\S]*?\*\/|(?<![:'"])\/\/.*/g, '');
const sources = new Map(files(SRC, /\.tsx?$/).map(file => [file, bare(readFileSync(file, 'utf8'))]));

/** Names that files import, by the file they come from. */
function imported(): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  const tests = files(join(ROOT, 'test'), /\.tsx?$/).map(file => [file, readFileSync(file, 'utf8')] as const);
  for (const [file, text] of [...sources, ...tests])
    for (const [, what, from] of text.matchAll(/(?:import|export)\s+([^;'"]*?)\s*from\s*'(\.[^']*)'/g)) {
      const path = resolve(dirname(file), from as string);
      const of = ['.ts', '.tsx', '/index.ts', '/index.tsx']
        .map(end => path + end)
        .find(one => sources.has(one));
      if (!of) continue;
      const names = found.get(of) ?? new Set();
      for (const name of (what as string).matchAll(/\w+(?=\s*(?:,|\}|$|as\b))|\*/g)) names.add(name[0]);
      found.set(of, names);
    }
  return found;
}

test('what a file exports is used', () => {
  const used = imported();
  const idle: string[] = [];
  for (const [file, text] of sources) {
    const name = relative(ROOT, file);
    if (OPEN.some(one => one.test(name))) continue;
    const exports = text.matchAll(
      /^export\s+(?:abstract\s+|async\s+)?(?:const|function|class|interface|type|enum|let)\s+(\w+)/gm
    );
    for (const [, exported] of exports) {
      const of = used.get(file);
      if (of?.has(exported as string) || of?.has('*')) continue;
      // what a file needs itself may be exported for whoever reads
      if (text.split(new RegExp(`\\b${exported}\\b`)).length > 2) continue;
      idle.push(`${name}: ${exported}`);
    }
  }
  expect(idle).toEqual([]);
});

test('what a style sheet styles is drawn', () => {
  const said = [...sources.values()].join('\n');
  const python = files(resolve(ROOT, '../hf_nb'), /\.(py|js|html)$/)
    .filter(file => !file.includes('/static/'))
    .map(file => readFileSync(file, 'utf8'))
    .join('\n');
  const words = new Set(`${said}\n${python}`.match(/hfnb-[a-z0-9]+(?:-[a-z0-9]+)*(?!-\$)/g));
  // `hfnb-job-${state}`: any of the words that may stand there; `hfnb-${kind}`: any that its own file quotes
  const begun = [...sources.values()].flatMap(text =>
    [...text.matchAll(/(hfnb-(?:[a-z]+-)*)\$\{/g)].map(([, begin = '']) => ({
      begin,
      within: begin === 'hfnb-' ? text : said
    }))
  );
  const composed = (name: string) =>
    begun.some(
      ({ begin, within }) =>
        name.startsWith(begin) &&
        new RegExp(`'${name.slice(begin.length)}'|\\b${name.slice(begin.length)}:`).test(within)
    );
  const idle = new Set<string>();
  for (const file of files(join(ROOT, 'style'), /\.css$/))
    for (const [, name] of bare(readFileSync(file, 'utf8')).matchAll(/\.(hfnb-[\w-]+)/g))
      if (!words.has(name as string) && !composed(name as string))
        idle.add(`${relative(ROOT, file)}: .${name}`);
  expect([...idle]).toEqual([]);
});
