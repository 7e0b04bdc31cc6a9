/** What the Datasets panel knows and does, without a page: what is looked for, what was found, what is open. */
import { batch, computed, effect, signal } from '@preact/signals';
import type { Channel } from '../../channel';
import { Asked, Listing, whenBack } from '../../parts/asked';
import { Fetches } from '../../parts/fetches';
import type { Page } from '../answers';
import type { DatasetRow, Details, Facets } from './answers';

/** The filters, in the order in which they stand. */
export const FACETS = ['use', 'task', 'modality', 'size', 'domain', 'language', 'format', 'licence'] as const;
export type Facet = (typeof FACETS)[number];

const ROWS = 24;
const NONE = Object.fromEntries(FACETS.map(name => [name, ''])) as Record<Facet, string>;

/** What of the host is needed here. */
export interface Shelf {
  readonly channel: Channel;
  readonly options: Record<string, unknown>;
  remember(name: string, value: unknown): void;
}

export class DatasetsModel {
  readonly text = signal('');
  readonly chosen = signal<Record<Facet, string>>(NONE);
  readonly cached = signal(false);
  readonly sort = signal('');
  readonly listing: Listing<DatasetRow>;
  readonly facets: Asked<Facets>;
  /** the dataset whose details are shown */
  readonly open = signal<string | null>(null);
  readonly details: Asked<Details>;
  /** the one whose rows are shown instead of the list */
  readonly exploring = signal<string | null>(null);
  readonly fetches: Fetches;
  readonly filters = computed(
    () => Object.values(this.chosen.value).filter(Boolean).length + Number(this.cached.value)
  );
  private readonly endings: (() => void)[] = [];

  constructor(private readonly shelf: Shelf) {
    const { channel, options } = shelf;
    this.listing = new Listing<DatasetRow>(channel, 'datasets.search', row => row.id);
    this.facets = new Asked<Facets>(channel, 'datasets.facets');
    this.details = new Asked<Details>(channel, 'datasets.details');
    this.fetches = new Fetches(
      channel,
      (id, change) => this.change(id, change as Partial<DatasetRow>),
      'datasets'
    );
    this.recall(options);
    this.begin(options.first as Page<DatasetRow> | undefined);
    this.endings.push(
      whenBack(channel.status, () => this.again()),
      effect(() => this.fetches.watch(this.listing.rows.value))
    );
  }

  search(text: string): void {
    this.text.value = text;
    this.shelf.remember('text', text || null);
    this.look();
  }

  choose(facet: Facet, value: string): void {
    this.chosen.value = { ...this.chosen.value, [facet]: value };
    this.shelf.remember(facet, value || null);
    this.look();
  }

  turn(on: boolean): void {
    this.cached.value = on;
    this.shelf.remember('cached', on || null);
    this.look();
  }

  order(sort: string): void {
    this.sort.value = sort;
    this.shelf.remember('sort', sort || null);
    this.look();
  }

  /** No filter any more; the text stays. */
  clear(): void {
    batch(() => {
      this.chosen.value = NONE;
      this.cached.value = false;
    });
    for (const name of [...FACETS, 'cached']) this.shelf.remember(name, null);
    this.look();
  }

  show(id: string): void {
    if (this.open.peek() === id) return;
    batch(() => {
      this.details.forget();
      this.open.value = id;
    });
    this.shelf.remember('open', id);
    void this.ask(id);
  }

  close(): void {
    this.open.value = null;
    this.shelf.remember('open', null);
    this.details.forget();
  }

  /** Show its rows in the place of the list; null: the list again, as it was. */
  explore(id: string | null): void {
    // an id that was offered instead of a wrong one says its kind
    this.exploring.value = id?.replace(/^datasets\//, '') ?? null;
    this.shelf.remember('exploring', this.exploring.value);
    if (id === null) this.shelf.remember('explorer', null);
  }

  /** A row as it is known now: of the list, or of the details alone. */
  row(id: string): DatasetRow | undefined {
    const row = this.details.answer.value?.row;
    return row?.id === id ? row : this.listing.rows.value.find(one => one.id === id);
  }

  end(): void {
    for (const end of this.endings) end();
    this.listing.stop();
    this.facets.stop();
    this.details.stop();
    this.fetches.end();
  }

  private begin(first: Page<DatasetRow> | undefined): void {
    if (first && Array.isArray(first.rows)) this.listing.start(first, this.wanted());
    else void this.listing.begin(this.wanted());
    void this.facets.ask();
    if (this.open.peek()) void this.ask(this.open.peek() as string);
  }

  /** Somebody is there again: what failed meanwhile is asked once more. */
  private again(): void {
    if (this.listing.wrong.peek()) void this.listing.retry();
    if (this.facets.wrong.peek()) void this.facets.again();
    if (this.details.wrong.peek()) void this.details.again();
  }

  private look(): void {
    // the rows that came with the panel are of what it began with
    if (this.shelf.options.first) this.shelf.remember('first', null);
    void this.listing.begin(this.wanted());
  }

  private async ask(id: string): Promise<void> {
    const details = await this.details.ask({ id });
    // an id that was found under another name is known by that one from now on
    if (details && details.row.id !== id) this.open.value = details.row.id;
  }

  private wanted(): Record<string, unknown> {
    const wanted: Record<string, unknown> = { limit: ROWS };
    if (this.text.peek()) wanted.text = this.text.peek();
    for (const [name, value] of Object.entries(this.chosen.peek())) if (value) wanted[name] = value;
    if (this.cached.peek()) wanted.cached = true;
    if (this.sort.peek()) wanted.sort = this.sort.peek();
    return wanted;
  }

  private recall(options: Record<string, unknown>): void {
    const text = (name: string) => (typeof options[name] === 'string' ? (options[name] as string) : '');
    this.text.value = text('text');
    this.sort.value = text('sort');
    this.open.value = text('open') || null;
    this.exploring.value = text('exploring') || null;
    this.cached.value = options.cached === true;
    for (const name of FACETS) this.chosen.value = { ...this.chosen.value, [name]: text(name) };
  }

  private change(id: string, change: Partial<DatasetRow>): void {
    this.listing.change(id, change);
    const details = this.details.answer.peek();
    if (details?.row.id === id)
      this.details.answer.value = { ...details, row: { ...details.row, ...change } };
  }
}
