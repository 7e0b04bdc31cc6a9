/** One table as it is looked at: the dataset itself, or what a query over it gave. Signals only; no page here. */
import { batch, computed, effect, signal } from '@preact/signals';
import type { Channel } from '../../channel';
import { Asked, whenBack } from '../../parts/asked';
import type { Wrong } from '../../protocol';
import type { Column, Filter, Of, Opened, Page, View } from './answers';
import { Finding } from './finding';
import { charsOf, DIGITS, isFloat, type Kept, type Lane, Lanes } from './lanes';
import { type Looked, PAGE, Pages } from './pages';
import { Picked } from './picked';
import { Summing } from './summing';
import { filtered, isNarrow, isPlain, nextSort, PLAIN } from './views';

export interface Begun {
  opened?: Opened;
  page?: Page;
  view?: View;
  lanes?: Kept;
  /** the row that was at the top */
  at?: number;
  /** bytes that may be read to open it */
  allow?: number;
}

/** Characters that the page which comes with the panel has of each text: those of a column as wide as usual. */
const FIRST_CHARS = 48;
const firstChars = (column: Column | undefined) => (column && isFloat(column) ? DIGITS : FIRST_CHARS);
/** Rows that a table of unknown length is given beyond those that are known. */
const BEYOND = PAGE;

export class Table {
  readonly opening: Asked<Opened>;
  readonly opened = signal<Opened | null>(null);
  readonly view = signal<View>(PLAIN);
  readonly lanes = new Lanes();
  readonly finding: Finding;
  readonly summing: Summing;
  readonly pages: Pages;
  readonly picked = new Picked();
  readonly moved = signal(0);
  /** what the other side asks before it does it: rows, a search, bars */
  readonly costlyRows = signal<Wrong | null>(null);
  readonly costlyView = signal<Wrong | null>(null);
  readonly costlyBars = signal<Wrong | null>(null);
  /** first row in sight, and the one after the last: the grid says so */
  readonly sight = signal<readonly [number, number]>([0, 0]);
  /** row at the top, for whoever comes back */
  readonly at = signal(0);
  /** rows that are known to be there, and whether they end there */
  private readonly reached = signal(0);
  private readonly end = signal<number | null>(null);
  private allow: number | undefined;
  private readonly endings: (() => void)[] = [];

  /** rows in all; null while nobody knows */
  readonly total = computed<number | null>(() => {
    const found = this.finding.found.value;
    // an order has as many rows as the table
    if (isNarrow(this.view.value)) {
      if (found && !found.running && !found.stopped) return found.rows;
      return this.end.value;
    }
    return this.opened.value?.rows ?? this.end.value;
  });
  /** rows that the grid has room for */
  readonly rows = computed(() => {
    const total = this.total.value;
    if (total !== null) return total;
    const found = this.finding.found.value;
    // a search under way: what was found, and room for the first that come
    if (found && isNarrow(this.view.value))
      return Math.max(found.rows, this.reached.value, found.running ? PAGE : 0);
    return this.opened.value ? Math.max(BEYOND, this.reached.value + BEYOND) : 0;
  });

  constructor(
    readonly channel: Channel,
    readonly of: Of,
    begun: Begun = {},
    private readonly keep: (table: Table) => void = () => undefined
  ) {
    this.opening = new Asked<Opened>(channel, 'data.open', true);
    const moved = (bytes: number) => {
      this.moved.value += bytes;
    };
    const view = () => this.view.peek();
    this.finding = new Finding(channel, moved, this.costlyView);
    this.summing = new Summing(channel, () => this.exactly(), view, moved, this.costlyBars);
    this.pages = new Pages(
      channel,
      () => this.exactly(),
      view,
      () => this.lanes.columns.peek(),
      (page, end) => this.came(page, end),
      this.costlyRows
    );
    this.view.value = begun.view ?? PLAIN;
    this.at.value = begun.at ?? 0;
    this.allow = begun.allow;
    if (begun.opened) this.take(begun.opened, begun.lanes, begun.page);
    else void this.open(begun.lanes);
    this.endings.push(
      whenBack(channel.status, () => this.back()),
      // what was read before it was asked has been moved too
      ...[this.costlyRows, this.costlyView, this.costlyBars].map(costly =>
        effect(() => {
          const spent = costly.value?.spent ?? 0;
          if (spent) this.moved.value = this.moved.peek() + spent;
        })
      ),
      effect(() => {
        // several pages may share a kept layout; it is kept where something has changed
        void [this.view.value, this.lanes.shown.value, this.at.value];
        this.keep(this);
      })
    );
  }

