import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { RESTS_AFTER, Work } from '../../src/panels/inference/model';
import { hostOf, OtherSide, settled } from '../answering';
import { dashboard, job } from './jobs';

function begun(options: Record<string, unknown> = {}) {
  const side = new OtherSide();
  const host = hostOf(side, options);
  const work = new Work(host);
  const stop = work.start();
  return { side, host, work, stop };
}

const ids = (work: Work) => work.jobs.value.map(one => one.id);

describe('the order of jobs', () => {
  test('running ones come first by when they began, then the queue, then the latest ended', async () => {
    const { side, work } = begun();
    await settled();
    side
      .last('inference.watch')
      .event(
        dashboard([
          job('ended', { state: 'done', began: 900, seconds: 5 }),
          job('waits', { state: 'queued', began: 800 }),
          job('second', { began: 1001 }),
          job('later', { state: 'failed', began: 901, seconds: 9 }),
          job('first', { began: 1000 })
        ])
      );
    expect(ids(work)).toEqual(['first', 'second', 'waits', 'later', 'ended']);
  });

  test('under the hand of the reader nothing moves, and what is new goes to the end', async () => {
    const { side, work } = begun();
    await settled();
    const watch = side.last('inference.watch');
    watch.event(dashboard([job('a'), job('b', { began: 1001 })]));
    expect(ids(work)).toEqual(['a', 'b']);
    work.hold();
    watch.event(
      dashboard([job('a', { state: 'done' }), job('b', { began: 1001 }), job('c', { began: 1002 })])
    );
    expect(ids(work)).toEqual(['a', 'b', 'c']);
    work.release();
    expect(ids(work)).toEqual(['b', 'c', 'a']);
  });

  test('a pointer that only lies there holds nothing', async () => {
    vi.useFakeTimers();
    const { work } = begun();
    work.hold();
    await vi.advanceTimersByTimeAsync(RESTS_AFTER - 1);
    work.hold();
    await vi.advanceTimersByTimeAsync(RESTS_AFTER - 1);
    expect(work.held.value).toBe(true);
    await vi.advanceTimersByTimeAsync(1);
    expect(work.held.value).toBe(false);
    vi.useRealTimers();
  });

  test('a job that the reader runs again is not kept out of sight', async () => {
    const { side, work } = begun();
    await settled();
    const old = job('a', { state: 'failed' });
    side.last('inference.watch').event(dashboard([old]));
    expect(ids(work)).toEqual(['a']);
    work.hold();
    const pressed = work.retry(old);
    side.last('inference.retry').ok({ job: 'b' });
    await pressed;
    side.last('inference.watch').event(dashboard([old, job('b')]));
    expect(ids(work)).toEqual(['b', 'a']);
  });

  test('a filter shows one state and is kept', async () => {
    const { side, host, work } = begun();
    await settled();
    side.last('inference.watch').event(dashboard([job('a'), job('b', { state: 'failed' })]));
    work.show('failed');
    expect(ids(work)).toEqual(['b']);
    expect(host.kept).toEqual({ state: 'failed' });
    expect(begun({ state: 'failed' }).work.filter.value).toBe('failed');
  });
});

describe('what is announced', () => {
  test('ends only: neither what is there at first nor a step on the way', async () => {
    const { side, work } = begun();
    await settled();
    const watch = side.last('inference.watch');
    watch.event(dashboard([job('a'), job('old', { state: 'done' })]));
    expect(work.said.value).toBe('');
    watch.event(dashboard([job('a', { done: 30 }), job('old', { state: 'done' })]));
    expect(work.said.value).toBe('');
    watch.event(dashboard([job('a', { state: 'done' }), job('old', { state: 'done' })]));
    expect(work.said.value).toBe('text-generation · local · hfnb-demo/storyteller: done');
  });

  test('many ends at once are counted', async () => {
    const { side, work } = begun();
    await settled();
    const watch = side.last('inference.watch');
    watch.event(dashboard([job('a'), job('b'), job('c')]));
    watch.event(
      dashboard([job('a', { state: 'done' }), job('b', { state: 'done' }), job('c', { state: 'failed' })])
    );
    expect(work.said.value).toBe('2 done, 1 failed');
  });
});

