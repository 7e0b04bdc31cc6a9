import { afterEach, expect, test, vi } from 'vitest';
import { ModelsModel } from '../../src/panels/models/model';
import { type Answers, hostOf, OtherSide, settled } from '../answering';
import { details, FACETS, page, row } from './rows';

const A = 'who/a';
const B = 'who/b';
let side: OtherSide;
let model: ModelsModel;

function start(options: Record<string, unknown> = {}, answers: Answers = {}) {
  side = new OtherSide({ 'models.facets': () => FACETS, ...answers });
  const host = hostOf(side, options);
  model = new ModelsModel(host);
  return host;
}

const found = { 'models.search': () => page([row(A), row(B)]) };
const status = (now: string, cachedBytes: number | null = null) => ({
  'models.status': ({ ids }: Record<string, unknown>) =>
    Object.fromEntries((ids as string[]).map(id => [id, { status: now, cachedBytes }]))
});

afterEach(() => model.end());

test('it begins with what Python or the layout asked for', async () => {
  start({ text: 'bert', task: 'text-classification', callable: true, sort: 'downloads', size: 7 });
  expect(side.last('models.search').args).toEqual({
    limit: 24,
    text: 'bert',
    task: 'text-classification',
    callable: true,
    sort: 'downloads'
  });
  expect(model.filters.value).toBe(2);
});

test('rows that came with it are shown without asking', async () => {
  start({ first: page([row(A)], { more: 'next' }) });
  expect(model.listing.rows.value.map(one => one.id)).toEqual([A]);
  expect(side.of('models.search')).toHaveLength(0);
  void model.listing.further();
  expect(side.last('models.search').args).toEqual({ limit: 24, more: 'next' });
});

test('whatever is chosen asks again, and is remembered', async () => {
  const host = start({ first: page([row(A)]) }, found);
  model.search('bert');
  model.choose('language', 'en');
  model.turn('cached', true);
  model.order('downloads');
  expect(side.last('models.search').args).toEqual({
    limit: 24,
    text: 'bert',
    language: 'en',
    cached: true,
    sort: 'downloads'
  });
  expect(host.kept).toEqual({ first: null, text: 'bert', language: 'en', cached: true, sort: 'downloads' });
  model.clear();
  expect(side.last('models.search').args).toEqual({ limit: 24, text: 'bert', sort: 'downloads' });
  expect(host.kept).toMatchObject({ language: null, cached: null, text: 'bert' });
});

test('details are asked for, remembered, and bring the example', async () => {
  const host = start({}, { ...found, 'models.details': ({ id }) => details(String(id)) });
  await settled();
  model.show(A, true);
  expect([host.kept.open, model.trying.value]).toEqual([A, true]);
  await settled();
  expect(model.trial.input.value).toBe('I love it');
  model.close();
  expect([model.open.value, host.kept.open, model.trial.input.value]).toEqual([null, null, '']);
});

test('an example that comes late does not replace what was written', async () => {
  start({ open: A }, found);
  model.trial.write('mine');
  side.last('models.details').ok(details(A));
  await settled();
  expect(model.trial.input.value).toBe('mine');
});

test('an open model is found again after a reload', async () => {
  start({ open: B }, found);
  expect(side.last('models.details').args).toEqual({ id: B });
});

test('a pull is whole when the other side says where the model stands, not before', async () => {
  let now = 'loading';
  start({}, { ...found, 'models.status': () => ({ [A]: { status: now, cachedBytes: 268 } }) });
  await settled();
  const ended = model.fetches.begin(A);
  side.last('models.pull').event({ what: 'model.safetensors', done: 1, total: 4, rate: 2, left: 2 });
  expect(model.fetches.all.value[A]?.pulling?.done).toBe(1);
  expect(model.row(A)?.status).toBe('available');
  now = 'cached';
  side.last('models.pull').ok({ path: '/x', files: 3, bytes: 268, status: 'cached' });
  expect(await ended).toBe('here');
  expect(side.last('models.status').args).toEqual({ ids: [A] });
  expect([model.row(A)?.status, model.row(A)?.cachedBytes, model.fetches.all.value[A]]).toEqual([
    'cached',
    268,
    undefined
  ]);
});

