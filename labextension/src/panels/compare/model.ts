/** What the Compare panel knows and does, without a page: who takes part, what is asked, what came of it. */
import { batch, computed, effect, signal } from '@preact/signals';
import type { Host } from '../../panel';
import { Asked, whenBack, wrongOf } from '../../parts/asked';
import type { Given } from '../../parts/inputs';
import { carried, wordsOf } from '../../parts/inputs';
import { Dropped, type Wrong } from '../../protocol';
import type { Code, Control, TaskChoice } from '../answers';
import { found, kept } from './answered';
import type { Contender, Ended, Happened } from './answers';
import { Column } from './column';
import { Draft, letter, short } from './draft';
import { Rows } from './rows';
import { Votes } from './votes';

export const LEAST = 2;
export const MOST = 4;
/** Milliseconds after the last change until it is kept. */
const KEEPS = 400;

export type Source = 'prompt' | 'rows';

interface Form {
  controls: Control[];
  examples: { label: string; input: Given }[];
}

export class Comparing {
  readonly drafts = signal<Draft[]>([]);
  readonly task = signal('');
  readonly tasks = signal<TaskChoice[]>([]);
  readonly examples = signal<Form['examples']>([]);
  readonly source = signal<Source>('prompt');
  readonly blind = signal(false);
  readonly input = signal<Given>('');
  readonly columns = signal<Column[]>([]);
  /** why nothing ran at all */
  readonly wrong = signal<Wrong | null>(null);
  readonly running = signal(false);
  readonly code = signal<Code | null>(null);
  /** the contenders that answered last: columns belong to these, whatever is picked by now */
  readonly asked = signal<Contender[]>([]);
  readonly differences = signal(true);
  /** columns scroll as one */
  readonly together = signal(true);
  /** the column that the others are held against */
  readonly against = signal(0);
  /** said to a screen reader */
  readonly said = signal('');
  readonly votes: Votes;
  readonly rows: Rows;
  private run: string | null = null;
  private turn = 0;
  private giveUp: AbortController | null = null;
  private dirty = new Set<Column>();
  private frame = 0;
  /** what was kept last, so that nothing is kept twice */
  private readonly kept = new Map<string, string>();
  private unkept = () => {};
  private later: ReturnType<typeof setTimeout> | undefined;
  private readonly form: Asked<Form>;

  constructor(readonly host: Host) {
    this.form = new Asked<Form>(host.channel, 'playground.form');
    this.votes = new Votes(this);
    this.rows = new Rows(this);
    this.begin(host.options);
  }

  readonly contenders = computed<Contender[]>(() => this.drafts.value.map(one => one.told.value));
  readonly kind = computed(
    () => this.tasks.value.find(one => one.value === this.task.value)?.input ?? 'text'
  );
  /** what keeps it from running, in words; nothing where it may */
  readonly missing = computed<string | null>(() => {
    if (this.contenders.value.some(one => !one.model))
      return this.host.say('Choose a model for each column.');
    if (this.drafts.value.some(one => Object.keys(one.settings.problems.value).length))
      return this.host.say('A parameter is not right yet.');
    if (this.source.value === 'rows') return this.rows.missing.value;
    return wordsOf(this.input.value).trim() ? null : this.host.say('Write something to ask them.');
  });

  /** Listen to what is there; what it returns ends it. */
  start(): () => void {
    void this.fetchTasks();
    void this.rows.recall();
    // where our extension draws, the panel stands still while its picture is changed
    if (this.host.kind === 'cell' && this.host.draggable && !this.host.options.stays)
      this.host.remember('stays', true);
    const ends = [
      whenBack(this.host.channel.status, () => void this.fetchTasks()),
      effect(() => {
        const task = this.task.value;
        void this.fetchForm(task);
      }),
      effect(() => {
        const kept = {
          contenders: this.contenders.value,
          task: this.task.value,
          input: this.input.value,
          source: this.source.value,
          blind: this.blind.value
        };
        clearTimeout(this.later);
        this.unkept = () => this.keep(kept);
        this.later = setTimeout(this.unkept, KEEPS);
      })
    ];
    return () => {
      for (const end of ends) end();
      clearTimeout(this.later);
      this.unkept(); // whoever takes its place begins with it
      this.giveUp?.abort();
      this.votes.end();
      this.rows.end();
      cancelAnimationFrame(this.frame);
    };
  }

  add(given: Partial<Contender> = {}): void {
    if (this.drafts.peek().length >= MOST) return;
    const draft = new Draft(given);
    draft.settings.change(this.form.answer.peek()?.controls ?? []);
    draft.settle();
    this.drafts.value = [...this.drafts.peek(), draft];
  }

  duplicate(draft: Draft): void {
    this.add(draft.told.peek());
    const made = this.drafts.peek().at(-1);
    if (made) made.open.value = true;
  }

  remove(draft: Draft): void {
    if (this.drafts.peek().length <= LEAST) draft.fill({});
    else this.drafts.value = this.drafts.peek().filter(one => one !== draft);
  }

  turnTo(task: string): void {
    this.task.value = task;
    for (const one of this.drafts.peek()) one.task.value = '';
    this.input.value = carried(this.input.peek(), this.kind.peek());
  }

