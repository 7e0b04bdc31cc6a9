/**
 * What the ops of `data.*` answer (hf_nb/panels/data). No op remembers anything for the page: each says which table it
 * means (`of`) and how it is looked at (`view`), so a restarted kernel or a second tab answers the same.
 *
 * What an op would move beyond `allow` bytes (64 MB where nothing is said) is not begun: it fails with the error type
 * `Costly`, whose `bytes` say what it takes; the page asks the reader and calls again with `allow`.
 */
import type { Code } from '../answers';

/** Which table. `what`: an id of the Hub, a path, a URL, or `$3`: an object of the kernel that was handed over. */
export interface Of {
  what: string;
  config?: string | null;
  split?: string | null;
  revision?: string | null;
  /** a query over it instead of the table itself; the table is called `t` in it */
  sql?: string | null;
}

export type Kind =
  | 'number'
  | 'text'
  | 'bool'
  | 'time'
  | 'label'
  | 'list'
  | 'struct'
  | 'chat'
  | 'image'
  | 'audio'
  | 'video'
  | 'binary'
  | 'null';

export interface Column {
  name: string;
  /** in words: "text", "list of number", "picture" */
  type: string;
  /** as stored, for whoever wants to know */
  stored: string;
  kind: Kind;
  /** names of its numbers */
  labels: string[];
}

/** data.open {of} -> Opened */
export interface Opened {
  of: Of;
  /** its name, for the title */
  title: string;
  place: 'hub' | 'disk' | 'url' | 'memory' | 'query';
  /** the commit that is shown; null where there is none */
  revision: string | null;
  /** where a person can look at it */
  url: string | null;
  configs: { name: string; splits: { name: string; rows: number | null }[] }[];
  /** null while nobody knows (the end of a CSV was not read yet) */
  rows: number | null;
  /** bytes of all its files, as stored */
  bytes: number | null;
  files: number;
  form: string;
  columns: Column[];
  /** said of it: "shows the copy of 14:05", "first of 12 configurations" */
  notes: string[];
  /** bytes moved to get here */
  moved: number;
}

/** One condition. `between`: [low, high], the high end included where `closed`; `in`: values; `has`: a text, any case. */
export interface Filter {
  column: string;
  is: 'between' | 'in' | 'has' | 'null' | 'filled';
  values: (string | number | boolean | null)[];
  closed?: boolean;
}

/** How a table is looked at. Empty: all rows, as they stand. */
export interface View {
  filters: Filter[];
  /** words that must stand in some text column */
  search: string;
  /** SQL of a condition, for what filters cannot say: `length(text) > 100` */
  where: string;
  sort: { column: string; descending: boolean } | null;
}

/** data.view {of, view, allow} : events Viewing, answer Viewed. Only needed where the view is not all rows as they stand. */
export interface Viewing {
  scanned: number;
  of: number | null;
  found: number;
  moved: number;
}
export interface Viewed {
  /** rows in the view, and in the table; `rows` counts what was found in `scanned` rows */
  rows: number;
  of: number | null;
  scanned: number;
  /** all rows were looked at */
  exact: boolean;
  /** who looked, where it was not the kernel: "the Hub's viewer" */
  by?: string;
  /** the same as SQL */
  sql: string;
  moved: number;
  seconds: number;
}

/**
 * A cell, ready to be shown: text already shortened to the characters asked for.
 * null: nothing is there. A string: its text. An object: a text that goes on (`more`: characters in all), a picture or
 * sound (`media`: true, with what is known of it as `text`), a label (`text`: its name, `value`: its number).
 */
export type Cell = null | string | { text: string; more?: number; media?: true; value?: number };

/** Where `packed` was asked for: the answer's JSON is its one buffer. */
export interface Packed {
  packed: 'deflate';
}

/**
 * data.page {of, view, offset, limit, columns: [{name, chars}], packed, allow} -> Page or, if `packed`, Packed.
 * A float that has more digits than `chars` ends with "…" (before its exponent).
 */
