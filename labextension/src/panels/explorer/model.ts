/** What the explorer knows and does, without a page: which table, what is asked of it, what is open. */
import { computed, signal } from '@preact/signals';
import type { Channel } from '../../channel';
import { Asked } from '../../parts/asked';
import type { Codes, Of, Opened, Page, Saved, Taken } from './answers';
import { Asking } from './asking';
import { History } from './history';
import type { Kept } from './lanes';
import { Looking } from './looking';
import { Showing } from './showing';
import { type Begun, Table } from './table';
import { isPlain, recalled } from './views';

/** What of the host is needed here. */
export interface Shelf {
  readonly channel: Channel;
  readonly options: Record<string, unknown>;
  remember(name: string, value: unknown): void;
}

/** Milliseconds until a change of place or width is kept: a drag is not kept step by step. */
const KEEPS = 400;

/** A table and what belongs to it. */
export interface Shown {
  table: Table;
  looking: Looking;
  showing: Showing;
}

export class ExplorerModel {
  /** what a query gave, in the place of the table */
  readonly result = signal<Shown | null>(null);
  readonly shown = computed(() => this.result.value ?? this.current.value);
  /** what is known of the table itself, also while a query's rows are shown */
  readonly origin = computed(() => this.current.value.table.opened.value);
  readonly asking: Asking;
  readonly history: History;
  readonly searches: History;
  /** the console is open */
  readonly console = signal(false);
  /** it is opened by a reader, who wants to write */
  called = false;
  /** bars stand under the names of columns */
  readonly bars = signal(true);
  readonly taking: Asked<Taken>;
  readonly saving: Asked<Saved>;
  readonly codes: Asked<Codes>;
  private readonly current = signal<Shown>(null as unknown as Shown);
  private later: ReturnType<typeof setTimeout> | undefined;
  private readonly unkept = new Map<string, unknown>();
  private readonly kept = new Map<string, string>();

  constructor(private readonly shelf: Shelf) {
    const { channel, options } = shelf;
    const first = options.first as { opened?: Opened; page?: Page } | undefined;
    const of = options.of as Of;
    this.bars.value = options.bars !== false;
    this.console.value = options.console === true;
    const begun: Begun = {
      view: recalled(options.view),
      lanes: kept(options.lanes),
      at: typeof options.at === 'number' && options.at > 0 ? options.at : 0,
      ...(isOpened(first?.opened) && { opened: first.opened }),
      ...(isPage(first?.page) && { page: first.page })
    };
    this.current.value = this.hold(new Table(channel, of, begun, table => this.keep(table)));
    this.asking = new Asking(
      channel,
      () => this.current.peek().table.exactly(),
      bytes => {
        this.current.peek().table.moved.value += bytes;
      }
    );
    if (typeof options.sql === 'string') this.asking.sql.value = options.sql;
    this.history = new History(options.history, all => shelf.remember('history', all));
    this.searches = new History(options.searches, all => shelf.remember('searches', all));
    this.taking = new Asked<Taken>(channel, 'data.take');
    this.saving = new Asked<Saved>(channel, 'data.save');
    this.codes = new Asked<Codes>(channel, 'data.codes');
  }

  get table(): Table {
    return this.shown.peek().table;
  }

  /** Another configuration, split or revision of the same. */
  turn(change: Partial<Of>): void {
    const of: Of = { ...this.current.peek().table.of, ...change };
    this.back();
    const before = this.current.peek();
    this.shelf.remember('of', of);
    this.shelf.remember('first', null);
    const lanes = before.table.lanes.kept();
    this.current.value = this.hold(new Table(this.shelf.channel, of, { lanes }, table => this.keep(table)));
    drop(before);
    this.asking.quoted.value = null;
  }

  /** The query's rows in the place of the table; `allow`: bytes that were agreed to. */
  run(sql: string, allow?: number): void {
    const of = { ...this.current.peek().table.exactly(), sql };
    this.history.add(sql);
    this.shelf.remember('sql', sql);
    this.asking.forget();
    const before = this.result.peek();
    const begun = allow === undefined ? {} : { allow };
    this.result.value = this.hold(new Table(this.shelf.channel, of, begun));
    if (before) drop(before);
  }

  /** Back to the table, where it was left. */
  back(): void {
    const before = this.result.peek();
    this.result.value = null;
    if (before) drop(before);
  }

  search(text: string): void {
    this.searches.add(text);
    this.table.see({ ...this.table.view.peek(), search: text });
  }

  fold(name: 'console' | 'bars', on: boolean): void {
    this[name].value = on;
    this.shelf.remember(name, on);
  }

  /** What an op that takes the rows away is told: which rows, which columns. */
  meant(all = false): Record<string, unknown> {
    const { table } = this;
    const columns = table.lanes.shown.peek().map(lane => lane.column.name);
    const every = columns.length === table.lanes.columns.peek().length;
    return {
      of: table.exactly(),
      view: table.view.peek(),
      columns: every ? null : columns,
      rows: all ? null : table.picked.range.peek()
    };
  }

  end(): void {
    this.flush();
    this.asking.end();
    this.taking.stop();
    this.saving.stop();
    this.codes.stop();
    this.back();
    drop(this.current.peek());
  }

  private hold(table: Table): Shown {
    const { channel } = this.shelf;
    return {
      table,
      looking: new Looking(channel, table),
      showing: new Showing(channel, () => table.exactly())
    };
  }

  /** Place, widths and filters, once they stand still. */
  private keep(table: Table): void {
    const view = table.view.peek();
    this.unkept.set('view', isPlain(view) ? null : view);
    this.unkept.set('lanes', table.lanes.kept());
    this.unkept.set('at', table.at.peek());
    clearTimeout(this.later);
    this.later = setTimeout(() => this.flush(), KEEPS);
  }

  private flush(): void {
    clearTimeout(this.later);
    for (const [name, value] of this.unkept) {
      const written = JSON.stringify(value);
      if (this.kept.get(name) === written) continue;
      // what stands there from the beginning is not written again
      const given = this.shelf.options[name] ?? null;
      const first =
        !this.kept.has(name) && (written === JSON.stringify(given) || (given === null && isBare(value)));
      this.kept.set(name, written);
      if (!first) this.shelf.remember(name, value);
    }
    this.unkept.clear();
  }
}

export function drop({ table, looking, showing }: Shown): void {
  looking.close();
  showing.end();
  table.close();
}

function isOpened(one: unknown): one is Opened {
  return typeof one === 'object' && one !== null && Array.isArray((one as Opened).columns);
}

function isPage(one: unknown): one is Page {
  return (
    typeof one === 'object' &&
    one !== null &&
    Array.isArray((one as Page).rows) &&
    Array.isArray((one as Page).cells)
  );
}

function kept(one: unknown): Kept {
  return typeof one === 'object' && one !== null ? (one as Kept) : {};
}

/** Nothing was changed yet. */
function isBare(value: unknown): boolean {
  if (value === null || value === 0) return true;
  return (
    typeof value === 'object' &&
    Object.values(value as object).every(one => Object.keys(one ?? {}).length === 0)
  );
}
