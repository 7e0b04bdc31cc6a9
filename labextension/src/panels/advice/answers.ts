/** What the ops of advice answer (hf_nb/panels/advice.py); they need a kernel. */

/** One change. All of it is words: the kernel knows what they stand for by `key`. */
export interface Tip {
  key: string;
  /** Would have saved 3.2 s. */
  gain: string;
  /** the habit */
  seen: string;
  /** what to do instead */
  change: string;
  /** what is typed for it */
  line: string;
  /** how the gain is known */
  known: string;
  /** code that runs as it is */
  cell: string;
  /** it is a setting, which a button can set; else a change of code */
  setting: boolean;
  /** and it was set by one */
  taken: boolean;
}

/** inference.advice {} -> Advice, the largest gain first; on the way {what} says what is tried */
export interface Advice {
  head: string;
  tips: Tip[];
}

/** inference.take {tip: key}, inference.undo {tip: key} -> Setting, as it is now */
export interface Setting {
  taken: boolean;
  name: string;
  value: string;
}
