import { useState } from 'preact/hooks';
import { expect, test, vi } from 'vitest';
import { Button } from '../../src/parts/button';
import { Card } from '../../src/parts/card';
import { Drawer } from '../../src/parts/drawer';
import { List } from '../../src/parts/list';
import { hostOf, OtherSide, settled } from '../answering';
import { button, click, draw, focused, press } from './page';

const ROWS = ['a', 'b', 'c', 'd'];

function Shelf({
  rows = ROWS,
  onMore,
  ...how
}: {
  rows?: string[];
  onMore?: () => void;
  stale?: boolean;
  before?: boolean;
}) {
  const [open, show] = useState<string | null>(null);
  return (
    <>
      <div class="hfnb-main">
        <List
          label="Letters"
          rows={rows}
          keyOf={row => row}
          open={open}
          layout="lines"
          {...how}
          {...(onMore && { more: true, onMore })}
        >
          {row => (
            <Card
              name={row}
              onOpen={() => show(row)}
              actions={<Button label={`Copy ${row}`} icon="copy" onClick={() => undefined} />}
            />
          )}
        </List>
      </div>
      {open && (
        <Drawer title={open} label={`Details of ${open}`} onClose={() => show(null)}>
          <input />
        </Drawer>
      )}
    </>
  );
}

const head = (root: Element, row: string) =>
  root.querySelector<HTMLElement>(`[data-hfnb-key="${row}"] [data-hfnb-head]`);
/** In a page without a layout every line is as high as the first: the list counts one column by offsetTop. */
function lines(root: Element): void {
  root.querySelectorAll('li').forEach((item, index) => {
    Object.defineProperty(item, 'offsetTop', { value: index * 100, configurable: true });
  });
}

test('one card of the list takes part in the round of Tab, with its buttons', async () => {
  const root = await draw(<Shelf />);
  const tabbed = [...root.querySelectorAll<HTMLElement>('ul button')].filter(one => one.tabIndex === 0);
  expect(tabbed.map(one => one.getAttribute('aria-label') ?? one.textContent)).toEqual(['a', 'Copy a']);
});

test('rows of the search before are dimmed and say so; those which wait for newer ones are dimmed only', async () => {
  const root = await draw(<Shelf before />);
  const said = () => [root.querySelector('ul')?.className, root.textContent?.includes('search before')];
  expect(said()).toEqual(['hfnb-lines hfnb-before', true]);
  await draw(<Shelf stale />);
  expect(said()).toEqual(['hfnb-lines hfnb-stale', false]);
  await draw(<Shelf />);
  expect(said()).toEqual(['hfnb-lines', false]);
});

test('arrows, Home and End move through the list', async () => {
  const root = await draw(<Shelf />);
  lines(root);
  head(root, 'a')?.focus();
  for (const [key, where] of [
    ['ArrowDown', 'b'],
    ['ArrowRight', 'c'],
    ['End', 'd'],
    ['ArrowDown', 'd'],
    ['ArrowUp', 'c'],
    ['Home', 'a'],
    ['ArrowLeft', 'a']
  ] as const) {
    await press(focused(), key);
    expect(focused()).toBe(head(root, where));
  }
  expect(head(root, 'a')?.tabIndex).toBe(0);
});

test('in a grid, up and down keep their column', async () => {
  const root = await draw(<Shelf />);
  root.querySelectorAll('li').forEach((item, index) => {
    Object.defineProperty(item, 'offsetTop', { value: Math.floor(index / 2) * 100, configurable: true });
  });
  head(root, 'b')?.focus();
  await press(focused(), 'ArrowDown');
  expect(focused()).toBe(head(root, 'd'));
  await press(focused(), 'ArrowUp');
  expect(focused()).toBe(head(root, 'b'));
});

test('the focus goes into the details and comes back when Esc closes them', async () => {
  const root = await draw(<Shelf />);
  head(root, 'b')?.focus();
  await click(head(root, 'b'));
  expect(root.querySelector('[role=dialog]')?.getAttribute('aria-label')).toBe('Details of b');
  expect(focused().tagName).toBe('H3');
  await press(focused(), 'Escape');
  await settled();
  expect(root.querySelector('[role=dialog]')).toBeNull();
  expect(focused()).toBe(head(root, 'b'));
});

test('details of another thing take the focus again, and give it back to that one', async () => {
  const root = await draw(<Shelf />);
  head(root, 'a')?.focus();
  await click(head(root, 'a'));
  head(root, 'c')?.focus();
  await click(head(root, 'c'));
  expect(focused().textContent).toBe('c');
  await click(button(root, 'Close'));
  await settled();
  expect(focused()).toBe(head(root, 'c'));
});

test('there is a button for more, and the last cards ask for it too', async () => {
  const more = vi.fn();
  const root = await draw(<Shelf onMore={more} />);
  lines(root);
  await click(button(root, 'Show more'));
  expect(more).toHaveBeenCalledTimes(1);
  head(root, 'a')?.focus();
  await press(focused(), 'End');
  expect(more).toHaveBeenCalledTimes(2);
});

test('the focus stays in the list when other rows take the place of its card', async () => {
  const root = await draw(<Shelf />);
  head(root, 'b')?.focus();
  await draw(<Shelf rows={['x', 'y']} />);
  expect(focused()).toBe(head(root, 'x'));
});

test('a click on a button of a card does not open the card', async () => {
  const root = await draw(<Shelf />);
  await click(button(root, 'Copy b'));
  expect(root.querySelector('[role=dialog]')).toBeNull();
});

test('a card becomes code where the host takes it', async () => {
  const taken: [string, string][] = [];
  const ended = vi.fn();
  const host = {
    ...hostOf(new OtherSide()),
    draggable: (_: HTMLElement, code: () => string, label: string) => {
      taken.push([code(), label]);
      return ended;
    }
  };
  await draw(<Card owner="who" name="it" onOpen={() => undefined} code={() => 'print(1)'} />, host);
  expect(taken).toEqual([['print(1)', 'who/it']]);
  await draw(null, host);
  expect(ended).toHaveBeenCalledOnce();
});

test('a card opens once, by its name and by the rest of it', async () => {
  const opened = vi.fn();
  const root = await draw(<Card name="it" onOpen={opened} />);
  await click(root.querySelector('[data-hfnb-head]'));
  expect(opened).toHaveBeenCalledTimes(1);
  await click(root.querySelector('article'));
  expect(opened).toHaveBeenCalledTimes(2);
});
