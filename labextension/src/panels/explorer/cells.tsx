/** A cell by its kind. Text is text, whatever it says; what is not here yet is quiet and as wide. */
import { Button } from '../../parts/button';
import { exact } from '../../parts/format';
import { type Here, useHere } from '../../parts/here';
import type { Cell, Kind } from './answers';
import type { Lane } from './lanes';
import { Sound, Thumbnail } from './media';
import type { Shown } from './model';
import { isCut } from './pages';

export interface CellProps {
  shown: Shown;
  row: number;
  lane: Lane;
  place: number;
  tab: boolean;
  active: boolean;
}

export function CellView({ shown, row, lane, place, tab, active }: CellProps) {
  const { say } = useHere();
  const { table } = shown;
  const { kind } = lane.column;
  const cell = table.pages.cell(row, lane.at);
  const text = textOf(cell);
  const more = typeof cell === 'object' && cell !== null ? cell.more : undefined;
  return (
    <div
      role="gridcell"
      aria-colindex={place}
      class={`hfnb-cell hfnb-of-${kind}${lane.pinned ? ' hfnb-pinned' : ''}${look(cell)}${active ? ' hfnb-active' : ''}`}
      style={{ left: `${lane.left}px`, width: `${lane.width}px` }}
      tabIndex={tab ? 0 : -1}
      data-hfnb-cell={`${row} ${lane.at}`}
      data-at={lane.at}
      title={titleOf(cell, kind, say)}
    >
      <Inside shown={shown} row={row} lane={lane} cell={cell} text={text} />
      {active && more !== undefined && (
        <Button
          kind="plain"
          icon="chevron"
          class="hfnb-expand"
          label={say('Show all %1 characters', exact(more))}
          onClick={() => shown.looking.open(row, lane.column.name)}
        />
      )}
    </div>
  );
}

function Inside({
  shown,
  row,
  lane,
  cell,
  text
}: {
  shown: Shown;
  row: number;
  lane: Lane;
  cell: Cell | undefined;
  text: string;
}) {
  const { kind, name } = lane.column;
  const number = shown.table.number(row);
  if (typeof cell === 'object' && cell !== null && cell.media && number !== null) {
    if (kind === 'image') return <Thumbnail showing={shown.showing} row={number} column={name} text={text} />;
    if (kind === 'audio') return <Sound showing={shown.showing} row={number} column={name} text={text} />;
  }
  return <>{text}</>;
}

function textOf(cell: Cell | undefined): string {
  if (cell === undefined) return '';
  if (cell === null) return 'null';
  if (cell === '') return '""';
  return typeof cell === 'string' ? cell : cell.text;
}

function look(cell: Cell | undefined): string {
  if (cell === undefined) return ' hfnb-coming';
  return cell === null || cell === '' ? ' hfnb-nothing' : '';
}

function titleOf(cell: Cell | undefined, kind: Kind, say: Here['say']): string | undefined {
  if (cell === null) return say('Nothing is there (null)');
  if (cell === '') return say('An empty text');
  if (kind === 'number' && isCut(cell)) return say('Enter or a double click shows all its digits');
  if (typeof cell !== 'object' || !cell) return undefined;
  if (cell.more !== undefined)
    return say('%1 characters: Enter or a double click shows all', exact(cell.more));
  return kind === 'label' && cell.value !== undefined
    ? say('%1, stored as %2', cell.text, cell.value)
    : undefined;
}
