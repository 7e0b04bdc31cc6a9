import { afterEach, expect, test } from 'vitest';
import type { Of } from '../../src/panels/explorer/answers';
import { History, REMEMBERED } from '../../src/panels/explorer/history';
import { ExplorerModel } from '../../src/panels/explorer/model';
import { Sheet } from '../../src/panels/explorer/sheet';
import { hostOf, type OtherSide, settled, type TriedHost } from '../answering';
import { opened, page, sideOf, summary } from './tables';

let side: OtherSide;
let host: TriedHost;
let model: ExplorerModel;

async function begin(options: Record<string, unknown> = {}, answering: OtherSide = sideOf()) {
  side = answering;
  host = hostOf(side, { of: { what: 'who/reviews' }, ...options });
  model = new ExplorerModel(host);
  await settled();
  return model.table;
}

afterEach(() => model?.end());

const found = (rows: number, more = {}) => ({
  rows,
  of: 4_000_000,
  scanned: 4_000_000,
  exact: true,
  sql: 'SELECT 1',
  moved: 5000,
  seconds: 0.2,
  ...more
});

test('a table that came with the panel is drawn without a question', async () => {
  const args = { offset: 0, limit: 100, columns: [{ name: 'id', chars: 40 }] };
  const table = await begin({ first: { opened: opened(), page: page(args, 4_000_000) } });
  table.look(0, 20, table.lanes.shown.value.slice(0, 1), true);
  expect(side.asked.filter(one => one.op === 'data.open')).toHaveLength(0);
  expect(side.of('data.page').filter(one => one.args.offset === 0)).toHaveLength(0);
  expect([table.total.value, table.pages.cell(3, 0)]).toEqual([4_000_000, '3']);
});

test('all questions are about the commit that was opened', async () => {
  const table = await begin();
  table.look(0, 20, table.lanes.shown.value, true);
  expect(side.last('data.page').args.of).toMatchObject({
    what: 'who/reviews',
    revision: 'abcdef0123',
    split: 'train'
  });
});

test('a filter looks for its rows, says how far it is, and begins at the first row', async () => {
  const table = await begin({ at: 900 });
  table.filter('label', { column: 'label', is: 'in', values: [1] });
  expect(table.at.value).toBe(0);
  expect(side.last('data.view').args.view).toMatchObject({
    filters: [{ column: 'label', is: 'in', values: [1] }]
  });
  side.last('data.view').event({ scanned: 1_200_000, of: 4_000_000, found: 412, moved: 9 });
  expect(table.finding.found.value).toMatchObject({ rows: 412, scanned: 1_200_000, running: true });
  expect([table.total.value, table.rows.value]).toEqual([null, 412]);
  side.last('data.view').ok(found(3210));
  await settled();
  expect([table.total.value, table.rows.value]).toEqual([3210, 3210]);
});

test('an order has as many rows as the table, also before they are in order', async () => {
  const table = await begin();
  table.sort('id');
  expect(side.last('data.view').args.view).toMatchObject({ sort: { column: 'id', descending: false } });
  expect([table.total.value, table.rows.value]).toEqual([4_000_000, 4_000_000]);
});

test('a search that is stopped keeps what it found, and says that it is not all', async () => {
  const table = await begin();
  model.search('wonder');
  side.last('data.view').event({ scanned: 1000, of: 4_000_000, found: 7, moved: 9 });
  table.finding.stop();
  expect(side.last('data.view').cancelled).toBe(true);
  expect(table.finding.found.value).toMatchObject({ rows: 7, running: false, stopped: true, exact: false });
  expect([table.total.value, table.rows.value]).toEqual([null, 7]);
  table.finding.retry();
  expect(side.of('data.view')).toHaveLength(2);
});

test('another filter takes the place of one under way; its late answer counts for nothing', async () => {
  const table = await begin();
  model.search('a');
  const first = side.last('data.view');
  model.search('ab');
  expect(first.cancelled).toBe(true);
  first.ok(found(9));
  side.last('data.view').ok(found(2));
  await settled();
  expect(table.total.value).toBe(2);
});

