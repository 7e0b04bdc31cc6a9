/** Parts of the rows, apart: where the difference is another one, and where the ranking turns over. */
import { Choice } from '../../parts/choice';
import { exact } from '../../parts/format';
import { useHere } from '../../parts/here';
import { Mark } from '../../parts/mark';
import { Loading } from '../../parts/states';
import type { Ends, Part, Parts } from './answers';
import type { Comparing } from './model';

export function Slices({ comparing }: { comparing: Comparing }) {
  const { say } = useHere();
  const { rows } = comparing;
  const found = rows.slices.value;
  return (
    <section class="hfnb-section" aria-label={say('Slices')}>
      <Choice
        label={say('Slices')}
        value={rows.sliced.value}
        any={say('none')}
        choices={[
          { value: 'length', label: say('by length of the input') },
          { value: 'language', label: say('by language') },
          { value: 'length,language', label: say('by both') },
          ...(rows.parted.value ? [{ value: rows.parted.value, label: say('by %1', rows.parted.value) }] : [])
        ]}
        onChoose={names => void rows.slice(names)}
      />
      {rows.sliced.value && !found && !rows.wrong.value && (
        <Loading label={say('Comparing parts of the rows')} rows={2} />
      )}
      {found?.pairs.map(one => (
        <Pair key={`${one.first} ${one.second}`} parts={one} />
      ))}
    </section>
  );
}

function Pair({ parts }: { parts: Parts }) {
  const { say } = useHere();
  return (
    <>
      <h4>{say('%1 less %2, %3', parts.first, parts.second, parts.metric)}</h4>
      <div
        class="hfnb-numbers-table"
        role="group"
        aria-label={say('Slices of %1 and %2', parts.first, parts.second)}
        tabIndex={0}
      >
        <table>
          <tbody>
            {parts.slices.map(one => (
              <tr key={`${one.column} ${one.slice}`}>
                <th scope="row">
                  {one.column} {one.slice || say('(empty)')}
                </th>
                <td>{say('n = %1', exact(one.n))}</td>
                <td>{points(one, parts.scale)}</td>
                <td>
                  <Told part={one} parts={parts} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {parts.small > 0 && (
        <p class="hfnb-soft">{say('%1 more parts are too small to say anything of.', parts.small)}</p>
      )}
      {!parts.slices.length && <p class="hfnb-soft">{say('No part is large enough to be compared.')}</p>}
    </>
  );
}

function Told({ part, parts }: { part: Part; parts: Parts }) {
  const { say } = useHere();
  if (part.flips)
    return (
      <Mark icon="warning" kind="warn">
        {say('turns over: %1 is ahead', part.ahead > 0 ? parts.first : parts.second)}
      </Mark>
    );
  if (part.ahead) return <Mark>{say('%1 is ahead', part.ahead > 0 ? parts.first : parts.second)}</Mark>;
  return <span class="hfnb-soft">{part.unlike ? say('unlike the rest') : say('no difference shown')}</span>;
}

function points(one: Ends, scale: string): string {
  const times = scale === 'share' ? 100 : 1;
  const said = (value: number | null) =>
    value === null ? '?' : `${value < 0 ? '−' : '+'}${Math.abs(value * times).toFixed(1)}`;
  return `${said(one.value)} (${said(one.low)} … ${said(one.high)})`;
}
