/** How the columns stand: which, in what order, how wide, pinned or not; and which of them can be seen. No page here. */
import { computed, signal } from '@preact/signals';
import type { Cell, Column } from './answers';

export const NARROWEST = 48;
export const WIDEST = 1200;
/** A number of 38 digits is not made room for unasked. */
const LONGEST = 180;

/** What is kept of it, by name: a table that has gained a column still fits. */
export interface Kept {
  widths?: Record<string, number>;
  hidden?: string[];
  pinned?: string[];
  order?: string[];
}

export interface Lane {
  /** place in the table */
  at: number;
  column: Column;
  width: number;
  /** pixels from the left, pinned ones first */
  left: number;
  pinned: boolean;
}

export class Lanes {
  readonly columns = signal<readonly Column[]>([]);
  private readonly widths = signal<ReadonlyMap<number, number>>(new Map());
  /** of what the first rows need, where it is more than usual */
  private readonly needed = signal<ReadonlyMap<number, number>>(new Map());
  readonly hidden = signal<ReadonlySet<number>>(new Set());
  private readonly pinned = signal<ReadonlySet<number>>(new Set());
  private readonly order = signal<readonly number[]>([]);

  /** those shown, pinned ones first */
  readonly shown = computed<Lane[]>(() => {
    const columns = this.columns.value;
    const visible = this.order.value.filter(at => !this.hidden.value.has(at));
    const pinned = visible.filter(at => this.pinned.value.has(at));
    const rest = visible.filter(at => !this.pinned.value.has(at));
    let left = 0;
    return [...pinned, ...rest].map((at, place) => {
      const column = columns[at] as Column;
      const width = this.widths.value.get(at) ?? this.needed.value.get(at) ?? usual(column);
      const lane = { at, column, width, left, pinned: place < pinned.length };
      left += width;
      return lane;
    });
  });
  readonly wide = computed(() => {
    const last = this.shown.value.at(-1);
    return last ? last.left + last.width : 0;
  });
  readonly pinnedWide = computed(() =>
    this.shown.value.reduce((sum, lane) => (lane.pinned ? sum + lane.width : sum), 0)
  );

  /** These columns, as they stood before. */
  set(columns: readonly Column[], kept: Kept = {}): void {
    const places = new Map<string, number>();
    columns.forEach((column, at) => {
      if (!places.has(column.name)) places.set(column.name, at);
    });
    const found = (names: unknown) =>
      (Array.isArray(names) ? names : []).map(name => places.get(name)).filter(at => at !== undefined);
    const first = found(kept.order);
    const known = new Set(first);
    this.columns.value = columns;
    this.order.value = [...first, ...columns.map((_, at) => at).filter(at => !known.has(at))];
    this.hidden.value = new Set(found(kept.hidden));
    this.pinned.value = new Set(found(kept.pinned));
    const widths = Object.entries(kept.widths ?? {}).flatMap(([name, width]) => {
      const at = places.get(name);
      return at !== undefined && Number.isFinite(width) ? [[at, within(width)] as const] : [];
    });
    this.widths.value = new Map(widths);
  }

  kept(): Kept {
    const name = (at: number) => this.columns.peek()[at]?.name ?? '';
    const order = this.order.peek();
    const moved = order.some((at, place) => at !== place);
    return {
      widths: Object.fromEntries([...this.widths.peek()].map(([at, width]) => [name(at), width])),
      hidden: [...this.hidden.peek()].map(name),
      pinned: [...this.pinned.peek()].map(name),
      // two thousand names are not worth keeping where they stand as they came
      order: moved ? order.map(name) : []
    };
  }

  resize(at: number, width: number): void {
    this.widths.value = new Map(this.widths.peek()).set(at, within(width));
  }

  /** Whole numbers are names, often: the end of one is not to be guessed. `cells`: the first of a column. */
  suit(at: number, cells: readonly Cell[]): void {
    const column = this.columns.peek()[at];
    if (column?.kind !== 'number' || isFloat(column) || !Array.isArray(cells)) return;
    const longest = cells.reduce((most: number, cell) => Math.max(most, String(cell ?? '').length), 0);
    const width = Math.min(LONGEST, within(17 + longest * 7.7));
    if (width > usual(column)) this.needed.value = new Map(this.needed.peek()).set(at, width);
  }

