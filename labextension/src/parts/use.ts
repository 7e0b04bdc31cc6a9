/** Hooks that views share. */
import { useEffect, useId, useMemo, useState } from 'preact/hooks';
import type { Channel } from '../channel';
import type { Answer, Wrong } from '../protocol';
import { Asked, whenBack } from './asked';

export interface Answered<T> {
  answer: T | null;
  wrong: Wrong | null;
  waiting: boolean;
  again: () => void;
}

/**
 * An op's answer for these arguments; null: nothing is asked. Other arguments ask again, and what is shown stays until
 * the new answer has come. It is asked again when the channel comes back after an error.
 */
export function useAnswer<T = Answer>(
  channel: Channel,
  op: string,
  args: Record<string, unknown> | null
): Answered<T> {
  const asked = useMemo(() => new Asked<T>(channel, op), [channel, op]);
  const written = args && JSON.stringify(args);
  useEffect(() => {
    if (written === null) return undefined;
    void asked.ask(JSON.parse(written));
    return () => asked.stop();
  }, [asked, written]);
  useEffect(
    () => whenBack(channel.status, () => asked.wrong.peek()?.retry && void asked.again()),
    [asked, channel]
  );
  return {
    answer: asked.answer.value,
    wrong: asked.wrong.value,
    waiting: asked.waiting.value,
    again: () => void asked.again()
  };
}

/** How long something has been going on, in the steps of a loading view: 0, then 1 (150 ms), 2 (1 s), 3 (3 s). */
export function useStage(active: boolean): 0 | 1 | 2 | 3 {
  const [stage, setStage] = useState<0 | 1 | 2 | 3>(0);
  useEffect(() => {
    setStage(0);
    if (!active) return undefined;
    const timers = ([150, 1000, 3000] as const).map((after, index) =>
      setTimeout(() => setStage((index + 1) as 1 | 2 | 3), after)
    );
    return () => timers.forEach(clearTimeout);
  }, [active]);
  return active ? stage : 0;
}

/** Whole seconds since it became true. */
export function useSeconds(active: boolean): number {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    setSeconds(0);
    if (!active) return undefined;
    const began = Date.now();
    const timer = setInterval(() => setSeconds(Math.round((Date.now() - began) / 1000)), 1000);
    return () => clearInterval(timer);
  }, [active]);
  return seconds;
}

// one for each bundle in the page, and for each of its panels
const BUNDLE = Math.random().toString(36).slice(2, 7);
let made = 0;

/** A name for an element that no other on the page has: preact's own are counted anew in every panel. */
export function useUnique(): string {
  const id = useId();
  const at = useMemo(() => ++made, []);
  return `hfnb-${BUNDLE}-${at}-${id}`;
}
