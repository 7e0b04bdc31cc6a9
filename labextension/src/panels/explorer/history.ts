/** What was searched and asked before, the latest first; kept with the panel, and bounded. */
import { signal } from '@preact/signals';

export const REMEMBERED = 30;
const LONGEST = 4000;

export class History {
  readonly all = signal<readonly string[]>([]);

  constructor(
    kept: unknown,
    private readonly keep: (all: readonly string[]) => void
  ) {
    if (Array.isArray(kept))
      this.all.value = kept.filter((one): one is string => typeof one === 'string').slice(0, REMEMBERED);
  }

  add(text: string): void {
    const said = text.trim();
    if (!said || said.length > LONGEST || this.all.peek()[0] === said) return;
    this.all.value = [said, ...this.all.peek().filter(one => one !== said)].slice(0, REMEMBERED);
    this.keep(this.all.value);
  }

  clear(): void {
    this.all.value = [];
    this.keep([]);
  }
}
