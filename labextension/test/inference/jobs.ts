/** Jobs and dashboards for tests. */
import type { Dashboard, Job } from '../../src/panels/inference/answers';

export function job(id: string, more: Partial<Job> = {}): Job {
  return {
    id,
    kind: 'infer',
    task: 'text-generation',
    model: 'hfnb-demo/storyteller',
    method: 'local',
    state: 'running',
    began: 1000,
    seconds: 2,
    first: 0.2,
    done: 20,
    total: null,
    unit: 'tokens',
    rate: 42,
    excerpt: 'Once upon a time',
    error: null,
    tries: [],
    mayCancel: true,
    mayRetry: false,
    retriedAs: null,
    place: null,
    ...more
  };
}

export function dashboard(jobs: Job[], more: Partial<Dashboard> = {}): Dashboard {
  const counts = { queued: 0, running: 0, done: 0, failed: 0, stopped: 0 };
  for (const one of jobs) counts[one.state]++;
  const turns = { answering: counts.running, most: 2, waiting: counts.queued };
  return { counts, jobs, loaded: [], memory: [], turns, methods: [], ...more };
}
