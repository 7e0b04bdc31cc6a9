/** Repositories on their way to this machine. What became of each is not believed but asked: `<panel>.status`. */
import { signal } from '@preact/signals';
import type { Channel } from '../channel';
import { Dropped, type Wrong } from '../protocol';
import { wrongOf } from './asked';

/** Where a repository stands on this machine; only a model is ever `loaded`. */
export type Local = 'available' | 'loading' | 'partial' | 'cached' | 'loaded' | 'error';

/** What of a row is looked at here. */
export interface Gettable {
  id: string;
  status: Local;
  cachedBytes: number | null;
  bytes: number | null;
  /** bytes are reckoned */
  about?: boolean;
}

/** How far one is. */
export interface Pulling {
  what: string;
  done: number;
  total: number | null;
  rate: number | null;
  left: number | null;
}

/** What one brought. */
export interface Pulled {
  path: string;
  files: number;
  bytes: number;
  status: Local;
}

type Standing = Pick<Gettable, 'status' | 'cachedBytes'>;

export interface Fetch {
  /** the latest of it; null until the first word */
  pulling: Pulling | null;
  wrong: Wrong | null;
  /** it is being stopped: nobody has confirmed that yet */
  stopping: boolean;
}

/** How one ended. */
export type End = 'here' | 'stopped' | 'failed';

/** Milliseconds between two looks at those which somebody else is fetching. */
const LOOKS = 2000;

export class Fetches {
  /** those under way, and those that failed */
  readonly all = signal<Record<string, Fetch>>({});
  /** the latest that ended, for an announcement */
  readonly ended = signal<{ id: string; end: End; pulled: Pulled | null } | null>(null);
  private readonly stops = new Map<string, AbortController>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly channel: Channel,
    private readonly change: (id: string, change: Standing) => void,
    /** `<panel>.pull` and `<panel>.status` are asked */
    private readonly panel: 'models' | 'datasets' = 'models'
  ) {}

  async begin(id: string): Promise<End> {
    const going = this.all.peek()[id];
    if (going && !going.wrong) return 'stopped';
    const stop = new AbortController();
    this.stops.set(id, stop);
    this.set(id, { pulling: null, wrong: null, stopping: false });
    let end: End = 'here';
    let pulled: Pulled | null = null;
    try {
      pulled = await this.channel.call<Pulled>(
        `${this.panel}.pull`,
        { id },
        {
          each: true,
          signal: stop.signal,
          onEvent: pulling => this.set(id, { pulling, wrong: null, stopping: false })
        }
      );
    } catch (error) {
      end = error instanceof Dropped ? 'stopped' : 'failed';
      if (end === 'failed') this.set(id, { pulling: null, wrong: wrongOf(error), stopping: false });
    }
    // first, so that a row which still says "loading" (what was stopped has not ended yet) is looked at again
    this.stops.delete(id);
    await this.confirm(id);
    if (end !== 'failed') this.set(id, null);
    this.ended.value = { id, end, pulled };
    return end;
  }

  /** Stop it; what has come stays on the disk, and the next attempt goes on from there. */
  cancel(id: string): void {
    const fetch = this.all.peek()[id];
    if (fetch) this.set(id, { ...fetch, stopping: true });
    this.stops.get(id)?.abort();
  }

  /** Take the word of the other side for where it stands. */
  async confirm(id: string): Promise<void> {
    await this.ask([id]);
  }

  /** Rows that say "loading" and are not fetched from here: look again until they say something else. */
  watch(rows: Gettable[]): void {
    clearTimeout(this.timer);
    const strange = rows
      .filter(row => row.status === 'loading' && !this.stops.has(row.id))
      .map(row => row.id);
    if (strange.length) this.timer = setTimeout(() => void this.ask(strange), LOOKS);
  }

  /** The panel goes away; the other side hears that nobody waits any more. */
  end(): void {
    clearTimeout(this.timer);
    for (const stop of this.stops.values()) stop.abort();
  }

  private async ask(ids: string[]): Promise<void> {
    try {
      const statuses = await this.channel.call<Record<string, Standing>>(
        `${this.panel}.status`,
        { ids },
        {
          each: true
        }
      );
      for (const id of ids) {
        const standing = statuses[id];
        if (standing) this.change(id, standing);
      }
    } catch {
      // nobody there to ask: the row keeps what was last known, the frame says how the other side is
    }
  }

  private set(id: string, fetch: Fetch | null): void {
    const { [id]: _, ...others } = this.all.peek();
    this.all.value = fetch ? { ...others, [id]: fetch } : others;
  }
}