test('a search that would cost much is asked about, and goes on with so much allowed', async () => {
  const table = await begin();
  model.search('a');
  side.last('data.view').error({ type: 'Costly', message: 'Much.', bytes: 9e8 });
  await settled();
  expect(table.costlyView.value?.bytes).toBe(9e8);
  table.finding.permit(1e9);
  expect(side.last('data.view').args.allow).toBe(1e9);
  expect(table.costlyView.value).toBeNull();
});

test('a table whose end nobody knows grows as it is read, and stops growing there', async () => {
  const unknown = sideOf(130, {
    'data.open': ({ of }) => opened(of as Of, { rows: null }),
    'data.page': args => ({ ...page(args, 130), total: null })
  });
  const table = await begin({}, unknown);
  expect([table.total.value, table.rows.value]).toEqual([null, 100]);
  table.look(0, 20, table.lanes.shown.value, true);
  await settled();
  expect(table.rows.value).toBeGreaterThan(100);
  table.look(100, 120, table.lanes.shown.value, true);
  await settled();
  expect([table.total.value, table.rows.value]).toEqual([130, 130]);
});

test('bars are asked for as columns come into sight, once, and anew with another view', async () => {
  const table = await begin({}, sideOf(4_000_000, { 'data.summaries': () => ({ moved: 10 }) }));
  table.summing.look(['id', 'text']);
  table.summing.look(['id', 'text', 'label']);
  await settled();
  await settled();
  expect(side.of('data.summaries').map(one => one.args.columns)).toEqual([['id', 'text'], ['label']]);
  table.filter('id', { column: 'id', is: 'filled', values: [] });
  table.summing.look(['id']);
  expect(side.last('data.summaries').args).toMatchObject({ columns: ['id'], exact: false });
});

test('bars of all rows cost what they cost: whoever wants them is asked', async () => {
  const table = await begin();
  table.summing.exact('id');
  side.last('data.summaries').event(summary('id', { from: 'sample', seen: 50_000 }));
  expect(table.summing.known.value.id?.from).toBe('sample');
  side.last('data.summaries').error({ type: 'Costly', message: 'Much.', bytes: 3e8 });
  await settled();
  expect(table.costlyBars.value?.bytes).toBe(3e8);
  table.summing.permit(4e8);
  expect(side.last('data.summaries').args).toMatchObject({ columns: ['id'], exact: true, allow: 4e8 });
});

test('a kernel that comes back is asked again for the same, at the same place', async () => {
  const table = await begin();
  table.filter('id', { column: 'id', is: 'filled', values: [] });
  side.last('data.view').ok(found(4_000_000));
  await settled();
  table.at.value = 77;
  side.channel.hangUp({ state: 'lost' });
  table.look(5000, 5020, table.lanes.shown.value, true);
  await settled();
  expect(table.pages.wrong.value).not.toBeNull();
  side.connect();
  await settled();
  await settled();
  expect(side.last('data.page').args).toMatchObject({
    offset: 5100,
    view: { filters: [{ column: 'id', is: 'filled' }] },
    of: { revision: 'abcdef0123' }
  });
  expect([table.at.value, table.pages.wrong.value]).toEqual([77, null]);
});

test('widths, filters and the place are found again after a reload', async () => {
  const table = await begin();
  table.lanes.resize(1, 333);
  table.lanes.pin(2);
  table.see({ ...table.view.value, search: 'fine', sort: { column: 'id', descending: true } });
  table.at.value = 1234;
  model.end();
  const again = await begin({ ...host.kept });
  expect(again.lanes.shown.value.map(lane => [lane.column.name, lane.pinned]).slice(0, 2)).toEqual([
    ['label', true],
    ['id', false]
  ]);
  expect(again.lanes.shown.value.find(lane => lane.at === 1)?.width).toBe(333);
  expect(again.view.value).toEqual({
    filters: [],
    search: 'fine',
    where: '',
    sort: { column: 'id', descending: true }
  });
  expect(new Sheet(again).top.value).toBe(1234 * 28);
  expect(side.last('data.view').args.view).toMatchObject({ search: 'fine' });
});

test('nothing is kept of a table that was only looked at', async () => {
  await begin();
  model.end();
  expect(host.kept).toEqual({});
});

