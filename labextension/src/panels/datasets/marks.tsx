/** A dataset's facts as small marks. */
import { bytes, count, exact } from '../../parts/format';
import { useHere } from '../../parts/here';
import { Mark } from '../../parts/mark';
import type { DatasetRow, Facets } from './answers';

/** 12 k rows · 268 MB */
export function SizeMark({ row }: { row: DatasetRow }) {
  const { say } = useHere();
  const rows = row.rows !== null ? say('%1 rows', count(row.rows)) : row.rowsClass;
  const parts = [rows, row.bytes !== null && bytes(row.bytes)].filter(Boolean);
  if (!parts.length) return <Mark>{say('Size not known')}</Mark>;
  const title = [
    row.rows !== null && say('%1 rows', exact(row.rows)),
    row.bytes !== null && say('%1 bytes', exact(row.bytes))
  ].filter(Boolean);
  return <Mark title={title.join(', ')}>{parts.join(' · ')}</Mark>;
}

/** What it is made of and for, in the words of the filters where they have come: "Text, Pictures · text classification". */
export function aboutOf(row: DatasetRow, facets: Facets | null): string {
  const words = (some: string[], from: 'modalities' | 'formats') =>
    some.map(one => facets?.[from].find(choice => choice.value === one)?.label ?? one).join(', ');
  const tasks = row.tasks.slice(0, 2).map(task => task.replaceAll('-', ' '));
  return [words(row.modalities, 'modalities'), tasks.join(', '), words(row.formats, 'formats')]
    .filter(Boolean)
    .join(' · ');
}
