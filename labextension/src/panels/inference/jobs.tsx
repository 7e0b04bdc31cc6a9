/** The jobs, in an order that does not jump: while the reader's hand moves over the list, everything keeps its place. */
import { useEffect, useState } from 'preact/hooks';
import { Button } from '../../parts/button';
import { exact } from '../../parts/format';
import { useHere } from '../../parts/here';
import { List } from '../../parts/list';
import { Empty } from '../../parts/states';
import { JobRow } from './job';
import { underWay, type Work } from './model';
import { titled } from './words';

export function Jobs({ work }: { work: Work }) {
  const { say } = useHere();
  const jobs = work.jobs.value;
  const chosen = work.filter.value;
  const passed = usePassed(work, jobs.some(underWay));
  if (!jobs.length && chosen !== 'all')
    return (
      <Empty title={say('%1: none.', titled(chosen, say))}>
        <div class="hfnb-actions">
          <Button onClick={() => work.show('all')}>{say('Show all')}</Button>
        </div>
      </Empty>
    );
  return (
    <div class="hfnb-jobs" onPointerMove={() => work.hold()} onPointerLeave={() => work.release()}>
      <List label={say('Jobs')} layout="lines" rows={jobs} keyOf={job => job.id}>
        {job => <JobRow work={work} job={job} passed={passed} />}
      </List>
      <Shown work={work} />
    </div>
  );
}

/** The dashboard holds the latest ones: where there were more, that is said. */
function Shown({ work }: { work: Work }) {
  const { say } = useHere();
  const counts = work.dashboard.value?.counts;
  if (!counts) return null;
  const chosen = work.filter.value;
  const all = chosen === 'all' ? Object.values(counts).reduce((sum, one) => sum + one, 0) : counts[chosen];
  const shown = work.jobs.value.length;
  if (shown >= all) return null;
  return (
    <p class="hfnb-soft hfnb-latest">{say('The latest %1 of %2 are shown.', exact(shown), exact(all))}</p>
  );
}

/** Seconds since the last news: news come when something changed, a clock goes on all the same. */
function usePassed(work: Work, going: boolean): number {
  const heard = work.heard.value;
  const past = work.past.value;
  const [now, tick] = useState(heard);
  useEffect(() => {
    if (!going || past) return undefined;
    const timer = setInterval(() => tick(performance.now()), 1000);
    return () => clearInterval(timer);
  }, [going, past]);
  return Math.max(0, (now - heard) / 1000);
}
