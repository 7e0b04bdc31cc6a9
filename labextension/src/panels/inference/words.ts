/** A job's state in words. */
import type { JobState } from './answers';

type Say = (text: string) => string;

/** As a heading, or beside a count. */
export function titled(state: JobState, say: Say): string {
  const words: Record<JobState, string> = {
    running: say('Running'),
    queued: say('Queued'),
    done: say('Done'),
    failed: say('Failed'),
    stopped: say('Stopped')
  };
  return words[state];
}

/** In a sentence: 2 done, 1 failed. */
export function told(state: JobState, say: Say): string {
  const words: Record<JobState, string> = {
    running: say('running'),
    queued: say('queued'),
    done: say('done'),
    failed: say('failed'),
    stopped: say('stopped')
  };
  return words[state];
}
