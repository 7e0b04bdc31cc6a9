/** One long request with events, asked again whenever the other side comes back: what keeps a panel live. */
import type { Channel, State } from '../channel';
import { Dropped, HfNbError, type Wrong } from '../protocol';

export interface Watching {
  /** ask again now: the reader pressed "Try again" */
  again(): void;
  stop(): void;
}

/** Milliseconds until the next attempt, where nobody said; doubled with each that fails. */
const AGAIN_AFTER = 500;
const LONGEST = 30_000;
const UP: readonly State[] = ['connecting', 'ready', 'busy'];

export function watching<Event>(
  channel: Channel,
  op: string,
  args: Record<string, unknown>,
  hear: (event: Event) => void,
  /** why it stands still; null once it is live */
  still: (wrong: Wrong | null) => void
): Watching {
  let over = false;
  let failed = 0;
  let asked: AbortController | null = null;
  let later: ReturnType<typeof setTimeout> | undefined;

  const begin = () => {
    clearTimeout(later);
    if (over || asked) return;
    const mine = new AbortController();
    asked = mine;
    const heard = (event: Event) => {
      if (over) return;
      failed = 0;
      still(null);
      hear(event);
    };
    channel.call(op, args, { each: true, signal: mine.signal, onEvent: heard }).then(
      () => ended(null),
      error => ended(error)
    );
  };

  const ended = (error: unknown) => {
    asked = null;
    if (over || error instanceof Dropped) return;
    const up = UP.includes(channel.status.peek().state);
    const wrong = error instanceof HfNbError ? error.wrong : null;
    if (wrong && up) still(wrong);
    // a side that is gone says so by its status; one that will never answer is asked again by the reader alone
    if (!up || (wrong && !wrong.retry)) return;
    const wait = wrong?.after ? wrong.after * 1000 : AGAIN_AFTER * 2 ** failed;
    failed++;
    later = setTimeout(begin, Math.min(wait, LONGEST));
  };

  // later than the change itself: a channel says "connecting" before it can be spoken through
  const forget = channel.status.subscribe(() => queueMicrotask(begin));
  return {
    again: () => {
      failed = 0;
      begin();
    },
    stop: () => {
      over = true;
      forget();
      clearTimeout(later);
      asked?.abort();
    }
  };
}
