/** What the ops of `playground.*` answer (hf_nb/panels/playground). */
import type { Wrong } from '../../protocol';
import type { Code, Control, TaskChoice } from '../answers';

/** playground.tasks {} */
export interface Tasks {
  tasks: TaskChoice[];
}

export interface Example {
  label: string;
  /** a text, or the fields of the task */
  input: string | Record<string, unknown>;
}

/** playground.form {task} */
export interface Form {
  controls: Control[];
  examples: Example[];
}

/** One way to ask a model; `why`: it cannot be taken. */
export interface Method {
  value: string;
  label: string;
  can: boolean;
  why: string;
}

/** Who would answer now. */
export interface Chosen {
  method: string;
  model: string;
  task: string;
  label: string;
  /** where its weights are, where that is this machine's business */
  stands: string;
  reason: string;
  /** what is asked leaves this machine */
  remote: boolean;
  price: string | null;
}

/** playground.place {task, model, provider, input}; without `chosen` there is `wrong` */
export interface Placed {
  chosen: Chosen | null;
  methods: Method[];
  /** what the model's card brings */
  examples: Example[];
  wrong: Wrong | null;
}

/** On the way to an answer: what is done, and how far it is. */
export interface Step {
  what: string;
  done: number;
  total: number | null;
  rate: number | null;
  left: number | null;
}

/** playground.run {task, model, provider, input, params, fresh} (kernel): events one of these, answer Ran */
export interface Telling {
  /** as it may be kept: without a token */
  asked?: { input: string | Record<string, unknown>; params: Record<string, unknown> };
  step?: Step;
  html?: string;
  said?: string;
  first?: number | null;
}

export interface Numbers {
  model: string;
  method: string;
  device: string | null;
  reason: string;
  seconds: number;
  /** seconds until the first word */
  first: number | null;
  /** tokens */
  read: number | null;
  written: number | null;
  /** tokens a second, once they come */
  rate: number | null;
  /** dollars, where they are known */
  cost: number | null;
  finish: string;
  /** when it was answered, where the answer was there already */
  kept: string | null;
  substitute: boolean;
}

export interface Ran extends Numbers {
  html: string;
  /** the answer in the fewest words: a text as it is, a label */
  said: string;
  code: Code;
}

/** playground.code {task, model, provider, input, params} -> Code */
