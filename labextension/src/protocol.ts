/**
 * hfnb/1: what a panel and its kernel (or server) say to each other.
 *
 *   panel -> {v, id, op, generation, args}
 *   panel <- {v, id, event}*   then   {v, id, ok}  or  {v, id, error}      with binary buffers beside any of them
 *
 * An id belongs to one conversation: two tabs hear each other's answers and ignore them. A later generation of the
 * same op replaces the earlier one (0: it stands for itself). `{op: 'cancel', args: {id}}` ends a request; one that watches goes on until then.
 */
export const PROTOCOL = 'hfnb/1';

// biome-ignore lint/suspicious/noExplicitAny: an answer's shape is its op's; panels/<name>/answers.ts says which
export type Answer = any;

export interface Request {
  v: typeof PROTOCOL;
  id: string;
  op: string;
  generation: number;
  args: Record<string, unknown>;
}

/** What went wrong, as hf_nb/errors.py names it; `hint` is the next step, `retry` whether trying again may help. */
export interface Wrong {
  type: string;
  message: string;
  hint: string;
  retry: boolean;
  after?: number | null;
  /** Costly: what it would move, and what had been moved before */
  bytes?: number;
  spent?: number;
  nearest?: string[];
}

export interface Reply {
  v: string;
  id: string;
  ok?: Answer;
  error?: Wrong;
  event?: Answer;
}

/** An error that a panel shows: what, why, and the next step. */
export class HfNbError extends Error {
  constructor(readonly wrong: Wrong) {
    super(wrong.message);
    this.name = wrong.type;
  }
}

/** The request was given up here: by its signal, or by a later one of the same kind. Nobody is told. */
export class Dropped extends Error {
  constructor() {
    super('dropped');
    this.name = 'Dropped';
  }
}

export function isReply(message: unknown): message is Reply {
  if (typeof message !== 'object' || message === null) return false;
  const { v, id } = message as Partial<Reply>;
  if (typeof v !== 'string' || !v.startsWith('hfnb/') || typeof id !== 'string') return false;
  return 'ok' in message || 'error' in message || 'event' in message;
}
