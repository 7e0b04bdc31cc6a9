/** The rows of a view being found: how far it is, how many so far, and whether all were looked at. */
import { type Signal, signal } from '@preact/signals';
import type { Channel } from '../../channel';
import { wrongOf } from '../../parts/asked';
import { Dropped, type Wrong } from '../../protocol';
import type { Of, View, Viewed, Viewing } from './answers';
import { isPlain } from './views';

export interface Found {
  rows: number;
  of: number | null;
  scanned: number;
  exact: boolean;
  /** who looked, where it was not the kernel */
  by?: string;
  running: boolean;
  stopped: boolean;
  seconds: number | null;
  sql: string;
}

export class Finding {
  /** null: all rows as they stand */
  readonly found = signal<Found | null>(null);
  readonly wrong = signal<Wrong | null>(null);
  private asked: AbortController | null = null;
  private again: (() => void) | null = null;
  private allow: number | undefined;

  constructor(
    private readonly channel: Channel,
    private readonly moved: (bytes: number) => void,
    private readonly costly: Signal<Wrong | null>
  ) {}

  async begin(of: Of, view: View): Promise<Viewed | null> {
    this.asked?.abort();
    this.wrong.value = null;
    this.costly.value = null;
    this.again = () => void this.begin(of, view);
    if (isPlain(view)) {
      this.asked = null;
      this.found.value = null;
      return null;
    }
    const asked = new AbortController();
    this.asked = asked;
    const said: Found = {
      rows: 0,
      of: null,
      scanned: 0,
      exact: false,
      running: true,
      stopped: false,
      seconds: null,
      sql: ''
    };
    this.found.value = said;
    try {
      const viewed = await this.channel.call<Viewed>(
        'data.view',
        { of, view, ...(this.allow !== undefined && { allow: this.allow }) },
        {
          each: true,
          signal: asked.signal,
          onEvent: (one: Viewing) => {
            if (this.asked !== asked) return;
            this.found.value = { ...said, rows: one.found, of: one.of, scanned: one.scanned };
          }
        }
      );
      if (this.asked !== asked) return null;
      this.asked = null;
      this.moved(viewed.moved);
      this.found.value = { ...said, ...viewed, running: false };
      return viewed;
    } catch (error) {
      if (this.asked !== asked) return null;
      this.asked = null;
      this.found.value = { ...(this.found.peek() ?? said), running: false, stopped: true };
      if (error instanceof Dropped) return null;
      const wrong = wrongOf(error);
      if (wrong.type === 'Costly') this.costly.value = wrong;
      else this.wrong.value = wrong;
      return null;
    }
  }

  /** What was found so far stays. */
  stop(): void {
    const found = this.found.peek();
    this.asked?.abort();
    this.asked = null;
    if (found?.running) this.found.value = { ...found, running: false, stopped: true };
  }

  retry(): void {
    this.again?.();
  }

  permit(bytes: number): void {
    this.allow = Math.max(this.allow ?? 0, bytes);
    this.retry();
  }
}
