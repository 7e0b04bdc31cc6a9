/** Many rows: where they come from, how far it is, what they say; then the rows themselves, page by page. */
import { batch, computed, signal } from '@preact/signals';
import { wrongOf } from '../../parts/asked';
import { Dropped, type Wrong } from '../../protocol';
import type { Code } from '../answers';
import type {
  Blind,
  Columns,
  Done,
  Given,
  Judged,
  Page,
  Progress,
  Row,
  Slices,
  Standing,
  Variable,
  Variables
} from './answers';
import type { Comparing } from './model';

export type Only = 'all' | 'differ' | 'failures';
export type Sort = 'row' | 'difference';
const PAGE = 50;

export class Rows {
  readonly given = signal<Given>({ kind: 'variable' });
  readonly variables = signal<Variable[]>([]);
  readonly columns = signal<Columns | null>(null);
  readonly budget = signal('');
  /** a column whose values part the rows */
  readonly parted = signal('');
  readonly progress = signal<Progress | null>(null);
  readonly judged = signal<Judged | null>(null);
  readonly code = signal<Code | null>(null);
  readonly wrong = signal<Wrong | null>(null);
  readonly only = signal<Only>('all');
  readonly sort = signal<Sort>('row');
  readonly rows = signal<Row[]>([]);
  readonly total = signal(0);
  readonly fetching = signal(false);
  readonly open = signal<Row | null>(null);
  readonly slices = signal<Slices | null>(null);
  readonly sliced = signal('');
  readonly names = signal<string[]>([]);
  private earlier: string | null = null;
  private giveUp: AbortController | null = null;
  private looked = 0;

  constructor(private readonly comparing: Comparing) {}

  readonly missing = computed<string | null>(() => {
    const { say } = this.comparing.host;
    const { kind, name, text, id } = this.given.value;
    if (kind === 'variable') return name ? null : say('Choose a variable of the notebook.');
    if (kind === 'lines') return text?.trim() ? null : say('Paste some lines.');
    return id?.trim() ? null : say('Name a dataset.');
  });

  /** The number of the run that is looked at. */
  get run(): string | null {
    return this.progress.value?.run ?? null;
  }

  begin(options: Record<string, unknown>): void {
    const given = options.given as Given | undefined;
    if (given && typeof given === 'object') this.given.value = given;
    if (typeof options.run === 'string') this.earlier = options.run;
  }

  /** A run that this page had seen before it was loaded again: the kernel may still hold it. */
  async recall(): Promise<void> {
    const run = this.earlier;
    this.earlier = null;
    if (!run || this.run) return;
    try {
      const found = await this.comparing.host.channel.call<Standing>(
        'compare.state',
        { run },
        { each: true }
      );
      if (this.run) return;
      batch(() => {
        this.progress.value = found.progress;
        this.judged.value = found;
        this.names.value = found.lines.map(one => one.name);
      });
      await this.look();
    } catch {
      // another kernel, or one that has forgotten it
    }
  }

  change(given: Partial<Given>): void {
    const before = this.given.peek();
    const next = { ...before, ...given };
    const other = given.kind !== undefined || given.name !== undefined || given.id !== undefined;
    if (other) {
      this.parted.value = '';
      for (const name of ['column', 'labels', 'split'] as const) if (!(name in given)) delete next[name];
      this.columns.value = null;
    }
    for (const [name, value] of Object.entries(next)) if (value === '') delete next[name as keyof Given];
    this.given.value = next;
    this.comparing.host.remember('given', next.kind === 'lines' ? { ...next, text: undefined } : next);
  }

  async fetchVariables(): Promise<void> {
    try {
      const answer = await this.comparing.host.channel.call<Variables>('compare.inputs', {});
      this.variables.value = answer.variables;
    } catch {
      this.variables.value = []; // no kernel: the panel says so above
    }
  }

  /** Which columns there are, and which are likely meant. */
  async fetchColumns(): Promise<void> {
    const given = this.given.peek();
    this.columns.value = null;
    this.wrong.value = null;
    if (given.kind === 'lines' || this.missing.peek()) return;
    try {
      const found = await this.comparing.host.channel.call<Columns>('compare.columns', { given });
      this.columns.value = found;
      const now = this.given.peek();
      this.change({
        ...(!now.column && found.column && { column: found.column }),
        ...(now.labels === undefined && found.labels && { labels: found.labels })
      });
    } catch (error) {
      if (!(error instanceof Dropped)) this.wrong.value = wrongOf(error);
    }
  }

