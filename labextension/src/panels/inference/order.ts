/** The order of jobs: running first by when they began, then the queue, then what has ended, latest first. */
import type { Job } from './answers';

const RANK: Record<Job['state'], number> = { running: 0, queued: 1, done: 2, failed: 2, stopped: 2 };

/**
 * Jobs in the order to show them. `before`: the order they stood in; `held`: the reader points at one of them, so
 * that whatever is there keeps its place and what is new goes to the end.
 */
export function arranged(jobs: readonly Job[], before: readonly string[], held: boolean): Job[] {
  const sorted = [...jobs].sort(byState);
  if (!held) return sorted;
  const place = new Map(before.map((id, index) => [id, index]));
  const at = (job: Job) => place.get(job.id) ?? Number.MAX_SAFE_INTEGER;
  // a stable sort: the new ones stay among themselves as they were
  return sorted.sort((one, other) => at(one) - at(other));
}

function byState(one: Job, other: Job): number {
  const rank = RANK[one.state] - RANK[other.state];
  if (rank) return rank;
  if (RANK[one.state] < 2) return one.began - other.began || order(one, other);
  return other.began + other.seconds - (one.began + one.seconds) || order(one, other);
}

const order = (one: Job, other: Job) => (one.id < other.id ? -1 : 1);
