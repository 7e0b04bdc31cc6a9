/** In words: from how many rows a column's facts come. */
import { count, exact } from '../../parts/format';
import type { Here } from '../../parts/here';
import type { Summary } from './answers';

/** The badge under the bars. */
export function covers({ from, seen, by }: Summary, say: Here['say']): string {
  if (from === 'all') return by ? say('all rows, by %1', by) : say('all rows');
  if (from === 'footer') return say('from the file’s own notes');
  return say('from %1 rows', count(seen));
}

/** The same with every digit. */
export function coversExactly({ from, seen, of, by }: Summary, say: Here['say']): string {
  if (from === 'all' && by) return say('From all %1 rows, counted by %2', exact(of ?? seen), by);
  if (from === 'all') return say('From all %1 rows', exact(of ?? seen));
  if (from === 'footer') return say('From the file’s own notes: nothing was read');
  return of === null ? say('From %1 rows', exact(seen)) : say('From %1 of %2 rows', exact(seen), exact(of));
}

export function nullsOf({ nulls, seen }: Summary, say: Here['say']): string {
  if (nulls === null) return '';
  if (nulls === 0) return say('0 null');
  const share = seen > 0 ? (100 * nulls) / seen : 0;
  return say(
    '%1 % null',
    share < 0.1 ? '< 0.1' : share > 99.9 && nulls < seen ? '> 99.9' : Number(share.toFixed(1))
  );
}

/** How many different ones: at least so many, about so many, or exactly, which they are where all of them are listed. */
export function distinctIn(summary: Summary, number: (of: number) => string): string | null {
  const { distinct, distinctAbout, from, bars } = summary;
  if (distinct === null) return null;
  if (from === 'sample') return `≥ ${number(distinct)}`;
  if (!distinctAbout) return number(distinct);
  if (from !== 'all' || bars?.kind !== 'values' || bars.others > 0) return `≈ ${number(distinct)}`;
  return number(bars.values.filter((value, at) => value !== null && (bars.counts[at] ?? 0) > 0).length);
}
