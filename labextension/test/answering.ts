/** A panel's other side, written by a test: real conversations over a transport that a table of ops answers. */
import { act } from 'preact/test-utils';
import { Conversation } from '../src/channel';
import type { Host } from '../src/panel';
import { PROTOCOL, type Request, type Wrong } from '../src/protocol';

export interface Asked {
  op: string;
  args: Record<string, unknown>;
  cancelled: boolean;
  event(event: unknown): void;
  ok(answer: unknown, buffers?: ArrayBuffer[]): void;
  error(wrong: Partial<Wrong>): void;
}

/** What an op answers at once; `undefined`: the test answers later, by `last(op)`. */
export type Answers = Record<string, (args: Record<string, unknown>) => unknown>;

export class OtherSide {
  readonly channel = new Conversation();
  readonly asked: Asked[] = [];
  private readonly byId = new Map<string, Asked>();

  constructor(
    private readonly answers: Answers = {},
    connected = true
  ) {
    if (connected) this.connect();
  }

  /** Here, or here again. */
  connect(): void {
    this.channel.connect({ send: request => this.take(request), dispose: () => undefined });
    this.channel.status.value = { state: 'ready' };
  }

  /** The requests of one op so far. */
  of(op: string): Asked[] {
    return this.asked.filter(one => one.op === op);
  }

  last(op: string): Asked {
    const one = this.of(op).at(-1);
    if (!one) throw new Error(`${op} was never asked`);
    return one;
  }

  private take({ id, op, args }: Request): void {
    if (op === 'cancel') {
      const one = this.byId.get(String(args.id));
      if (one) one.cancelled = true;
      return;
    }
    const say = (said: object, buffers?: ArrayBuffer[]) =>
      this.channel.receive({ v: PROTOCOL, id, ...said }, buffers);
    const asked: Asked = {
      op,
      args,
      cancelled: false,
      event: event => void say({ event }),
      ok: (answer, buffers) => void say({ ok: answer }, buffers),
      error: wrong => void say({ error: { type: 'Broken', message: '', hint: '', retry: false, ...wrong } })
    };
    this.asked.push(asked);
    this.byId.set(id, asked);
    const answer = this.answers[op]?.(args);
    if (answer !== undefined) queueMicrotask(() => asked.ok(answer));
  }
}

export interface TriedHost extends Host {
  kept: Record<string, unknown>;
  opened: string[];
  copied: string[];
}

export function hostOf(side: OtherSide, options: Record<string, unknown> = {}): TriedHost {
  const kept: Record<string, unknown> = {};
  const opened: string[] = [];
  const copied: string[] = [];
  return {
    kind: 'cell',
    channel: side.channel,
    options,
    kept,
    opened,
    copied,
    remember: (name, value) => {
      kept[name] = value;
    },
    insert: async () => 'inserted',
    copy: async text => {
      copied.push(text);
      return true;
    },
    open: url => void opened.push(url),
    say: (text, ...values) => text.replace(/%(\d)/g, (_, place) => String(values[Number(place) - 1] ?? ''))
  };
}

/** What has been promised has come, and the page shows it. */
export async function drawn(): Promise<void> {
  await act(settled);
  await act(settled);
}

/** What has been promised has come. */
export const settled = () => new Promise<void>(resolve => setTimeout(resolve, 0));
