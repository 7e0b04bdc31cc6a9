/** An answer that tightens: each number with the bounds it lies in, from how much it comes, and a way to stop. */
import { Button } from '../../parts/button';
import { bytes, share } from '../../parts/format';
import { type Here, useHere } from '../../parts/here';
import { Mark } from '../../parts/mark';
import { Progress } from '../../parts/progress';
import { Failed } from '../../parts/states';
import type { Estimate } from './answers';
import type { Asking } from './asking';
import { tidy } from './brushing';

/** Groups that are drawn; the whole answer is a run away. */
const GROUPS = 50;

export function Estimates({ asking, onRetry }: { asking: Asking; onRetry: () => void }) {
  const { say } = useHere();
  const estimate = asking.estimate.value;
  const wrong = asking.wrong.value;
  const going = asking.estimating.value;
  if (!estimate && !wrong && !going) return null;
  return (
    <div class="hfnb-estimate">
      {wrong && <Failed wrong={wrong} onRetry={onRetry} />}
      {going && (
        <div class="hfnb-row hfnb-estimating">
          <Progress label={say('Estimating')} done={estimate?.moved ?? 0} total={estimate?.of || null} />
          <Button icon="stop" onClick={() => asking.stop()}>
            {say('Stop, it is enough')}
          </Button>
        </div>
      )}
      {estimate && <Numbers estimate={estimate} stopped={asking.stopped.value} />}
      {estimate && !going && (
        <div class="hfnb-row">
          {!estimate.exact && (
            <Button kind="link" onClick={onRetry}>
              {say('Go on until it is exact')}
            </Button>
          )}
          <Button kind="link" onClick={() => asking.forget()}>
            {say('Close')}
          </Button>
        </div>
      )}
    </div>
  );
}

function Numbers({ estimate, stopped }: { estimate: Estimate; stopped: boolean }) {
  const { say } = useHere();
  const { columns, rows, exact } = estimate;
  return (
    <>
      <div class="hfnb-row">
        {exact ? (
          <Mark icon="check" kind="good">
            {say('Exact: all rows')}
          </Mark>
        ) : (
          <Mark icon="info">
            {stopped
              ? say('Stopped: from %1 of the rows', part(estimate.share))
              : say('≈ from %1 of the rows', part(estimate.share))}
          </Mark>
        )}
        <span class="hfnb-soft hfnb-numbers">
          {say('%1 of %2', bytes(estimate.moved), bytes(estimate.of))}
        </span>
        {estimate.note && <span class="hfnb-soft">{estimate.note}</span>}
      </div>
      <div class="hfnb-estimate-table" tabIndex={0} role="region" aria-label={say('Estimate')}>
        <table>
          <thead>
            <tr>
              {columns.map((name, at) => (
                <th key={at} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, GROUPS).map(row => (
              <tr key={JSON.stringify(row.key)}>
                {row.key.map((key, at) => (
                  <th key={at} scope="row">
                    {key}
                  </th>
                ))}
                {row.values.map((value, at) => (
                  <td key={at}>{bounded(value, say)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > GROUPS && (
        <div class="hfnb-soft">{say('%1 more groups: Run shows all', rows.length - GROUPS)}</div>
      )}
    </>
  );
}

type Bounded = Estimate['rows'][number]['values'][number];

function bounded({ value, low, high }: Bounded, say: Here['say']) {
  if (value === null) return <span class="hfnb-soft">null</span>;
  if (low === null || high === null || low === high)
    return <span>{low === null || high === null ? `≈ ${tidy(value)}` : tidy(value)}</span>;
  return (
    <>
      <span>≈ {brief(value)}</span>{' '}
      <span class="hfnb-soft" title={say('With 95 % confidence between %1 and %2', tidy(low), tidy(high))}>
        {brief(low)} – {brief(high)}
      </span>
    </>
  );
}

/** Four digits are more than an estimate knows. */
function brief(value: number): string {
  return Math.abs(value) >= 1000 ? tidy(Math.round(value)) : tidy(Number(value.toPrecision(4)));
}

const part = (of: number) => (of > 0 && of < 0.1 ? `${Number((of * 100).toFixed(1))} %` : share(of));
