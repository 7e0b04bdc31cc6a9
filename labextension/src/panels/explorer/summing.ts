/** What is known of each column: asked for as columns come into sight, and anew with every other view. */
import { type Signal, signal } from '@preact/signals';
import type { Channel } from '../../channel';
import { wrongOf } from '../../parts/asked';
import { Dropped, type Wrong } from '../../protocol';
import type { Of, Summary, View } from './answers';

/** Columns in one question. */
const AT_ONCE = 12;

export class Summing {
  readonly known = signal<Readonly<Record<string, Summary>>>({});
  readonly wrong = signal<Wrong | null>(null);
  readonly waiting = signal(false);
  /** asked for in this view */
  private asked = new Set<string>();
  private going: AbortController | null = null;
  private allow: number | undefined;
  private wanted: string[] = [];
  private again: { names: string[]; exact: boolean } | null = null;

  constructor(
    private readonly channel: Channel,
    private readonly of: () => Of,
    private readonly view: () => View,
    private readonly moved: (bytes: number) => void,
    private readonly costly: Signal<Wrong | null>
  ) {}

  /** These columns can be seen. */
  look(names: readonly string[]): void {
    this.wanted = names.filter(name => !this.asked.has(name));
    if (!this.going) void this.next();
  }

  /** Of all rows, whatever it takes. */
  exact(name: string): void {
    void this.ask([name], true);
  }

  /** Another view: what was known stands until the new is there. */
  renew(): void {
    this.stop();
    this.wanted = [];
    this.asked = new Set();
    this.wrong.value = null;
  }

  permit(bytes: number): void {
    this.allow = Math.max(this.allow ?? 0, bytes);
    this.costly.value = null;
    const { again } = this;
    if (again) void this.ask(again.names, again.exact);
  }

  retry(): void {
    this.renew();
  }

  stop(): void {
    this.going?.abort();
    this.going = null;
    this.waiting.value = false;
  }

  private async next(): Promise<void> {
    const names = this.wanted.splice(0, AT_ONCE);
    if (!names.length || this.wrong.peek()) return;
    await this.ask(names, false);
  }

  private async ask(names: string[], exact: boolean): Promise<void> {
    this.going?.abort();
    const going = new AbortController();
    this.going = going;
    this.waiting.value = true;
    for (const name of names) this.asked.add(name);
    try {
      const { moved } = await this.channel.call<{ moved: number }>(
        'data.summaries',
        {
          of: this.of(),
          view: this.view(),
          columns: names,
          exact,
          ...(exact && this.allow !== undefined && { allow: this.allow })
        },
        {
          each: true,
          signal: going.signal,
          onEvent: (one: Summary) => {
            if (this.going === going) this.known.value = { ...this.known.peek(), [one.column]: one };
          }
        }
      );
      this.moved(moved);
    } catch (error) {
      if (this.going !== going || error instanceof Dropped) return;
      const wrong = wrongOf(error);
      this.again = { names, exact };
      // a header without its bars is no reason to ask: only who wants them exact is asked
      if (wrong.type === 'Costly' && exact) this.costly.value = wrong;
      else if (wrong.type !== 'Costly') this.wrong.value = wrong;
    }
    if (this.going !== going) return;
    this.going = null;
    this.waiting.value = false;
    void this.next();
  }
}
