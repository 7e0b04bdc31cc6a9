/** One row in full: its fields, the whole of a long one, and the rows before and after it. */
import { signal } from '@preact/signals';
import type { Channel } from '../../channel';
import { Asked, wrongOf } from '../../parts/asked';
import { Dropped, type Wrong } from '../../protocol';
import type { OneRow, Whole } from './answers';
import type { Table } from './table';

export class Looking {
  /** its place in the view; null: none is open */
  readonly at = signal<number | null>(null);
  /** the field that was asked about */
  readonly column = signal<string | null>(null);
  readonly row: Asked<OneRow>;
  /** fields that were fetched whole */
  readonly wholes = signal<Readonly<Record<string, Whole | Wrong | 'coming'>>>({});
  private allow: number | undefined;
  private asked: AbortController | null = null;

  constructor(
    private readonly channel: Channel,
    private readonly table: Table
  ) {
    this.row = new Asked<OneRow>(channel, 'data.row');
  }

  open(at: number, column: string | null = null): void {
    const rows = this.table.rows.peek();
    if (at < 0 || at >= rows) return;
    this.at.value = at;
    this.column.value = column;
    this.wholes.value = {};
    this.ask();
  }

  step(by: 1 | -1): void {
    const at = this.at.peek();
    if (at !== null) this.open(at + by, this.column.peek());
  }

  /** Its number in the table; the pages know it where it is not the place itself. */
  ask(): void {
    const at = this.at.peek();
    if (at === null) return;
    const number = this.table.number(at);
    if (number === null) return; // asked again once its page is here
    void this.row.ask({ of: this.table.exactly(), row: number, ...this.allowed() });
  }

  permit(bytes: number): void {
    this.allow = bytes;
    this.ask();
  }

  async whole(column: string): Promise<void> {
    const at = this.at.peek();
    const number = at === null ? null : this.table.number(at);
    if (number === null) return;
    this.asked ??= new AbortController();
    const { signal } = this.asked;
    const put = (one: Whole | Wrong | 'coming') => {
      if (this.at.peek() === at) this.wholes.value = { ...this.wholes.peek(), [column]: one };
    };
    put('coming');
    try {
      const args = { of: this.table.exactly(), row: number, column, ...this.allowed() };
      put(await this.channel.call<Whole>('data.cell', args, { each: true, signal }));
    } catch (error) {
      if (!(error instanceof Dropped)) put(wrongOf(error));
    }
  }

  /** All of one cell's text; null where it does not come. */
  async text(at: number, column: string): Promise<string | null> {
    const row = this.table.number(at);
    if (row === null) return null;
    const args = { of: this.table.exactly(), row, column, ...this.allowed() };
    const whole = await this.channel.call<Whole>('data.cell', args, { each: true }).catch(() => null);
    return whole?.text ?? null;
  }

  close(): void {
    this.at.value = null;
    this.row.forget();
    this.wholes.value = {};
    this.asked?.abort();
    this.asked = null;
  }

  private allowed() {
    return this.allow === undefined ? {} : { allow: this.allow };
  }
}