describe('what is pressed', () => {
  test('a cancel is on its way until the kernel says how it ended', async () => {
    const { side, work } = begun();
    const pressed = work.cancel(job('a'));
    expect(work.acts.value.get('a')).toEqual({ doing: 'cancel' });
    expect(side.last('inference.cancel').args).toEqual({ job: 'a' });
    side.last('inference.cancel').ok({ state: 'stopped' });
    await pressed;
    expect(work.acts.value.get('a')?.confirmed).toBe('Stopped');
  });

  test('a cancel that came too late says so', async () => {
    const { side, work } = begun();
    const pressed = work.cancel(job('a'));
    side.last('inference.cancel').ok({ state: 'done' });
    await pressed;
    expect(work.acts.value.get('a')?.confirmed).toBe('It had ended before: done');
  });

  test('pressing twice asks once', async () => {
    const { side, work } = begun();
    void work.cancel(job('a'));
    void work.cancel(job('a'));
    expect(side.of('inference.cancel')).toHaveLength(1);
  });

  test('a retry that is refused keeps why and what to do', async () => {
    const { side, work } = begun();
    const pressed = work.retry(job('a', { state: 'failed' }));
    side.last('inference.retry').error({ message: 'No such job.', hint: 'Run the cell again.' });
    await pressed;
    expect(work.acts.value.get('a')?.wrong).toMatchObject({
      message: 'No such job.',
      hint: 'Run the cell again.'
    });
  });

  test('an unloaded model is confirmed by the bytes it left', async () => {
    const { side, work } = begun();
    const one = { model: 'hfnb-demo/minilm', task: 'feature-extraction', revision: null, bytes: 88e6 };
    const pressed = work.unload({ ...one, device: 'cpu', used: 0, uses: 1, busy: false });
    expect(side.last('inference.unload').args).toEqual({ model: one.model, task: one.task });
    side.last('inference.unload').ok({ freed: 88e6 });
    await pressed;
    expect(work.confirmed.value?.text).toBe('hfnb-demo/minilm unloaded: 88 MB freed');
  });
});

describe('a kernel that goes away', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('is watched again once it is back, with what was there still shown', async () => {
    const { side, work } = begun();
    await vi.advanceTimersByTimeAsync(0);
    side.last('inference.watch').event(dashboard([job('a')]));
    side.channel.hangUp({ state: 'lost' });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(side.of('inference.watch')).toHaveLength(1);
    expect(ids(work)).toEqual(['a']);
    side.connect();
    await vi.advanceTimersByTimeAsync(1000);
    expect(side.of('inference.watch')).toHaveLength(2);
    side.last('inference.watch').event(dashboard([job('b')]));
    expect(ids(work)).toEqual(['b']);
  });

  test('one that refuses is not asked again by itself, but by the reader', async () => {
    const { side, work } = begun();
    await vi.advanceTimersByTimeAsync(0);
    side.last('inference.watch').error({ type: 'Refused', message: 'This needs a kernel.' });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(side.of('inference.watch')).toHaveLength(1);
    expect(work.wrong.value?.message).toBe('This needs a kernel.');
    work.again();
    expect(side.of('inference.watch')).toHaveLength(2);
  });

  test('one that failed in passing is asked again, less and less often', async () => {
    const { side } = begun();
    await vi.advanceTimersByTimeAsync(0);
    side.last('inference.watch').error({ retry: true });
    await vi.advanceTimersByTimeAsync(499);
    expect(side.of('inference.watch')).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(side.of('inference.watch')).toHaveLength(2);
    side.last('inference.watch').error({ retry: true });
    await vi.advanceTimersByTimeAsync(999);
    expect(side.of('inference.watch')).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(side.of('inference.watch')).toHaveLength(3);
  });

  test('a panel that is taken away asks no more', async () => {
    const { side, stop } = begun();
    await vi.advanceTimersByTimeAsync(0);
    stop();
    expect(side.last('inference.watch').cancelled).toBe(true);
    side.connect();
    await vi.advanceTimersByTimeAsync(1000);
    expect(side.of('inference.watch')).toHaveLength(1);
  });
});
