/** The explorer's code comes when a dataset is explored; until then, and where it does not come, there is a way back. */
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, expect, test, vi } from 'vitest';
import type { Host } from '../../src/panel';
import { Room } from '../../src/panels/datasets/room';
import { hostOf, OtherSide, settled } from '../answering';
import { button, click } from '../parts/page';

let place: HTMLElement;
const rest = () => act(async () => void (await settled()));

afterEach(() => {
  render(null, place);
  place.remove();
});

test('what does not come says so, leaves the way back, and is asked for again', async () => {
  const part = vi.fn<() => Promise<unknown>>().mockRejectedValue(new Error('The kernel did not answer.'));
  const onBack = vi.fn();
  const host = { ...hostOf(new OtherSide()), part } as unknown as Host;
  place = document.body.appendChild(document.createElement('div'));
  await act(() => render(<Room host={host} id="who/a" onBack={onBack} />, place));
  await rest();
  expect(place.textContent).toContain('The kernel does not answer');
  await click(button(place, '← Back to the datasets'));
  expect(onBack).toHaveBeenCalledOnce();
  const mount = vi.fn((element: HTMLElement, _inner: Host) => {
    element.textContent = 'rows';
    return () => {};
  });
  part.mockResolvedValue({ explorer: { name: 'explorer', title: 'Explorer', mount } });
  await click(button(place, 'Try again'));
  await rest();
  expect(part).toHaveBeenCalledWith('datasets-explorer');
  expect(mount.mock.calls[0]?.[1].options).toEqual({ of: { what: 'who/a' } });
  expect(place.textContent).toContain('rows');
  expect(place.querySelector('.hfnb-failed')).toBeNull();
});
