/** What a first look does not need comes when somebody turns to it: once, and again where it did not come. */
import { afterEach, expect, test, vi } from 'vitest';
import { compare } from '../../src/panels/compare';
import * as more from '../../src/panels/compare/more';
import { drawn, hostOf, OtherSide } from '../answering';
import { button, click } from '../parts/page';

let takeAway = () => {};
afterEach(() => takeAway());

async function shown(part: () => Promise<unknown>, options: Record<string, unknown> = {}) {
  const side = new OtherSide({
    'playground.tasks': () => ({ tasks: [] }),
    'compare.inputs': () => ({ variables: [] }),
    'compare.columns': () => ({ columns: [], rows: null, splits: [], column: null, labels: null })
  });
  const host = { ...hostOf(side, options), part: part as <T>() => Promise<T> };
  const root = document.body.appendChild(document.createElement('div'));
  const unmount = compare.mount(root, host);
  takeAway = () => {
    unmount();
    root.remove();
  };
  await drawn();
  return root;
}

test('one prompt asks for no more', async () => {
  const part = vi.fn(async () => more);
  const root = await shown(part);
  expect(part).not.toHaveBeenCalled();
  expect(root.textContent).toContain('Nothing compared yet');
});

test('what does not come says so, and is asked for again', async () => {
  const part = vi.fn<() => Promise<unknown>>().mockRejectedValue(new Error('The kernel did not answer.'));
  const root = await shown(part, { source: 'rows' });
  expect(part).toHaveBeenCalledOnce();
  expect(root.querySelectorAll('.hfnb-failed')).toHaveLength(1);
  expect(root.textContent).toContain('The kernel does not answer');
  part.mockResolvedValue(more);
  await click(button(root, 'Try again'));
  await drawn();
  expect(part).toHaveBeenCalledWith('compare-more');
  expect(root.querySelector('.hfnb-failed')).toBeNull();
  expect(root.textContent).toContain('Rows at most'); // above, and below where they are shown
  expect(root.textContent).toContain('Choose rows');
});

test('what is there is there for the next panel, too', async () => {
  const part = vi.fn(async () => more);
  const root = await shown(part, { blind: true });
  expect(part).not.toHaveBeenCalled();
  expect(root.textContent).toContain('Vote without knowing who it is');
});