  async ask(): Promise<void> {
    const { host } = this.comparing;
    this.giveUp?.abort();
    const giveUp = new AbortController();
    this.giveUp = giveUp;
    this.forget();
    this.comparing.running.value = true;
    const contenders = this.comparing.contenders.peek();
    const task = this.comparing.task.peek();
    const budget = Number(this.budget.peek());
    const args = {
      contenders,
      given: this.given.peek(),
      ...(task && { task }),
      ...(this.parted.peek() && { slices: [this.parted.peek()] }),
      ...(this.budget.peek().trim() && Number.isFinite(budget) && { budget })
    };
    try {
      const done = await host.channel.call<Done>('compare.rows', args, {
        signal: giveUp.signal,
        onEvent: (event: Progress) => this.giveUp === giveUp && this.hear(event)
      });
      if (this.giveUp !== giveUp) return;
      batch(() => {
        this.judged.value = done;
        this.code.value = done.code;
        this.names.value = done.lines.map(one => one.name);
      });
      this.comparing.said.value = done.verdict;
      host.remember('run', done.run);
      await this.look();
    } catch (error) {
      if (this.giveUp === giveUp && !(error instanceof Dropped)) this.wrong.value = wrongOf(error);
    } finally {
      if (this.giveUp === giveUp) this.comparing.running.value = false;
    }
  }

  /** What has come stays, and is judged. */
  stop(at: number | null = null): void {
    const { run } = this;
    if (!run) {
      this.giveUp?.abort();
      this.comparing.running.value = false;
      return;
    }
    void this.tell('compare.stop', { run, ...(at !== null && { at }) });
  }

  /** Go on, long or paid as it is. */
  agree(): void {
    if (this.run) void this.tell('compare.agree', { run: this.run });
  }

  /** The rows from the first, in this order. */
  async look(only: Only = this.only.peek(), sort: Sort = this.sort.peek()): Promise<void> {
    batch(() => {
      this.only.value = only;
      this.sort.value = sort;
      this.open.value = null;
    });
    await this.fetch(0);
  }

  further(): Promise<void> {
    return this.fetch(this.rows.peek().length);
  }

  async show(row: Row | null): Promise<void> {
    if (!row || !this.run || this.open.peek()?.row === row.row) {
      this.open.value = null;
      return;
    }
    this.open.value = row;
    const whole = await this.tell<Row>('compare.row', { run: this.run, row: row.row });
    if (whole && this.open.peek()?.row === row.row) this.open.value = whole;
  }

  async slice(names: string): Promise<void> {
    this.sliced.value = names;
    this.slices.value = null;
    if (!names || !this.run) return;
    this.slices.value = await this.tell<Slices>('compare.slices', { run: this.run, names: names.split(',') });
  }

  /** Two answers to one row, to vote on. */
  async nextPair(): Promise<void> {
    if (!this.run) return;
    const answer = await this.tell<Blind>('compare.next', { run: this.run });
    if (answer) this.comparing.votes.show(answer.pair, answer.tally);
  }

  end(): void {
    this.giveUp?.abort();
  }

  private hear(event: Progress): void {
    batch(() => {
      this.progress.value = event;
      if (event.judged) {
        this.judged.value = event.judged;
        this.names.value = event.judged.lines.map(one => one.name);
      }
    });
    // rows that are there can be read while others come
    const now = performance.now();
    if (event.done && now - this.looked > LOOKS && !this.open.peek() && this.rows.peek().length < PAGE) {
      this.looked = now;
      void this.fetch(0);
    }
  }

  private async fetch(offset: number): Promise<void> {
    if (!this.run) return;
    this.fetching.value = true;
    const args = { run: this.run, offset, limit: PAGE, only: this.only.peek(), sort: this.sort.peek() };
    try {
      const page = await this.comparing.host.channel.call<Page>('compare.page', args);
      batch(() => {
        this.rows.value = offset ? [...this.rows.peek(), ...page.rows] : page.rows;
        this.total.value = page.total;
      });
    } catch (error) {
      if (!(error instanceof Dropped)) this.wrong.value = wrongOf(error);
    } finally {
      this.fetching.value = false;
    }
  }

  private async tell<T>(op: string, args: Record<string, unknown>): Promise<T | null> {
    try {
      return await this.comparing.host.channel.call<T>(op, args, { each: true });
    } catch (error) {
      if (!(error instanceof Dropped)) this.wrong.value = wrongOf(error);
      return null;
    }
  }

  private forget(): void {
    batch(() => {
      this.progress.value = null;
      this.judged.value = null;
      this.code.value = null;
      this.wrong.value = null;
      this.rows.value = [];
      this.total.value = 0;
      this.open.value = null;
      this.slices.value = null;
      this.sliced.value = '';
      this.comparing.votes.pair.value = null;
      this.comparing.votes.voted.value = null;
    });
  }
}

/** Milliseconds between two looks at rows that still come. */
const LOOKS = 2000;
