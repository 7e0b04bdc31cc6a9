/**
 * A panel speaks to a Channel and does not know who is behind it:
 *
 *   channels/widget.ts   an anywidget model in a cell        channels/kernel.ts   a comm of the sidebar
 *   channels/server.ts   a route of the Jupyter server, for what needs no kernel
 */
import { type ReadonlySignal, signal } from '@preact/signals';
import { type Answer, Dropped, HfNbError, isReply, PROTOCOL, type Reply, type Request } from './protocol';

/** How the other side is. `busy`: it has not answered for a while; `unloaded`: a kernel without hf_nb. */
export type State = 'connecting' | 'ready' | 'busy' | 'absent' | 'unloaded' | 'lost' | 'version';

export interface Status {
  state: State;
  /** one line more, where there is something to say */
  detail?: string;
}

export interface Call {
  /** give the request up; the other side is told */
  signal?: AbortSignal;
  /** what comes before the answer */
  onEvent?: (event: Answer, buffers: ArrayBuffer[]) => void;
  /** each request counts by itself; else a later one of the same op takes the place of an earlier */
  each?: boolean;
  /** sent beside the question */
  buffers?: ArrayBuffer[];
  /** given the answer's buffers */
  onBuffers?: (buffers: ArrayBuffer[]) => void;
}

export interface Channel {
  readonly status: ReadonlySignal<Status>;
  /** The answer of one op; rejects with HfNbError, or Dropped where nobody waits for it any more. */
  call<T = Answer>(op: string, args?: Record<string, unknown>, call?: Call): Promise<T>;
  dispose(): void;
}

/** What carries messages to and fro. */
export interface Transport {
  send(message: Request, buffers?: ArrayBuffer[]): void;
  dispose(): void;
}

/** Milliseconds without an answer after which a kernel counts as busy. */
export const BUSY_AFTER = 300;

interface Pending {
  op: string;
  each: boolean;
  resolve: (answer: Answer) => void;
  reject: (wrong: Error) => void;
  call: Call;
  /** listen to its signal no longer */
  forget?: () => void;
}

/** A Channel over anything that carries messages both ways. */
export class Conversation implements Channel {
  readonly status = signal<Status>({ state: 'connecting' });
  private readonly name = crypto.randomUUID?.().slice(0, 8) ?? Math.random().toString(36).slice(2, 10);
  private readonly pending = new Map<string, Pending>();
  private readonly generations = new Map<string, number>();
  private count = 0;
  private heard = 0;
  private watch: ReturnType<typeof setTimeout> | undefined;

  constructor(private transport: Transport | null = null) {}

  /** Speak through this transport from now on; what was pending is lost with the old one. */
  connect(transport: Transport): void {
    this.hangUp({ state: 'connecting' });
    this.transport = transport;
  }

  /** Nobody is there any more. */
  hangUp(status: Status): void {
    this.transport?.dispose();
    this.transport = null;
    clearTimeout(this.watch);
    this.watch = undefined;
    this.status.value = status;
    for (const id of [...this.pending.keys()]) this.taken(id)?.reject(lost(status));
  }

  call<T = Answer>(op: string, args: Record<string, unknown> = {}, call: Call = {}): Promise<T> {
    const transport = this.transport;
    if (!transport) return Promise.reject(lost(this.status.value));
    if (call.signal?.aborted) return Promise.reject(new Dropped());
    const each = call.each ?? false;
    let generation = 0;
    if (!each) {
      generation = (this.generations.get(op) ?? 0) + 1;
      this.generations.set(op, generation);
      for (const [id, one] of this.pending) if (one.op === op && !one.each) this.drop(id);
    }
    const id = this.next();
    return new Promise<T>((resolve, reject) => {
      const dropped = () => this.drop(id);
      this.pending.set(id, {
        op,
        each,
        call,
        resolve,
        reject,
        forget: () => call.signal?.removeEventListener('abort', dropped)
      });
      call.signal?.addEventListener('abort', dropped, { once: true });
      try {
        transport.send({ v: PROTOCOL, id, op, generation, args }, call.buffers);
      } catch {
        this.taken(id)?.reject(lost(this.status.value)); // unless it has hung up by itself
      }
      this.expect();
    });
  }

