/** Classes with their scores as bars; where another column gives another class, or another score, it says so. */
import { useHere } from '../../parts/here';
import { Mark } from '../../parts/mark';
import type { Label } from './answers';
import { letter } from './draft';
import type { Comparing } from './model';

const SHOWN = 5;
/** Scores that lie closer than this are the same to whoever reads them. */
const SAME = 0.0005;

export function Labels({ comparing, labels, at }: { comparing: Comparing; labels: Label[]; at: number }) {
  const { say } = useHere();
  const against = comparing.against.value;
  const theirs = comparing.columns.value[against]?.answer.value;
  const held =
    comparing.differences.value && at !== against && theirs?.kind === 'labels' ? theirs.labels : null;
  const top = labels[0]?.label;
  return (
    <div class="hfnb-labels">
      {held && held[0]?.label !== top && (
        <Mark icon="warning" kind="warn">
          {say('Not as %1: %2', letter(against), held[0]?.label ?? '–')}
        </Mark>
      )}
      <Bars labels={labels.slice(0, SHOWN)} held={held} />
      {labels.length > SHOWN && (
        <details class="hfnb-fold">
          <summary>{say('%1 more', labels.length - SHOWN)}</summary>
          <Bars labels={labels.slice(SHOWN)} held={held} />
        </details>
      )}
    </div>
  );
}

export function Bars({ labels, held }: { labels: Label[]; held: Label[] | null }) {
  const { say } = useHere();
  return (
    <dl>
      {labels.map(({ label, score }) => {
        const other = held?.find(one => one.label === label)?.score;
        const more = other === undefined || Math.abs(score - other) < SAME ? null : score - other;
        return (
          <div key={label} title={score.toFixed(6)}>
            <dt>{label}</dt>
            <dd aria-hidden="true">
              <div class="hfnb-bar">
                <div style={{ width: `${100 * Math.min(1, Math.max(0, score))}%` }} />
              </div>
            </dd>
            <dd class="hfnb-numbers">
              {(100 * score).toFixed(1)} %
              {more !== null && (
                <span class="hfnb-soft" title={say('Percentage points from the other column')}>
                  {` ${more > 0 ? '+' : '−'}${(100 * Math.abs(more)).toFixed(1)}`}
                </span>
              )}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
