/** The part of a table that is seen: where it is scrolled to, what lies in sight, where the keys are. No page here. */
import { computed, signal } from '@preact/signals';
import { type Lane, lanesIn } from './lanes';
import { bringing, rowsIn, Squeeze } from './scrolling';
import type { Table } from './table';

export const ROW = 28;
/** A row with pictures in it. */
export const TALL_ROW = 72;
/** Rows drawn beyond what is seen. */
const OVER = 6;

/** Where the keys are: a row (-1: the names of columns), and a column by its place in the table (-1: the row's number). */
export interface Active {
  row: number;
  at: number;
}

export class Sheet {
  /** pixels of the table above what is seen, and left of it */
  readonly top = signal(0);
  readonly left = signal(0);
  /** pixels in which rows and columns are seen */
  readonly height = signal(0);
  readonly width = signal(0);
  readonly active = signal<Active>({ row: 0, at: 0 });
  /** the focus is on a cell: it stays in the page wherever one scrolls */
  readonly held = signal(false);
  forward = true;
  /** the next drawing takes the focus to where the keys are */
  wants = false;

  readonly rowHeight = computed(() =>
    this.table.lanes.shown.value.some(lane => lane.column.kind === 'image') ? TALL_ROW : ROW
  );
  /** room for the rows' numbers: a digit is 7.7 pixels wide at most, a comma half of that */
  readonly gutter = computed(() => {
    // a view of a few rows shows their numbers in the table
    const { rows, opened, finding } = this.table;
    const most = Math.max(rows.value, opened.value?.rows ?? 0, finding.found.value?.scanned ?? 0);
    const digits = String(most).length;
    return Math.round(20 + 7.7 * Math.max(3, digits) + 4 * Math.floor((digits - 1) / 3));
  });
  readonly squeeze = computed(
    () => new Squeeze(this.table.rows.value, this.rowHeight.value, this.height.value)
  );
  private readonly firstRow = computed(
    () => rowsIn(this.top.value, this.height.value, this.rowHeight.value, this.table.rows.value, OVER)[0]
  );
  private readonly afterRow = computed(
    () => rowsIn(this.top.value, this.height.value, this.rowHeight.value, this.table.rows.value, OVER)[1]
  );
  /** first row drawn, and the one after the last; changes with whole rows alone */
  readonly range = computed<readonly [number, number]>(() => [this.firstRow.value, this.afterRow.value]);
  /** those really in sight */
  private readonly firstSeen = computed(
    () => rowsIn(this.top.value, this.height.value, this.rowHeight.value, this.table.rows.value)[0]
  );
  private readonly afterSeen = computed(
    () => rowsIn(this.top.value, this.height.value, this.rowHeight.value, this.table.rows.value)[1]
  );
  readonly sight = computed<readonly [number, number]>(() => [this.firstSeen.value, this.afterSeen.value]);
  private readonly seen = computed(() => {
    const { shown, pinnedWide } = this.table.lanes;
    const wide = Math.max(0, this.width.value - this.gutter.value);
    return lanesIn(shown.value, this.left.value, wide, pinnedWide.value);
  });
  private readonly seenKey = computed(() =>
    this.seen.value.map(lane => `${lane.at}:${lane.left}:${lane.width}:${lane.pinned}`).join(' ')
  );
  /** columns in sight; another list only where they are others */
  readonly lanes = computed<Lane[]>(() => {
    void this.seenKey.value;
    return this.seen.peek();
  });

  constructor(readonly table: Table) {
    this.top.value = table.at.peek() * this.rowHeight.peek();
  }

  /** The place of the column in the order shown; -1: the row's number. */
  place(at: number): number {
    return this.table.lanes.shown.peek().findIndex(lane => lane.at === at);
  }

  /** Where a key leads; null: it is none of ours. */
  stepped(key: string, ends: boolean): Active | null {
    const { row, at } = this.active.peek();
    const shown = this.table.lanes.shown.peek();
    const rows = this.table.rows.peek();
    const place = at < 0 ? -1 : this.place(at);
    const page = Math.max(1, Math.floor(this.height.peek() / this.rowHeight.peek()) - 1);
    const column = (to: number): number => (to < 0 ? -1 : (shown[Math.min(to, shown.length - 1)]?.at ?? -1));
    const line = (to: number): number => Math.max(-1, Math.min(rows - 1, to));
    switch (key) {
      case 'ArrowRight':
        return { row, at: column(place + 1) };
      case 'ArrowLeft':
        return { row, at: column(place - 1) };
      case 'ArrowDown':
        return { row: line(ends ? rows - 1 : row + 1), at };
      case 'ArrowUp':
        return { row: ends ? Math.min(row, 0) : line(row - 1), at };
      case 'PageDown':
        return { row: line(row + page), at };
      case 'PageUp':
        return { row: row < 0 ? -1 : Math.max(0, row - page), at };
      case 'Home':
        return { row: ends ? 0 : row, at: column(ends ? 0 : -1) };
      case 'End':
        return { row: ends ? rows - 1 : row, at: column(shown.length - 1) };
      default:
        return null;
    }
  }

  /** Pixels from the left at which a column is seen whole. */
  bringingColumn(at: number): number {
    const lane = this.table.lanes.shown.peek().find(one => one.at === at);
    const left = this.left.peek();
    if (!lane || lane.pinned) return left;
    const pinned = this.table.lanes.pinnedWide.peek();
    const wide = Math.max(0, this.width.peek() - this.gutter.peek());
    if (lane.left < left + pinned) return lane.left - pinned;
    const over = lane.left + lane.width - (left + wide);
    return over > 0 ? Math.min(lane.left - pinned, left + over) : left;
  }

  bringingRow(row: number): number {
    return row < 0
      ? this.top.peek()
      : bringing(row, this.top.peek(), this.height.peek(), this.rowHeight.peek());
  }
}

export const grouped = (value: number) => value.toLocaleString('en-US');
