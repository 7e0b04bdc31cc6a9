/** What the ops of `compare.*` answer (hf_nb/panels/compare); all of them need a kernel. */
import type { Wrong } from '../../protocol';
import type { Code } from '../answers';

/** Who takes part, as a page says it; what is empty is left to the engine. */
export interface Contender {
  name?: string;
  model: string;
  task?: string;
  provider?: string;
  revision?: string;
  params?: Record<string, unknown>;
  template?: string;
  system?: string;
  copy?: string;
}

export interface Label {
  label: string;
  /** 0 to 1 */
  score: number;
}

/** What was answered, and nothing of who it was. */
export interface Drawn {
  kind: 'text' | 'labels' | 'other';
  text: string;
  /** drawn by Python; of `other` alone */
  html: string;
  labels: Label[];
}

/** What it took. */
export interface Figures {
  seconds: number;
  /** until the first part */
  first: number | null;
  /** tokens a second */
  rate: number | null;
  read: number | null;
  written: number | null;
  /** dollars */
  cost: number | null;
  /** bytes of the model, where it runs on this machine */
  memory: number | null;
  model: string;
  method: string;
  device: string | null;
  revision: string | null;
  reason: string;
  /** what must be known before it is believed */
  marks: string[];
}

export interface Target {
  model: string;
  method: string;
  revision: string | null;
  reason: string;
}

/** What is new of one column. */
export interface News {
  at: number;
  /** what it waits for */
  doing?: string;
  target?: Target;
  text?: string;
  /** how many parts `text` came in: about as many tokens */
  parts?: number;
  state?: 'done' | 'failed' | 'stopped';
  wrong?: Wrong;
  answer?: Drawn;
  figures?: Figures | null;
}

/** compare.live {contenders, input}: events, some 25 a second at most; `run` is what compare.stop takes */
export interface Happened {
  run: string;
  columns: News[];
}

export interface Ended {
  code: Code;
}

/** Two answers, by sides drawn by lot; who they are is not said. */
export interface Pair {
  id: string;
  input: string;
  row: number | null;
  left: Drawn;
  right: Drawn;
  same: boolean;
}

/** Votes between two, from the first one's side. */
export interface Between {
  first: string;
  second: string;
  won: number;
  lost: number;
  tied: number;
  sentence: string;
  /** decided votes that would settle it, about; 0: settled, null: none in sight */
  more: number | null;
  settled: number;
}

export interface Rated {
  name: string;
  value: number;
  low: number | null;
  high: number | null;
}

export interface Tally {
  votes: number;
  ties: number;
  pairs: Between[];
  ratings: Rated[] | null;
}

/** compare.blind {contenders, input}: events say of each side that it is there */
export interface Blind {
  pair: Pair | null;
  failed: { name: string; wrong: Wrong }[];
  tally: Tally;
}

/** compare.vote {pair, outcome} */
export interface Voted {
  sides: { name: string; figures: Figures | null }[];
  outcome: 'left' | 'right' | 'tie';
  tally: Tally;
}

/** compare.undo {pair}: the vote is taken back */
export interface Undone {
  pair: Pair;
  tally: Tally;
}

/** compare.stop {run, at} -> {}; compare.tally {contenders} -> Tally */

/** A variable of the notebook that has rows. */
export interface Variable {
  name: string;
  kind: string;
  rows: number | null;
  columns: string[];
}

/** compare.inputs {} */
export interface Variables {
  variables: Variable[];
}

/** Many rows, as a page says them. */
export interface Given {
  kind: 'variable' | 'lines' | 'dataset';
  name?: string;
  text?: string;
  id?: string;
  split?: string;
  config?: string;
  column?: string;
  labels?: string;
  limit?: number;
}

/** compare.columns {given}: `column` and `labels` are the ones that are likely meant */
export interface Columns {
  columns: string[];
  rows: number | null;
  splits: string[];
  column: string | null;
  labels: string | null;
}

/** A figure, and where it may lie. */
export interface Ends {
  value: number | null;
  low: number | null;
  high: number | null;
  n: number;
}

export interface Scored extends Ends {
  metric: string;
  /** share: 0 to 1; points: 0 to 100 */
  scale: string;
}

/** One contender's figures. */
export interface Line {
  name: string;
  model: string;
  method: string | null;
  ok: number;
  failed: number;
  left: number;
  scores: Scored[];
  seconds: Ends | null;
  first: number | null;
  rate: number | null;
  memory: number | null;
  cost: number | null;
  wrong: Wrong | null;
}

export interface Point {
  name: string;
  across: number;
  up: number;
  across_ends: number[] | null;
  up_ends: number[] | null;
}

export interface Plot {
  metric: string;
  unit: string;
  higher: boolean;
  points: Point[];
  summary: string[];
}

/** What the rows say so far. */
export interface Judged {
  verdict: string;
  lines: Line[];
  plot: Plot | null;
  rows: number;
  differ: number;
  failures: number;
  kind: string;
  labelled: boolean;
  stopped: boolean;
  notes: string[];
}

/** What the rest takes; none of them where it is not known. */
export interface Rest {
  rows: number;
  seconds: number | null;
  dollars: number | null;
}

/** compare.rows {contenders, given, task, slices, budget, agreed}: events, until the answer */
export interface Progress {
  run: string;
  done: number;
  total: number;
  seconds: number;
  left: number | null;
  /** it waits: compare.agree {run} goes on, compare.stop {run} does not */
  asks: Rest | null;
  over: boolean;
  judged: Judged | null;
}

export interface Done extends Judged {
  run: string;
  code: Code;
}

/** compare.state {run}: of one that is still in the kernel's memory */
export interface Standing extends Judged {
  progress: Progress;
}

export interface Cell {
  answer: Drawn | null;
  score: number | null;
  /** how good it is, by the first metric: 1 is right, 0 is wrong; null: nobody can say */
  worth: number | null;
  wrong: string | null;
  seconds: number | null;
}

/** compare.row {run, row} */
export interface Row {
  row: number;
  input: string;
  label: string | null;
  differs: boolean;
  answers: Cell[];
}

/** compare.page {run, offset, limit, only, sort} */
export interface Page {
  rows: Row[];
  total: number;
}

export interface Part extends Ends {
  column: string;
  /** its value there */
  slice: string;
  /** 1: the first is ahead here, -1: the second */
  ahead: number;
  unlike: boolean;
  flips: boolean;
}

export interface Parts {
  first: string;
  second: string;
  metric: string;
  scale: string;
  whole: Ends;
  slices: Part[];
  /** parts too small to say anything of */
  small: number;
}

/** compare.slices {run, names} */
export interface Slices {
  pairs: Parts[];
}

/** compare.take {run, name, what} */
export interface Taken {
  name: string;
  rows: number;
  replaced: boolean;
}

/** compare.save {run, path, what, replace}, compare.pairs {contenders, path} */
export interface Saved {
  path: string;
  bytes: number;
}

/** compare.next {run} -> Blind: pair null: every pair that differs was voted on */