  /** All of them on what is written. */
  async ask(): Promise<void> {
    if (this.missing.peek() || this.running.peek()) return;
    if (this.source.peek() === 'rows') return this.rows.ask();
    if (this.blind.peek()) return this.votes.ask();
    const turn = ++this.turn;
    const contenders = this.contenders.peek();
    this.giveUp?.abort();
    this.giveUp = new AbortController();
    const columns = contenders.map(() => new Column());
    batch(() => {
      this.asked.value = contenders;
      this.columns.value = columns;
      this.against.value = 0;
      this.wrong.value = null;
      this.running.value = true;
      this.code.value = null;
      for (const one of columns) one.begin();
    });
    try {
      const ended = await this.host.channel.call<Ended>('compare.live', this.question(), {
        signal: this.giveUp.signal,
        onEvent: (event: Happened) => turn === this.turn && this.hear(event)
      });
      if (turn !== this.turn) return;
      this.code.value = ended.code;
    } catch (error) {
      if (turn !== this.turn || error instanceof Dropped) return;
      this.wrong.value = wrongOf(error);
    } finally {
      if (turn === this.turn) this.ended();
    }
  }

  /** What an op is told of who is asked what. */
  question(): Record<string, unknown> {
    const task = this.task.peek();
    return { contenders: this.contenders.peek(), input: this.input.peek(), ...(task && { task }) };
  }

  /** One of them, or all; what has come stays. */
  stop(at: number | null = null): void {
    if (this.source.peek() === 'rows') this.rows.stop();
    else if (this.blind.peek()) this.votes.stop();
    else this.stopLive(at);
  }

  private stopLive(at: number | null): void {
    const { run } = this;
    if (run === null) {
      this.giveUp?.abort(); // nothing was begun yet
      this.ended();
      return;
    }
    this.host.channel
      .call('compare.stop', { run, ...(at !== null && { at }) }, { each: true })
      .catch(() => undefined);
  }

  /** A column, its letter and its model. */
  named(at: number): string {
    const one = this.asked.value[at] ?? this.contenders.value[at];
    return one?.model ? `${letter(at)} ${short(one.model)}` : letter(at);
  }

  private begin(options: Record<string, unknown>): void {
    const given = Array.isArray(options.contenders) ? (options.contenders as Partial<Contender>[]) : [];
    const listed = given.slice(0, MOST).map(one => (typeof one === 'string' ? { model: one } : one));
    const added = options.add as Partial<Contender> | undefined;
    if (added) place(listed, added);
    while (listed.length < LEAST) listed.push({});
    this.drafts.value = listed.map(one => new Draft(one));
    const tasks = new Set(listed.map(one => one.task ?? ''));
    if (typeof options.task === 'string') this.task.value = options.task;
    else if (tasks.size === 1) this.task.value = [...tasks][0] ?? '';
    if (typeof options.input === 'string' || (options.input && typeof options.input === 'object'))
      this.input.value = options.input as Given;
    this.source.value = options.source === 'rows' ? 'rows' : 'prompt';
    this.blind.value = options.blind === true;
    const answered = found(options.answered);
    if (answered) {
      this.asked.value = answered.asked;
      this.columns.value = answered.columns;
      this.code.value = answered.code;
    }
    this.rows.begin(options);
    if (added) this.host.remember('add', undefined);
    for (const name of ['contenders', 'task', 'input', 'source', 'blind'])
      if (!added && options[name] !== undefined) this.kept.set(name, JSON.stringify(options[name]));
  }

  private keep(kept: Record<string, unknown>): void {
    for (const [name, value] of Object.entries(kept)) {
      const written = JSON.stringify(value);
      if (this.kept.get(name) !== written) this.host.remember(name, value);
      this.kept.set(name, written);
    }
  }

  private async fetchTasks(): Promise<void> {
    try {
      const { tasks } = await this.host.channel.call<{ tasks: TaskChoice[] }>(
        'playground.tasks',
        {},
        { each: true }
      );
      this.tasks.value = tasks;
    } catch {
      // asked again when the kernel is back; a text can be asked without
    }
  }

  private async fetchForm(task: string): Promise<void> {
    const form = task ? await this.form.ask({ task }) : null;
    if (task && !form) return;
    this.examples.value = form?.examples ?? [];
    for (const one of this.drafts.peek()) {
      one.settings.change(form?.controls ?? []);
      one.settle();
    }
  }

  private hear({ run, columns }: Happened): void {
    this.run = run;
    for (const news of columns) {
      const column = this.columns.peek()[news.at];
      if (!column) continue;
      column.hear(news);
      this.dirty.add(column);
      if (news.state) this.tell(news.at, column);
    }
    if (this.dirty.size && !this.frame) this.frame = requestAnimationFrame(() => this.draw());
  }

  /** Whatever has come since the last frame is drawn in this one. */
  private draw(): void {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    batch(() => {
      for (const column of this.dirty) column.frame.value++;
    });
    this.dirty.clear();
  }

  private ended(): void {
    this.run = null;
    this.draw(); // a page that is not seen has no frames
    batch(() => {
      this.running.value = false;
      for (const column of this.columns.peek()) column.end('stopped');
    });
    this.host.remember('answered', kept(this.asked.peek(), this.columns.peek(), this.code.peek()));
  }

  private tell(at: number, column: Column): void {
    const { say } = this.host;
    const name = this.named(at);
    const words = {
      done: say('%1 has answered.', name),
      stopped: say('%1 was stopped.', name),
      failed: say('%1 failed: %2', name, column.wrong.peek()?.message ?? '')
    };
    this.said.value = words[column.state.peek() as keyof typeof words] ?? '';
  }
}

/** Where there is a column without a model, else as a new one; the last one gives way where there is no room. */
function place(listed: Partial<Contender>[], added: Partial<Contender>): void {
  const empty = listed.findIndex(one => !one.model);
  if (empty >= 0) listed[empty] = added;
  else if (listed.length < MOST) listed.push(added);
  else listed[MOST - 1] = added;
}
