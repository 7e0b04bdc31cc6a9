/** A dataset's facts as small marks. */
import { bytes, count, exact } from '../../parts/format';
import { useHere } from '../../parts/here';
import { Mark } from '../../parts/mark';
import type { DatasetRow } from './answers';

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

/** What it is made of and for, in words: "text, image · text classification". */
export function aboutOf(row: DatasetRow): string {
  const tasks = row.tasks.slice(0, 2).map(task => task.replaceAll('-', ' '));
  return [row.modalities.join(', '), tasks.join(', '), row.formats.join(', ')].filter(Boolean).join(' · ');
}
