/**
 * The rows that are here: pages of a hundred, each with the columns that were asked for. What is looked at is asked
 * for first, then what lies ahead; what nobody looks at any more is given up, and the oldest pages are let go.
 */
import { type Signal, signal } from '@preact/signals';
import type { Channel } from '../../channel';
import { wrongOf } from '../../parts/asked';
import { Dropped, type Wrong } from '../../protocol';
import type { Cell, Column, Of, Packed, Page, View } from './answers';
import { UNPACKS, unpacked } from './packed';

export const PAGE = 100;
/** Pages that are kept: 12,000 rows of the columns looked at. */
export const KEPT = 120;
/** Pages that are asked for in one question. */
const AT_ONCE = 3;

interface Lane {
  cells: Cell[];
  /** characters that were asked for */
  chars: number;
  /** rows of this page that were known to exist when it was asked for */
  known: number;
}

export interface Shelf {
  rows: number[];
  lanes: Map<number, Lane>;
}

/** A column that is looked at: its place in the table, and how many characters of it can be seen. */
export interface Wanted {
  at: number;
  chars: number;
}

/** What is looked at: rows from and up to, columns, and where the reader is going. */
export interface Looked {
  from: number;
  to: number;
  columns: Wanted[];
  forward: boolean;
}

export interface Stretch {
  first: number;
  last: number;
  columns: Wanted[];
}

export class Pages {
  /** changes with every page that comes or goes */
  readonly version = signal(0);
  readonly wrong = signal<Wrong | null>(null);
  /** questions under way */
  readonly waiting = signal(0);
  private readonly shelves = new Map<number, Shelf>();
  private readonly asking = new Map<AbortController, Stretch>();
  private allow: number | undefined;
  private held: Stretch | null = null;
  private looked: Looked | null = null;
  private total: number | null = null;
  private known = 0;
  /** pages ahead that would cost more than is allowed: not asked for until they are looked at */
  private readonly dear = new Set<number>();
  /** pages that the reader does not want for what they cost */
  readonly refused = signal<ReadonlySet<number>>(new Set());

  constructor(
    private readonly channel: Channel,
    private readonly of: () => Of,
    private readonly view: () => View,
    private readonly columns: () => readonly Column[],
    /** bytes moved, and rows in all where that is known by now; `short`: the rows end here */
    private readonly told: (page: Page, end: number | null) => void,
    /** the other side asks before it reads so much */
    readonly costly: Signal<Wrong | null>
  ) {}

  row(at: number): number | null {
    return this.shelves.get(Math.floor(at / PAGE))?.rows[at % PAGE] ?? null;
  }

  /** A cell; undefined while it is not here. */
  cell(at: number, column: number): Cell | undefined {
    return this.shelves.get(Math.floor(at / PAGE))?.lanes.get(column)?.cells[at % PAGE];
  }

  get size(): number {
    return this.shelves.size;
  }

  /** This is looked at now: whatever of it is not here is asked for. `known`: rows that are there for certain. */
  look(looked: Looked, total: number | null, known = total ?? 0): void {
    this.looked = looked;
    this.known = known;
    this.total = total;
    if (looked.to <= looked.from || !looked.columns.length) return;
    const first = Math.floor(looked.from / PAGE);
    const last = Math.floor((looked.to - 1) / PAGE);
    for (let page = first; page <= last; page++) this.touch(page);
    const ahead = looked.forward ? last + 1 : first - 1;
    this.giveUp(Math.min(first, ahead), Math.max(last, ahead));
    const stretch = this.missing(first, last, looked.columns);
    if (stretch) {
      if (!this.wrong.peek() && !this.costly.peek()) void this.ask(stretch);
      return;
    }
    const exists = ahead >= 0 && (total === null || ahead * PAGE < total);
    // what lies ahead waits until what is looked at has come
    if (!exists || this.dear.has(ahead) || this.asking.size || this.wrong.peek() || this.costly.peek())
      return;
    const next = this.missing(ahead, ahead, looked.columns);
    if (next) void this.ask(next, true);
  }

  /** A page that was there already, with the table's first columns. */
  put(page: Page, columns: Wanted[], known = 0): void {
    for (let from = 0; from < page.rows.length; ) {
      const number = Math.floor((page.offset + from) / PAGE);
      const at = (page.offset + from) % PAGE;
      const many = Math.min(PAGE - at, page.rows.length - from);
      const shelf = this.shelves.get(number) ?? { rows: [], lanes: new Map<number, Lane>() };
      for (let i = 0; i < many; i++) shelf.rows[at + i] = page.rows[from + i] as number;
      columns.forEach((column, place) => {
        const cells = page.cells[place];
        if (!cells) return;
        const lane: Lane = {
          cells: shelf.lanes.get(column.at)?.cells.slice() ?? [],
          chars: column.chars,
          known: inPage(known, number)
        };
        for (let i = 0; i < many; i++) lane.cells[at + i] = cells[from + i] ?? null;
        shelf.lanes.set(column.at, lane);
      });
      this.shelves.delete(number);
      this.shelves.set(number, shelf);
      from += many;
    }
    for (const number of this.shelves.keys()) {
      if (this.shelves.size <= KEPT) break;
      this.shelves.delete(number);
    }
    this.version.value++;
  }