  /** As wide as it came. */
  forgetWidth(at: number): void {
    const widths = new Map(this.widths.peek());
    widths.delete(at);
    this.widths.value = widths;
  }

  hide(at: number, hidden = true): void {
    this.hidden.value = toggled(this.hidden.peek(), at, hidden);
  }

  /** All of these, or none. */
  hideAll(places: readonly number[], hidden: boolean): void {
    const now = new Set(this.hidden.peek());
    for (const at of places) hidden ? now.add(at) : now.delete(at);
    this.hidden.value = now;
  }

  pin(at: number, pinned = true): void {
    this.pinned.value = toggled(this.pinned.peek(), at, pinned);
  }

  /** Put one before another that is shown; null: to the end. */
  move(at: number, before: number | null): void {
    if (at === before) return;
    const order = this.order.peek().filter(one => one !== at);
    const place = before === null ? order.length : order.indexOf(before);
    order.splice(place < 0 ? order.length : place, 0, at);
    const beside = before ?? order.at(-2);
    if (beside !== undefined)
      this.pinned.value = toggled(this.pinned.peek(), at, this.pinned.peek().has(beside));
    this.order.value = order;
  }

  /** One place to the left or right among its like. */
  step(at: number, by: 1 | -1): boolean {
    const shown = this.shown.peek();
    const place = shown.findIndex(lane => lane.at === at);
    const beside = shown[place + by];
    if (place < 0 || !beside || beside.pinned !== shown[place]?.pinned) return false;
    const after = shown[place + 2];
    if (by < 0) this.move(at, beside.at);
    else this.move(at, after && after.pinned === beside.pinned ? after.at : this.following(beside.at));
    return true;
  }

  /** What stands behind one in the order, shown or not; null: it is the last. */
  private following(at: number): number | null {
    const order = this.order.peek();
    return order[order.indexOf(at) + 1] ?? null;
  }
}

/** Those that can be seen: the pinned ones, and of the rest what lies between two edges of the table. */
export function lanesIn(shown: readonly Lane[], left: number, seen: number, pinnedWide: number): Lane[] {
  const pinned = shown.findIndex(lane => !lane.pinned);
  const fixed = pinned < 0 ? shown.length : pinned;
  const from = left + pinnedWide;
  let low = fixed;
  let high = shown.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const lane = shown[middle] as Lane;
    if (lane.left + lane.width > from) high = middle;
    else low = middle + 1;
  }
  let end = low;
  while (end < shown.length && (shown[end] as Lane).left < left + seen) end++;
  return [...shown.slice(0, fixed), ...shown.slice(low, end)];
}

/** Characters that fit, in steps: a column that is drawn wider does not ask anew for every pixel. */
export function charsOf(lane: Lane): number {
  if (isFloat(lane.column)) {
    // a long name makes a column wider, not its numbers longer: that does who draws it
    if (lane.width <= usual(lane.column)) return DIGITS;
    const fit = Math.floor((lane.width - 17) / 7.7 / 4) * 4;
    return fit < 24 ? Math.max(DIGITS, fit) : 40;
  }
  if (lane.column.kind === 'number' || lane.column.kind === 'bool' || lane.column.kind === 'time') return 40;
  return Math.ceil(lane.width / 5.6 / 16) * 16;
}

const WIDTHS: Partial<Record<Column['kind'], number>> = {
  number: 128,
  bool: 96,
  time: 168,
  label: 136,
  image: 136,
  audio: 168,
  video: 168,
  null: 96,
  chat: 280
};

/** Of a float that many are shown, its point among them; all of them in a column that is drawn wider. */
export const DIGITS = 10;
const FLOAT = 104;
export const isFloat = ({ kind, stored }: Column) =>
  kind === 'number' && /^(double|float|halffloat)/.test(stored);

function usual(column: Column): number {
  const name = Math.min(240, 56 + column.name.length * 7.5);
  return Math.round(Math.max(isFloat(column) ? FLOAT : (WIDTHS[column.kind] ?? 232), name));
}

const within = (width: number) => Math.round(Math.min(WIDEST, Math.max(NARROWEST, width)));

function toggled<T>(all: ReadonlySet<T>, one: T, on: boolean): ReadonlySet<T> {
  const now = new Set(all);
  if (on) now.add(one);
  else now.delete(one);
  return now;
}