  /** A message has come; true where it was ours. */
  receive(message: unknown, buffers: ArrayBuffer[] = []): boolean {
    if (!isReply(message)) return false;
    const one = this.pending.get(message.id);
    if (!one) return false; // another tab's
    if (message.v !== PROTOCOL) {
      this.hangUp({ state: 'version', detail: message.v });
      return false;
    }
    this.heard++;
    if (this.status.value.state === 'busy' || this.status.value.state === 'connecting')
      this.status.value = { state: 'ready' };
    this.settle(message, one, buffers);
    return true;
  }

  dispose(): void {
    for (const id of [...this.pending.keys()]) this.drop(id);
    this.hangUp({ state: 'absent' });
  }

  private settle(message: Reply, one: Pending, buffers: ArrayBuffer[]): void {
    if (message.event !== undefined) {
      one.call.onEvent?.(message.event, buffers);
      return;
    }
    this.taken(message.id);
    if (message.error) {
      one.reject(new HfNbError(message.error));
    } else {
      one.call.onBuffers?.(buffers);
      one.resolve(message.ok);
    }
  }

  /** A request that is pending no more. */
  private taken(id: string): Pending | undefined {
    const one = this.pending.get(id);
    this.pending.delete(id);
    one?.forget?.();
    return one;
  }

  /** Give a request up and tell the other side. */
  private drop(id: string): void {
    const one = this.taken(id);
    if (!one) return;
    one.reject(new Dropped());
    this.tell(this.next(), 'cancel', { id });
  }

  /**
   * Where nothing at all is heard for a while, the kernel is busy: a panel says so instead of standing still. A question
   * may take longer by itself (the Hub is far), so the other side is asked whether it is there before that is said.
   */
  private expect(): void {
    if (this.watch !== undefined) return; // somebody who types asks too often to begin anew each time
    const before = this.heard;
    let asked = this.count;
    const silent = () =>
      this.pending.size > 0 && this.heard === before && UNTOLD.has(this.status.value.state);
    const later = (then: () => void) => {
      this.watch = setTimeout(() => {
        this.watch = undefined;
        if (silent()) then();
        else if (this.pending.size > 0 && this.count > asked) this.expect();
      }, BUSY_AFTER / 2);
    };
    later(() => {
      this.knock();
      asked = this.count;
      later(() => {
        this.status.value = { state: 'busy' };
      });
    });
  }

  /** Is anybody there? Its answer is heard whenever it comes, and ends `busy`. */
  private knock(): void {
    for (const one of this.pending.values()) if (one.resolve === nothing) return;
    const id = this.next();
    this.pending.set(id, { op: 'hello', each: true, resolve: nothing, reject: nothing, call: {} });
    this.tell(id, 'hello', {});
  }

  /** Send something that no panel waits for. */
  private tell(id: string, op: string, args: Record<string, unknown>): void {
    try {
      this.transport?.send({ v: PROTOCOL, id, op, generation: 0, args });
    } catch {
      // nobody is there, and whoever waits for an answer hears of it from the transport
    }
  }

  private next(): string {
    return `${this.name}-${++this.count}`;
  }
}

const nothing = () => undefined;
/** States in which silence is news. */
const UNTOLD: ReadonlySet<State> = new Set(['connecting', 'ready']);

function lost(status: Status): HfNbError {
  const said: Partial<Record<State, [string, string]>> = {
    absent: ['No kernel is running.', 'Start one, then try again.'],
    unloaded: ['This kernel has not loaded hf_nb.', 'Run %load_ext hf_nb in it.'],
    version: [
      'The kernel has another version of hf_nb than this page.',
      'Restart the kernel and reload the page.'
    ]
  };
  const [message, hint] = said[status.state] ?? [
    'The kernel was restarted.',
    'Run %load_ext hf_nb, then the cell again.'
  ];
  return new HfNbError({ type: 'Unreachable', message, hint, retry: true });
}
