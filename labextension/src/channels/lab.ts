/**
 * The sidebar's Channel: a kernel where there is one that answers, else the Jupyter server.
 *
 *   in the kernel only      inference.*, compare.*, models.run, playground.run
 *   questions               the kernel; where it is silent, the server too, and the first answer counts
 *   everything else         the kernel where it is ready, else the server
 */
import { computed, effect, type ReadonlySignal } from '@preact/signals';
import type { Call, Channel, Conversation, Status } from '../channel';
import { type Answer, HfNbError } from '../protocol';

export type Way = 'auto' | 'kernel' | 'server';

/** Something is to be done, so a kernel is got ready for it. */
const WAKES: ReadonlySet<string> = new Set([
  'models.run',
  'playground.run',
  'compare.live',
  'compare.blind',
  'compare.rows'
]);

function needsKernel(op: string): boolean {
  return op.startsWith('inference.') || op.startsWith('compare.') || WAKES.has(op);
}

const QUESTION =
  /\.(search|facets|details|status|code|choices|tasks|form|place)$|^data\.(open|view|page|summaries|cell|row|media|codes|quote)$/;

/** A question that either side can answer: of the Hub, or of a table that is no variable of the notebook. */
function isQuestion(op: string, args: Record<string, unknown>): boolean {
  const { what } = (args.of ?? {}) as { what?: unknown };
  return QUESTION.test(op) && !(typeof what === 'string' && what.startsWith('$'));
}

export interface Sides {
  kernel: Conversation;
  server: Conversation;
  /** what the user wants for questions of the Hub */
  way: ReadonlySignal<Way>;
  /** get a kernel ready for what only a kernel can do; rejects where that is not possible */
  wake?: () => Promise<void>;
}

export class LabChannel implements Channel {
  readonly status: ReadonlySignal<Status>;

  /** `kernelOnly`: a panel that is of no use without a kernel. */
  constructor(
    private readonly sides: Sides,
    kernelOnly = false
  ) {
    const { kernel, server, way } = sides;
    this.status = computed(() => {
      const ours = kernel.status.value;
      if (kernelOnly || way.value === 'kernel') return ours;
      return ours.state === 'ready' && way.value === 'auto' ? ours : server.status.value;
    });
  }

  async call<T = Answer>(op: string, args: Record<string, unknown> = {}, call: Call = {}): Promise<T> {
    const { kernel, server, wake } = this.sides;
    const way = this.sides.way.value;
    if (needsKernel(op)) {
      if (WAKES.has(op) && !answers(kernel)) await wake?.().catch(missing);
      return kernel.call<T>(op, args, call);
    }
    if (way === 'kernel') return kernel.call<T>(op, args, call);
    if (way === 'server' || kernel.status.value.state !== 'ready') return server.call<T>(op, args, call);
    return isQuestion(op, args) ? this.either<T>(op, args, call) : kernel.call<T>(op, args, call);
  }

  dispose(): void {}

  /** Ask the kernel; where it turns silent before it has answered, ask the server too. */
  private async either<T>(op: string, args: Record<string, unknown>, call: Call): Promise<T> {
    const { kernel, server } = this.sides;
    const given = (stop: AbortController): Call => ({
      ...call,
      signal: call.signal ? AbortSignal.any([call.signal, stop.signal]) : stop.signal
    });
    const first = new AbortController();
    const second = new AbortController();
    const asked = kernel.call<T>(op, args, given(first));
    const silence = silent(kernel);
    try {
      const early = await Promise.race([asked.then(answer => ({ answer })), silence.heard]);
      if (early) return early.answer;
      const other = server.call<T>(op, args, given(second));
      return await Promise.race([answered(asked, other), answered(other, asked)]);
    } catch (wrong) {
      if (
        wrong instanceof HfNbError &&
        wrong.wrong.type === 'Unreachable' &&
        kernel.status.value.state !== 'ready'
      )
        return server.call<T>(op, args, call);
      throw wrong;
    } finally {
      silence.stop();
      first.abort();
      second.abort();
      asked.catch(() => undefined);
    }
  }
}

function answers(kernel: Conversation): boolean {
  return kernel.status.value.state === 'ready' || kernel.status.value.state === 'busy';
}

function missing(wrong: unknown): never {
  const message = wrong instanceof Error ? wrong.message : String(wrong);
  const hint = 'Open a notebook with a Python kernel, then try again.';
  throw new HfNbError({ type: 'Unreachable', message, hint, retry: true });
}

/** The answer of one; its failure counts only where the kernel could not be asked at all and the other one may. */
function answered<T>(one: Promise<T>, other: Promise<T>): Promise<T> {
  return one.catch(wrong => {
    if (wrong instanceof HfNbError && wrong.wrong.type === 'Unreachable') return other;
    throw wrong;
  });
}

/** Told when a conversation is busy. */
function silent(kernel: Conversation): { heard: Promise<null>; stop: () => void } {
  let stop = () => {};
  const heard = new Promise<null>(resolve => {
    stop = effect(() => {
      if (kernel.status.value.state === 'busy') resolve(null);
    });
  });
  return { heard, stop };
}
