import { deflateSync } from 'node:zlib';
import { signal } from '@preact/signals';
import { beforeEach, expect, test, vi } from 'vitest';
import { KEPT, Pages } from '../../src/panels/explorer/pages';
import type { Wrong } from '../../src/protocol';
import { type Answers, OtherSide, settled } from '../answering';
import { COLUMNS, cell, page, VIEW } from './tables';

const ROWS = 1_000_000;
const BOTH = [
  { at: 0, chars: 40 },
  { at: 1, chars: 48 }
];
let side: OtherSide;
let pages: Pages;
let ends: (number | null)[];
const costly = signal<Wrong | null>(null);

function begin(answers: Answers = { 'data.page': args => page(args, ROWS) }) {
  side = new OtherSide(answers);
  ends = [];
  costly.value = null;
  const of = { what: 'who/reviews' };
  pages = new Pages(
    side.channel,
    () => of,
    () => VIEW,
    () => COLUMNS,
    (_, end) => ends.push(end),
    costly
  );
}

const look = (from: number, to: number, columns = BOTH, forward = true) =>
  pages.look({ from, to, columns, forward }, ROWS);
const stretches = () => side.of('data.page').map(one => [one.args.offset, one.args.limit]);

beforeEach(() => begin());

test('what is in sight is asked for first, and then the page ahead', async () => {
  look(0, 20);
  expect(stretches()).toEqual([[0, 100]]);
  await settled();
  expect(stretches()).toEqual([
    [0, 100],
    [100, 100]
  ]);
  await settled();
  expect(stretches()).toHaveLength(2);
  expect([pages.cell(3, 1), pages.row(3), pages.cell(3, 0)]).toEqual([cell('text', 3), 3, '3']);
});

test('ahead is where one goes: upwards it is the page before', async () => {
  look(500, 520, BOTH, false);
  await settled();
  expect(stretches()).toEqual([
    [500, 100],
    [400, 100]
  ]);
});

test('a jump to row 500,000 takes one question, also across the edge of a page', async () => {
  look(499_990, 500_015);
  expect(stretches()).toEqual([[499_900, 200]]);
  await settled();
  expect(pages.cell(500_010, 0)).toBe('500010');
});

test('what nobody looks at any more is given up', () => {
  begin({ 'data.page': () => undefined });
  look(0, 20);
  look(900_000, 900_020);
  expect(side.of('data.page').map(one => one.cancelled)).toEqual([true, false]);
});

test('an answer that comes late for what was given up is not taken', async () => {
  begin({ 'data.page': () => undefined });
  look(0, 20);
  const first = side.last('data.page');
  look(900_000, 900_020);
  first.ok(page(first.args, ROWS));
  await settled();
  expect(pages.cell(0, 0)).toBeUndefined();
});

test('only columns that are not here are asked for', async () => {
  look(0, 20);
  await settled();
  look(0, 20, [...BOTH, { at: 2, chars: 32 }]);
  expect(side.last('data.page').args.columns).toEqual([{ name: 'label', chars: 32 }]);
  await settled();
  expect(pages.cell(0, 0)).toBe('0');
  expect(pages.cell(0, 2)).toEqual({ text: 'bad', value: 0 });
});

test('a wider column asks for more of its text, where there is more of it', async () => {
  look(0, 20);
  await settled();
  const before = stretches().length;
  look(0, 20, [{ at: 0, chars: 400 }]);
  expect(stretches()).toHaveLength(before);
  look(0, 20, [{ at: 1, chars: 400 }]);
  expect(side.last('data.page').args.columns).toEqual([{ name: 'text', chars: 400 }]);
});

test('the same is not asked for twice while it is on its way', () => {
  begin({ 'data.page': () => undefined });
  look(0, 20);
  look(2, 22);
  look(4, 24);
  expect(stretches()).toHaveLength(1);
});

test('after hundreds of jumps no more pages are kept than may be', async () => {
  for (let jump = 0; jump < 200; jump++) {
    look(jump * 4000, jump * 4000 + 20);
    await settled();
  }
  expect(pages.size).toBeLessThanOrEqual(KEPT);
  expect(pages.cell(0, 0)).toBeUndefined();
});

test('a short page says where the rows end', async () => {
  begin({ 'data.page': args => page(args, 130) });
  look(100, 120);
  await settled();
  expect(ends[0]).toBe(130);
});

