/** ↑ and ↓ in a text bring what was asked before, as in a terminal; what was being written waits below it. */
export class Recalling {
  /** how far back; -1: what is being written */
  private at = -1;
  private draft = '';
  private shown: string | null = null;

  constructor(
    /** the latest first */
    private readonly all: () => readonly string[],
    private readonly write: (text: string) => void
  ) {}

  /** True where the key was taken. */
  readonly key = (event: KeyboardEvent): boolean => {
    const back = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!back || event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return false;
    const { value, selectionStart, selectionEnd } = event.target as HTMLTextAreaElement;
    if (value !== this.shown) this.at = -1;
    // within a text the arrows move by lines
    const fresh = value === this.shown && selectionStart === value.length;
    const end = back > 0 ? 0 : value.length;
    if (!fresh && !(selectionStart === end && selectionEnd === end)) return false;
    return this.step(back, value);
  };

  private step(back: number, value: string): boolean {
    const all = this.all();
    let to = this.at + back;
    // what was run a moment ago stands there still
    if (this.at < 0 && all[to] === value) to += back;
    if (to < -1 || to >= all.length) return false;
    if (this.at < 0) this.draft = value;
    this.at = to;
    this.shown = to < 0 ? this.draft : (all[to] ?? '');
    this.write(this.shown);
    return true;
  }
}
