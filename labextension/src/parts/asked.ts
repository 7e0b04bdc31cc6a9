/**
 * Questions to the other side, and where each of them stands: an answer, an error, or waiting. What is shown stays
 * until the next has come; stale answers are dropped; what failed for want of a connection is asked again with the next.
 */
import { computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import type { Channel } from '../channel';
import type { Page } from '../panels/answers';
import { type Answer, Dropped, HfNbError, type Wrong } from '../protocol';

type Args = Record<string, unknown>;

/** Any error as a panel shows it. */
export function wrongOf(error: unknown): Wrong {
  if (error instanceof HfNbError) return error.wrong;
  const message = error instanceof Error ? error.message : String(error);
  return { type: 'Error', message, hint: '', retry: true };
}

/** One op's latest answer. */
export class Asked<T = Answer> {
  readonly answer = signal<T | null>(null);
  readonly wrong = signal<Wrong | null>(null);
  readonly waiting = signal(false);
  private args: Args = {};
  private turn = 0;
  private giveUp: AbortController | null = null;

  constructor(
    private readonly channel: Channel,
    private readonly op: string,
    private readonly each = false
  ) {}

  /** Its answer; null where it failed, or was overtaken by another. */
  async ask(args: Args = {}, onEvent?: (event: Answer) => void): Promise<T | null> {
    const turn = ++this.turn;
    this.args = args;
    this.giveUp?.abort();
    const giveUp = new AbortController();
    this.giveUp = giveUp;
    this.waiting.value = true;
    try {
      const call = { each: this.each, signal: giveUp.signal, ...(onEvent && { onEvent }) };
      const answer = await this.channel.call<T>(this.op, args, call);
      if (turn !== this.turn) return null;
      this.answer.value = answer;
      this.wrong.value = null;
      return answer;
    } catch (error) {
      if (turn === this.turn && !(error instanceof Dropped)) this.wrong.value = wrongOf(error);
      return null;
    } finally {
      if (turn === this.turn) this.waiting.value = false;
    }
  }

  again(): Promise<T | null> {
    return this.ask(this.args);
  }

  /** Ask no more: the other side is told, what is shown stays. */
  stop(): void {
    this.turn++;
    this.giveUp?.abort();
    this.giveUp = null;
    this.waiting.value = false;
  }

  forget(): void {
    this.stop();
    this.answer.value = null;
    this.wrong.value = null;
  }
}

/** A list that comes page by page. */
export class Listing<Row> {
  readonly rows = signal<Row[]>([]);
  /** what its last page said besides rows: whether there is more, why it stopped, how old it is */
  readonly page = signal<Page<Row> | null>(null);
  readonly wrong = signal<Wrong | null>(null);
  readonly waiting = signal<'first' | 'more' | null>(null);
  /** which of them the error is about */
  readonly failed = signal<'first' | 'more' | null>(null);
  /** the latest question failed: the rows that stand answer the one before */
  readonly before = computed(() => this.wrong.value !== null && this.failed.value === 'first');
  private args: Args = {};
  private readonly asked: Asked<Page<Row>>;

  constructor(
    channel: Channel,
    op: string,
    private readonly key: (row: Row) => string
  ) {
    this.asked = new Asked<Page<Row>>(channel, op);
  }

  /** A first page that was there already. */
  start(page: Page<Row>, args: Args): void {
    this.args = args;
    this.page.value = page;
    this.rows.value = page.rows;
  }

  /** From the top. The rows of before stand until the new ones are there. */
  async begin(args: Args): Promise<Page<Row> | null> {
    this.args = args;
    this.waiting.value = 'first';
    const page = await this.asked.ask(args);
    if (page) this.rows.value = page.rows;
    return this.ended(page);
  }

  /** The next page, where there is one and none is on its way. */
  async further(): Promise<Page<Row> | null> {
    const more = this.page.value?.more;
    if (!more || this.waiting.value) return null;
    this.waiting.value = 'more';
    const page = await this.asked.ask({ ...this.args, more });
    if (page) {
      const known = new Set(this.rows.value.map(this.key));
      this.rows.value = [...this.rows.value, ...page.rows.filter(row => !known.has(this.key(row)))];
    }
    return this.ended(page);
  }

  /** What failed, or stopped in the midst of it, once more. */
  retry(): Promise<Page<Row> | null> {
    const page = this.page.value;
    const goesOn = page?.more && (this.wrong.value ? this.failed.value === 'more' : page.stopped);
    return goesOn && this.rows.value.length ? this.further() : this.begin(this.args);
  }

  /** A row has changed. */
  change(key: string, change: Partial<Row>): void {
    this.rows.value = this.rows.value.map(row => (this.key(row) === key ? { ...row, ...change } : row));
  }

  stop(): void {
    this.asked.stop();
    this.waiting.value = null;
  }

  private ended(page: Page<Row> | null): Page<Row> | null {
    if (this.asked.waiting.value) return null; // a later question is on its way
    this.wrong.value = this.asked.wrong.value;
    this.failed.value = this.wrong.value && this.waiting.value;
    this.waiting.value = null;
    if (page) this.page.value = page;
    return page;
  }
}

/** Calls back whenever the channel speaks to somebody new (a kernel came, or came back); returns how to end that. */
export function whenBack(status: ReadonlySignal<{ state: string }>, back: () => void): () => void {
  const away = new Set(['absent', 'unloaded', 'lost', 'version']);
  let was = status.peek().state;
  return effect(() => {
    const { state } = status.value;
    const came = away.has(was) && !away.has(state);
    was = state;
    // the channel says "connecting" a moment before it can be spoken through
    if (came) queueMicrotask(back);
  });
}
