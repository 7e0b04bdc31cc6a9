/**
 * What was run here, the latest first. It is kept with the notebook (a cell) or the layout (the sidebar), so it has a
 * size: the oldest results shrink to their words, then the oldest runs go.
 */
import { signal } from '@preact/signals';
import type { Host } from '../../panel';
import type { Given } from '../../parts/inputs';
import type { Values } from '../../parts/settings';
import type { Example, Numbers } from './answers';

/** What is asked of whom. */
export interface Question {
  task: string;
  model: string;
  provider: string;
  input: Given;
  params: Values;
}

export interface Run extends Question {
  id: string;
  /** when, as a date */
  at: string;
  end: 'done' | 'stopped' | 'failed';
  /** drawn by Python; empty where it grew too old or too large */
  html: string;
  said: string;
  numbers: Numbers | null;
  wrong: string;
}

export interface Saved extends Example {
  task: string;
}

const MOST = 40;
/** Characters of one result, and of all of it. */
const LARGEST = 12_000;
const ROOM = 120_000;
const SAID = 2_000;
export const SHARED = 'hf_nb playground 1';

export class History {
  readonly runs = signal<Run[]>([]);
  readonly saved = signal<Saved[]>([]);

  constructor(private readonly host: Pick<Host, 'options' | 'remember' | 'heard' | 'draggable'>) {
    this.runs.value = listOf<Run>(host.options.history, isRun);
    this.saved.value = listOf<Saved>(host.options.saved, isSaved);
  }

  /** What Python or another view of the same panel has added is shown too; until the answer is called. */
  follow(): () => void {
    const ends = [
      this.host.heard?.('history', now => {
        this.runs.value = listOf<Run>(now, isRun);
      }),
      this.host.heard?.('saved', now => {
        this.saved.value = listOf<Saved>(now, isSaved);
      })
    ];
    return () => {
      for (const end of ends) end?.();
    };
  }

  add(run: Omit<Run, 'id' | 'at'>): Run {
    const made: Run = {
      ...run,
      html: run.html.length > LARGEST ? '' : run.html,
      said: run.said.slice(0, SAID),
      id: Math.random().toString(36).slice(2, 10),
      at: new Date().toISOString()
    };
    this.put([made, ...this.runs.peek()]);
    return made;
  }

  remove(id: string): void {
    this.put(this.runs.peek().filter(one => one.id !== id));
  }

  put(runs: Run[]): void {
    this.runs.value = fitted(runs);
    // where the page can leave a panel as it is while the picture in its output is drawn anew
    if (this.host.draggable) this.host.remember('stays', true);
    this.host.remember('history', this.runs.value);
  }

  /** The same input once. */
  keep(example: Saved): void {
    const same = (one: Saved) => one.task === example.task && alike(one.input, example.input);
    this.keepAll([...this.saved.peek().filter(one => !same(one)), example].slice(-MOST));
  }

  keepAll(saved: Saved[]): void {
    this.saved.value = saved;
    this.host.remember('saved', saved);
  }
}

/** A run as a text that another playground takes when it is pasted there. */
export function shared({ task, model, provider, input, params }: Question, said = ''): string {
  const question = { hf_nb: SHARED, task, model, provider, input, params, ...(said && { said }) };
  return JSON.stringify(question, null, 1);
}

/** The question of a shared run; null where the text is none. */
export function received(text: string): Question | null {
  if (!text.includes(SHARED)) return null;
  try {
    const found = JSON.parse(text) as Partial<Question> & { hf_nb?: unknown };
    if (found.hf_nb !== SHARED || typeof found.task !== 'string' || !isInput(found.input)) return null;
    return {
      task: found.task,
      model: typeof found.model === 'string' ? found.model : '',
      provider: typeof found.provider === 'string' ? found.provider : 'auto',
      input: found.input,
      params: isObject(found.params) ? found.params : {}
    };
  } catch {
    return null;
  }
}

export const alike = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

/** As many as there is room for: the words of all of them, then what was drawn, of the latest first. */
function fitted(runs: Run[]): Run[] {
  const size = (one: unknown) => JSON.stringify(one).length;
  let left = ROOM;
  const words: Run[] = [];
  for (const run of runs.slice(0, MOST)) {
    const bare = { ...run, html: '' };
    left -= size(bare);
    if (left < 0) break;
    words.push(bare);
  }
  return words.map((bare, at) => {
    const html = runs[at]?.html ?? '';
    left -= size(html);
    return left < 0 ? bare : { ...bare, html };
  });
}

/** What was kept may be of another version, or written by somebody else. */
function listOf<T>(value: unknown, is: (one: unknown) => boolean): T[] {
  return Array.isArray(value) ? (value.filter(is) as T[]) : [];
}

function isRun(one: unknown): boolean {
  if (!isObject(one)) return false;
  const words = ['id', 'at', 'task', 'model', 'provider', 'end', 'html', 'said', 'wrong'];
  return words.every(name => typeof one[name] === 'string') && isInput(one.input) && isObject(one.params);
}

const isSaved = (one: unknown) =>
  isObject(one) && typeof one.task === 'string' && typeof one.label === 'string' && isInput(one.input);
const isInput = (value: unknown): value is Given => typeof value === 'string' || isObject(value);
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
