import { afterEach, expect, test } from 'vitest';
import { History, type Run, received, SHARED, shared } from '../../src/panels/playground/history';
import { Playground } from '../../src/panels/playground/model';
import { type Answers, hostOf, OtherSide, settled, type TriedHost } from '../answering';
import { FORM, READY, ran } from './answers';

let side: OtherSide;
let host: TriedHost;
let model: Playground;
let end: () => void = () => undefined;

async function start(options: Record<string, unknown> = {}, answers: Answers = {}): Promise<void> {
  side = new OtherSide({ ...READY, ...answers });
  host = hostOf(side, options);
  model = new Playground(host);
  end = model.start();
  await settled();
}

afterEach(() => end());

const last = () => side.last('playground.run');
const asked = (input: unknown) => ({ asked: { input, params: {} } });
const history = () => host.kept.history as Run[];

test('it begins with the first example, and with what was asked for where something was', async () => {
  await start();
  expect([model.task.value, model.input.value]).toEqual(['text-classification', 'The room was small.']);
  end();
  await start({ task: 'chat', model: 'who/a', input: { messages: [] }, params: { max_tokens: 5 } });
  expect(side.last('playground.form').args).toEqual({ task: 'chat' });
  expect(model.question()).toEqual({
    task: 'chat',
    model: 'who/a',
    provider: 'auto',
    input: { messages: [] },
    params: { max_tokens: 5 }
  });
});

test('examples of the card and of the task are one list, each input once', async () => {
  await start();
  expect(model.examples.value.map(one => one.label)).toEqual(['The soup', 'The room']);
});

test('a run sends what is chosen, written and set, and nothing that was not changed', async () => {
  await start();
  model.chooseModel('who/a');
  model.write('I love it');
  model.settings.write('temperature', '0.5');
  void model.run();
  expect(last().args).toEqual({
    task: 'text-classification',
    model: 'who/a',
    provider: 'auto',
    input: 'I love it',
    params: { temperature: 0.5 }
  });
});

test('what comes is shown as it comes; the whole is kept with its numbers', async () => {
  await start();
  const run = model.run();
  last().event(asked('The room was small.'));
  last().event({ step: { what: 'weights', done: 1, total: 4, rate: null, left: null } });
  expect(model.step.value?.what).toBe('weights');
  last().event({ html: '<p>po', said: 'po', first: 0.2 });
  expect([model.shown.value?.html, model.shown.value?.first, model.step.value]).toEqual(['<p>po', 0.2, null]);
  last().ok(ran());
  await run;
  expect([model.shown.value?.html, model.shown.value?.end]).toEqual(['<p>positive</p>', 'done']);
  expect(history()).toMatchObject([
    { said: 'positive', end: 'done', numbers: { seconds: 0.42, written: 96 } }
  ]);
});

test('what is kept is what the other side says was asked: a pasted token is not in it', async () => {
  await start();
  model.write('my token is hf_secret');
  const run = model.run();
  last().event(asked('my token is [redacted]'));
  last().ok(ran());
  await run;
  expect(JSON.stringify(host.kept)).not.toContain('hf_secret');
  expect(history()[0]?.input).toBe('my token is [redacted]');
});

test('a stop tells the other side, keeps what had come, and is in the history', async () => {
  await start();
  const run = model.run();
  last().event(asked('The room was small.'));
  last().event({ html: 'half', said: 'half' });
  model.stop();
  await run;
  expect(last().cancelled).toBe(true);
  expect([model.shown.value?.end, model.shown.value?.html]).toEqual(['stopped', 'half']);
  expect(history()[0]).toMatchObject({ end: 'stopped', said: 'half', numbers: null });
});

test('a failure is kept too, with what was wrong', async () => {
  await start();
  const run = model.run();
  last().error({ type: 'Busy', message: 'Too busy.', retry: true });
  await run;
  expect([model.shown.value?.end, model.ran.wrong.value?.message]).toEqual(['failed', 'Too busy.']);
  expect(history()[0]).toMatchObject({ end: 'failed', wrong: 'Too busy.' });
});

test('nothing runs while a parameter cannot be read, nor twice at once', async () => {
  await start();
  model.settings.write('temperature', 'warm');
  void model.run();
  expect(side.of('playground.run')).toHaveLength(0);
  model.settings.forget();
  void model.run();
  void model.run();
  expect(side.of('playground.run')).toHaveLength(1);
});

test('another task takes the words along, and the model is the task’s own again', async () => {
  await start();
  model.chooseModel('who/a');
  model.write('I love it');
  model.settings.write('temperature', '0.5');
  model.chooseTask('chat');
  await settled();
  expect(model.question()).toMatchObject({
    task: 'chat',
    model: '',
    input: { messages: [{ role: 'user', content: 'I love it' }] },
    params: { temperature: 0.5 }
  });
  expect(host.kept).toMatchObject({ task: 'chat', model: '' });
});

