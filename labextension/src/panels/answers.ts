/** Shapes that several panels' answers share. hf_nb/panels/ fills them. */

/** A list that may go on, and why it is shorter than hoped where it is. */
export interface Page<Row> {
  rows: Row[];
  /** asked for the next page with it; null: that was all */
  more: string | null;
  /** repositories looked at, where filters had to be applied on this side */
  looked: number | null;
  /** the Hub stopped answering in the midst of it */
  stopped: string | null;
  /** the answer is a copy: how old */
  note: string | null;
  /** the same in a notebook, and in Python */
  code: Code;
}

export interface Code {
  magic: string;
  python: string;
}

export interface Fact {
  name: string;
  value: string;
  /** the exact number, shown on hover */
  exact?: string;
}

/** One value of a filter, with the heading it stands under. */
export interface Choice {
  value: string;
  label: string;
  group?: string;
  disabled?: boolean;
}

/** One parameter of a task: how it is set. Whatever is not set is the model's own. */
export interface Control {
  name: string;
  kind: 'slider' | 'number' | 'whole' | 'choice' | 'switch' | 'words' | 'text' | 'json';
  label: string;
  help: string;
  /** among the few that matter most; the rest is under "more" */
  first: boolean;
  /** what is let through */
  least: number | null;
  most: number | null;
  /** where a slider ends, and its step */
  low: number | null;
  high: number | null;
  step: number | null;
  choices: string[];
  /** why it changes nothing, by who answers: `local` this machine, `remote` anybody else */
  unused: Record<string, string>;
}

/** What goes into a task: a text, or fields by name. */
export type InputKind = 'text' | 'labelled' | 'question' | 'sentences' | 'table' | 'chat';

export interface TaskChoice {
  value: string;
  label: string;
  group: string;
  input: InputKind;
  /** the answer comes word by word */
  streams: boolean;
  /** what answers where no model is named; null: one has to be */
  model: string | null;
}

/** A model that may be chosen for a task; `group`: why it is offered. */
export interface ModelChoice {
  id: string;
  group: 'loaded' | 'cached' | 'callable' | 'hub';
  /** 23 M params · 88 MB */
  size: string;
  task: string | null;
  /** why it may not be what is wanted: gated, too large for this machine */
  note: string | null;
}

/** models.choices {task, text}: events and answer; `looked`: the Hub has been asked too, or why it could not be */
export interface ModelChoices {
  choices: ModelChoice[];
  looked: boolean;
  wrong: string | null;
}
