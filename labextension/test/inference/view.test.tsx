import { afterEach, describe, expect, test } from 'vitest';
import { inference } from '../../src/panels/inference';
import type { Dashboard, Job, Method } from '../../src/panels/inference/answers';
import { cost, lasting, summary } from '../../src/panels/inference/methods';
import { drawn, hostOf, OtherSide } from '../answering';
import { dashboard, job } from './jobs';

const WRONG = {
  type: 'Unreachable',
  message: 'It answered 503.',
  hint: 'Try `%hf infer --method local`',
  retry: true
};

let takeAway = () => {};
afterEach(() => takeAway());

async function shown(jobs: Job[], more: Partial<Dashboard> = {}) {
  const side = new OtherSide();
  const host = hostOf(side);
  const root = document.createElement('div');
  document.body.append(root);
  const unmount = inference.mount(root, host);
  takeAway = () => {
    unmount();
    root.remove();
  };
  const come = async (next: Job[], others: Partial<Dashboard> = more) => {
    side.last('inference.watch').event(dashboard(next, others));
    await drawn();
  };
  await drawn();
  await come(jobs);
  const button = (label: string | RegExp) => {
    const found = [...root.querySelectorAll('button')].find(one =>
      new RegExp(label).test(one.getAttribute('aria-label') ?? one.textContent ?? '')
    );
    if (!found) throw new Error(`no button ${label} in ${root.textContent}`);
    return found;
  };
  const text = () => root.textContent ?? '';
  const said = () => root.querySelector('[aria-live]')?.textContent ?? '';
  return { side, host, root, come, button, text, said };
}

describe('jobs', () => {
  test('say what, who, how far, how fast, and what they write', async () => {
    const { text, root } = await shown([
      job('a', { unit: 'rows', done: 50, total: 200, rate: 10, task: 'text-classification' }),
      job('b', { began: 1001 })
    ]);
    for (const part of [
      'Running 2',
      '50 / 200 rows · 10 rows/s',
      '≈ 15 s left',
      '42 tok/s',
      'Once upon a time'
    ])
      expect(text()).toContain(part);
    expect(root.querySelector('[role=progressbar]')?.getAttribute('aria-valuenow')).toBe('25');
  });

  test('are one stop of Tab together, however many; arrows go on from there', async () => {
    const { root } = await shown(['a', 'b', 'c'].map(id => job(id)));
    const stops = [...root.querySelectorAll<HTMLElement>('.hfnb-job button')].filter(
      one => one.tabIndex === 0
    );
    expect(stops.map(one => one.closest<HTMLElement>('[data-job]')?.dataset.job)).toEqual(['a', 'a']);
  });

  test('that failed say why and what next, and can be run again', async () => {
    const failed = job('a', { state: 'failed', error: WRONG, mayCancel: false, mayRetry: true });
    const { side, root, text, button, host, come } = await shown([failed]);
    expect(text()).toContain('It answered 503.');
    button('Copy the command').click();
    expect(host.copied).toEqual(['%hf infer --method local']);
    button('^Retry').click();
    expect(side.last('inference.retry').args).toEqual({ job: 'a' });
    side.last('inference.retry').ok({ job: 'b' });
    await drawn();
    expect(root.querySelector('.hfnb-act')?.textContent).toContain('Runs again as b');
    await come([{ ...failed, retriedAs: 'b' }, job('b')]);
    expect(root.querySelector('[data-job=a] header')?.textContent).toContain('tried again');
    expect(root.querySelector('.hfnb-act')).toBeNull();
  });

  test('are stopped by their button, which waits for the kernel', async () => {
    const { side, button, said, come } = await shown([job('a')]);
    button('^Stop').click();
    await drawn();
    expect(button('^Stop').getAttribute('aria-busy')).toBe('true');
    side.last('inference.cancel').ok({ state: 'stopped' });
    await come([job('a', { state: 'stopped', mayCancel: false })]);
    expect(said()).toContain('stopped');
  });

  test('say when they began, and how long it took until the first word where that was long', async () => {
    const began = new Date(2026, 10, 21, 12, 4, 31).getTime() / 1000;
    const slow = job('a', { state: 'done', mayCancel: false, began, seconds: 52, first: 50, done: 10 });
    const { root, come } = await shown([slow]);
    const at = (name: string) => root.querySelector<HTMLElement>(`.hfnb-job-${name}`);
    expect([at('began')?.textContent, at('began')?.title]).toEqual(['12:04:31', 'Began 2026-11-21 12:04:31']);
    expect(at('time')?.textContent).toBe('52 s, first word after 50 s');
    expect(at('time')?.title).toContain('from the question to the end, loading included');
    for (const first of [0.4, 2, null]) {
      await come([{ ...slow, first }]);
      expect(at('time')?.textContent).toBe('52 s');
    }
    await come([{ ...slow, state: 'running' }]);
    expect(at('time')?.textContent).not.toContain('first word');
  });

  test('that failed with no more than a status say when to retry', async () => {
    const failed = (hint: string, more: Partial<Job> = {}) =>
      job('a', { state: 'failed', mayCancel: false, mayRetry: true, error: { ...WRONG, hint }, ...more });
    const { root, come } = await shown([failed('Service Unavailable')]);
    const hint = () => root.querySelector('.hfnb-why .hfnb-soft')?.textContent ?? '';
    expect(hint()).toBe('Retry in a minute.');
    await come([failed('')]);
    expect(hint()).toBe('Retry in a minute.');
    await come([failed('503 Service Unavailable: choose another provider')]);
    expect(hint()).toBe('503 Service Unavailable: choose another provider');
    await come([failed('', { mayRetry: false })]);
    expect(hint()).toBe('');
  });

  test('unfold to all that is known of them', async () => {
    const tries = [{ method: 'hf/one', model: 'x/y', error: '503 Service Unavailable', seconds: 1 }];
    const { root, text, button } = await shown([job('a', { tries })]);
    expect(text()).not.toContain('503 Service Unavailable');
    root.querySelector<HTMLElement>('.hfnb-head')?.click();
    await drawn();
    expect(text()).toContain('503 Service Unavailable');
    expect(button('text-generation').getAttribute('aria-expanded')).toBe('true');
  });

  test('are filtered by their state, and none of it is said too', async () => {
    const { root, button, text, host } = await shown([job('a'), job('b', { state: 'done' })]);
    const rows = () => [...root.querySelectorAll<HTMLElement>('[data-job]')].map(row => row.dataset.job);
    expect(rows()).toEqual(['a', 'b']);
    button('^Done').click();
    await drawn();
    expect(rows()).toEqual(['b']);
    expect(host.kept).toEqual({ state: 'done' });
    button('^Failed').click();
    await drawn();
    expect(text()).toContain('Failed: none.');
  });

  test('say so where only the latest are shown', async () => {
    const counts = { running: 1, queued: 0, done: 148, failed: 0, stopped: 0 };
    expect((await shown([job('a')], { counts })).text()).toContain('The latest 1 of 149 are shown.');
  });

  test('write text, whatever it looks like', async () => {
    const { root } = await shown([job('a', { excerpt: '<img src=x onerror=alert(1)>', model: '<b>x</b>' })]);
    expect(root.querySelector('img, b:not(.hfnb-count)')).toBeNull();
    expect(root.textContent).toContain('<img src=x onerror=alert(1)>');
  });

  test('are announced when they end and at no other time', async () => {
    const { come, said } = await shown([job('a')]);
    await come([job('a', { done: 25 })]);
    expect(said()).toBe('');
    await come([job('a', { state: 'done' })]);
    expect(said()).toContain('done');
  });
});

