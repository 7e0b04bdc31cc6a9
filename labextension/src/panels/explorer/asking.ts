/** A query being written: what it would cost, and a first answer from a part of it that tightens until it is exact. */
import { signal } from '@preact/signals';
import type { Channel } from '../../channel';
import { Asked, wrongOf } from '../../parts/asked';
import { Dropped, type Wrong } from '../../protocol';
import type { Estimate, Of, Quoted } from './answers';

export const PAUSE = 400;

export class Asking {
  readonly sql = signal('');
  /** what the last quote is about */
  readonly quoted = signal<{ sql: string; quote: Quoted } | null>(null);
  readonly quote: Asked<Quoted>;
  readonly estimate = signal<Estimate | null>(null);
  readonly estimating = signal(false);
  readonly stopped = signal(false);
  readonly wrong = signal<Wrong | null>(null);
  private pause: ReturnType<typeof setTimeout> | undefined;
  private going: AbortController | null = null;

  constructor(
    private readonly channel: Channel,
    private readonly of: () => Of,
    private readonly moved: (bytes: number) => void
  ) {
    this.quote = new Asked<Quoted>(channel, 'data.quote');
  }

  write(sql: string): void {
    this.sql.value = sql;
    clearTimeout(this.pause);
    this.quote.stop();
    this.quote.wrong.value = null;
    if (sql.trim()) this.pause = setTimeout(() => void this.price(), PAUSE);
    else this.quoted.value = null;
  }

  /** What it would move; asked before anything runs. */
  async price(): Promise<Quoted | null> {
    clearTimeout(this.pause);
    const sql = this.sql.peek().trim();
    if (!sql) return null;
    if (this.quoted.peek()?.sql === sql) return this.quoted.peek()?.quote ?? null;
    const quote = await this.quote.ask({ of: this.of(), sql });
    if (quote) this.quoted.value = { sql, quote };
    return quote;
  }

  async begin(): Promise<void> {
    const sql = this.sql.peek().trim();
    const bytes = this.quoted.peek()?.quote.bytes ?? 0;
    this.stop();
    const going = new AbortController();
    this.going = going;
    this.wrong.value = null;
    this.stopped.value = false;
    this.estimate.value = null;
    this.estimating.value = true;
    let told = 0;
    const hear = (one: Estimate) => {
      if (this.going !== going) return;
      this.estimate.value = one;
      this.moved(one.moved - told);
      told = one.moved;
    };
    try {
      // whoever asks for an estimate was told what all of it takes, and may stop at any time
      const args = { of: this.of(), sql, ...(bytes > 0 && { allow: Math.ceil(bytes * 1.25) }) };
      hear(
        await this.channel.call<Estimate>('data.estimate', args, {
          each: true,
          signal: going.signal,
          onEvent: hear
        })
      );
    } catch (error) {
      if (this.going === going && !(error instanceof Dropped)) this.wrong.value = wrongOf(error);
    }
    if (this.going !== going) return;
    this.going = null;
    this.estimating.value = false;
  }

  /** It is enough: the last estimate stands. */
  stop(): void {
    if (this.going) this.stopped.value = true;
    this.going?.abort();
    this.going = null;
    this.estimating.value = false;
  }

  forget(): void {
    this.stop();
    this.estimate.value = null;
    this.wrong.value = null;
  }

  end(): void {
    clearTimeout(this.pause);
    this.quote.stop();
    this.stop();
  }
}