export interface Page {
  offset: number;
  /** numbers of these rows in the table itself */
  rows: number[];
  /** one list per asked column */
  cells: Cell[][];
  /** rows in all, where it is known by now */
  total: number | null;
  moved: number;
}

/** data.summaries {of, view, columns, exact, allow}: an event per Summary as it is known, answer {moved} */
export interface Summary {
  column: string;
  /** where it comes from: all rows; what the file says by itself; or so many of them, the rest not looked at */
  from: 'all' | 'footer' | 'sample';
  /** who counted them, where it was not the kernel: "the Hub's viewer" */
  by?: string;
  /** rows it was made from, and rows it stands for */
  seen: number;
  of: number | null;
  nulls: number | null;
  distinct: number | null;
  /** `distinct` is an estimate, about 2 % off */
  distinctAbout?: boolean;
  /** shortest, longest … in words for text; null where there is no such thing */
  low: string | null;
  high: string | null;
  mean: string | null;
  /** numbers and times: `edges` has one more than `counts`; texts and labels: the most frequent `values` */
  bars:
    | { kind: 'ranges'; edges: number[]; labels: string[]; counts: number[]; all: number[] | null }
    | {
        kind: 'values';
        values: (string | number | boolean | null)[];
        labels: string[];
        counts: number[];
        all: number[] | null;
        others: number;
      }
    | null;
  /** what the bars leave out */
  note?: string;
}

/** data.cell {of, row, column, allow} -> Whole: one cell as it is, however long (text up to 400,000 characters) */
export interface Whole {
  kind: Kind;
  text: string;
  /** characters in all; more than `text` has, where it was cut */
  characters: number;
  /** a conversation's turns; nested values as a tree are `text` as JSON */
  turns: { role: string; text: string }[] | null;
}

/** data.row {of, row, allow} -> OneRow */
export interface OneRow {
  row: number;
  fields: { column: string; kind: Kind; whole: Whole | null; media: boolean }[];
  /** the Hub's own page of this row */
  url: string | null;
}

/** data.media {of, row, column, side, allow} -> Media, with its bytes as the one buffer; `side`: longest side in pixels, 0: as it is */
export interface Media {
  mime: string;
  width: number | null;
  height: number | null;
  seconds: number | null;
  /** what it is, in words: "64 × 64, PNG, 2.1 KB" */
  text: string;
}

/** data.codes {of, view, columns, rows} -> Codes. `rows`: [first, last] of the view, or null for all */
export interface Codes extends Code {
  sql: string;
  /** with `datasets`, polars, duckdb; null where it cannot be said */
  datasets: string | null;
  polars: string | null;
  duckdb: string | null;
}

/** data.take {of, view, columns, rows, name, allow} (kernel): the same as a DataFrame in the notebook -> Taken */
export interface Taken {
  name: string;
  rows: number;
  columns: number;
  /** there was another variable of that name */
  replaced: boolean;
  code: string;
}

/** data.save {of, view, columns, rows, path, allow} -> Saved: by the ending of `path`: parquet, csv, jsonl, arrow */
export interface Saved {
  path: string;
  rows: number;
  bytes: number;
}

/** data.quote {of, sql} -> Quoted: what a query would move */
export interface Quoted {
  bytes: number;
  /** it moves as much; else at most */
  exact: boolean;
  /** a first answer from a part of it can be had */
  progressive: boolean;
  columns: string[];
}

/** data.estimate {of, sql, allow, share}: events Estimate, tightening; answer the last. Ends by itself when exact. */
export interface Estimate {
  columns: string[];
  /** a line per group; `low` and `high` bound it with 95 % confidence; equal where it is exact */
  rows: { key: string[]; values: { value: number | null; low: number | null; high: number | null }[] }[];
  share: number;
  moved: number;
  of: number;
  exact: boolean;
  note: string;
}