describe('models in memory', () => {
  const loaded = [
    { model: 'a/one', task: 't', revision: null, bytes: 88e6, device: 'cpu', used: 0, uses: 2, busy: false },
    { model: 'a/two', task: 't', revision: null, bytes: 2e6, device: 'cpu', used: 0, uses: 1, busy: true }
  ];

  test('are unloaded, confirmed by what that freed; one at work is not', async () => {
    const { side, button, text, said } = await shown([job('a')], { loaded });
    expect(text()).toContain('90 MB');
    expect(button('Unload a/two').disabled).toBe(true);
    button('Unload a/one').click();
    side.last('inference.unload').ok({ freed: 88e6 });
    await drawn();
    expect(said()).toContain('a/one unloaded: 88 MB freed');
  });

  test('have a bar only where there is another to compare with', async () => {
    const { root, come } = await shown([job('a')], { loaded });
    expect(root.querySelectorAll('.hfnb-share')).toHaveLength(2);
    await come([job('a')], { loaded: loaded.slice(0, 1) });
    expect(root.querySelectorAll('.hfnb-share')).toHaveLength(0);
  });

  test('that could not be unloaded say why', async () => {
    const { side, button, text } = await shown([job('a')], { loaded });
    button('Unload a/one').click();
    side.last('inference.unload').error({ message: 'It is at work.', hint: 'Stop its jobs.' });
    await drawn();
    expect(text()).toContain('It is at work.Stop its jobs.');
  });
});

describe('the budget and the line', () => {
  test('memory stands against what the models may take', async () => {
    const memory = [{ device: 'cpu', taken: 90e6, budget: 180e6 }];
    const { root, text, come } = await shown([job('a')], { memory });
    expect(text()).toContain('90 MB of 180 MB');
    expect(root.querySelector('.hfnb-budget .hfnb-share-part')?.getAttribute('width')).toBe('50%');
    await come([job('a')], { memory: [...memory, { device: 'cuda', taken: 0, budget: 1e9 }] });
    expect(text()).toContain('cpu: 90 MB of 180 MB');
    expect(text()).toContain('cuda: ');
  });

  test('says who waits, in which place, and lets one be the next', async () => {
    const waiting = [
      job('a'),
      job('b', { state: 'queued', place: 1 }),
      job('c', { state: 'queued', place: 2, model: 'a/third' })
    ];
    const turns = { answering: 1, most: 1, waiting: 2 };
    const { side, root, text, said } = await shown(waiting, { turns });
    expect(text()).toContain('1 of 1 at work, 2 waiting');
    expect(text()).toContain('waiting, the next');
    expect(text()).toContain('waiting, 1 before it');
    const next = [...root.querySelectorAll<HTMLButtonElement>('[aria-label^="Next: "]')];
    expect(next).toHaveLength(1);
    next[0]?.click();
    expect(side.last('inference.hurry').args).toEqual({ job: 'c' });
    side.last('inference.hurry').ok({});
    await drawn();
    expect(said()).toContain('It is the next');
  });
});

