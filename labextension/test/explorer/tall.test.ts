import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { keepsTall } from '../../src/widget/tall';

let resized: () => void = () => undefined;
let root: HTMLElement;
let kept: Record<string, unknown>;
const remember = (name: string, value: unknown) => {
  kept[name] = value;
};
const tall = () => root.style.getPropertyValue('--hfnb-tall');

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal(
    'ResizeObserver',
    class {
      constructor(tell: () => void) {
        resized = tell;
      }
      observe(): void {}
      disconnect(): void {}
    }
  );
  kept = {};
  root = document.createElement('div');
  root.innerHTML = '<div class="hfnb-panel"></div>';
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('the height a panel was dragged to is that of what is shown in its place, and is kept', () => {
  const end = keepsTall(root, { options: {}, remember });
  resized();
  expect(tall()).toBe('');
  (root.firstElementChild as HTMLElement).style.height = '712.4px';
  resized();
  expect(tall()).toBe('712px');
  root.innerHTML = '<div class="hfnb-exploring"></div>';
  resized();
  expect(tall()).toBe('712px');
  vi.advanceTimersByTime(1000);
  expect(kept).toEqual({ tall: 712 });
  end();
});

test.each([
  [640, '640px'],
  ['640', '640px'],
  ['wide', ''],
  [-4, ''],
  [null, '']
])('a height that was kept is there again: %s', (was, is) => {
  keepsTall(root, { options: { tall: was }, remember });
  expect(tall()).toBe(is);
});
