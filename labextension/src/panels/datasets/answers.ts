/** What the ops of `datasets.*` answer (hf_nb/panels/datasets). */
import type { Choice, Code, Fact } from '../answers';

/** Where a dataset stands on this machine. */
export type Local = 'available' | 'loading' | 'partial' | 'cached' | 'error';

export interface DatasetRow {
  id: string;
  author: string;
  name: string;
  /** its card's pretty name, where it has one */
  title: string | null;
  tasks: string[];
  modalities: string[];
  formats: string[];
  languages: string[];
  licence: string | null;
  licenceKind: string;
  /** rows, exact where the card or the Hub says so; else the class: "1K<n<10K" in words */
  rows: number | null;
  rowsClass: string | null;
  bytes: number | null;
  downloads: number | null;
  likes: number | null;
  updated: string | null;
  gated: string | null;
  private: boolean;
  status: Local;
  cachedBytes: number | null;
  url: string;
}

/** datasets.facets {} */
export interface Facets {
  tasks: Choice[];
  /** fields: medical, legal, finance … */
  domains: Choice[];
  /** groups of use: train a chat model, evaluate … */
  uses: Choice[];
  modalities: Choice[];
  formats: Choice[];
  languages: Choice[];
  licences: Choice[];
  sizes: Choice[];
  sorts: Choice[];
}

/** datasets.search {text, task, domain, use, modality, format, language, licence, size, cached, sort, limit, more} -> Page<DatasetRow> */

/** datasets.details {id} */
export interface Details {
  row: DatasetRow;
  facts: Fact[];
  card: string;
  cardShortened: boolean;
  files: { path: string; bytes: number }[];
  filesMore: number;
  licence: { words: string; url: string | null };
  configs: { name: string; splits: { name: string; rows: number | null; bytes: number | null }[] }[];
  code: Code;
  warnings: string[];
}

/** datasets.status {ids} */
export type Statuses = Record<string, { status: Local; cachedBytes: number | null }>;

/** datasets.pull {id}: events Pulling, answer Pulled */
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
