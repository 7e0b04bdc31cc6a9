/** What the Inference panel knows and does, without a page: the dashboard as it comes, and what was pressed. */
import { computed, signal } from '@preact/signals';
import type { Host } from '../../panel';
import { wrongOf } from '../../parts/asked';
import { bytes } from '../../parts/format';
import { Dropped, type Wrong } from '../../protocol';
import { Tips } from '../advice/model';
import { type Watching, watching } from '../watching';
import type { Dashboard, Job, JobState, Loaded } from './answers';
import { arranged } from './order';
import { told } from './words';

export type Filter = JobState | 'all';
export const STATES: readonly JobState[] = ['running', 'queued', 'done', 'failed', 'stopped'];

/** What became of a button: on its way, confirmed in words, or why not. */
export interface Act {
  doing: 'cancel' | 'retry' | 'unload' | 'hurry';
  /** what the kernel confirmed */
  confirmed?: string;
  wrong?: Wrong;
}

/** Milliseconds after which a pointer that does not move is not on its way to anything. */
export const RESTS_AFTER = 2000;
/** How many rates of a job are kept for its small curve. */
const CURVE = 60;

export class Work {
  readonly dashboard = signal<Dashboard | null>(null);
  /** why nothing comes */
  readonly wrong = signal<Wrong | null>(null);
  readonly filter = signal<Filter>('all');
  readonly acts = signal<ReadonlyMap<string, Act>>(new Map());
  readonly open = signal<ReadonlySet<string>>(new Set());
  /** said to a screen reader: what has ended */
  readonly said = signal('');
  /** said and shown for a moment: what the kernel confirmed */
  readonly confirmed = signal<{ text: string } | null>(null);
  /** the reader's hand is on its way to a row: they stay where they are */
  readonly held = signal(false);
  readonly rates = new Map<string, number[]>();
  readonly tips: Tips;
  /** when the last news came, by this page's clock: seconds go on from there, whatever the kernel's clock says */
  readonly heard = signal(0);
  private order: string[] = [];
  private resting: ReturnType<typeof setTimeout> | undefined;
  private watch: Watching | null = null;

  constructor(private readonly host: Host) {
    this.tips = new Tips(host);
    const asked = host.options.state;
    if (STATES.includes(asked as JobState)) this.filter.value = asked as JobState;
  }

  /** The rows to show, in an order that does not jump. */
  readonly jobs = computed<Job[]>(() => {
    const all = this.dashboard.value?.jobs ?? [];
    const shown = arranged(all, this.order, this.held.value);
    this.order = shown.map(job => job.id);
    const wanted = this.filter.value;
    return wanted === 'all' ? shown : shown.filter(job => job.state === wanted);
  });

  /** Begin to listen; what it returns ends it. */
  start(): () => void {
    this.watch = watching<Dashboard>(
      this.host.channel,
      'inference.watch',
      {},
      news => this.hear(news),
      wrong => {
        this.wrong.value = wrong;
      }
    );
    return () => {
      this.watch?.stop();
      this.tips.asked.stop();
      clearTimeout(this.resting);
    };
  }

  /** What is shown was so when the kernel went away. */
  readonly past = computed(() => {
    const { state } = this.host.channel.status.value;
    return state === 'lost' || state === 'absent' || state === 'unloaded';
  });

  again(): void {
    this.wrong.value = null;
    this.watch?.again();
  }

  /** The pointer moves over the rows. One that only lies there holds nothing. */
  hold(): void {
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.release(), RESTS_AFTER);
    this.held.value = true;
  }

  release(): void {
    clearTimeout(this.resting);
    this.held.value = false;
  }

  show(filter: Filter): void {
    this.filter.value = filter;
    this.host.remember('state', filter);
  }

  unfold(id: string): void {
    const open = new Set(this.open.peek());
    if (!open.delete(id)) open.add(id);
    this.open.value = open;
  }

  cancel(job: Job): Promise<void> {
    return this.act(job.id, 'cancel', async () => {
      const { state } = await this.ask<{ state: JobState }>('inference.cancel', { job: job.id });
      return state === 'stopped'
        ? this.host.say('Stopped')
        : this.host.say('It had ended before: %1', told(state, this.host.say));
    });
  }

  retry(job: Job): Promise<void> {
    return this.act(job.id, 'retry', async () => {
      const { job: id } = await this.ask<{ job: string }>('inference.retry', { job: job.id });
      this.release(); // what was asked for is to be seen
      return this.host.say('Runs again as %1', id);
    });
  }

  hurry(job: Job): Promise<void> {
    return this.act(job.id, 'hurry', async () => {
      await this.ask('inference.hurry', { job: job.id });
      return this.host.say('It is the next');
    });
  }

  unload(one: Loaded): Promise<void> {
    return this.act(shelf(one), 'unload', async () => {
      const { freed } = await this.ask<{ freed: number }>('inference.unload', {
        model: one.model,
        task: one.task
      });
      return this.host.say('%1 unloaded: %2 freed', one.model, bytes(freed));
    });
  }

  private hear(news: Dashboard): void {
    const before = this.dashboard.peek();
    for (const job of news.jobs) {
      if (job.state !== 'running' || job.rate === null) continue;
      this.rates.set(job.id, [...(this.rates.get(job.id) ?? []), job.rate].slice(-CURVE));
    }
    const known = new Set(news.jobs.map(job => job.id));
    for (const id of this.rates.keys()) if (!known.has(id)) this.rates.delete(id);
    this.heard.value = performance.now();
    this.dashboard.value = news;
    const ends = before ? ended(before.jobs, news.jobs) : [];
    if (ends.length) this.said.value = this.announced(ends);
  }

  private announced(ends: Job[]): string {
    const [one] = ends;
    if (one && ends.length === 1)
      return this.host.say(
        '%1: %2',
        named(one),
        one.error ? one.error.message : told(one.state, this.host.say)
      );
    const counted = STATES.map(state => [ends.filter(job => job.state === state).length, state] as const);
    return counted
      .filter(([count]) => count)
      .map(([count, state]) => `${count} ${told(state, this.host.say)}`)
      .join(', ');
  }

  private ask<T>(op: string, args: Record<string, unknown>): Promise<T> {
    return this.host.channel.call<T>(op, args, { each: true });
  }

  private async act(id: string, doing: Act['doing'], work: () => Promise<string>): Promise<void> {
    if (this.acts.peek().get(id)?.doing === doing && !settled(this.acts.peek().get(id))) return;
    this.mark(id, { doing });
    try {
      const confirmed = await work();
      this.mark(id, { doing, confirmed });
      this.confirmed.value = { text: confirmed };
    } catch (error) {
      if (error instanceof Dropped) this.mark(id, null);
      else this.mark(id, { doing, wrong: wrongOf(error) });
    }
  }

  private mark(id: string, act: Act | null): void {
    const acts = new Map(this.acts.peek());
    if (act) acts.set(id, act);
    else acts.delete(id);
    this.acts.value = acts;
  }
}

export const shelf = (one: Loaded): string => `${one.model} ${one.task}`;

/** A job in words: what, by whom, on which model. */
export function named(job: Job): string {
  return [job.task ?? job.kind, job.method, job.model].filter(Boolean).join(' · ');
}

export const underWay = (job: Job): boolean => job.state === 'running' || job.state === 'queued';

/** Those that have come to an end since. */
function ended(before: Job[], now: Job[]): Job[] {
  const ends = new Set(before.filter(job => !underWay(job)).map(job => job.id));
  return now.filter(job => !underWay(job) && !ends.has(job.id));
}

const settled = (act: Act | undefined): boolean => Boolean(act?.confirmed || act?.wrong);