describe('methods', () => {
  const method = { method: 'local', failed: 1, p50: 0.041, p95: 0.12, first: null, tokens: 38, cost: 0.0021 };
  const timed = (calls: number, more: Partial<Method> = {}): Method => ({
    ...method,
    calls,
    latencies: Array.from({ length: calls }, (_, at) => 0.041 + at / 1000),
    ...more
  });

  test('of many calls have a plot, the same in a sentence, and their numbers', async () => {
    const { root, text } = await shown([job('a')], { methods: [timed(20)] });
    expect(root.querySelectorAll('.hfnb-plot figcaption')).toHaveLength(1);
    for (const part of [
      '20 calls, half of them within 41 ms, 95 of 100 within 120 ms',
      'p50 41 ms · p95 120 ms',
      '$0.0021',
      '38 tok/s'
    ])
      expect(text()).toContain(part);
  });

  test('of too few calls for 95 of 100 tell the slowest', async () => {
    const { root, text } = await shown([job('a')], { methods: [timed(19)] });
    expect(text()).toContain('19 calls, half of them within 41 ms, the slowest 59 ms');
    expect(text()).toContain('p50 41 ms · slowest 59 ms');
    expect(root.querySelector('.hfnb-plot-tail')).toBeNull();
    expect(text()).not.toContain('120 ms');
  });

  test('of a few calls are told in words alone', async () => {
    const few = timed(4, { method: 'hf/one' });
    const { root, text, come } = await shown([job('a')], { methods: [few] });
    expect(root.querySelector('.hfnb-plot')).toBeNull();
    expect(text()).toContain('hf/one: 4 calls, half of them within 41 ms, the slowest 44 ms');
    await come([job('a')], { methods: [few, timed(5)] });
    expect([...root.querySelectorAll('.hfnb-plot-name')].map(one => one.textContent)).toEqual(['local']);
    expect(root.querySelector('figcaption')?.textContent).toContain('hf/one: 4 calls');
  });

  test('of one call claim no more than that call', () => {
    const one = {
      method: 'x',
      calls: 1,
      failed: 0,
      p50: 2.44,
      p95: 2.44,
      first: null,
      tokens: null,
      cost: null
    };
    const say = (text: string, ...values: unknown[]) =>
      values.reduce<string>((so, v, at) => so.replace(`%${at + 1}`, String(v)), text);
    expect(summary({ ...one, latencies: [2.44] }, say)).toBe('x: one call, 2.4 s.');
    expect(summary({ ...one, calls: 3, latencies: [2.44] }, say)).toBe('x: 3 calls, one answered, in 2.4 s.');
    const silent = { ...one, p50: null, p95: null, latencies: [] };
    expect(summary(silent, say)).toBe('x: one call, not answered.');
    expect(summary({ ...silent, calls: 4 }, say)).toBe('x: 4 calls, none answered.');
    expect([lasting(0.0123), lasting(0.72), lasting(1), lasting(72.4)]).toEqual([
      '12 ms',
      '720 ms',
      '1 s',
      '72 s'
    ]);
    expect([cost(null), cost(0), cost(0.000213), cost(1.5), cost(1e-9)]).toEqual([
      '–',
      '$0',
      '$0.00021',
      '$1.50',
      '< $0.000001'
    ]);
  });
});

describe('with nothing to show', () => {
  test('it says what to run first', async () => {
    const { text, button, host } = await shown([]);
    expect(text()).toContain('Nothing has run in this kernel yet.');
    button('Copy').click();
    expect(host.copied[0]).toMatch(/^%%hf infer\n/);
  });

  test('and without a kernel, what it would show', async () => {
    const side = new OtherSide({}, false);
    const root = document.createElement('div');
    takeAway = inference.mount(root, hostOf(side));
    side.channel.hangUp({ state: 'absent' });
    await drawn();
    expect(root.textContent).toContain('Here you would see each call to a model while it runs');
  });

  test('after a restart what was there stays, marked, with nothing to press', async () => {
    const { side, root, text } = await shown([job('a')]);
    side.channel.hangUp({ state: 'lost' });
    await drawn();
    expect(text()).toContain('As it was before the kernel went away.');
    expect(root.querySelector('.hfnb-job > header .hfnb-button')).toBeNull();
  });
});
