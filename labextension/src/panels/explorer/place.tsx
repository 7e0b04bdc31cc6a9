/** "rows 120–159 of 4,000,000": numbers of the table, from 0; "rows 0–19 of 412 in this view" where they are places in it. */
import { exact } from '../../parts/format';
import { type Here, useHere } from '../../parts/here';
import type { Table } from './table';
import { isPlain } from './views';

export function Place({ table }: { table: Table }) {
  const { say } = useHere();
  const [from, to] = table.sight.value;
  const total = table.total.value;
  const end = total === null ? to : Math.min(to, total);
  if (total === 0 || end <= from) return <span>{total === null ? say('rows unknown') : say('0 rows')}</span>;
  return <span>{placeWords(from, end, total, isPlain(table.view.value), say)}</span>;
}

/** `end`: the one after the last. */
export function placeWords(
  from: number,
  end: number,
  total: number | null,
  plain: boolean,
  say: Here['say']
): string {
  const rows = end - from === 1 ? say('row %1', exact(from)) : say('rows %1–%2', exact(from), exact(end - 1));
  if (total === null) return say('%1, their number is not known yet', rows);
  return plain ? say('%1 of %2', rows, exact(total)) : say('%1 of %2 in this view', rows, exact(total));
}