test('what was kept may be anything at all', async () => {
  const table = await begin({
    view: { filters: [null, { column: 3 }], sort: 'id', search: 5 },
    lanes: 7,
    at: 'x',
    history: 'y'
  });
  expect(table.view.value).toEqual({ filters: [], search: '', where: '', sort: null });
  expect([table.at.value, model.history.all.value]).toEqual([0, []]);
});

test('a query is priced when writing pauses, and its rows stand in the place of the table until one goes back', async () => {
  await begin(
    {},
    sideOf(4_000_000, {
      'data.quote': () => ({ bytes: 1_200_000, exact: false, progressive: false, columns: ['id'] })
    })
  );
  const before = model.table;
  model.asking.write('SELECT id FROM t');
  expect(side.of('data.quote')).toHaveLength(0);
  expect((await model.asking.price())?.bytes).toBe(1_200_000);
  expect(side.last('data.quote').args).toMatchObject({
    sql: 'SELECT id FROM t',
    of: { revision: 'abcdef0123' }
  });
  model.run('SELECT id FROM t', 3_000_000);
  await settled();
  expect(side.last('data.open').args).toMatchObject({ of: { sql: 'SELECT id FROM t' }, allow: 3_000_000 });
  expect(model.table).not.toBe(before);
  model.table.look(0, 5, model.table.lanes.shown.value, true);
  expect(side.last('data.page').args.of).toMatchObject({ sql: 'SELECT id FROM t' });
  model.back();
  expect(model.table).toBe(before);
});

test('an estimate tightens until it is stopped, and counts what it moved once', async () => {
  const table = await begin(
    {},
    sideOf(4_000_000, { 'data.quote': () => ({ bytes: 2e8, exact: true, progressive: true, columns: [] }) })
  );
  model.asking.write('SELECT avg(id) FROM t');
  await model.asking.price();
  void model.asking.begin();
  const moved = table.moved.value;
  const step = (share: number, more = {}) => ({
    columns: ['avg'],
    rows: [{ key: [], values: [{ value: 5, low: 5 - 1 / share, high: 5 + 1 / share }] }],
    share,
    moved: share * 2e8,
    of: 2e8,
    exact: false,
    note: '',
    ...more
  });
  expect(side.last('data.estimate').args.allow).toBe(2.5e8);
  side.last('data.estimate').event(step(0.02));
  side.last('data.estimate').event(step(0.5));
  expect(model.asking.estimate.value?.share).toBe(0.5);
  expect(table.moved.value - moved).toBe(1e8);
  model.asking.stop();
  expect(side.last('data.estimate').cancelled).toBe(true);
  expect([
    model.asking.estimating.value,
    model.asking.stopped.value,
    model.asking.estimate.value?.share
  ]).toEqual([false, true, 0.5]);
});

test('another split is another table: filters go, widths stay', async () => {
  const table = await begin();
  table.lanes.resize(1, 333);
  table.see({ ...table.view.value, search: 'x' });
  model.turn({ split: 'test' });
  await settled();
  expect(side.last('data.open').args.of).toMatchObject({ what: 'who/reviews', split: 'test' });
  expect(model.table.view.value.search).toBe('');
  expect(model.table.lanes.shown.value[1]?.width).toBe(333);
  expect(host.kept.of).toMatchObject({ split: 'test' });
  expect(side.last('data.view').cancelled).toBe(true);
});

test('what is taken along says which rows and columns', async () => {
  const table = await begin();
  expect(model.meant(true)).toMatchObject({ columns: null, rows: null });
  table.lanes.hide(1);
  table.picked.toggle(10);
  table.picked.extend(4);
  expect(model.meant()).toMatchObject({ columns: ['id', 'label', 'tags'], rows: [4, 10] });
  table.picked.all(100);
  expect([table.picked.range.value, table.picked.count.value]).toEqual([[0, 99], 100]);
});

test('what was asked before is kept, the latest first, and bounded', () => {
  const kept: unknown[] = [];
  const history = new History(['old', 3, 'older'], all => kept.push(all));
  history.add('new');
  history.add(' old ');
  history.add('');
  expect(history.all.value).toEqual(['old', 'new', 'older']);
  for (let more = 0; more < 100; more++) history.add(`query ${more}`);
  history.add('x'.repeat(5000));
  expect(history.all.value).toHaveLength(REMEMBERED);
  expect(history.all.value[0]).toBe('query 99');
});
