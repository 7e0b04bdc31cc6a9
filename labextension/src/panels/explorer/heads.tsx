/** The names of columns: type, what is missing, bars that filter; to sort, to move, to make wider. */
import { useRef, useState } from 'preact/hooks';
import { count, exact } from '../../parts/format';
import { type Here, TabContext, useHere } from '../../parts/here';
import type { Summary } from './answers';
import { BarsView } from './bars';
import { covers, distinctIn, nullsOf } from './covering';
import { dragged, useResize } from './dragging';
import type { Lane } from './lanes';
import type { ExplorerModel, Shown } from './model';
import type { Sheet } from './sheet';

export interface HeadsProps {
  model: ExplorerModel;
  shown: Shown;
  sheet: Sheet;
  lanes: readonly Lane[];
  places: ReadonlyMap<number, number>;
  /** the column that Tab finds here; null: a row has it */
  tab: number | null;
  /** the column whose menu is open */
  menu: number | null;
  onMenu: (at: number | null) => void;
}

export function Heads({ model, shown, sheet, lanes, places, tab, menu, onMenu }: HeadsProps) {
  const { say } = useHere();
  return (
    <div role="rowgroup" class="hfnb-heads">
      <div role="row" aria-rowindex={1} class="hfnb-head-row">
        <div
          role="columnheader"
          aria-colindex={1}
          class="hfnb-cell hfnb-row-number"
          tabIndex={tab === -1 ? 0 : -1}
          data-hfnb-cell="-1 -1"
        >
          <span class="hfnb-unseen">{say('Number of the row')}</span>
        </div>
        <TabContext.Provider value={-1}>
          {lanes.map(lane => (
            <HeadView
              key={lane.at}
              model={model}
              shown={shown}
              sheet={sheet}
              lane={lane}
              place={(places.get(lane.at) ?? 0) + 2}
              tab={tab === lane.at}
              menu={menu === lane.at}
              onMenu={on => onMenu(on ? lane.at : null)}
            />
          ))}
        </TabContext.Provider>
      </div>
    </div>
  );
}

interface HeadProps {
  model: ExplorerModel;
  shown: Shown;
  sheet: Sheet;
  lane: Lane;
  place: number;
  tab: boolean;
  menu: boolean;
  onMenu: (on: boolean) => void;
}

function HeadView({ model, shown, sheet, lane, place, tab, menu, onMenu }: HeadProps) {
  const { say } = useHere();
  const { table } = shown;
  const { name, type, stored } = lane.column;
  const sort = table.view.value.sort;
  const sorted = sort?.column === name ? (sort.descending ? 'descending' : 'ascending') : 'none';
  const summary = table.summing.known.value[name];
  const cell = useRef<HTMLDivElement>(null);
  const grip = useResize(lane, table.lanes);
  const [hovered, hover] = useState<string | null>(null);
  const facts = summary
    ? [type, nullsOf(summary, say), distinctOf(summary, say)].filter(Boolean).join(' · ')
    : type;
  return (
    <div
      ref={cell}
      role="columnheader"
      aria-colindex={place}
      aria-sort={sorted}
      class={`hfnb-cell hfnb-column${lane.pinned ? ' hfnb-pinned' : ''}`}
      style={{ left: `${lane.left}px`, width: `${lane.width}px` }}
      tabIndex={tab ? 0 : -1}
      data-hfnb-cell={`-1 ${lane.at}`}
      data-at={lane.at}
      aria-label={`${name}, ${facts}${sorted === 'none' ? '' : `, ${say(sorted)}`}`}
    >
      <div class="hfnb-column-name">
        <button
          type="button"
          class="hfnb-sorts"
          tabIndex={-1}
          title={`${name}\n${stored}\n${say('Click sorts, dragging moves')}`}
          onPointerDown={event => dragged(event, lane, sheet, table.lanes)}
          onClick={event => {
            // a drag ends with a click too
            if (event.currentTarget.dataset.moved) delete event.currentTarget.dataset.moved;
            else table.sort(name);
          }}
        >
          <span class="hfnb-name">{name}</span>
          {sorted !== 'none' && (
            <span class="hfnb-sorted" aria-hidden="true">
              {sorted === 'ascending' ? '↑' : '↓'}
            </span>
          )}
        </button>
        <button
          type="button"
          class="hfnb-button hfnb-as-plain hfnb-only-icon hfnb-opens-menu"
          tabIndex={-1}
          data-hfnb-menu
          aria-label={say('Menu of %1', name)}
          aria-haspopup="dialog"
          aria-expanded={menu}
          onClick={() => onMenu(!menu)}
        >
          <span aria-hidden="true">⋮</span>
        </button>
      </div>
      <div class="hfnb-column-facts" title={hovered ?? facts}>
        {hovered ?? facts}
      </div>
      {model.bars.value && (
        <div class="hfnb-column-bars">
          <BarsView
            shown={shown}
            column={lane.column}
            summary={summary}
            width={lane.width - 17}
            hover={hover}
          />
          {summary && <span class="hfnb-covers">{covers(summary, say)}</span>}
        </div>
      )}
      <div class="hfnb-grip" title={say('Drag to resize; double click for the usual width')} {...grip} />
    </div>
  );
}

function distinctOf(summary: Summary, say: Here['say']): string {
  // nothing is there to be told apart
  if (!summary.distinct) return '';
  return say(
    '%1 distinct',
    distinctIn(summary, rows => (rows < 10_000 ? exact(rows) : count(rows)))
  );
}
