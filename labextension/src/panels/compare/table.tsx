/** The rows: what was asked, what each answered, who is right; those that differ, or failed, alone. */
import { Button } from '../../parts/button';
import { Choice } from '../../parts/choice';
import { exact, many, seconds } from '../../parts/format';
import { useHere } from '../../parts/here';
import { Icon } from '../../parts/icons';
import type { Cell, Judged, Row } from './answers';
import { Bars } from './labels';
import type { Comparing } from './model';
import type { Only, Sort } from './rows';

export function Table({ comparing, judged }: { comparing: Comparing; judged: Judged }) {
  const { say } = useHere();
  const { rows } = comparing;
  const names = rows.names.value;
  const labelled = rows.rows.value.some(one => one.label !== null);
  const all = rows.rows.value;
  return (
    <section class="hfnb-section" aria-label={say('Rows')}>
      <div class="hfnb-row">
        <Choice
          label={say('Show')}
          value={rows.only.value}
          any={null}
          choices={[
            { value: 'all', label: say('all %1 rows', exact(judged.rows)) },
            { value: 'differ', label: say('only where they differ (%1)', exact(judged.differ)) },
            { value: 'failures', label: say('only failures (%1)', exact(judged.failures)) }
          ]}
          onChoose={only => void rows.look(only as Only)}
        />
        <Choice
          label={say('Sort')}
          value={rows.sort.value}
          any={null}
          choices={[
            { value: 'row', label: say('as they stand') },
            { value: 'difference', label: say('by difference') }
          ]}
          onChoose={sort => void rows.look(undefined, sort as Sort)}
        />
      </div>
      <div class="hfnb-rows-table" role="group" aria-label={say('Answers by row')} tabIndex={0}>
        <table aria-busy={rows.fetching.value}>
          <thead>
            <tr>
              <th scope="col" class="hfnb-numbers">
                #
              </th>
              <th scope="col">{say('Input')}</th>
              {names.map(name => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
              {labelled && <th scope="col">{say('Label')}</th>}
            </tr>
          </thead>
          <tbody>
            {all.map(row => (
              <Line key={row.row} comparing={comparing} row={row} labelled={labelled} />
            ))}
          </tbody>
        </table>
      </div>
      {!all.length && !rows.fetching.value && <p class="hfnb-soft">{say('There is no such row.')}</p>}
      {all.length < rows.total.value && (
        <div class="hfnb-foot">
          <span class="hfnb-soft">
            {many(rows.total.value, '1 row', '%1 rows', say)}, {say('%1 shown', exact(all.length))}
          </span>
          <Button busy={rows.fetching.value} onClick={() => void rows.further()}>
            {say('Show more')}
          </Button>
        </div>
      )}
    </section>
  );
}

function Line({ comparing, row, labelled }: { comparing: Comparing; row: Row; labelled: boolean }) {
  const { say } = useHere();
  const { rows } = comparing;
  const open = rows.open.value?.row === row.row ? rows.open.value : null;
  const across = 2 + row.answers.length + (labelled ? 1 : 0);
  return (
    <>
      <tr data-differs={row.differs || undefined}>
        <td class="hfnb-numbers">
          <Button
            kind="plain"
            expanded={open !== null}
            label={say('Row %1', exact(row.row))}
            onClick={() => void rows.show(row)}
          >
            {exact(row.row)}
          </Button>
        </td>
        <td class="hfnb-rows-input">{row.input}</td>
        {row.answers.map((cell, at) => (
          <td key={at}>
            <Short cell={cell} />
          </td>
        ))}
        {labelled && <td>{row.label}</td>}
      </tr>
      {open && (
        <tr class="hfnb-rows-whole">
          <td colSpan={across}>
            <p>{open.input}</p>
            <div class="hfnb-columns" style={{ '--hfnb-columns': open.answers.length }}>
              {open.answers.map((cell, at) => (
                <Whole key={at} name={rows.names.value[at] ?? ''} cell={cell} />
              ))}
            </div>
          </td>
        </tr>
      )}
    </>
  );
}

function Short({ cell }: { cell: Cell }) {
  const { say } = useHere();
  if (cell.wrong)
    return (
      <span class="hfnb-many-failed" title={cell.wrong}>
        <Icon name="error" /> {say('failed')}
      </span>
    );
  if (!cell.answer) return <span class="hfnb-soft">–</span>;
  return (
    <span class="hfnb-rows-short">
      <Worth cell={cell} /> {cell.answer.text}
      {cell.score !== null && <span class="hfnb-soft hfnb-numbers"> {(100 * cell.score).toFixed(0)} %</span>}
    </span>
  );
}

/** Right, wrong, or how near: by the first metric. */
function Worth({ cell }: { cell: Cell }) {
  const { say } = useHere();
  if (cell.worth === null) return null;
  if (cell.worth >= 1)
    return (
      <span class="hfnb-worth-right" title={say('right')}>
        <Icon name="check" />
        <span class="hfnb-unseen">{say('right')}: </span>
      </span>
    );
  if (cell.worth <= 0)
    return (
      <span class="hfnb-worth-wrong" title={say('wrong')}>
        <Icon name="close" />
        <span class="hfnb-unseen">{say('wrong')}: </span>
      </span>
    );
  return <span class="hfnb-soft hfnb-numbers">{cell.worth.toFixed(2)}</span>;
}

function Whole({ name, cell }: { name: string; cell: Cell }) {
  return (
    <section class="hfnb-lane" aria-label={name}>
      <header>
        <span class="hfnb-lane-model">{name}</span>
        <span class="hfnb-space" />
        {cell.seconds !== null && <span class="hfnb-soft hfnb-numbers">{seconds(cell.seconds)}</span>}
      </header>
      <div class="hfnb-lane-said">
        {cell.wrong && <p class="hfnb-many-failed">{cell.wrong}</p>}
        {cell.answer?.kind === 'labels' ? (
          <div class="hfnb-labels">
            <Bars labels={cell.answer.labels.slice(0, 5)} held={null} />
          </div>
        ) : (
          <div class="hfnb-spoken">{cell.answer?.text}</div>
        )}
      </div>
    </section>
  );
}
