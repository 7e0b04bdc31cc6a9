/** The scroll bar of a page and the place in the table: one follows the other. */
import type { Sheet } from './sheet';

/** Milliseconds of rest after which the bar is put where the table is. */
const RESTS = 160;

export class Scroller {
  /** where the bar was last seen, or put */
  private bar = 0;
  private rest: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly element: HTMLElement,
    private readonly sheet: Sheet,
    private readonly move: () => void
  ) {}

  /** The browser has scrolled. */
  readonly scrolled = (): void => {
    const { sheet, element } = this;
    const now = element.scrollTop;
    const before = sheet.top.peek();
    const squeeze = sheet.squeeze.peek();
    const top = squeeze.moved(before, this.bar, now);
    this.bar = now;
    if (top !== before) sheet.forward = top > before;
    sheet.top.value = top;
    sheet.left.value = element.scrollLeft;
    this.move();
    if (squeeze.strayed(top, now)) this.settle();
    else this.later();
  };

  /** Go there. */
  to(top: number, left = this.sheet.left.peek()): void {
    const place = this.sheet.squeeze.peek().clamp(top);
    this.sheet.forward = place >= this.sheet.top.peek();
    this.sheet.top.value = place;
    this.settle();
    if (this.element.scrollLeft !== left) this.element.scrollLeft = left;
    this.sheet.left.value = this.element.scrollLeft;
    this.move();
  }

  /** The bar where the table is. */
  settle(): void {
    clearTimeout(this.rest);
    const { sheet, element } = this;
    const bar = Math.round(sheet.squeeze.peek().bar(sheet.top.peek()));
    if (Math.abs(element.scrollTop - bar) >= 1) element.scrollTop = bar;
    this.bar = element.scrollTop;
  }

  /** Other rows, or another height: the place stays where there still is one. */
  fit(): void {
    const { sheet } = this;
    sheet.top.value = sheet.squeeze.peek().clamp(sheet.top.peek());
    this.settle();
    this.move();
  }

  end(): void {
    clearTimeout(this.rest);
  }

  private later(): void {
    clearTimeout(this.rest);
    if (!this.sheet.squeeze.peek().squeezed) return;
    this.rest = setTimeout(() => {
      // it was moved just now, and the browser has not said so yet: that is where the reader wants to be
      if (Math.abs(this.element.scrollTop - this.bar) < 1) this.settle();
    }, RESTS);
  }
}
