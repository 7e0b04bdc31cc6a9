/**
 * A text that grows: what is new is put at its end once a frame, and nothing before it is drawn again. It stands in
 * blocks of a page or so, each a formatting of its own, so that a line at the end of a long text costs no more than one
 * at its beginning.
 */
import { useSignalEffect } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { Column } from './column';

/** Characters of a block before it is closed at the next end of a line, or at the next blank. */
const BLOCK = 2000;
const LONGEST = 6000;

export function Writing({ column, label }: { column: Column; label: string }) {
  const place = useRef<HTMLDivElement>(null);
  const drawn = useRef(0);
  useSignalEffect(() => {
    column.frame.value;
    const element = place.current;
    if (!element) return;
    if (drawn.current > column.text.length) {
      element.replaceChildren();
      drawn.current = 0;
    }
    write(element, column.text.slice(drawn.current));
    drawn.current = column.text.length;
  });
  return <div ref={place} class="hfnb-spoken" role="group" aria-label={label} tabIndex={0} />;
}

/** Puts a text at the end. */
export function write(element: HTMLElement, text: string): void {
  for (let rest = text; rest; ) {
    const node = last(element);
    const room = cut(node.length, rest);
    node.appendData(rest.slice(0, room));
    rest = rest.slice(room);
    if (rest || full(node)) element.append(block(element));
  }
}

/** Closed where a line ends, or where none does for too long. */
function full(node: Text): boolean {
  return node.length >= LONGEST || (node.length >= BLOCK && node.data.endsWith('\n'));
}

function last(element: HTMLElement): Text {
  const node = (element.lastElementChild ?? element.appendChild(block(element))).firstChild;
  return node as Text;
}

function block(element: HTMLElement): HTMLElement {
  const made = element.ownerDocument.createElement('div');
  made.className = 'hfnb-spoken-block';
  made.append(element.ownerDocument.createTextNode(''));
  return made;
}

/** How much of a text belongs into a block that holds so much already. */
function cut(held: number, text: string): number {
  if (held + text.length <= BLOCK) return text.length;
  const from = Math.max(0, BLOCK - held);
  const line = text.indexOf('\n', from);
  if (line >= 0 && held + line < LONGEST) return line + 1;
  if (held + text.length <= LONGEST) return text.length;
  const blank = text.indexOf(' ', Math.max(0, LONGEST - held));
  return blank < 0 ? text.length : blank + 1;
}
