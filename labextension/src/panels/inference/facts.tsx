/** All that is known of one job: unfolded under its row. */
import type { ComponentChildren } from 'preact';
import { ago, rate, seconds } from '../../parts/format';
import { useHere } from '../../parts/here';
import { Curve } from '../../parts/plot';
import type { Job } from './answers';
import { underWay, type Work } from './model';
import { dated } from './words';

export function JobFacts({ work, job }: { work: Work; job: Job }) {
  const { say } = useHere();
  const rates = work.rates.get(job.id) ?? [];
  const unit = job.unit === 'tokens' ? 'tok' : job.unit;
  const facts: [string, ComponentChildren][] = [
    [say('Model'), job.model],
    [say('Method'), job.method],
    [say('Began'), <span title={dated(job.began)}>{ago(job.began, say)}</span>],
    [say('First part'), job.first !== null && say('after %1', seconds(job.first))],
    [say('Speed'), job.rate !== null && rate(job.rate, unit)],
    [
      say('Of late'),
      rates.length > 1 && (
        <Curve
          values={rates}
          label={say('From %1 to %2', rate(Math.min(...rates), unit), rate(Math.max(...rates), unit))}
        />
      )
    ],
    [say('Tried again as'), job.retriedAs],
    [say('Id'), <code>{job.id}</code>]
  ];
  return (
    <div class="hfnb-job-facts">
      <dl class="hfnb-facts">
        {facts
          .filter(([, value]) => value)
          .flatMap(([name, value]) => [<dt key={`${name}?`}>{name}</dt>, <dd key={name}>{value}</dd>])}
      </dl>
      {job.tries.length > 0 && job.state !== 'stopped' && (
        <>
          <h4>{say('Tries that failed')}</h4>
          <ol class="hfnb-tries">
            {job.tries.map((one, at) => (
              <li key={`${at} ${one.method}`}>
                <b>{one.method}</b> {one.model} <span class="hfnb-soft">{seconds(one.seconds)}</span>
                <div>{one.error}</div>
              </li>
            ))}
          </ol>
        </>
      )}
      {job.excerpt && !underWay(job) && <pre class="hfnb-written">{job.excerpt}</pre>}
    </div>
  );
}