test('an example that was not touched gives way to the other task’s', async () => {
  await start(
    {},
    { 'playground.form': ({ task }) => ({ ...FORM, examples: [{ label: 'x', input: `of ${task}` }] }) }
  );
  model.chooseTask('text-generation');
  await settled();
  expect(model.input.value).toBe('of text-generation');
});

test('after a reload the last run is there: what was asked, set and answered', async () => {
  await start();
  model.write('I love it');
  model.settings.write('max_tokens', '9');
  const run = model.run();
  last().ok(ran());
  await run;
  end();
  await start({ history: host.kept.history });
  expect(model.question()).toMatchObject({ input: 'I love it', params: { max_tokens: 9 } });
  expect([model.shown.value?.html, model.shown.value?.end]).toEqual(['<p>positive</p>', 'done']);
});

test('a run of another task is restored with the settings of that task, and can be run again', async () => {
  await start();
  const one = {
    task: 'question-answering',
    model: '',
    provider: 'auto',
    input: { question: 'q' },
    params: { max_tokens: 3 }
  };
  await model.restore(one);
  void model.run(true);
  expect(last().args).toEqual({ ...one, fresh: true });
});

test('a result that comes after another run was looked at does not cover it', async () => {
  await start();
  const run = model.run();
  const before = { ...(await done()), id: 'x' };
  model.show(before);
  last().ok(ran({ html: '<p>late</p>' }));
  await run;
  expect(model.shown.value?.html).toBe('<p>old</p>');
});

const done = async (): Promise<Run> => ({
  id: 'a',
  at: '2026-01-01T00:00:00Z',
  task: 'chat',
  model: '',
  provider: 'auto',
  input: 'x',
  params: {},
  end: 'done',
  html: '<p>old</p>',
  said: 'old',
  numbers: null,
  wrong: ''
});

test('a conversation goes on after a reply', async () => {
  await start({ task: 'chat', input: { messages: [{ role: 'user', content: 'hi' }] } });
  const run = model.run();
  last().event(asked({ messages: [{ role: 'user', content: 'hi' }] }));
  last().ok(ran({ said: 'hello' }));
  await run;
  model.goOn();
  expect(model.input.value).toEqual({
    messages: [
      { role: 'user', content: 'hi' },
      { role: 'assistant', content: 'hello' },
      { role: 'user', content: '' }
    ]
  });
});

test('what failed for want of a kernel is asked again when one is there', async () => {
  await start({}, {});
  side.channel.hangUp({ state: 'lost' });
  await model.tasks.again();
  expect(model.tasks.wrong.value?.type).toBe('Unreachable');
  side.connect();
  await settled();
  await settled();
  expect(model.tasks.wrong.value).toBeNull();
});

test('a shared run comes back as it was; any other text is none', async () => {
  const one = { task: 'chat', model: 'who/a', provider: 'hf', input: { messages: [] }, params: { seed: 1 } };
  expect(received(shared(one, 'said'))).toEqual(one);
  for (const text of ['', 'hello', `{"hf_nb": "${SHARED}"`, `{"hf_nb": "${SHARED}", "task": 1, "input": ""}`])
    expect(received(text)).toBeNull();
});

test('the history has a size: the oldest results shrink to words, then go', async () => {
  const tried = hostOf(new OtherSide());
  const past = new History(tried);
  const { id: _, at: __, ...run } = await done();
  for (let at = 0; at < 60; at++) past.add({ ...run, html: 'x'.repeat(9_000), said: `run ${at}` });
  const kept = past.runs.value;
  expect(kept).toHaveLength(40);
  expect(kept[0]).toMatchObject({ said: 'run 59', html: 'x'.repeat(9_000) });
  expect(kept[39]).toMatchObject({ said: 'run 20', html: '' });
  expect(JSON.stringify(tried.kept.history).length).toBeLessThan(125_000);
});

test('what somebody else wrote where a history should be is left out', () => {
  const tried = hostOf(new OtherSide(), { history: [{ id: 1 }, null, 'x'], saved: 'no' });
  const past = new History(tried);
  expect([past.runs.value, past.saved.value]).toEqual([[], []]);
});

test('the same example is kept once', () => {
  const tried = hostOf(new OtherSide());
  const past = new History(tried);
  const one = { task: 'chat', label: 'a', input: { messages: [{ role: 'user', content: 'a' }] } };
  past.keep(one);
  past.keep({ ...one, label: 'b' });
  expect(past.saved.value.map(each => each.label)).toEqual(['b']);
});
