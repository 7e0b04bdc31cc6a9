/** Queries and conditions as one could write them about a table: with its own columns. */
import type { Column } from './answers';

/** Characters of a name that has room in a box. */
const LONGEST = 24;

/** A group and a mean where there are columns for them. */
export function exampleQuery(columns: readonly Column[]): string {
  const group = first(columns, 'label') ?? first(columns, 'bool') ?? first(columns, 'text');
  const number = columns.findLast(one => one.kind === 'number' && fits(one));
  const mean = number && `avg(${quoted(number.name)})`;
  if (!group) return `SELECT ${['count(*)', ...(mean ? [mean] : [])].join(', ')} FROM t`;
  const name = quoted(group.name);
  return `SELECT ${[name, 'count(*)', ...(mean ? [mean] : [])].join(', ')} FROM t GROUP BY ${name}`;
}

export function exampleWhere(columns: readonly Column[]): string {
  const text = first(columns, 'text');
  if (text) return `length(${quoted(text.name)}) > 100`;
  const number = first(columns, 'number');
  if (number) return `${quoted(number.name)} > 10`;
  const any = columns.find(fits);
  return any ? `${quoted(any.name)} IS NOT NULL` : '';
}

/** As SQL has a name: in quotes where it is not a plain word. */
function quoted(name: string): string {
  return /^[a-z_]\w*$/i.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

const fits = ({ name }: Column) => name.length <= LONGEST && !/[\r\n]/.test(name);
const first = (columns: readonly Column[], kind: Column['kind']) =>
  columns.find(one => one.kind === kind && fits(one));
