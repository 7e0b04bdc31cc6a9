/** What the Playground knows and does, without a page: a task, who is asked, an input, settings, a run and its past. */
import { batch, computed, effect, signal } from '@preact/signals';
import type { Host } from '../../panel';
import { Asked, whenBack } from '../../parts/asked';
import { carried, type Given } from '../../parts/inputs';
import { Settings, type Values } from '../../parts/settings';
import type { Code, TaskChoice } from '../answers';
import type { Example, Form, Numbers, Placed, Ran, Step, Tasks, Telling } from './answers';
import { alike, History, type Question, type Run } from './history';

const FIRST_TASK = 'text-classification';

/** What is shown of a run: of one under way, or of one that was. */
export interface Shown {
  html: string;
  said: string;
  end: 'running' | Run['end'];
  numbers: Numbers | null;
  first: number | null;
  question: Question;
}

export class Playground {
  readonly tasks: Asked<Tasks>;
  readonly form: Asked<Form>;
  readonly placed: Asked<Placed>;
  readonly ran: Asked<Ran>;
  readonly task = signal(FIRST_TASK);
  /** '': the task's default */
  readonly model = signal('');
  readonly provider = signal('auto');
  readonly input = signal<Given>('');
  readonly settings = new Settings();
  readonly history: History;
  readonly step = signal<Step | null>(null);
  readonly shown = signal<Shown | null>(null);
  /** counts how often the cursor was wanted in what is written */
  readonly wanted = signal(0);
  /** the reader has written something: an example that arrives later does not replace it */
  private touched = false;
  /** counts what is shown: a run that was replaced ends unseen */
  private turn = 0;
  private values: Values = {};
  private ends: (() => void)[] = [];

  readonly row = computed<TaskChoice | null>(
    () => this.tasks.answer.value?.tasks.find(one => one.value === this.task.value) ?? null
  );
  /** the task's, the card's, the reader's own: each input once */
  readonly examples = computed<Example[]>(() => {
    const card = this.placed.answer.value?.examples ?? [];
    const all = [...card, ...(this.form.answer.value?.examples ?? [])];
    return all.filter((one, at) => all.findIndex(other => alike(other.input, one.input)) === at);
  });
  readonly own = computed(() => this.history.saved.value.filter(one => one.task === this.task.value));
  readonly recent = computed(() => [
    ...new Set(
      this.history.runs.value.flatMap(run => (run.task === this.task.value && run.model ? [run.model] : []))
    )
  ]);
  readonly by = computed<'local' | 'remote'>(() =>
    this.placed.answer.value?.chosen?.remote ? 'remote' : 'local'
  );

  constructor(private readonly host: Host) {
    const { channel, options } = host;
    this.tasks = new Asked(channel, 'playground.tasks');
    this.form = new Asked(channel, 'playground.form');
    this.placed = new Asked(channel, 'playground.place');
    this.ran = new Asked(channel, 'playground.run');
    this.history = new History(host);
    const last = this.history.runs.peek()[0];
    const first = begun(options, last);
    this.task.value = first.task;
    this.model.value = first.model;
    this.provider.value = first.provider;
    this.values = first.params;
    if (first.input !== null) {
      this.input.value = first.input;
      this.touched = true;
    }
    if (last && last.task === first.task && alike(last.input, first.input)) this.show(last);
  }

  start(): () => void {
    this.ends = [
      this.history.follow(),
      whenBack(this.host.channel.status, () => {
        for (const one of [this.tasks, this.form]) if (one.wrong.peek()) void one.again();
        void this.place();
      }),
      effect(() => {
        const form = this.form.answer.value;
        if (form) this.arrived(form);
      })
    ];
    void this.tasks.ask();
    void this.form.ask({ task: this.task.peek() });
    void this.place();
    return () => {
      for (const end of this.ends) end();
      for (const one of [this.tasks, this.form, this.placed, this.ran]) one.stop();
    };
  }

  chooseTask(task: string): void {
    if (task === this.task.peek()) return;
    const kind = this.tasks.answer.peek()?.tasks.find(one => one.value === task)?.input ?? 'text';
    batch(() => {
      this.values = this.settings.values.peek();
      this.task.value = task;
      this.model.value = '';
      this.provider.value = 'auto';
      this.placed.forget();
      if (this.touched) this.input.value = carried(this.input.peek(), kind);
    });
    this.remember();
    void this.form.ask({ task });
    void this.place();
  }

  chooseModel(model: string): void {
    this.model.value = model;
    this.provider.value = 'auto';
    this.remember();
    void this.place();
  }

  chooseMethod(provider: string): void {
    this.provider.value = provider;
    this.remember();
    void this.place();
  }

  write(input: Given): void {
    this.touched = true;
    this.input.value = input;
  }

  /** An example, which another may replace unasked. */
  take(input: Given): void {
    this.input.value = input;
    this.touched = false;
  }

