import { afterEach, expect, test } from 'vitest';
import type { Page } from '../../src/panels/answers';
import { Asked, Listing, whenBack } from '../../src/parts/asked';
import { OtherSide, settled } from '../answering';

interface Row {
  id: string;
  stars?: number;
}

const page = (ids: string[], more: string | null = null, stopped: string | null = null): Page<Row> => ({
  rows: ids.map(id => ({ id })),
  more,
  looked: null,
  stopped,
  note: null,
  code: { magic: '', python: '' }
});
const endings: (() => void)[] = [];
afterEach(() => {
  for (const end of endings.splice(0)) end();
});

test('what is shown stays while the next comes, and a stale answer is dropped', async () => {
  const side = new OtherSide();
  const asked = new Asked<string>(side.channel, 'say');
  void asked.ask({ of: 1 });
  side.last('say').ok('first');
  await settled();
  void asked.ask({ of: 2 });
  const second = side.last('say');
  expect([asked.answer.value, asked.waiting.value]).toEqual(['first', true]);
  void asked.ask({ of: 3 });
  second.ok('second');
  side.last('say').ok('third');
  await settled();
  expect([asked.answer.value, asked.waiting.value, second.cancelled]).toEqual(['third', false, true]);
});

test('an error stands beside the answer of before, and goes with the next answer', async () => {
  const side = new OtherSide();
  const asked = new Asked<string>(side.channel, 'say');
  void asked.ask();
  side.last('say').ok('first');
  await settled();
  void asked.again();
  side.last('say').error({ type: 'Unreachable', message: 'Gone.', retry: true });
  await settled();
  expect([asked.answer.value, asked.wrong.value?.message, asked.waiting.value]).toEqual([
    'first',
    'Gone.',
    false
  ]);
  void asked.again();
  side.last('say').ok('again');
  await settled();
  expect([asked.answer.value, asked.wrong.value]).toEqual(['again', null]);
});

test('who stops asking hears nothing more, and the other side is told', async () => {
  const side = new OtherSide();
  const asked = new Asked<string>(side.channel, 'say');
  void asked.ask();
  asked.stop();
  side.last('say').ok('late');
  await settled();
  expect([asked.answer.value, asked.wrong.value, asked.waiting.value]).toEqual([null, null, false]);
  expect(side.last('say').cancelled).toBe(true);
});

test('a list grows page by page, and nothing stands in it twice', async () => {
  const side = new OtherSide();
  const list = new Listing<Row>(side.channel, 'find', row => row.id);
  void list.begin({ text: 'a' });
  side.last('find').ok(page(['1', '2'], 'next'));
  await settled();
  void list.further();
  void list.further();
  expect(side.of('find').map(one => one.args)).toEqual([{ text: 'a' }, { text: 'a', more: 'next' }]);
  side.last('find').ok(page(['2', '3']));
  await settled();
  expect(list.rows.value.map(row => row.id)).toEqual(['1', '2', '3']);
  expect(await list.further()).toBeNull();
  expect(side.of('find')).toHaveLength(2);
});

test('a list that stopped in the midst goes on from there', async () => {
  const side = new OtherSide();
  const list = new Listing<Row>(side.channel, 'find', row => row.id);
  void list.begin({});
  side.last('find').ok(page(['1'], 'rest', 'The Hub stopped answering.'));
  await settled();
  void list.retry();
  expect(side.last('find').args).toEqual({ more: 'rest' });
});

test('a further page that fails leaves the rows, and trying again asks for that page', async () => {
  const side = new OtherSide();
  const list = new Listing<Row>(side.channel, 'find', row => row.id);
  void list.begin({});
  side.last('find').ok(page(['1'], 'rest'));
  await settled();
  void list.further();
  side.last('find').error({ message: 'Slow.', retry: true });
  await settled();
  expect([list.rows.value.length, list.wrong.value?.message, list.waiting.value]).toEqual([1, 'Slow.', null]);
  void list.retry();
  expect(side.last('find').args).toEqual({ more: 'rest' });
});

test('a search that fails is asked again from the top, although the rows of before had more', async () => {
  const side = new OtherSide();
  const list = new Listing<Row>(side.channel, 'find', row => row.id);
  void list.begin({ text: 'a' });
  side.last('find').ok(page(['1'], 'rest'));
  await settled();
  void list.begin({ text: 'b' });
  side.last('find').error({ message: 'Slow.', retry: true });
  await settled();
  expect(list.failed.value).toBe('first');
  void list.retry();
  expect(side.last('find').args).toEqual({ text: 'b' });
});

test('a new search in the midst of a further page takes its place', async () => {
  const side = new OtherSide();
  const list = new Listing<Row>(side.channel, 'find', row => row.id);
  void list.begin({ text: 'a' });
  side.last('find').ok(page(['1'], 'rest'));
  await settled();
  void list.further();
  const further = side.last('find');
  void list.begin({ text: 'b' });
  further.ok(page(['2']));
  expect(list.waiting.value).toBe('first');
  side.last('find').ok(page(['9']));
  await settled();
  expect([list.rows.value.map(row => row.id), list.waiting.value]).toEqual([['9'], null]);
});

test('a row can change where it stands', async () => {
  const side = new OtherSide();
  const list = new Listing<Row>(side.channel, 'find', row => row.id);
  list.start(page(['1', '2']), {});
  list.change('2', { stars: 3 });
  expect(list.rows.value).toEqual([{ id: '1' }, { id: '2', stars: 3 }]);
});

test('coming back is noticed once, and can be spoken through by then', async () => {
  const side = new OtherSide();
  let back = 0;
  endings.push(
    whenBack(side.channel.status, () => {
      back++;
      void side.channel.call('hello').catch(() => undefined);
    })
  );
  side.channel.status.value = { state: 'busy' };
  side.channel.status.value = { state: 'ready' };
  await settled();
  expect(back).toBe(0);
  side.channel.hangUp({ state: 'lost' });
  await settled();
  side.connect();
  await settled();
  expect(back).toBe(1);
  expect(side.of('hello')).toHaveLength(1);
});