  /** Read what was asked about, up to so many bytes; so much is allowed from now on. */
  permit(bytes: number): void {
    this.allow = Math.max(this.allow ?? 0, bytes);
    const stretch = this.held;
    this.held = null;
    this.costly.value = null;
    if (stretch) void this.ask(stretch);
  }

  /** These rows are not read; others are asked about again. */
  refuse(): void {
    const refused = new Set(this.refused.peek());
    if (this.held) for (let page = this.held.first; page <= this.held.last; page++) refused.add(page);
    this.refused.value = refused;
    this.held = null;
    this.costly.value = null;
  }

  /** On second thoughts: what was refused is asked about again. */
  reconsider(): void {
    this.refused.value = new Set();
    if (this.looked) this.look(this.looked, this.total, this.known);
  }

  /** What failed once more. */
  again(): void {
    this.wrong.value = null;
    if (this.looked) this.look(this.looked, this.total, this.known);
  }

  /** Other rows from now on. */
  clear(): void {
    this.stop();
    this.shelves.clear();
    this.dear.clear();
    this.refused.value = new Set();
    this.held = null;
    this.costly.value = null;
    this.wrong.value = null;
    this.version.value++;
  }

  stop(): void {
    for (const asked of this.asking.keys()) asked.abort();
    this.asking.clear();
    this.waiting.value = 0;
  }

  private missing(first: number, last: number, columns: Wanted[]): Stretch | null {
    const gone: number[] = [];
    const lacking = new Map<number, Wanted>();
    for (let page = Math.max(0, first); page <= last; page++) {
      if (this.refused.peek().has(page)) continue;
      const without = columns.filter(column => !this.has(page, column));
      if (without.length) gone.push(page);
      for (const column of without) lacking.set(column.at, column);
    }
    const from = gone[0];
    if (from === undefined) return null;
    const to = Math.min(gone.at(-1) as number, from + AT_ONCE - 1);
    return { first: from, last: to, columns: [...lacking.values()] };
  }

  /** It is here, or on its way. */
  private has(page: number, { at, chars }: Wanted): boolean {
    const lane = this.shelves.get(page)?.lanes.get(at);
    // a search that had found less when this page came has more for it now
    const due = inPage(this.known, page);
    const whole = lane && (lane.cells.length >= due || lane.known >= due);
    if (whole && (lane.chars >= chars || !lane.cells.some(isCut))) return true;
    for (const asked of this.asking.values())
      if (page >= asked.first && page <= asked.last)
        for (const one of asked.columns) if (one.at === at && one.chars >= chars) return true;
    return false;
  }

  private touch(page: number): void {
    const shelf = this.shelves.get(page);
    if (!shelf) return;
    this.shelves.delete(page);
    this.shelves.set(page, shelf);
  }

  private giveUp(first: number, last: number): void {
    for (const [asked, stretch] of this.asking)
      if (stretch.last < first || stretch.first > last) {
        this.asking.delete(asked);
        asked.abort();
      }
    this.waiting.value = this.asking.size;
  }

  private async ask(stretch: Stretch, ahead = false): Promise<void> {
    const asked = new AbortController();
    this.asking.set(asked, stretch);
    this.waiting.value = this.asking.size;
    const { first, last, columns } = stretch;
    const limit = (last - first + 1) * PAGE;
    const known = this.known;
    const names = this.columns();
    try {
      let buffers: ArrayBuffer[] = [];
      const answer = await this.channel.call<Page | Packed>(
        'data.page',
        {
          of: this.of(),
          view: this.view(),
          offset: first * PAGE,
          limit,
          columns: columns.map(column => ({ name: names[column.at]?.name, chars: column.chars })),
          ...(UNPACKS && { packed: true }),
          ...(this.allow !== undefined && { allow: this.allow })
        },
        {
          each: true,
          signal: asked.signal,
          onBuffers: all => {
            buffers = all;
          }
        }
      );
      const page = await unpacked<Page>(answer, buffers);
      if (!this.asking.delete(asked)) return;
      this.put(page, columns, known);
      this.wrong.value = null;
      this.told(page, page.rows.length < limit ? page.offset + page.rows.length : null);
    } catch (error) {
      if (!this.asking.delete(asked) || error instanceof Dropped) return;
      const wrong = wrongOf(error);
      // what lies ahead is nobody's wish yet: it may fail in silence, and is asked for again once it is looked at
      if (!ahead || this.inSight(stretch)) this.failed(wrong, stretch);
      else this.dear.add(first);
    } finally {
      this.waiting.value = this.asking.size;
    }
    if (this.looked && !ahead) this.look(this.looked, this.total, this.known);
  }

  private inSight({ first, last }: Stretch): boolean {
    const looked = this.looked;
    return looked !== null && last * PAGE + PAGE > looked.from && first * PAGE < looked.to;
  }

  private failed(wrong: Wrong, stretch: Stretch): void {
    if (wrong.type === 'Costly') {
      this.held = stretch;
      this.costly.value = wrong;
    } else this.wrong.value = wrong;
  }
}

/** There is more of it than came. */
export const isCut = (cell: Cell | undefined) =>
  typeof cell === 'string'
    ? /…(e[+-]\d+)?$/.test(cell)
    : typeof cell === 'object' && cell !== null && cell.more !== undefined;

/** How many of the rows that are known lie in a page. */
const inPage = (known: number, page: number) => Math.max(0, Math.min(PAGE, known - page * PAGE));