  /** Which rows are looked at: the ones that are not here are asked for. */
  look(from: number, to: number, lanes: readonly Lane[], forward: boolean): void {
    const looked: Looked = {
      from,
      to,
      columns: lanes.map(lane => ({ at: lane.at, chars: charsOf(lane) })),
      forward
    };
    const total = this.total.peek();
    this.pages.look(looked, total, total ?? this.finding.found.peek()?.rows ?? 0);
  }

  filter(column: string, filter: Filter | null): void {
    this.see(filtered(this.view.peek(), column, filter));
  }

  sort(column: string): void {
    const view = this.view.peek();
    this.see({ ...view, sort: nextSort(view, column) });
  }

  /** Another view: from its first row on. */
  see(view: View): void {
    if (JSON.stringify(view) === JSON.stringify(this.view.peek())) return;
    batch(() => {
      this.view.value = view;
      this.at.value = 0;
      this.fresh();
    });
    this.summing.renew();
    void this.finding.begin(this.exactly(), view);
  }

  /** The row's number in the table itself; null while it is not here. */
  number(at: number): number | null {
    return this.pages.row(at);
  }

  /** The same, known beforehand where the rows stand as they are. */
  named(at: number): number | null {
    return this.number(at) ?? (isPlain(this.view.value) ? at : null);
  }

  /** The same table at the same commit, whatever is pushed meanwhile. */
  exactly(): Of {
    const opened = this.opened.peek();
    return opened ? { ...this.of, ...opened.of, sql: this.of.sql ?? opened.of.sql ?? null } : this.of;
  }

  permitOpening(bytes: number): void {
    this.allow = bytes;
    void this.open();
  }

  reopen(): void {
    void this.open();
  }

  close(): void {
    for (const end of this.endings) end();
    this.opening.stop();
    this.finding.stop();
    this.summing.stop();
    this.pages.stop();
  }

  private async open(kept?: Kept): Promise<void> {
    const opened = await this.opening.ask({
      of: this.of,
      ...(this.allow !== undefined && { allow: this.allow })
    });
    if (opened) this.take(opened, kept ?? this.lanes.kept());
  }

  private take(opened: Opened, kept: Kept | undefined, page?: Page): void {
    batch(() => {
      this.lanes.set(opened.columns, kept);
      this.opened.value = opened;
      this.moved.value += opened.moved;
    });
    if (page && isPlain(this.view.peek())) {
      this.pages.put(
        page,
        page.cells.map((_, at) => ({ at, chars: firstChars(opened.columns[at]) }))
      );
      page.cells.forEach((cells, at) => {
        this.lanes.suit(at, cells);
      });
      this.came(page, null);
    }
    if (!isPlain(this.view.peek())) void this.finding.begin(this.exactly(), this.view.peek());
  }

  private came(page: Page, end: number | null): void {
    batch(() => {
      this.moved.value += page.moved;
      this.reached.value = Math.max(this.reached.peek(), page.offset + page.rows.length);
      // a search under way has no end yet, wherever its rows end for now
      if (page.total !== null) this.end.value = page.total;
      else if (end !== null && !this.finding.found.peek()?.running) this.end.value = end;
    });
  }

  private fresh(): void {
    this.pages.clear();
    this.picked.clear();
    this.reached.value = 0;
    this.end.value = null;
  }

  /** A kernel came back: the same table, the same place; what failed meanwhile is asked again. */
  private back(): void {
    if (!this.opened.peek()) {
      void this.opening.again().then(opened => opened && this.take(opened, this.lanes.kept()));
      return;
    }
    const found = this.finding.found.peek();
    if (this.finding.wrong.peek() || found?.stopped) this.finding.retry();
    if (this.summing.wrong.peek()) this.summing.retry();
    this.pages.again();
  }
}
