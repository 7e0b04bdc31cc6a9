/** A part of a panel: asked of the kernel once per page, made of the panel's modules, styled where it is shown. */
import { signal } from '@preact/signals';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Channel, Status } from '../../src/channel';
import type { Model } from '../../src/channels/widget';
import { fetched } from '../../src/widget/fetched';
import { parts } from '../../src/widget/part';

vi.mock('../../src/widget/fetched', () => ({ fetched: vi.fn(), TRIES: 3 }));
const kernel = vi.mocked(fetched);

const MODULES = [{ one: 1 }, { two: () => 2 }];
const CODE = (require: (at: number) => Record<string, unknown>) => ({
  css: '.hfnb-panel { color: red; }',
  sum: (require(0).one as number) + (require(1).two as () => number)()
});

beforeEach(() => void kernel.mockReset());
afterEach(() => {
  for (const one of document.head.querySelectorAll('style')) one.remove();
});

function given(state: Status['state'] = 'ready') {
  const el = document.createElement('div');
  const model = { get: () => 'panel@c0ffee' } as unknown as Model;
  return { el, model, channel: { status: signal({ state }) } as unknown as Channel };
}

it('is made of what the panel lends, and asked for once', async () => {
  kernel.mockResolvedValue(CODE);
  const part = parts(MODULES);
  const [first, second] = await Promise.all([
    part<{ sum: number }>('panel-more', given()),
    part<{ sum: number }>('panel-more', given())
  ]);
  expect(first.sum).toBe(3);
  expect(second).toBe(first);
  expect(kernel.mock.calls.map(([, name]) => name)).toEqual(['panel@c0ffee/panel-more']);
  expect(document.querySelectorAll('#hfnb-panel-more-style')).toHaveLength(1);
});

it('is asked for again where a busy kernel was silent', async () => {
  kernel.mockRejectedValueOnce(new Error('The kernel did not answer.')).mockResolvedValue(CODE);
  expect(await parts(MODULES)<{ sum: number }>('panel-more', given())).toMatchObject({ sum: 3 });
});

it('is given up where the kernel is gone, and may be asked for once more', async () => {
  kernel.mockRejectedValueOnce(new Error('the comm is gone')).mockResolvedValue(CODE);
  const part = parts(MODULES);
  await expect(part('panel-more', given('lost'))).rejects.toThrow('the comm is gone');
  expect(kernel).toHaveBeenCalledOnce();
  expect(await part('panel-more', given())).toMatchObject({ sum: 3 });
});

it('is not asked for without end', async () => {
  kernel.mockRejectedValue(new Error('The kernel did not answer.'));
  await expect(parts(MODULES)('panel-more', given())).rejects.toThrow('did not answer');
  expect(kernel).toHaveBeenCalledTimes(3);
});
