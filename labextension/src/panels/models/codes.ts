/** Code that asks a model, by model: what a card inserts, and what it becomes when it is dragged into a notebook. */
import type { Channel } from '../../channel';
import type { Code } from '../answers';
import type { ModelRow } from './answers';

export class Codes {
  private readonly kept = new Map<string, Promise<Code>>();
  private readonly known = new Map<string, Code>();

  constructor(private readonly channel: Channel) {}

  /** Asked for once per model. */
  of(row: ModelRow): Promise<Code> {
    const kept = this.kept.get(row.id);
    if (kept) return kept;
    const args = { id: row.id, ...(row.task && { task: row.task }) };
    const coming = this.channel.call<Code>('models.code', args, { each: true });
    this.kept.set(row.id, coming);
    coming.then(
      code => this.known.set(row.id, code),
      () => this.kept.delete(row.id)
    );
    return coming;
  }

  /** Of this input instead of the example's. */
  with(row: ModelRow, input: string): Promise<Code> {
    const args = { id: row.id, input, ...(row.task && { task: row.task }) };
    return this.channel.call<Code>('models.code', args, { each: true });
  }

  /** What is there without waiting: a drag does not wait. */
  now(row: ModelRow): string {
    return this.known.get(row.id)?.python ?? `%hf info ${row.id}`;
  }
}
