import { useEffect } from 'preact/hooks';
import { act } from 'preact/test-utils';
import { expect, test, vi } from 'vitest';
import { type Here, useHere } from '../../src/parts/here';
import { Search } from '../../src/parts/search';
import { hostOf, OtherSide } from '../answering';
import { button, click, draw, focused, press, type } from './page';

function Hold({ take }: { take: (here: Here) => void }) {
  const here = useHere();
  useEffect(() => take(here), [here, take]);
  return null;
}

test('a slash goes to the search box, but not where one types', async () => {
  const root = await draw(
    <>
      <Search label="Search things" value="" onSearch={() => undefined} />
      <button type="button" id="b" />
      <textarea id="t" />
    </>
  );
  await press(root.querySelector('#t'), '/');
  expect(focused().tagName).toBe('BODY');
  await press(root.querySelector('#b'), '/');
  expect(focused().getAttribute('aria-label')).toBe('Search things');
});

test('a question mark lists the keys, Esc closes the list and the focus comes back', async () => {
  const root = await draw(<button type="button" id="b" />);
  const from = root.querySelector<HTMLElement>('#b');
  from?.focus();
  await press(from, '?');
  const keys = root.querySelector('[role=dialog]');
  expect(keys?.textContent).toContain('Move through the list');
  expect(keys?.contains(focused())).toBe(true);
  await press(focused(), 'Escape');
  expect(root.querySelector('[role=dialog]')).toBeNull();
  expect(focused()).toBe(from);
});

test('the focus does not go back to a stranger who had it when the keys were listed', async () => {
  const root = await draw(<button type="button" id="b" />);
  const stranger = document.createElement('textarea');
  document.body.append(stranger);
  stranger.focus();
  await press(root.querySelector('#b'), '?');
  await press(focused(), 'Escape');
  expect(root.querySelector('[role=dialog]')).toBeNull();
  expect(focused()).toBe(button(root, 'Keys'));
  stranger.remove();
});

test('the strip says how the other side is, and what to do about it', async () => {
  const side = new OtherSide();
  const host = hostOf(side);
  const inserted = vi.spyOn(host, 'insert');
  const root = await draw(null, host);
  const strip = () => root.querySelector('[data-hfnb-state]');
  expect(strip()).toBeNull();
  await act(() => {
    side.channel.status.value = { state: 'busy' };
  });
  expect(strip()?.textContent).toContain('busy');
  await act(() => {
    side.channel.status.value = { state: 'unloaded' };
  });
  await click(button(root, 'Insert %load_ext hf_nb'));
  expect(inserted).toHaveBeenCalledWith('%load_ext hf_nb');
  await act(() => {
    side.channel.status.value = { state: 'lost', detail: 'python3' };
  });
  expect(strip()?.textContent).toContain('Run %load_ext hf_nb, then this cell again.');
  expect(strip()?.textContent).toContain('python3');
});

test("a host's own next step stands in the strip", async () => {
  const side = new OtherSide();
  let started = 0;
  const host = { ...hostOf(side), next: { absent: { label: 'Start a kernel', run: () => ++started } } };
  const root = await draw(null, host);
  await act(() => {
    side.channel.status.value = { state: 'absent' };
  });
  await click(button(root, 'Start a kernel'));
  expect(started).toBe(1);
});

test('what is not loaded is loaded by Run: the button for it is quiet', async () => {
  const side = new OtherSide();
  let loaded = 0;
  const next = { unloaded: { label: 'Load hf_nb', run: () => ++loaded } };
  const root = await draw(null, { ...hostOf(side), kind: 'sidebar' as const, next });
  await act(() => {
    side.channel.status.value = { state: 'unloaded' };
  });
  expect(root.querySelector('[data-hfnb-state]')?.textContent).toContain('Run and Try load it.');
  const load = button(root, 'Load hf_nb');
  expect([load.textContent, load.classList.contains('hfnb-as-plain')]).toEqual(['Load hf_nb', true]);
  await click(load);
  expect(loaded).toBe(1);
});

test('what is announced twice is heard twice', async () => {
  let here: Here | undefined;
  const root = await draw(<Hold take={one => (here = one)} />);
  const region = root.querySelector('[aria-live=polite]');
  await act(() => here?.announce('3 models'));
  const first = region?.textContent;
  await act(() => here?.announce('3 models'));
  expect(first).toBe('3 models');
  expect(region?.textContent).not.toBe(first);
  expect(region?.textContent?.trim()).toBe('3 models');
});

test('the same line said twice is one toast', async () => {
  let here: Here | undefined;
  const root = await draw(<Hold take={one => (here = one)} />);
  for (const text of ['Copied.', 'Copied.', 'Id copied.']) await act(() => here?.toast({ text }));
  const lines = [...root.querySelectorAll('.hfnb-toast')].map(one => one.querySelector('span')?.textContent);
  expect(lines).toEqual(['Copied.', 'Id copied.']);
});

test('a toast is announced, offers its action, and goes away by itself unless it is touched', async () => {
  vi.useFakeTimers();
  try {
    let here: Here | undefined;
    const undone = vi.fn();
    const root = await draw(<Hold take={one => (here = one)} />);
    await act(() => here?.toast({ text: 'Stopped.', action: { label: 'Go on', run: undone } }));
    const toast = root.querySelector('.hfnb-toast');
    expect(root.querySelector('[aria-live=polite]')?.textContent).toBe('Stopped.');
    await act(() => void toast?.dispatchEvent(new Event('mouseenter')));
    await act(() => void vi.advanceTimersByTime(60_000));
    expect(root.querySelector('.hfnb-toast')).not.toBeNull();
    await act(() => void toast?.dispatchEvent(new Event('mouseleave')));
    await act(() => void vi.advanceTimersByTime(11_000));
    expect(root.querySelector('.hfnb-toast')).toBeNull();
    await act(() => here?.toast({ text: 'Stopped.', action: { label: 'Go on', run: undone } }));
    await click(button(root, 'Go on'));
    expect(undone).toHaveBeenCalledOnce();
    expect(root.querySelector('.hfnb-toast')).toBeNull();
  } finally {
    vi.useRealTimers();
  }
});

test('searching waits for a pause, or for Enter', async () => {
  vi.useFakeTimers();
  try {
    const asked: string[] = [];
    const root = await draw(<Search label="Search" value="" onSearch={text => asked.push(text)} />);
    const box = root.querySelector('input');
    await type(box, 'be');
    await act(() => void vi.advanceTimersByTime(200));
    await type(box, 'bert');
    await act(() => void vi.advanceTimersByTime(200));
    expect(asked).toEqual([]);
    await act(() => void vi.advanceTimersByTime(100));
    expect(asked).toEqual(['bert']);
    await type(box, 'berta');
    await press(box, 'Enter');
    expect(asked).toEqual(['bert', 'berta']);
    await act(() => void vi.advanceTimersByTime(1000));
    expect(asked).toEqual(['bert', 'berta']);
    await press(box, 'Enter');
    expect(asked).toEqual(['bert', 'berta']);
    await press(box, 'Escape');
    expect(asked).toEqual(['bert', 'berta', '']);
    expect(box?.value).toBe('');
  } finally {
    vi.useRealTimers();
  }
});
