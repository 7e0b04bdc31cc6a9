/** The keys of the grid. */
import type { ExplorerModel, Shown } from './model';
import { isCut } from './pages';
import type { Active, Sheet } from './sheet';

export interface Keyed {
  model: ExplorerModel;
  shown: Shown;
  sheet: Sheet;
  go: (to: Active) => void;
}

export const KEYS: [string, string][] = [
  ['Ctrl Home', 'First row; Ctrl End: the last'],
  ['Page ↓ ↑', 'A screen further'],
  ['Space', 'Select the row; Shift ↓ ↑ extends'],
  ['Ctrl A', 'Select all rows'],
  ['↑ ↓', 'In a query: earlier ones'],
  ['F2', 'Into a column’s bars'],
  ['Alt ↓', 'A column’s menu'],
  ['Shift ← →', 'On a name: its width'],
  ['Ctrl Shift ← →', 'On a name: its place']
];

export function keyOf(event: KeyboardEvent, keyed: Keyed): void {
  // bars, menus and boxes have keys of their own
  if (event.defaultPrevented || !(event.target as HTMLElement).hasAttribute('data-hfnb-cell')) return;
  const { row } = keyed.sheet.active.peek();
  const taken = row < 0 ? onName(event, keyed) : onRow(event, keyed);
  if (!taken && !anywhere(event, keyed)) return;
  event.preventDefault();
  event.stopPropagation();
}

const withCtrl = (event: KeyboardEvent) => event.ctrlKey || event.metaKey;

/** On a cell: to open its row, to select it, to copy its text. True where the key was taken. */
function onRow(event: KeyboardEvent, { shown, sheet }: Keyed): boolean {
  const { row, at } = sheet.active.peek();
  const { table } = shown;
  if (event.altKey) return false;
  if (event.key === 'Enter') shown.looking.open(row, table.lanes.columns.peek()[at]?.name ?? null);
  else if (event.key === ' ') event.shiftKey ? table.picked.extend(row) : table.picked.toggle(row);
  else if (withCtrl(event) && event.key.toLowerCase() === 'c') return copied(shown, row, at);
  else return false;
  return true;
}

/** All of a cell's text, unless a part of the page is selected: that is what is meant then. */
function copied({ looking, table }: Shown, row: number, at: number): boolean {
  const cell = table.pages.cell(row, at);
  const column = table.lanes.columns.peek()[at];
  if (cell === undefined || !column || window.getSelection()?.toString()) return false;
  const here = typeof cell === 'string' ? cell : (cell?.text ?? '');
  const write = (text: string) => navigator.clipboard?.writeText(text);
  const media = typeof cell === 'object' && cell?.media;
  void (
    isCut(cell) && !media ? looking.text(row, column.name).then(text => write(text ?? here)) : write(here)
  )?.catch(() => undefined);
  return true;
}

/** Moving about, and selecting on the way. */
function anywhere(event: KeyboardEvent, { shown, sheet, go }: Keyed): boolean {
  const { picked, rows } = shown.table;
  if (event.altKey) return false;
  if (withCtrl(event) && event.key.toLowerCase() === 'a') {
    picked.all(rows.peek());
    return true;
  }
  if (event.key === 'Escape' && picked.range.peek()) {
    picked.clear();
    return true;
  }
  const from = sheet.active.peek();
  const to = sheet.stepped(event.key, withCtrl(event));
  if (!to) return false;
  if (event.shiftKey && to.row >= 0 && from.row >= 0 && to.row !== from.row) picked.extend(to.row, from.row);
  go(to);
  return true;
}

/** On a column's name; true where the key was taken. */
function onName(event: KeyboardEvent, { shown, sheet, go }: Keyed): boolean {
  const { at } = sheet.active.peek();
  const { lanes } = shown.table;
  const lane = lanes.shown.peek().find(one => one.at === at);
  if (!lane) return false;
  const side = { ArrowRight: 1, ArrowLeft: -1 }[event.key] as 1 | -1 | undefined;
  if (side && event.shiftKey) {
    if (withCtrl(event)) {
      lanes.step(at, side);
      go({ row: -1, at });
    } else lanes.resize(at, lane.width + side * 16);
    return true;
  }
  const cell = event.target as HTMLElement;
  if (event.key === 'Enter' || event.key === ' ') {
    shown.table.sort(lane.column.name);
    return true;
  }
  if (
    (event.key === 'ArrowDown' && event.altKey) ||
    event.key === 'ContextMenu' ||
    (event.key === 'F10' && event.shiftKey)
  ) {
    cell.querySelector<HTMLElement>('[data-hfnb-menu]')?.click();
    return true;
  }
  if (event.key === 'F2') {
    cell.querySelector<HTMLElement | SVGElement>('[data-hfnb-bars]')?.focus();
    return true;
  }
  return false;
}