test('a search that has found more meanwhile asks for the page again, and only then', async () => {
  let found = 7;
  begin({ 'data.page': args => page(args, found) });
  pages.look({ from: 0, to: 20, columns: BOTH, forward: true }, null, 7);
  await settled();
  pages.look({ from: 0, to: 20, columns: BOTH, forward: true }, null, 7);
  const before = side.of('data.page').filter(one => one.args.offset === 0).length;
  found = 60;
  pages.look({ from: 0, to: 20, columns: BOTH, forward: true }, null, 60);
  await settled();
  expect(side.of('data.page').filter(one => one.args.offset === 0)).toHaveLength(before + 1);
  expect(pages.cell(50, 0)).toBe('50');
});

test('what costs much is asked about, not read; with a yes it is asked again with so much allowed', async () => {
  begin({ 'data.page': args => (args.allow ? page(args, ROWS) : undefined) });
  look(0, 20);
  side.last('data.page').error({ type: 'Costly', message: 'Much.', bytes: 248_000_000 });
  await settled();
  expect(costly.value?.bytes).toBe(248_000_000);
  expect(pages.wrong.value).toBeNull();
  look(0, 20);
  expect(stretches()).toHaveLength(1);
  pages.permit(250_000_000);
  expect(side.last('data.page').args).toMatchObject({ offset: 0, allow: 250_000_000 });
  await settled();
  expect(pages.cell(5, 0)).toBe('5');
});

test('rows that were refused are not asked about again until one thinks better of it', async () => {
  begin({ 'data.page': () => undefined });
  look(0, 20);
  side.last('data.page').error({ type: 'Costly', message: 'Much.', bytes: 2e8 });
  await settled();
  pages.refuse();
  look(1, 21);
  expect(stretches().filter(([offset]) => offset === 0)).toHaveLength(1);
  pages.reconsider();
  expect(stretches().filter(([offset]) => offset === 0)).toHaveLength(2);
});

test('a page ahead that would cost much is nobody’s wish: nothing is said of it', async () => {
  begin({ 'data.page': args => (args.offset === 0 ? page(args, ROWS) : undefined) });
  look(0, 20);
  await settled();
  side.last('data.page').error({ type: 'Costly', message: 'Much.', bytes: 2e8 });
  await settled();
  expect(costly.value).toBeNull();
  look(1, 21);
  expect(stretches()).toHaveLength(2);
});

test('an error is told once, and asked again on request', async () => {
  begin({ 'data.page': () => undefined });
  look(0, 20);
  side.last('data.page').error({ type: 'Unreachable', message: 'Away.', retry: true });
  await settled();
  expect(pages.wrong.value?.message).toBe('Away.');
  look(2, 22);
  expect(stretches()).toHaveLength(1);
  pages.again();
  expect(stretches()).toHaveLength(2);
  expect(pages.wrong.value).toBeNull();
});

test('a page that comes folded is the page', async () => {
  begin({ 'data.page': () => undefined });
  look(0, 20);
  expect(side.last('data.page').args.packed).toBe(true);
  const { args } = side.last('data.page');
  const folded = deflateSync(JSON.stringify(page(args, ROWS)));
  const buffer = folded.buffer.slice(folded.byteOffset, folded.byteOffset + folded.length);
  side.last('data.page').ok({ packed: 'deflate' }, [buffer as ArrayBuffer]);
  await vi.waitFor(() => expect(pages.cell(3, 0)).toBe('3'));
  expect(pages.cell(3, 1)).toEqual(cell('text', 3));
});

test('a page that cannot be unfolded says so, and is asked for again', async () => {
  begin({ 'data.page': () => undefined });
  look(0, 20);
  side.last('data.page').ok({ packed: 'deflate' }, [new ArrayBuffer(40)]);
  await vi.waitFor(() => expect(pages.wrong.value?.message).toBeTruthy());
  pages.again();
  side.last('data.page').ok(page(side.last('data.page').args, ROWS));
  await settled();
  expect(pages.cell(3, 0)).toBe('3');
});

test('digits that were left out are asked for where the column is wider', async () => {
  begin({
    'data.page': args => ({ ...page(args, ROWS), cells: [Array.from({ length: 100 }, () => '0.1234…e-7')] })
  });
  look(0, 20, [{ at: 0, chars: 10 }]);
  await settled();
  const before = side.of('data.page').length;
  look(0, 20, [{ at: 0, chars: 20 }]);
  expect(side.of('data.page')).toHaveLength(before + 1);
});
