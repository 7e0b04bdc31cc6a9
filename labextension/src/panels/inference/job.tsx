/** One job: what it is, how far, how fast; under it what it writes, or why it failed; folded, all that is known. */
import { useContext } from 'preact/hooks';
import { Button } from '../../parts/button';
import { bytes, exact, many, rate, seconds } from '../../parts/format';
import { TabContext, useHere } from '../../parts/here';
import { Icon, type IconName } from '../../parts/icons';
import { Failed } from '../../parts/states';
import type { Job, JobState } from './answers';
import { JobFacts } from './facts';
import { type Act, named, underWay, type Work } from './model';
import { clock, dated, titled, withStep } from './words';

const ICONS: Record<JobState, IconName> = {
  running: 'busy',
  queued: 'clock',
  done: 'check',
  failed: 'error',
  stopped: 'stop'
};

export function JobRow({ work, job, passed }: { work: Work; job: Job; passed: number }) {
  const { say } = useHere();
  const tab = useContext(TabContext);
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
          tabIndex={tab}
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
      <span class="hfnb-job-when">
        <span class="hfnb-job-began" title={say('Began %1', dated(job.began))}>
          {clock(job.began)}
        </span>
        <span class="hfnb-job-time" title={meaning(job, say)}>
          {job.state === 'queued' ? waits(job, say) : lasted(job, passed, say)}
        </span>
      </span>
    </div>
  );
}

/** What went wrong and what to do about it. Running it again is the button of the row. */
function Why({ job }: { job: Job }) {
  const { say } = useHere();
  if (!job.error) return null;
  return (
    <div class="hfnb-why">
      <Failed wrong={{ ...withStep(job, job.error, say), retry: false }} />
    </div>
  );
}

function Actions({ work, job }: { work: Work; job: Job }) {
  const { say } = useHere();
  const act = work.acts.value.get(job.id);
  const stop = say('Stop %1', named(job));
  const going = act && !act.confirmed && !act.wrong ? act.doing : null;
  const again = job.retriedAs;
  if (underWay(job) && job.mayCancel)
    return (
      <>
        {job.place !== null && job.place > 1 && (
          <Button
            label={say('Next: %1', named(job))}
            title={say('Before all that wait')}
            busy={going === 'hurry'}
            onClick={() => void work.hurry(job)}
          >
            {say('Next')}
          </Button>
        )}
        <Button
          class="hfnb-stop"
          icon="stop"
          label={stop}
          title={stop}
          busy={going === 'cancel'}
          onClick={() => void work.cancel(job)}
        >
          {say('Stop')}
        </Button>
      </>
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
  if (act.doing === 'hurry') return job.state !== 'queued' || job.place === 1;
  return act.doing === 'cancel' ? job.state === 'stopped' : job.retriedAs !== null;
}

type Say = (text: string, ...values: unknown[]) => string;

/** A first part that took this long, and most of the whole time, is worth a word. */
const LATE = { seconds: 1, share: 0.5 };

/** How long it took, and how much of that went by before the first part came: 52 s, first word after 50 s. */
function lasted(job: Job, passed: number, say: Say): string {
  const whole = seconds(job.seconds + passed);
  const { first } = job;
  if (underWay(job) || first === null || first < LATE.seconds || first < job.seconds * LATE.share)
    return whole;
  if (job.unit === 'tokens') return say('%1, first word after %2', whole, seconds(first));
  if (job.unit === 'rows') return say('%1, first row after %2', whole, seconds(first));
  return whole;
}

/** Where it stands in the line. */
function waits(job: Job, say: Say): string {
  if (job.place === null) return say('waiting');
  return job.place === 1 ? say('waiting, the next') : say('waiting, %1 before it', job.place - 1);
}

/** The exact time and, of an answer that is there, what it counts. */
function meaning(job: Job, say: Say): string {
  const time = exact(job.seconds, 's');
  if (job.kind !== 'infer' || job.state !== 'done') return time;
  return say('%1 from the question to the end, loading included', time);
}

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
