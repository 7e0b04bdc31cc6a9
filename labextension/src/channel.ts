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
  send(message: Request): void;
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
    const waiting = [...this.pending.values()];
    this.pending.clear();
    for (const one of waiting) one.reject(lost(status));
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
    const id = `${this.name}-${++this.count}`;
    return new Promise<T>((resolve, reject) => {
      this.pending.set(id, { op, each, resolve, reject, call });
      call.signal?.addEventListener('abort', () => this.drop(id), { once: true });
      transport.send({ v: PROTOCOL, id, op, generation, args });
      this.expect(id);
    });
  }

  /** A message has come; true where it was ours. */
  receive(message: unknown, buffers: ArrayBuffer[] = []): boolean {
    if (!isReply(message)) return false;
    if (message.v !== PROTOCOL) {
      this.status.value = { state: 'version', detail: message.v };
      return false;
    }
    const one = this.pending.get(message.id);
    if (!one) return false;
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
    this.pending.delete(message.id);
    if (message.error) {
      one.reject(new HfNbError(message.error));
    } else {
      one.call.onBuffers?.(buffers);
      one.resolve(message.ok);
    }
  }

  /** Give a request up and tell the other side. */
  private drop(id: string): void {
    const one = this.pending.get(id);
    if (!one) return;
    this.pending.delete(id);
    this.transport?.send({
      v: PROTOCOL,
      id: `${this.name}-${++this.count}`,
      op: 'cancel',
      generation: 0,
      args: { id }
    });
    one.reject(new Dropped());
  }

  /** Where nothing at all is heard for a while, the kernel is busy: a panel says so instead of standing still. */
  private expect(id: string): void {
    const before = this.heard;
    clearTimeout(this.watch);
    this.watch = setTimeout(() => {
      if (this.pending.has(id) && this.heard === before && this.status.value.state === 'ready')
        this.status.value = { state: 'busy' };
    }, BUSY_AFTER);
  }
}

function lost(status: Status): HfNbError {
  const said: Partial<Record<State, [string, string]>> = {
    absent: ['No kernel is running.', 'Start one, then try again.'],
    unloaded: ['This kernel has not loaded hf_nb.', 'Run %load_ext hf_nb in it.'],
    version: [
      'The kernel has another version of hf_nb than this page.',
      'Restart the kernel and reload the page.'
    ]
  };
  const [message, hint] = said[status.state] ?? ['The kernel was restarted.', 'Run the cell again.'];
  return new HfNbError({ type: 'Unreachable', message, hint, retry: true });
}
