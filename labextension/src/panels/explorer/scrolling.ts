/**
 * Where a tall table stands in a scroll bar that is not as tall. Browsers cut elements at 10 to 33 million pixels, and
 * ten million rows are 280 million. The first and the last stretch of the bar are told pixel by pixel, what lies
 * between them is squeezed; small movements are taken as they are, so that a wheel moves by rows everywhere.
 */

/** No element is taller than this: below what the strictest browser allows, also when it is zoomed. */
export const TALLEST = 8_000_000;
/** At both ends the bar is as exact as a short table's. */
export const EXACT = 40_000;

/** A place in the table, in pixels from its top, and what the scroll bar says of it. */
export class Squeeze {
  /** pixels of the whole table */
  readonly tall: number;
  /** height that the scrolled element is given */
  readonly given: number;

  constructor(
    rows: number,
    readonly rowHeight: number,
    /** pixels of the table that are seen at once */
    readonly seen: number
  ) {
    this.tall = Math.max(0, rows) * rowHeight;
    this.given = Math.min(this.tall, TALLEST);
  }

  get squeezed(): boolean {
    return this.tall > this.given;
  }

  /** the farthest that can be scrolled, in the table and on the bar */
  get last(): number {
    return Math.max(0, this.tall - this.seen);
  }
  get end(): number {
    return Math.max(0, this.given - this.seen);
  }

  clamp(top: number): number {
    return Math.min(this.last, Math.max(0, top));
  }

  /** Where the bar stands for a place in the table. */
  bar(top: number): number {
    const place = this.clamp(top);
    if (!this.squeezed || place <= EXACT) return place;
    const rest = this.last - place;
    if (rest <= EXACT) return this.end - rest;
    return EXACT + ((place - EXACT) / (this.last - 2 * EXACT)) * (this.end - 2 * EXACT);
  }

  /** The place that the bar means. */
  place(bar: number): number {
    const at = Math.min(this.end, Math.max(0, bar));
    if (!this.squeezed || at <= EXACT) return at;
    const rest = this.end - at;
    if (rest <= EXACT) return this.last - rest;
    return EXACT + ((at - EXACT) / (this.end - 2 * EXACT)) * (this.last - 2 * EXACT);
  }

  /**
   * The bar was moved. A step no longer than what is seen came from a wheel, a finger or the bar's arrow: the table
   * moves as far. A longer one is the bar being dragged: a pixel of the mouse is thousands of the bar.
   */
  moved(top: number, before: number, now: number): number {
    if (!this.squeezed) return this.clamp(now);
    const step = now - before;
    return Math.abs(step) <= this.seen * 1.5 ? this.clamp(top + step) : this.clamp(this.place(now));
  }

  /** The bar has come so far from where it should be that it would soon reach an end the table has not reached. */
  strayed(top: number, bar: number): boolean {
    if (!this.squeezed) return false;
    const away = Math.abs(this.bar(top) - bar);
    return away > EXACT / 2 || (bar <= 0 && top > 0) || (bar >= this.end && top < this.last);
  }
}

/** First row that can be seen, and the one after the last; `over` more on either side. */
export function rowsIn(
  top: number,
  seen: number,
  rowHeight: number,
  rows: number,
  over = 0
): [number, number] {
  const first = Math.floor(top / rowHeight) - over;
  const after = Math.ceil((top + seen) / rowHeight) + over;
  return [Math.max(0, Math.min(rows, first)), Math.max(0, Math.min(rows, after))];
}

/** How far to go so that a row is seen whole; nothing where it is. */
export function bringing(row: number, top: number, seen: number, rowHeight: number): number {
  const from = row * rowHeight;
  if (from < top) return from;
  return from + rowHeight > top + seen ? from + rowHeight - seen : top;
}
