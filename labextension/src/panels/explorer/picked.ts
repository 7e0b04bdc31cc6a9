/** The rows that are selected: one stretch, from where it was begun to where it was drawn. */
import { computed, signal } from '@preact/signals';

export class Picked {
  private readonly ends = signal<[from: number, to: number] | null>(null);

  /** first and last, in the order of the view; null: none */
  readonly range = computed<[number, number] | null>(() => {
    const ends = this.ends.value;
    return ends && [Math.min(...ends), Math.max(...ends)];
  });
  readonly count = computed(() => (this.range.value ? this.range.value[1] - this.range.value[0] + 1 : 0));

  has(row: number): boolean {
    const range = this.range.value;
    return range !== null && row >= range[0] && row <= range[1];
  }

  /** This row alone; none, where it was the only one. */
  toggle(row: number): void {
    const ends = this.ends.peek();
    this.ends.value = ends && ends[0] === row && ends[1] === row ? null : [row, row];
  }

  /** From where it was begun to this row. */
  extend(row: number, from = row): void {
    this.ends.value = [this.ends.peek()?.[0] ?? from, row];
  }

  all(rows: number): void {
    this.ends.value = rows > 0 ? [0, rows - 1] : null;
  }

  clear(): void {
    this.ends.value = null;
  }
}