test('the details of a model follow its state too', async () => {
  start({}, { ...found, ...status('cached', 5), 'models.details': ({ id }) => details(String(id)) });
  await settled();
  model.show(A);
  await settled();
  await Promise.all([model.fetches.begin(A), settled().then(() => side.last('models.pull').ok({}))]);
  expect(model.details.answer.value?.row.status).toBe('cached');
});

test('a pull that is stopped is told so, and asks what is left of it', async () => {
  start({}, { ...found, ...status('partial', 100) });
  await settled();
  const ended = model.fetches.begin(A);
  model.fetches.cancel(A);
  expect(await ended).toBe('stopped');
  expect(side.last('models.pull').cancelled).toBe(true);
  expect(model.row(A)?.status).toBe('partial');
  expect(model.fetches.all.value).toEqual({});
});

test('a pull that fails keeps its error, and a second attempt clears it', async () => {
  start({}, { ...found, ...status('error') });
  await settled();
  const first = model.fetches.begin(A);
  side.last('models.pull').error({ type: 'DiskFull', message: 'No room.', hint: 'Make some.' });
  expect(await first).toBe('failed');
  expect([model.fetches.all.value[A]?.wrong?.message, model.row(A)?.status]).toEqual(['No room.', 'error']);
  void model.fetches.begin(A);
  expect(model.fetches.all.value[A]?.wrong).toBeNull();
});

test('two pulls run beside one another, and one model is pulled once', async () => {
  start({}, found);
  await settled();
  void model.fetches.begin(A);
  void model.fetches.begin(B);
  void model.fetches.begin(A);
  expect(side.of('models.pull').map(one => [one.args.id, one.cancelled])).toEqual([
    [A, false],
    [B, false]
  ]);
});

test('what somebody else is fetching is looked at until it is there', async () => {
  vi.useFakeTimers();
  try {
    start({ first: page([row(A, { status: 'loading' }), row(B)]) });
    await vi.advanceTimersByTimeAsync(2500);
    expect(side.last('models.status').args).toEqual({ ids: [A] });
    side.last('models.status').ok({ [A]: { status: 'cached', cachedBytes: 1 } });
    await vi.advanceTimersByTimeAsync(5000);
    expect(model.row(A)?.status).toBe('cached');
    expect(side.of('models.status')).toHaveLength(1);
  } finally {
    vi.useRealTimers();
  }
});

test('a run shows what comes as it comes, and asks whether the model is loaded now', async () => {
  start({ open: A }, { ...found, ...status('loaded'), 'models.details': ({ id }) => details(String(id)) });
  await settled();
  const ran = model.run();
  expect(side.last('models.run').args).toEqual({ id: A, task: 'text-classification', input: 'I love it' });
  side.last('models.run').event({ html: '<p>po', text: 'po' });
  expect(model.trial.html.value).toBe('<p>po');
  side
    .last('models.run')
    .ok({ html: '<p>positive', text: 'positive', seconds: 1, source: 'local', code: {} });
  await ran;
  expect([model.trial.html.value, model.row(A)?.status]).toEqual(['<p>positive', 'loaded']);
});

test('a run that is stopped keeps what has come', async () => {
  start({ open: A }, { ...found, ...status('loaded'), 'models.details': ({ id }) => details(String(id)) });
  await settled();
  const ran = model.run();
  side.last('models.run').event({ html: 'half', text: 'half' });
  model.trial.stop();
  await ran;
  expect(side.last('models.run').cancelled).toBe(true);
  expect([model.trial.html.value, model.trial.stopped.value, model.trial.ran.wrong.value]).toEqual([
    'half',
    true,
    null
  ]);
});

test('what failed is asked again when a kernel is there again', async () => {
  start({}, {});
  side.channel.hangUp({ state: 'lost' });
  await settled();
  expect(model.listing.wrong.value?.type).toBe('Unreachable');
  side.connect();
  await settled();
  side.last('models.search').ok(page([row(A)]));
  await settled();
  expect([model.listing.rows.value.length, model.listing.wrong.value]).toEqual([1, null]);
});

test('a panel that goes away gives up what it had asked', async () => {
  start({ open: A });
  await settled();
  void model.fetches.begin(A);
  model.end();
  expect(['models.search', 'models.details', 'models.pull'].map(op => side.last(op).cancelled)).toEqual([
    true,
    true,
    true
  ]);
});
