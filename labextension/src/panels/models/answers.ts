/** What the ops of `models.*` answer (hf_nb/panels/models.py). */
import type { Choice, Code, Fact } from '../answers';

/**
 * Where a model stands on this machine. `cached`: all it needs is on the disk; `partial`: a part is; `loading`: on its
 * way; `loaded`: in the kernel's memory; `error`: the last attempt to get it failed.
 */
export type Local = 'available' | 'loading' | 'partial' | 'cached' | 'loaded' | 'error';

export interface ModelRow {
  id: string;
  author: string;
  name: string;
  task: string | null;
  /** the task in words */
  taskName: string | null;
  library: string | null;
  licence: string | null;
  /** open, non-commercial, gated or unknown: one word of H14's plain words */
  licenceKind: string;
  languages: string[];
  parameters: number | null;
  /** bytes of what a pull would bring; `about`: reckoned from the parameters */
  bytes: number | null;
  about: boolean;
  downloads: number | null;
  likes: number | null;
  updated: string | null;
  gated: string | null;
  private: boolean;
  /** inference providers that serve it now */
  providers: string[];
  status: Local;
  cachedBytes: number | null;
  /** whether it has room in this machine's memory, and why; null where nobody says how large it is */
  fits: { verdict: 'fits' | 'tight' | 'too large'; reason: string } | null;
  /** measured here, this session: calls, seconds of the median one, tokens a second */
  speed: { calls: number; seconds: number; tokens: number | null } | null;
  url: string;
}

/** models.facets {} */
export interface Facets {
  tasks: Choice[];
  libraries: Choice[];
  languages: Choice[];
  licences: Choice[];
  sizes: Choice[];
  sorts: Choice[];
}

/** models.search {text, task, library, language, licence, size, callable, cached, sort, limit, more} -> Page<ModelRow> */

/** models.details {id} */
export interface Details {
  row: ModelRow;
  facts: Fact[];
  /** the card, cleaned of everything that could run or load */
  card: string;
  cardShortened: boolean;
  files: { path: string; bytes: number }[];
  filesMore: number;
  /** memory the weights need, by number format */
  memory: { dtype: string; bytes: number }[];
  licence: { words: string; url: string | null };
  /** an input to try it with; null where this task cannot be run here */
  example: { input: string; code: Code } | null;
  /** why it cannot be run, where it cannot */
  notRunnable: string | null;
  warnings: string[];
}

/** models.status {ids} */
export type Statuses = Record<string, { status: Local; cachedBytes: number | null }>;

/** models.pull {id}: events Pulling, answer Pulled */
export interface Pulling {
  what: string;
  done: number;
  total: number | null;
  rate: number | null;
  left: number | null;
}
export interface Pulled {
  path: string;
  files: number;
  bytes: number;
  status: Local;
}

/** models.run {id, task, input} (kernel): events {html, text} while it comes, answer Ran */
export interface Ran {
  html: string;
  text: string;
  seconds: number;
  /** who ran it and why, in a line */
  source: string;
  code: Code;
}

/** models.code {id, task, input} -> Code */
