/** Running 2 · Queued 1 · Done 148 · Failed 3: how many there are of each, and the way to see only those. */
import { Button } from '../../parts/button';
import { exact } from '../../parts/format';
import { useHere } from '../../parts/here';
import type { Dashboard } from './answers';
import { STATES, type Work } from './model';
import { titled } from './words';

export function Counts({ work, counts }: { work: Work; counts: Dashboard['counts'] }) {
  const { say } = useHere();
  const chosen = work.filter.value;
  // a state nobody met takes no room, unless it is what is shown
  const shown = STATES.filter(state => state !== 'stopped' || counts.stopped || chosen === 'stopped');
  return (
    <div class="hfnb-counts" role="group" aria-label={say('Show only')}>
      <Button kind="plain" pressed={chosen === 'all'} onClick={() => work.show('all')}>
        {say('All')}
      </Button>
      {shown.map(state => (
        <Button
          key={state}
          kind="plain"
          pressed={chosen === state}
          onClick={() => work.show(chosen === state ? 'all' : state)}
        >
          {titled(state, say)}{' '}
          <b class={counts[state] ? `hfnb-count hfnb-count-${state}` : 'hfnb-count'}>
            {exact(counts[state])}
          </b>
        </Button>
      ))}
    </div>
  );
}
