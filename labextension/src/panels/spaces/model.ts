/** What the Spaces panel knows and does, without a page. */
import { computed, signal } from '@preact/signals';
import type { Host } from '../../panel';
import { Asked, Listing, wrongOf } from '../../parts/asked';
import { Dropped, type Wrong } from '../../protocol';
import type { Page } from '../answers';
import { type Watching, watching } from '../watching';
import type { Restarted, SpaceDetails, SpaceFacets, SpaceNews, SpaceRow } from './answers';
import { stateWord } from './words';

/** What can be asked of a search, and is kept with the panel. */
export interface Wanted {
  text: string;
  sdk: string | null;
  state: string | null;
  hardware: string | null;
  sort: string | null;
}

/** A restart as it goes: the stages as the Hub says them, the one at the end, or why not. */
export interface Restarting {
  stages: Restarted[];
  ended?: Restarted;
  wrong?: Wrong;
}

const PAGE = 24;
const FILTERS = ['sdk', 'state', 'hardware'] as const;
/** Milliseconds of calm after scrolling, before the Spaces in sight are watched. */
export const PAUSE = 250;

export class Finding {
  /** something was looked for, here or before */
  readonly searched = signal(false);
  readonly wanted = signal<Wanted>({ text: '', sdk: null, state: null, hardware: null, sort: null });
  readonly list: Listing<SpaceRow>;
  readonly facets: Asked<SpaceFacets>;
  readonly details: Asked<SpaceDetails>;
  /** the Space whose details are open */
  readonly opened = signal<string | null>(null);
  /** why the states shown are not live; null while they are */
  readonly stale = signal<Wrong | null>(null);
  readonly restarts = signal<ReadonlyMap<string, Restarting>>(new Map());
  /** said to a screen reader */
  readonly said = signal('');
  private readonly news = signal<SpaceNews['states']>({});
  private readonly seen = new Set<string>();
  private watched = '';
  private watch: Watching | null = null;
  private pause: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly host: Host) {
    this.list = new Listing<SpaceRow>(host.channel, 'spaces.search', row => row.id);
    this.facets = new Asked<SpaceFacets>(host.channel, 'spaces.facets');
    this.details = new Asked<SpaceDetails>(host.channel, 'spaces.details');
    const kept = (name: string) => {
      const value = host.options[name];
      return typeof value === 'string' && value ? value : null;
    };
    this.wanted.value = {
      text: kept('text') ?? '',
      sdk: kept('sdk'),
      state: kept('state'),
      hardware: kept('hardware'),
      sort: kept('sort')
    };
    this.searched.value = Object.values(this.wanted.value).some(Boolean);
  }

  /** The rows with what is known of them by now. */
  readonly rows = computed<SpaceRow[]>(() => this.list.rows.value.map(row => this.latest(row)));

  /** How many filters are on. */
  readonly on = computed(() => FILTERS.filter(name => this.wanted.value[name]).length);

  start(): () => void {
    // what could not be asked while nobody was there is asked once somebody is
    const forget = this.host.channel.status.subscribe(() => queueMicrotask(() => this.missing()));
    this.begin(this.host.options.first as Page<SpaceRow> | undefined);
    const { open } = this.host.options;
    if (typeof open === 'string' && open) this.open(open);
    return () => {
      forget();
      clearTimeout(this.pause);
      this.list.stop();
      this.watch?.stop();
    };
  }

  /** Something was written or chosen. */
  choose(change: Partial<Wanted>): void {
    this.wanted.value = { ...this.wanted.peek(), ...change };
    this.searched.value = true;
    for (const [name, value] of Object.entries(change)) this.host.remember(name, value || null);
    // the rows that came with the panel are of what it began with
    if (this.host.options.first) this.host.remember('first', null);
    void this.search();
  }

  /** Without filters; what was written stays. */
  clear(): void {
    this.choose({ sdk: null, state: null, hardware: null });
  }

  async search(): Promise<void> {
    this.come(await this.list.begin(this.asked()));
    // after the rows: an answer first, its filters then
    if (!this.facets.answer.peek() && !this.facets.waiting.peek()) void this.facets.ask();
  }

  async further(): Promise<void> {
    const before = this.list.rows.peek().length;
    if (await this.list.further())
      this.said.value = this.host.say('%1 more Spaces', this.list.rows.peek().length - before);
  }

  async again(): Promise<void> {
    this.come(await this.list.retry());
  }

  /** A card has come into sight, or left it. */
  see(id: string, visible: boolean): void {
    if (visible) this.seen.add(id);
    else this.seen.delete(id);
    clearTimeout(this.pause);
    this.pause = setTimeout(() => this.look(), PAUSE);
  }

  /** The states are to be live again. */
  live(): void {
    this.stale.value = null;
    this.watch?.again();
  }

  /** What is known of a Space by now. */
  latest(row: SpaceRow): SpaceRow {
    return { ...row, ...this.news.value[row.id] };
  }

  open(id: string): void {
    if (this.opened.peek() === id) return;
    this.details.forget();
    this.opened.value = id;
    this.host.remember('open', id);
    void this.details.ask({ id });
  }

  close(): void {
    this.opened.value = null;
    this.host.remember('open', null);
    this.details.forget();
  }

  async restart(id: string): Promise<void> {
    const going = this.restarts.peek().get(id);
    if (going && !going.ended && !going.wrong) return;
    let stages: Restarted[] = [];
    this.mark(id, { stages });
    const onEvent = (stage: Restarted) => {
      if (stages.at(-1)?.stage !== stage.stage) stages = [...stages, stage];
      this.mark(id, { stages });
      this.tell(id, stage);
    };
    try {
      const ended = await this.host.channel.call<Restarted>(
        'spaces.restart',
        { id },
        { each: true, onEvent }
      );
      this.tell(id, ended);
      this.mark(id, { stages, ended });
      this.said.value = this.host.say('%1: %2', id, stateWord(ended.state, this.host.say));
      // what went wrong, and its facts, are others now
      if (this.opened.peek() === id) void this.details.ask({ id });
    } catch (error) {
      if (!(error instanceof Dropped)) this.mark(id, { stages, wrong: wrongOf(error) });
    }
  }

  /** With the rows that came with the panel, where some did. */
  private begin(first: Page<SpaceRow> | undefined): void {
    if (!first || !Array.isArray(first.rows)) {
      void this.search();
      return;
    }
    this.list.start(first, this.asked());
    void this.facets.ask();
  }

  private asked(): Record<string, unknown> {
    const { text, ...rest } = this.wanted.peek();
    return { ...rest, text: text || null, limit: PAGE };
  }

  private come(page: Page<SpaceRow> | null): void {
    if (!page) return;
    this.news.value = {};
    // how a restart ended has been read by now; one that goes on is still to be seen
    this.restarts.value = new Map([...this.restarts.peek()].filter(([, one]) => !one.ended && !one.wrong));
    const { say } = this.host;
    if (!page.rows.length) this.said.value = say('No Space fits.');
    else this.said.value = say(page.more ? '%1 Spaces, more below' : '%1 Spaces', page.rows.length);
  }

  private missing(): void {
    const { state } = this.host.channel.status.peek();
    const here = state === 'ready' || state === 'connecting';
    if (!here) return;
    if (this.list.wrong.peek() && !this.list.waiting.peek()) void this.search();
    else if (this.facets.wrong.peek() && !this.facets.waiting.peek()) void this.facets.ask();
  }

  /** Watch the Spaces in sight; the same ones are not asked for twice. */
  private look(): void {
    const ids = this.list.rows
      .peek()
      .map(row => row.id)
      .filter(id => this.seen.has(id));
    if (ids.join(' ') === this.watched) return;
    this.watched = ids.join(' ');
    this.watch?.stop();
    this.watch = null;
    if (!ids.length) return;
    this.watch = watching<SpaceNews>(
      this.host.channel,
      'spaces.watch',
      { ids },
      ({ states, trouble }) => {
        this.news.value = { ...this.news.peek(), ...states };
        this.stale.value = trouble ? { type: 'Unreachable', message: trouble, hint: '', retry: true } : null;
      },
      wrong => {
        this.stale.value = wrong;
      }
    );
  }

  private tell(id: string, { state, stage }: Restarted): void {
    const row = this.list.rows.peek().find(one => one.id === id);
    const hardware = this.news.peek()[id]?.hardware ?? row?.hardware ?? null;
    this.news.value = { ...this.news.peek(), [id]: { state, stage, hardware } };
  }

  private mark(id: string, restarting: Restarting): void {
    this.restarts.value = new Map(this.restarts.peek()).set(id, restarting);
  }
}
