/** A part in a page, in a frame as it would stand in a panel. */
import { type ComponentChildren, render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach } from 'vitest';
import type { Host } from '../../src/panel';
import { Frame } from '../../src/parts/frame';
import { hostOf, OtherSide } from '../answering';

let root: HTMLElement | undefined;

afterEach(() => {
  if (root) render(null, root);
  root?.remove();
  root = undefined;
});

/** Draws it, and gives the element that holds it. Effects have run. */
export async function draw(
  content: ComponentChildren,
  host: Host = hostOf(new OtherSide())
): Promise<HTMLElement> {
  root ??= document.body.appendChild(document.createElement('div'));
  const place = root;
  await act(() =>
    render(
      <Frame host={host} title="Things">
        {content}
      </Frame>,
      place
    )
  );
  return place;
}

export async function drawPlain(content: ComponentChildren): Promise<HTMLElement> {
  root ??= document.body.appendChild(document.createElement('div'));
  const place = root;
  await act(() => render(content, place));
  return place;
}

export async function press(
  element: Element | null,
  key: string,
  more: KeyboardEventInit = {}
): Promise<void> {
  await act(
    () =>
      void element?.dispatchEvent(
        new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more })
      )
  );
}

export async function click(element: Element | null | undefined): Promise<void> {
  if (!element) throw new Error('There is nothing to click.');
  await act(() => (element as HTMLElement).click());
}

export async function type(element: Element | null, text: string): Promise<void> {
  const box = element as HTMLInputElement;
  await act(() => {
    box.value = text;
    box.dispatchEvent(new Event('input', { bubbles: true }));
  });
}

export function button(root: Element, name: string): HTMLButtonElement {
  const found = [...root.querySelectorAll('button')].find(
    one => (one.getAttribute('aria-label') ?? one.textContent) === name
  );
  if (!found) throw new Error(`No button "${name}".`);
  return found;
}

export const focused = () => document.activeElement as HTMLElement;
