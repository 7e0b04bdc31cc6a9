/** What the Models panel knows and does, without a page: what is looked for, what was found, what is open. */
import { batch, computed, effect, signal } from '@preact/signals';
import type { Channel } from '../../channel';
import { Asked, Listing, whenBack } from '../../parts/asked';
import { Fetches } from '../../parts/fetches';
import type { Page } from '../answers';
import type { Details, Facets, ModelRow } from './answers';
import { Trial } from './trial';

/** The filters with a value each, in the order in which they stand. */
export const FACETS = ['task', 'library', 'language', 'licence', 'size'] as const;
export const SWITCHES = ['callable', 'cached'] as const;
export type Facet = (typeof FACETS)[number];
export type Switch = (typeof SWITCHES)[number];

const ROWS = 24;

/** What of the host is needed here. */
export interface Shelf {
  readonly channel: Channel;
  readonly options: Record<string, unknown>;
  remember(name: string, value: unknown): void;
}

export class ModelsModel {
  readonly text = signal('');
  readonly chosen = signal<Record<Facet, string>>({
    task: '',
    library: '',
    language: '',
    licence: '',
    size: ''
  });
  readonly switches = signal<Record<Switch, boolean>>({ callable: false, cached: false });
  readonly sort = signal('');
  readonly listing: Listing<ModelRow>;
  readonly facets: Asked<Facets>;
  /** the model whose details are shown */
  readonly open = signal<string | null>(null);
  /** the details were opened to try it: the cursor belongs in the input */
  readonly trying = signal(false);
  readonly details: Asked<Details>;
  readonly fetches: Fetches;
  readonly trial: Trial;
  readonly filters = computed(
    () =>
      Object.values(this.chosen.value).filter(Boolean).length +
      Object.values(this.switches.value).filter(Boolean).length
  );
  private readonly endings: (() => void)[] = [];

  constructor(private readonly shelf: Shelf) {
    const { channel, options } = shelf;
    this.listing = new Listing<ModelRow>(channel, 'models.search', row => row.id);
    this.facets = new Asked<Facets>(channel, 'models.facets');
    this.details = new Asked<Details>(channel, 'models.details');
    this.fetches = new Fetches(channel, (id, change) => this.change(id, change));
    this.trial = new Trial(channel);
    this.recall(options);
    this.begin(options.first as Page<ModelRow> | undefined);
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

  turn(name: Switch, on: boolean): void {
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
    batch(() => {
      this.chosen.value = { task: '', library: '', language: '', licence: '', size: '' };
      this.switches.value = { callable: false, cached: false };
    });
    for (const name of [...FACETS, ...SWITCHES]) this.shelf.remember(name, null);
    this.look();
  }

  show(id: string, toTry = false): void {
    this.trying.value = toTry;
    if (this.open.peek() === id) return;
    batch(() => {
      this.details.forget();
      this.trial.forget();
      this.open.value = id;
    });
    this.shelf.remember('open', id);
    void this.ask(id);
  }

  close(): void {
    this.open.value = null;
    this.shelf.remember('open', null);
    this.details.forget();
    this.trial.forget();
  }

  /** Run the example, or what was written instead; afterwards the kernel says whether the model is in its memory. */
  async run(): Promise<void> {
    const id = this.open.peek();
    if (!id) return;
    await this.trial.run(id, this.row(id)?.task ?? null);
    await this.fetches.confirm(id);
  }

  /** A row as it is known now: of the list, or of the details alone. */
  row(id: string): ModelRow | undefined {
    const row = this.details.answer.value?.row;
    return row?.id === id ? row : this.listing.rows.value.find(one => one.id === id);
  }

  end(): void {
    for (const end of this.endings) end();
    this.listing.stop();
    this.facets.stop();
    this.details.stop();
    this.trial.stop();
    this.fetches.end();
  }

  private begin(first: Page<ModelRow> | undefined): void {
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
    if (!this.trial.touched) this.trial.input.value = details.example?.input ?? '';
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
    const text = (name: string) => (typeof options[name] === 'string' ? (options[name] as string) : '');
    this.text.value = text('text');
    this.sort.value = text('sort');
    this.open.value = text('open') || null;
    for (const name of FACETS) this.chosen.value = { ...this.chosen.value, [name]: text(name) };
    for (const name of SWITCHES)
      this.switches.value = { ...this.switches.value, [name]: options[name] === true };
  }

  private change(id: string, change: Partial<ModelRow>): void {
    this.listing.change(id, change);
    const details = this.details.answer.peek();
    if (details?.row.id === id)
      this.details.answer.value = { ...details, row: { ...details.row, ...change } };
  }
}
