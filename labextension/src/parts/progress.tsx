/** How far something is: a bar, and in words its share, its rate and the time left. */
import { bytes, exact, rate as perSecond, seconds, share } from './format';
import { useHere } from './here';

export interface ProgressProps {
  label: string;
  done?: number;
  /** unknown: the bar only shows that something is under way */
  total?: number | null;
  unit?: string;
  rate?: number | null;
  /** seconds */
  left?: number | null;
}

export function Progress({ label, done = 0, total = null, unit = 'bytes', rate, left }: ProgressProps) {
  const { say } = useHere();
  const part = total ? Math.min(1, done / total) : null;
  const amount = (value: number) => (unit === 'bytes' ? bytes(value) : exact(value));
  const words = [
    part !== null && share(part),
    total ? say('%1 of %2', amount(done), amount(total)) : done > 0 && amount(done),
    rate ? perSecond(rate, unit) : null,
    left != null && say('%1 left', seconds(left))
  ].filter(Boolean);
  return (
    <div class="hfnb-progress">
      <div
        role="progressbar"
        aria-label={label}
        aria-valuemin={part === null ? undefined : 0}
        aria-valuemax={part === null ? undefined : 100}
        aria-valuenow={part === null ? undefined : Math.floor(part * 100)}
        aria-valuetext={words.join(', ') || undefined}
        class={part === null ? 'hfnb-bar hfnb-endless' : 'hfnb-bar'}
      >
        <div style={part === null ? undefined : { width: `${part * 100}%` }} />
      </div>
      <div class="hfnb-words">
        <span>{label}</span>
        <span class="hfnb-soft hfnb-numbers">{words.join(' · ')}</span>
      </div>
    </div>
  );
}
