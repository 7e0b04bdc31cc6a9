/** What advice there is, without a page: looked for when asked, and each piece taken or taken back. */
import { signal } from '@preact/signals';
import type { Host } from '../../panel';
import { Asked, wrongOf } from '../../parts/asked';
import type { Answer, Wrong } from '../../protocol';
import { Dropped } from '../../protocol';
import type { Advice, Setting, Tip } from './answers';

export class Tips {
  readonly asked: Asked<Advice>;
  /** what is tried now */
  readonly trying = signal('');
  /** keys of what is set */
  readonly taken = signal<ReadonlySet<string>>(new Set());
  /** keys whose button waits for the kernel */
  readonly going = signal<ReadonlySet<string>>(new Set());
  readonly wrong = signal<ReadonlyMap<string, Wrong>>(new Map());
  /** said and shown for a moment: what is set now */
  readonly confirmed = signal<{ text: string } | null>(null);

  constructor(private readonly host: Host) {
    this.asked = new Asked<Advice>(host.channel, 'inference.advice');
    const told = host.options.advice as Advice | undefined;
    if (told) this.hear(told);
  }

  /** Look for it: what could be quicker is tried, which takes seconds. */
  async look(): Promise<void> {
    this.trying.value = '';
    const told = await this.asked.ask({}, event => {
      this.trying.value = (event as Answer & { what: string }).what;
    });
    if (told) this.hear(told);
  }

  take(tip: Tip): Promise<void> {
    return this.change('inference.take', tip);
  }

  undo(tip: Tip): Promise<void> {
    return this.change('inference.undo', tip);
  }

  private hear(told: Advice): void {
    this.asked.answer.value = told;
    this.wrong.value = new Map();
    this.taken.value = new Set(told.tips.filter(tip => tip.taken).map(tip => tip.key));
  }

  private async change(op: string, { key }: Tip): Promise<void> {
    if (this.going.peek().has(key)) return;
    this.going.value = changed(this.going.peek(), key, true);
    try {
      const now = await this.host.channel.call<Setting>(op, { tip: key }, { each: true });
      this.taken.value = changed(this.taken.peek(), key, now.taken);
      this.fail(key, null);
      this.confirmed.value = { text: this.host.say('%1 is %2 in this notebook', now.name, now.value) };
    } catch (error) {
      if (!(error instanceof Dropped)) this.fail(key, wrongOf(error));
    } finally {
      this.going.value = changed(this.going.peek(), key, false);
    }
  }

  private fail(key: string, wrong: Wrong | null): void {
    const all = new Map(this.wrong.peek());
    if (wrong) all.set(key, wrong);
    else all.delete(key);
    this.wrong.value = all;
  }
}

function changed(keys: ReadonlySet<string>, key: string, there: boolean): ReadonlySet<string> {
  const all = new Set(keys);
  if (there) all.add(key);
  else all.delete(key);
  return all;
}
