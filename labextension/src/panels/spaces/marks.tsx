/** How a Space stands, on what it runs, who likes it. */
import { ago, count, exact, moment } from '../../parts/format';
import { useHere } from '../../parts/here';
import type { IconName } from '../../parts/icons';
import { Mark, type MarkProps } from '../../parts/mark';
import type { SpaceRow, SpaceState } from './answers';
import { stateWord } from './words';

const LOOKS: Record<SpaceState, { icon: IconName; kind: NonNullable<MarkProps['kind']> }> = {
  running: { icon: 'dot', kind: 'good' },
  starting: { icon: 'busy', kind: 'busy' },
  building: { icon: 'busy', kind: 'busy' },
  sleeping: { icon: 'sleep', kind: 'plain' },
  paused: { icon: 'pause', kind: 'plain' },
  stopped: { icon: 'stop', kind: 'plain' },
  error: { icon: 'error', kind: 'bad' }
};

export function StateMark({ state, stage }: { state: SpaceState; stage: string }) {
  const { say } = useHere();
  return (
    <Mark {...LOOKS[state]} title={say('The Hub says %1', stage)}>
      {stateWord(state, say)}
    </Mark>
  );
}

/** The kit it is made with, and the machine. */
export function RunsOn({ row }: { row: SpaceRow }) {
  return <span class="hfnb-soft">{[row.sdk, row.hardware].filter(Boolean).join(' · ')}</span>;
}

export function LikedMarks({ row }: { row: SpaceRow }) {
  const { say } = useHere();
  return (
    <>
      {row.likes !== null && (
        <Mark icon="heart" title={exact(row.likes)}>
          {count(row.likes)}
          <span class="hfnb-unseen"> {say('likes')}</span>
        </Mark>
      )}
      {row.updated && <Mark title={moment(row.updated)}>{ago(row.updated, say)}</Mark>}
    </>
  );
}