  question(): Question {
    return {
      task: this.task.peek(),
      model: this.model.peek(),
      provider: this.provider.peek(),
      input: this.input.peek(),
      params: this.settings.values.peek()
    };
  }

  /** Everything as it was in a run, or as somebody sent it; another task's form has come then. */
  async restore(one: Question): Promise<void> {
    const other = one.task !== this.task.peek();
    batch(() => {
      this.values = one.params;
      this.task.value = one.task;
      this.model.value = one.model;
      this.provider.value = one.provider;
      this.write(one.input);
      if (!other) this.settings.fill(one.params);
    });
    this.remember();
    void this.place();
    if (other) await this.form.ask({ task: one.task });
  }

  show(run: Run): void {
    const { html, said, end, numbers } = run;
    this.turn++;
    this.ran.forget();
    this.step.value = null;
    this.shown.value = { html, said, end, numbers, first: numbers?.first ?? null, question: run };
    if (run.end === 'failed' && run.wrong)
      this.ran.wrong.value = { type: 'Error', message: run.wrong, hint: '', retry: true };
  }

  /** Ask; `fresh`: also where the answer is kept. */
  async run(fresh = false): Promise<void> {
    if (this.ran.waiting.peek() || Object.keys(this.settings.problems.peek()).length) return;
    const turn = ++this.turn;
    let asked = this.question();
    batch(() => {
      this.ran.forget();
      this.step.value = null;
      this.shown.value = { html: '', said: '', end: 'running', numbers: null, first: null, question: asked };
    });
    const ran = await this.ran.ask({ ...asked, ...(fresh && { fresh }) }, (event: Telling) => {
      if (event.asked) asked = { ...asked, ...event.asked };
      else this.heard(event);
    });
    if (turn === this.turn) this.ended(ran, asked);
  }

  /** What has come stays. */
  stop(): void {
    if (this.ran.waiting.peek()) this.ran.stop();
  }

  /** The reply becomes a part of what was said, and the next message is empty. */
  goOn(): void {
    const shown = this.shown.peek();
    if (!shown || typeof shown.question.input === 'string') return;
    const { messages } = shown.question.input as { messages?: unknown[] };
    this.write({
      messages: [
        ...(messages ?? []),
        { role: 'assistant', content: shown.said },
        { role: 'user', content: '' }
      ]
    });
    this.wanted.value++;
  }

  code(one: Question = this.question()): Promise<Code> {
    return this.host.channel.call<Code>('playground.code', { ...one }, { each: true });
  }

  place(): Promise<Placed | null> {
    const { task, model, provider, input } = this.question();
    // the words matter where no model is named: a translation's language decides
    return this.placed.ask({ task, model, provider, ...(!model && this.touched && { input }) });
  }

  private heard({ step, html, said, first }: Telling): void {
    const shown = this.shown.peek();
    this.step.value = step ?? null;
    if (!shown || html === undefined) return;
    this.shown.value = { ...shown, html, said: said ?? shown.said, first: first ?? shown.first };
  }

  private ended(ran: Ran | null, asked: Question): void {
    const before = this.shown.peek();
    if (!before) return;
    const wrong = this.ran.wrong.peek();
    const end = ran ? 'done' : wrong ? 'failed' : 'stopped';
    const { html, said } = ran ?? before;
    const numbers = ran && numbersOf(ran);
    batch(() => {
      this.step.value = null;
      this.shown.value = {
        ...before,
        html,
        said,
        end,
        numbers,
        first: ran?.first ?? before.first,
        question: asked
      };
    });
    this.history.add({ ...asked, end, html, said, numbers, wrong: wrong?.message ?? '' });
    void this.place();
  }

  private arrived(form: Form): void {
    batch(() => {
      this.settings.change(form.controls);
      this.settings.fill(this.values);
      const first = form.examples[0];
      if (!this.touched && first) this.input.value = first.input as Given;
    });
  }

  private remember(): void {
    for (const name of ['task', 'model', 'provider'] as const) this.host.remember(name, this[name].peek());
  }
}

/** What Python or the layout asked for; of what it leaves open, what was run last. */
function begun(
  options: Record<string, unknown>,
  last: Run | undefined
): Omit<Question, 'input'> & { input: Given | null } {
  const word = (name: string) => (typeof options[name] === 'string' ? (options[name] as string) : '');
  const task = word('task') || last?.task || FIRST_TASK;
  const same = last && last.task === task ? last : undefined;
  const given = options.input as Given | undefined;
  return {
    task,
    model: 'model' in options ? word('model') : (same?.model ?? ''),
    provider: word('provider') || (same?.provider ?? 'auto'),
    input: given ?? same?.input ?? null,
    params: (options.params as Values | undefined) ?? same?.params ?? {}
  };
}

function numbersOf(ran: Ran): Numbers {
  const { html: _, said: __, code: ___, ...numbers } = ran;
  return numbers;
}
