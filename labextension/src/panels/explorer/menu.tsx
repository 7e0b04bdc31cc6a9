/** A column's menu: what is known of it, its order, its filters, where it stands. */
import { useState } from 'preact/hooks';
import { Button } from '../../parts/button';
import { exact } from '../../parts/format';
import { useHere } from '../../parts/here';
import type { Filter, Summary } from './answers';
import { barLabel, isChosen, toggled } from './brushing';
import { coversExactly, distinctIn } from './covering';
import type { Lane } from './lanes';
import type { Shown } from './model';
import { Pop } from './pop';
import type { Sheet } from './sheet';

const WIDE = 264;
const VALUES = 12;

export function ColumnMenu({
  shown,
  sheet,
  lane,
  onClose
}: {
  shown: Shown;
  sheet: Sheet;
  lane: Lane;
  onClose: () => void;
}) {
  const { say, toast } = useHere();
  const { table } = shown;
  const { name, type, stored } = lane.column;
  const { lanes } = table;
  const summary = table.summing.known.value[name];
  const sort = table.view.value.sort;
  const left = sheet.gutter.value + lane.left - (lane.pinned ? 0 : sheet.left.value) + lane.width - WIDE;
  const order = (descending: boolean) => {
    const on = sort?.column === name && sort.descending === descending;
    table.see({ ...table.view.peek(), sort: on ? null : { column: name, descending } });
  };
  const hide = () => {
    lanes.hide(lane.at);
    const undo = { label: say('Undo'), run: () => lanes.hide(lane.at, false) };
    toast({ text: say('The column %1 is hidden.', name), action: undo });
  };
  const then = (what: () => void) => () => {
    what();
    onClose();
  };
  const is = (descending: boolean) => sort?.column === name && sort.descending === descending;
  return (
    <Pop
      label={say('Column %1', name)}
      class="hfnb-column-menu"
      style={{ left: `${Math.max(4, Math.min(sheet.width.value - WIDE - 4, left))}px`, width: `${WIDE}px` }}
      onClose={onClose}
    >
      <div>
        <strong>{name}</strong>{' '}
        <span class="hfnb-soft" title={stored}>
          {type}
        </span>
      </div>
      <div class="hfnb-row">
        <Button pressed={is(false)} onClick={then(() => order(false))}>
          {say('↑ Ascending')}
        </Button>
        <Button pressed={is(true)} onClick={then(() => order(true))}>
          {say('↓ Descending')}
        </Button>
      </div>
      <Narrow shown={shown} lane={lane} />
      {summary && <Known shown={shown} lane={lane} summary={summary} />}
      <div class="hfnb-row">
        <Button onClick={then(() => lanes.pin(lane.at, !lane.pinned))}>
          {lane.pinned ? say('Unpin') : say('Pin')}
        </Button>
        <Button disabled={lanes.shown.value.length < 2} onClick={then(hide)}>
          {say('Hide')}
        </Button>
        <Button label={say('Move left')} onClick={() => lanes.step(lane.at, -1)}>
          ←
        </Button>
        <Button label={say('Move right')} onClick={() => lanes.step(lane.at, 1)}>
          →
        </Button>
        <Button label={say('Narrower')} onClick={() => lanes.resize(lane.at, lane.width - 32)}>
          −
        </Button>
        <Button label={say('Wider')} onClick={() => lanes.resize(lane.at, lane.width + 32)}>
          +
        </Button>
      </div>
    </Pop>
  );
}

