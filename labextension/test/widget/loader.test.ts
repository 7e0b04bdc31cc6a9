import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Model } from '../../src/channels/widget';
import loader from '../../src/widget/loader';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  document.body.replaceChildren();
});

function panel(hash: string, send: (message: unknown) => void) {
  const el = document.body.appendChild(document.createElement('div'));
  const model: Model = { get: () => hash, set() {}, save_changes() {}, send, on() {}, off() {} };
  return { el, model };
}

it('says that it waits, and in the end that nobody answers, without asking in a rush', async () => {
  const send = vi.fn(() => {
    throw new Error('the comm is gone');
  });
  const { el, model } = panel('gone', send);
  const drawn = loader.render({ model, el });
  await vi.advanceTimersByTimeAsync(1500);
  expect(el.textContent).toBe('Waiting for the kernel …');
  expect(send.mock.calls.length).toBeLessThan(4);
  await vi.advanceTimersByTimeAsync(120_000);
  expect(await drawn).toBeUndefined();
  expect(el.textContent).toBe('The kernel does not answer. Run %load_ext hf_nb, then this cell again.');
});

it('asks once for all panels of a page', async () => {
  const send = vi.fn();
  for (let number = 0; number < 20; number++) void loader.render(panel('busy', send));
  await vi.advanceTimersByTimeAsync(5000);
  expect(send).toHaveBeenCalledOnce();
});

it('asks no longer for a panel that nobody looks at', async () => {
  const send = vi.fn();
  const { el, model } = panel('left', send);
  const drawn = loader.render({ model, el });
  el.remove();
  await vi.advanceTimersByTimeAsync(30_000);
  await drawn;
  expect(send).toHaveBeenCalledOnce();
});
