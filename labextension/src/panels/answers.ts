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
}
