/** Blind votes: two answers without names, a vote, who was who, and how the votes stand. */
import { batch, signal } from '@preact/signals';
import { wrongOf } from '../../parts/asked';
import { many } from '../../parts/format';
import { Dropped, type Wrong } from '../../protocol';
import type { Blind, Pair, Tally, Undone, Voted } from './answers';
import type { Comparing } from './model';

export type Outcome = Voted['outcome'];

export class Votes {
  readonly pair = signal<Pair | null>(null);
  readonly voted = signal<Voted | null>(null);
  readonly tally = signal<Tally | null>(null);
  /** sides that are there, while two answer */
  readonly there = signal(0);
  readonly waiting = signal(false);
  /** of many rows: every pair that differs was voted on */
  readonly none = signal(false);
  readonly failed = signal<Blind['failed']>([]);
  readonly wrong = signal<Wrong | null>(null);
  private last: string | null = null;
  private giveUp: AbortController | null = null;

  constructor(private readonly comparing: Comparing) {}

  /** Two of them answer; who, the kernel draws. */
  async ask(): Promise<void> {
    const { host } = this.comparing;
    this.giveUp?.abort();
    const giveUp = new AbortController();
    this.giveUp = giveUp;
    this.begin();
    try {
      const answer = await host.channel.call<Blind>('compare.blind', this.comparing.question(), {
        signal: giveUp.signal,
        onEvent: event => {
          this.there.value += event.columns.length;
        }
      });
      this.failed.value = answer.failed;
      this.show(answer.pair, answer.tally);
    } catch (error) {
      if (!(error instanceof Dropped)) this.wrong.value = wrongOf(error);
    } finally {
      if (this.giveUp === giveUp) this.idle();
    }
  }

  /** A pair that is there: of many rows, the next one. */
  show(pair: Pair | null, tally: Tally): void {
    const { say } = this.comparing.host;
    batch(() => {
      this.pair.value = pair;
      this.voted.value = null;
      this.tally.value = tally;
      this.wrong.value = null;
      this.none.value = pair === null && this.failed.value.length === 0;
    });
    if (pair) this.comparing.said.value = say('Two answers are there. Left or right?');
  }

  async vote(outcome: Outcome): Promise<void> {
    const pair = this.pair.peek();
    if (!pair || this.voted.peek()) return;
    await this.act(async () => {
      const voted = await this.comparing.host.channel.call<Voted>(
        'compare.vote',
        { pair: pair.id, outcome },
        { each: true }
      );
      this.last = pair.id;
      batch(() => {
        this.voted.value = voted;
        this.tally.value = voted.tally;
      });
      this.comparing.said.value = this.told(voted);
    });
  }

  /** The last vote is taken back, and its pair stands there again. */
  async undo(): Promise<void> {
    const { last } = this;
    if (!last) return;
    await this.act(async () => {
      const { pair, tally } = await this.comparing.host.channel.call<Undone>(
        'compare.undo',
        { pair: last },
        { each: true }
      );
      this.last = null;
      this.show(pair, tally);
      this.comparing.said.value = this.comparing.host.say('The vote is taken back. Left or right?');
    });
  }

  get mayUndo(): boolean {
    return this.last !== null && this.voted.value !== null;
  }

  /** On to the next, with or without a vote. */
  next(): void {
    this.pair.value = null;
    this.voted.value = null;
    if (this.comparing.source.peek() === 'rows') void this.comparing.rows.nextPair();
  }

  async count(): Promise<void> {
    const { contenders, task } = this.comparing.question();
    try {
      this.tally.value = await this.comparing.host.channel.call<Tally>('compare.tally', {
        contenders,
        ...(task ? { task } : {})
      });
    } catch {
      this.tally.value = null; // no models yet, or no kernel: nothing was voted on
    }
  }

  stop(): void {
    this.giveUp?.abort();
    this.idle();
  }

  end(): void {
    this.giveUp?.abort();
  }

  /** What a vote came to, in a sentence. */
  told(voted: Voted): string {
    const { say } = this.comparing.host;
    const [left, right] = voted.sides.map(one => one.name);
    const { outcome } = voted;
    const who =
      outcome === 'tie'
        ? say('A tie between %1 and %2.', left, right)
        : say('You preferred %1 to %2.', ...(outcome === 'left' ? [left, right] : [right, left]));
    const counted = many(voted.tally.votes, '1 vote so far.', '%1 votes so far.', say);
    return `${who} ${counted}`;
  }

  private begin(): void {
    batch(() => {
      this.comparing.running.value = true;
      this.waiting.value = true;
      this.there.value = 0;
      this.pair.value = null;
      this.voted.value = null;
      this.failed.value = [];
      this.wrong.value = null;
    });
  }

  private idle(): void {
    batch(() => {
      this.comparing.running.value = false;
      this.waiting.value = false;
    });
  }

  private async act(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Dropped)) this.wrong.value = wrongOf(error);
    }
  }
}