/** Only rows whose cell … */
function Narrow({ shown, lane }: { shown: Shown; lane: Lane }) {
  const { say } = useHere();
  const { table } = shown;
  const { name, kind } = lane.column;
  const filter = table.view.value.filters.find(one => one.column === name);
  const [text, setText] = useState(filter?.is === 'has' ? String(filter.values[0] ?? '') : '');
  const [low, setLow] = useState(filter?.is === 'between' ? String(filter.values[0] ?? '') : '');
  const [high, setHigh] = useState(filter?.is === 'between' ? String(filter.values[1] ?? '') : '');
  const set = (is: Filter['is'], values: Filter['values']) =>
    table.filter(
      name,
      filter?.is === is && is !== 'has' && is !== 'between' ? null : { column: name, is, values }
    );
  const between = () => {
    const [from, to] = [low, high].map(one => (one.trim() === '' ? null : Number(one))) as [
      number | null,
      number | null
    ];
    if (Number.isNaN(from) || Number.isNaN(to)) return;
    if (from === null && to === null) table.filter(name, null);
    else table.filter(name, { column: name, is: 'between', values: [from, to], closed: true });
  };
  return (
    <>
      {(kind === 'text' || kind === 'chat') && (
        <form
          class="hfnb-row"
          onSubmit={event => {
            event.preventDefault();
            if (text) set('has', [text]);
            else table.filter(name, null);
          }}
        >
          <input
            class="hfnb-input"
            type="text"
            aria-label={say('%1 contains', name)}
            placeholder={say('contains …')}
            value={text}
            onInput={event => setText(event.currentTarget.value)}
          />
          <button type="submit" class="hfnb-button">
            {say('Filter')}
          </button>
        </form>
      )}
      {kind === 'number' && (
        <form
          class="hfnb-row"
          onSubmit={event => {
            event.preventDefault();
            between();
          }}
        >
          <input
            class="hfnb-input"
            type="text"
            inputMode="decimal"
            aria-label={say('%1 from', name)}
            placeholder={say('from')}
            value={low}
            onInput={event => setLow(event.currentTarget.value)}
          />
          <input
            class="hfnb-input"
            type="text"
            inputMode="decimal"
            aria-label={say('%1 up to', name)}
            placeholder={say('up to')}
            value={high}
            onInput={event => setHigh(event.currentTarget.value)}
          />
          <button type="submit" class="hfnb-button">
            {say('Filter')}
          </button>
        </form>
      )}
      <div class="hfnb-row">
        <Button pressed={filter?.is === 'null'} onClick={() => set('null', [])}>
          {say('Only null')}
        </Button>
        <Button pressed={filter?.is === 'filled'} onClick={() => set('filled', [])}>
          {say('Not null')}
        </Button>
        {filter && (
          <Button
            kind="link"
            onClick={() => {
              for (const empty of [setText, setLow, setHigh]) empty('');
              table.filter(name, null);
            }}
          >
            {say('Clear')}
          </Button>
        )}
      </div>
    </>
  );
}

function Known({ shown, lane, summary }: { shown: Shown; lane: Lane; summary: Summary }) {
  const { say } = useHere();
  const { table } = shown;
  const { bars } = summary;
  const filter = table.view.value.filters.find(one => one.column === lane.column.name);
  const facts: [string, string | null][] = [
    [say('Null'), summary.nulls === null ? null : exact(summary.nulls)],
    [say('Distinct'), distinctIn(summary, exact)],
    [say('Lowest'), summary.low],
    [say('Highest'), summary.high],
    [say('Mean'), summary.mean]
  ];
  return (
    <>
      <dl class="hfnb-facts">
        {facts.map(([label, value]) =>
          value === null ? null : (
            <div key={label} class="hfnb-fact">
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          )
        )}
      </dl>
      {bars?.kind === 'values' && (
        <ul class="hfnb-value-list" aria-label={say('Values')}>
          {bars.counts.slice(0, VALUES).map((rows, at) => (
            <li key={at}>
              <button
                type="button"
                class="hfnb-button hfnb-as-plain"
                aria-pressed={isChosen(bars, at, filter)}
                onClick={() => table.filter(lane.column.name, toggled(lane.column, bars, at, filter))}
              >
                <span>{barLabel(bars, at)}</span>
                <span class="hfnb-numbers hfnb-soft">{exact(rows)}</span>
              </button>
            </li>
          ))}
          {(bars.others > 0 || bars.counts.length > VALUES) && (
            <li class="hfnb-soft">
              {say(
                '%1 rows have other values',
                exact(bars.others + bars.counts.slice(VALUES).reduce((a, b) => a + b, 0))
              )}
            </li>
          )}
        </ul>
      )}
      {summary.note && <div class="hfnb-soft">{summary.note}</div>}
      <div class="hfnb-row">
        <span class="hfnb-soft">{coversExactly(summary, say)}</span>
        {(summary.from !== 'all' || summary.by) && (
          <Button
            kind="link"
            busy={table.summing.waiting.value}
            onClick={() => table.summing.exact(lane.column.name)}
          >
            {say('Count all rows')}
          </Button>
        )}
      </div>
    </>
  );
}
