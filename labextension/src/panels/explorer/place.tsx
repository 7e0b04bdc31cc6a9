/** "rows 120–160 of 4,000,000" */
import { exact } from '../../parts/format';
import { useHere } from '../../parts/here';
import type { Table } from './table';

export function Place({ table }: { table: Table }) {
  const { say } = useHere();
  const [from, to] = table.sight.value;
  const total = table.total.value;
  const end = total === null ? to : Math.min(to, total);
  if (total === 0 || end <= from) return <span>{total === null ? say('rows unknown') : say('0 rows')}</span>;
  return (
    <span>
      {total === null
        ? say('rows %1–%2, their number is not known yet', exact(from + 1), exact(end))
        : say('rows %1–%2 of %3', exact(from + 1), exact(end), exact(total))}
    </span>
  );
}
