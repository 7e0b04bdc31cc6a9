/** One job: what it is, how far, how fast; under it what it writes, or why it failed; folded, all that is known. */
import { Button } from '../../parts/button';
import { bytes, exact, many, rate, seconds } from '../../parts/format';
import { useHere } from '../../parts/here';
import { Icon, type IconName } from '../../parts/icons';
import { Failed } from '../../parts/states';
import type { Job, JobState } from './answers';
import { JobFacts } from './facts';
import { type Act, named, underWay, type Work } from './model';
import { titled } from './words';

const ICONS: Record<JobState, IconName> = {
  running: 'busy',
  queued: 'clock',
  done: 'check',
  failed: 'error',
  stopped: 'stop'
};

export function JobRow({ work, job, passed }: { work: Work; job: Job; passed: number }) {
  const { say } = useHere();
  const open = work.open.value.has(job.id);
  const act = work.acts.value.get(job.id);
  const past = work.past.value;
  return (
    <article class="hfnb-job" data-state={job.state} data-job={job.id}>
      <header>
        <span class={`hfnb-job-state hfnb-count-${job.state}`} title={titled(job.state, say)}>
          <Icon name={ICONS[job.state]} turning={job.state === 'running' && !past} />
          <span class="hfnb-unseen">{titled(job.state, say)}</span>
        </span>
        <button
          type="button"
          class="hfnb-head"
          data-hfnb-head
          aria-expanded={open}
          title={named(job)}
          onClick={() => work.unfold(job.id)}
        >
          <span class="hfnb-name">{job.task ?? job.kind}</span>
          <span class="hfnb-soft">{[job.method, job.model].filter(Boolean).map(part => ` · ${part}`)}</span>
        </button>
        {!past && <Actions work={work} job={job} />}
      </header>
      <Line job={job} passed={job.state === 'running' ? passed : 0} />
      {writes(job) && <p class="hfnb-excerpt">{job.excerpt && <span>{job.excerpt}</span>}</p>}
      {job.state === 'failed' && job.error && <Why job={job} />}
      {act?.confirmed && !shows(job, act) && (
        <p class="hfnb-soft hfnb-act">
          <Icon name="check" /> {act.confirmed}
        </p>
      )}
      {act?.wrong && <Failed wrong={act.wrong} />}
      {open && <JobFacts work={work} job={job} />}
    </article>
  );
}

/** Its numbers, each where it stood before. */
function Line({ job, passed }: { job: Job; passed: number }) {
  const { say } = useHere();
  const runs = job.state === 'running';
  const share = runs && job.total ? Math.min(1, job.done / job.total) : null;
  const left = runs && job.total && job.rate ? (job.total - job.done) / job.rate : null;
  const words = [amount(job, say), speed(job), failures(job, say)];
  return (
    <div class="hfnb-job-line hfnb-soft hfnb-numbers">
      <span class="hfnb-job-done">{words.filter(Boolean).join(' · ')}</span>
      {share !== null && (
        <div
          class="hfnb-bar"
          role="progressbar"
          aria-label={named(job)}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.floor(share * 100)}
        >
          <div style={{ width: `${share * 100}%` }} />
        </div>
      )}
      <span class="hfnb-space" />
      {left !== null && <span class="hfnb-job-left">{say('≈ %1 left', seconds(left))}</span>}
      <span class="hfnb-job-time" title={exact(job.seconds, 's')}>
        {job.state === 'queued' ? say('waiting') : seconds(job.seconds + passed)}
      </span>
    </div>
  );
}

/** What went wrong and what to do about it. Running it again is the button of the row. */
function Why({ job }: { job: Job }) {
  if (!job.error) return null;
  return (
    <div class="hfnb-why">
      <Failed wrong={{ ...job.error, retry: false }} />
    </div>
  );
}

function Actions({ work, job }: { work: Work; job: Job }) {
  const { say } = useHere();
  const act = work.acts.value.get(job.id);
  const going = act && !act.confirmed && !act.wrong ? act.doing : null;
  const again = job.retriedAs;
  if (underWay(job) && job.mayCancel)
    return (
      <Button
        kind="plain"
        icon="close"
        label={say('Stop %1', named(job))}
        busy={going === 'cancel'}
        onClick={() => void work.cancel(job)}
      />
    );
  if (again) return <span class="hfnb-soft hfnb-again">{say('tried again')}</span>;
  if (!job.mayRetry || job.state === 'done') return null;
  return (
    <Button
      icon="retry"
      label={say('Retry %1', named(job))}
      busy={going === 'retry'}
      onClick={() => void work.retry(job)}
    >
      {say('Retry')}
    </Button>
  );
}

const unit = (job: Job) => (job.unit === 'tokens' ? 'tok' : job.unit);

/** Whether it shows what it writes: its line is there before the first word is. */
const writes = (job: Job) => job.state === 'running' && (job.unit === 'tokens' || job.excerpt !== '');

/** Whether the row says by itself what the kernel confirmed. */
function shows(job: Job, act: Act): boolean {
  return act.doing === 'cancel' ? job.state === 'stopped' : job.retriedAs !== null;
}

type Say = (text: string, ...values: unknown[]) => string;

/** Tries that came to nothing. Of a job that failed the last one is its own end; a stop is no failure. */
function failures(job: Job, say: Say): string {
  const count = job.tries.length;
  if (job.state === 'stopped' || count === 0) return '';
  if (job.state === 'failed') return count > 1 ? say('%1 tries failed', exact(count)) : '';
  return many(count, '1 try failed before', '%1 tries failed before', say);
}

function amount(job: Job, say: Say): string {
  const { done, total, unit: of } = job;
  if (of === 'bytes') {
    if (total !== null && total !== done) return say('%1 of %2', bytes(done), bytes(total));
    return done ? bytes(done) : '';
  }
  // a single call says no more than its row
  if (of === 'calls' && (total ?? done) <= 1) return '';
  const words: Record<typeof of, [one: string, more: string]> = {
    tokens: [say('token'), say('tokens')],
    rows: [say('row'), say('rows')],
    calls: [say('call'), say('calls')]
  };
  const [one, more] = words[of];
  if (total !== null && total !== done) return `${exact(done)} / ${exact(total)} ${more}`;
  return done ? `${exact(done)} ${done === 1 ? one : more}` : '';
}

/** Units a second: of one unit alone that is nothing but its time. */
function speed(job: Job): string {
  return job.rate !== null && job.done > 1 ? rate(job.rate, unit(job)) : '';
}
