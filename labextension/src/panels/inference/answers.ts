/** What the ops of `inference.*` answer (hf_nb/panels/inference.py); all of them need a kernel. */
import type { Wrong } from '../../protocol';

export type JobState = 'queued' | 'running' | 'done' | 'failed' | 'stopped';

/** One question to a model, or one download: whatever takes a while. */
export interface Job {
  id: string;
  /** infer, pull … */
  kind: string;
  task: string | null;
  model: string | null;
  /** local, hf, hf/PROVIDER, a server's name; known once somebody has taken it */
  method: string | null;
  state: JobState;
  /** seconds since 1970 */
  began: number;
  seconds: number;
  /** seconds until the first part */
  first: number | null;
  done: number;
  total: number | null;
  unit: 'tokens' | 'rows' | 'bytes' | 'calls';
  /** units a second, of late */
  rate: number | null;
  /** the end of what it has written so far */
  excerpt: string;
  error: Wrong | null;
  /** tries that failed before: who, and how */
  tries: { method: string; model: string; error: string; seconds: number }[];
  mayCancel: boolean;
  mayRetry: boolean;
  /** the job that repeats it */
  retriedAs: string | null;
  /** how many are before it, itself counted: the next one has 1; null where it waits for no turn */
  place: number | null;
}

export interface Loaded {
  model: string;
  task: string;
  revision: string | null;
  bytes: number;
  device: string;
  /** seconds since 1970 of its last use */
  used: number;
  uses: number;
  busy: boolean;
}

/** What the models on one device take, and may take together. */
export interface Room {
  device: string;
  taken: number;
  budget: number;
}

/** How many answers are made on this machine now, of how many at most, and how many wait. */
export interface Turns {
  answering: number;
  most: number;
  waiting: number;
}

export interface Method {
  method: string;
  calls: number;
  failed: number;
  /** seconds */
  p50: number | null;
  p95: number | null;
  first: number | null;
  /** tokens a second, median */
  tokens: number | null;
  cost: number | null;
  /** seconds of the latest calls, oldest first */
  latencies: number[];
}

/** inference.watch {}: events, at most four a second and only when something changed, until it is cancelled */
export interface Dashboard {
  counts: Record<JobState, number>;
  /** running and queued first, then the latest ended ones; at most 100 */
  jobs: Job[];
  loaded: Loaded[];
  memory: Room[];
  turns: Turns;
  methods: Method[];
}

/** inference.cancel {job} -> {state: JobState} once it has really ended */
/** inference.retry {job} -> {job: string} the id of the new one */
/** inference.unload {model, task} -> {freed: number} bytes */
/** inference.hurry {job} -> {}: a queued job is the next */
