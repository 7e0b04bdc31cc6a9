/** A job in words: its state, when it began, what to do after it failed. */
import type { Wrong } from '../../protocol';
import type { Job, JobState } from './answers';

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

/** When it began, by the reader's clock: 12:04:31. */
export const clock = (began: number): string => new Date(began * 1000).toTimeString().slice(0, 8);

/** The same with its date: 2026-11-21 12:04:31. */
export function dated(began: number): string {
  const then = new Date(began * 1000);
  const parts = [then.getFullYear(), then.getMonth() + 1, then.getDate()];
  return `${parts.map(part => String(part).padStart(2, '0')).join('-')} ${clock(began)}`;
}

/** What a server says of its state, which tells nobody what to do. */
const STATUS =
  /^(http )?(\d{3}\W*)?(service (temporarily )?unavailable|bad gateway|gateway time-?out|too many requests|internal server error|request time-?out)?\W*$/i;

/** Why it failed, with a step to take: what will pass is tried again later, where nothing better is known. */
export function withStep(job: Job, wrong: Wrong, say: Say): Wrong {
  const later = job.mayRetry && job.retriedAs === null;
  return later && STATUS.test(wrong.hint.trim()) ? { ...wrong, hint: say('Retry in a minute.') } : wrong;
}
