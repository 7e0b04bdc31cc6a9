/** A row: its number in the table, as DataFrames and the Hub's links count, from 0; and its cells in sight. */
import { useHere } from '../../parts/here';
import { CellView } from './cells';
import type { Lane } from './lanes';
import type { Shown } from './model';
import { grouped } from './sheet';
import { isPlain } from './views';

export interface RowProps {
  shown: Shown;
  row: number;
  /** pixels below the first row that is drawn */
  y: number;
  lanes: readonly Lane[];
  /** places of columns in the order shown */
  places: ReadonlyMap<number, number>;
  /** the column that Tab finds here; null: another row has it */
  tab: number | null;
  /** the column where the keys are */
  active: number | null;
}

export function RowView({ shown, row, y, lanes, places, tab, active }: RowProps) {
  const { say } = useHere();
  const { table, looking } = shown;
  const picked = table.picked.has(row);
  const open = looking.at.value === row;
  const number = table.named(row);
  return (
    <div
      role="row"
      aria-rowindex={row + 2}
      aria-selected={picked}
      class={`hfnb-line${picked ? ' hfnb-picked' : ''}${open ? ' hfnb-opened' : ''}${row % 2 ? ' hfnb-odd' : ''}`}
      style={{ transform: `translateY(${y}px)` }}
      onDblClick={event => {
        // the word under the mouse is not what was meant
        event.currentTarget.ownerDocument.getSelection?.()?.removeAllRanges();
        const at = Number((event.target as Element).closest('[data-at]')?.getAttribute('data-at') ?? -1);
        looking.open(row, table.lanes.columns.peek()[at]?.name ?? null);
      }}
    >
      <div
        role="rowheader"
        aria-colindex={1}
        class="hfnb-cell hfnb-row-number"
        tabIndex={tab === -1 ? 0 : -1}
        data-hfnb-cell={`${row} -1`}
        title={
          isPlain(table.view.value)
            ? say('Click selects, Shift-click extends')
            : say('Place %1 in this view. Click selects, Shift-click extends', grouped(row))
        }
        onClick={event => {
          if (event.shiftKey) table.picked.extend(row);
          else table.picked.toggle(row);
        }}
      >
        {number === null ? '…' : grouped(number)}
      </div>
      {lanes.map(lane => (
        <CellView
          key={lane.at}
          shown={shown}
          row={row}
          lane={lane}
          place={(places.get(lane.at) ?? 0) + 2}
          tab={tab === lane.at}
          active={active === lane.at}
        />
      ))}
    </div>
  );
}
