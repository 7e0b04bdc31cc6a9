/**
 * Repositories that are looked for, shown one by one, and fetched: what the Models and the Datasets panel both know and
 * do, without a page. `<panel>.search`, `.facets`, `.details`, `.pull` and `.status` are asked.
 */
import { batch, computed, effect, signal } from '@preact/signals';
import type { Channel } from '../channel';
import type { Choice, Page } from '../panels/answers';
import type { About } from './about';
import { Asked, Listing, whenBack } from './asked';
import { Fetches, type Gettable } from './fetches';
import type { Licensed, Liked } from './marks';

const ROWS = 24;

/** What of the host is needed here. */
export interface Shelf {
  readonly channel: Channel;
  readonly options: Record<string, unknown>;
  remember(name: string, value: unknown): void;
}

/** What a catalogue is of: the shapes of its answers, and the names of its filters. */
export interface Kind {
  row: Gettable & Liked & Licensed & { url: string };
  details: About;
  facets: { sorts: Choice[] };
  /** a filter with a value */
  facet: string;
  /** a filter that is on or off */
  mark: string;
}

type DetailsOf<K extends Kind> = K['details'] & { row: K['row'] };

export class Catalogue<K extends Kind> {
  readonly text = signal('');
  readonly chosen = signal({} as Record<K['facet'], string>);
  readonly switches = signal({} as Record<K['mark'], boolean>);
  readonly sort = signal('');
  readonly listing: Listing<K['row']>;
  readonly facets: Asked<K['facets']>;
  /** the one whose details are shown */
  readonly open = signal<string | null>(null);
  readonly details: Asked<DetailsOf<K>>;
  readonly fetches: Fetches;
  /** how many filters are on */
  readonly filters = computed(
    () =>
      Object.values(this.chosen.value).filter(Boolean).length +
      Object.values(this.switches.value).filter(Boolean).length
  );
  private readonly endings: (() => void)[] = [];

  constructor(
    protected readonly shelf: Shelf,
    panel: 'models' | 'datasets',
    /** filters with a value each, in the order in which they stand */
    private readonly names: readonly K['facet'][],
    /** filters that are on or off */
    private readonly marks: readonly K['mark'][]
  ) {
    const { channel, options } = shelf;
    this.listing = new Listing<K['row']>(channel, `${panel}.search`, row => row.id);
    this.facets = new Asked<K['facets']>(channel, `${panel}.facets`);
    this.details = new Asked<DetailsOf<K>>(channel, `${panel}.details`);
    this.fetches = new Fetches(channel, (id, change) => this.change(id, change as Partial<K['row']>), panel);
    this.recall(options);
    this.begin(options.first as Page<K['row']> | undefined);
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

  choose(facet: K['facet'], value: string): void {
    this.chosen.value = { ...this.chosen.value, [facet]: value };
    this.shelf.remember(facet, value || null);
    this.look();
  }

  turn(name: K['mark'], on: boolean): void {
    this.switches.value = { ...this.switches.value, [name]: on };
    this.shelf.remember(name, on || null);
    this.look();
  }

  order(sort: string): void {
    this.sort.value = sort;
    this.shelf.remember('sort', sort || null);
    this.look();
  }

  /** No filter any more; the text stays. */
  clear(): void {
    batch(() => this.set({}));
    for (const name of [...this.names, ...this.marks]) this.shelf.remember(name, null);
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

  /** A row as it is known now: of the list, or of the details alone. */
  row(id: string): K['row'] | undefined {
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

  /** Details have come. Never called while this is made. */
  protected arrived(_: DetailsOf<K>): void {}

  private begin(first: Page<K['row']> | undefined): void {
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
    if (!details) return;
    // an id that was found under another name is known by that one from now on
    if (details.row.id !== id) this.open.value = details.row.id;
    this.arrived(details);
  }

  private wanted(): Record<string, unknown> {
    const wanted: Record<string, unknown> = { limit: ROWS };
    if (this.text.peek()) wanted.text = this.text.peek();
    for (const [name, value] of Object.entries(this.chosen.peek())) if (value) wanted[name] = value;
    for (const [name, on] of Object.entries(this.switches.peek())) if (on) wanted[name] = true;
    if (this.sort.peek()) wanted.sort = this.sort.peek();
    return wanted;
  }

  private recall(options: Record<string, unknown>): void {
    this.text.value = worded(options, 'text');
    this.sort.value = worded(options, 'sort');
    this.open.value = worded(options, 'open') || null;
    this.set(options);
  }

  /** The filters as these options say. */
  private set(options: Record<string, unknown>): void {
    const chosen = this.names.map(name => [name, worded(options, name)]);
    const switches = this.marks.map(name => [name, options[name] === true]);
    this.chosen.value = Object.fromEntries(chosen) as Record<K['facet'], string>;
    this.switches.value = Object.fromEntries(switches) as Record<K['mark'], boolean>;
  }

  private change(id: string, change: Partial<K['row']>): void {
    this.listing.change(id, change);
    const details = this.details.answer.peek();
    if (details?.row.id === id)
      this.details.answer.value = { ...details, row: { ...details.row, ...change } };
  }
}

/** An option that is a text. */
export function worded(options: Record<string, unknown>, name: string): string {
  const value = options[name];
  return typeof value === 'string' ? value : '';
}
