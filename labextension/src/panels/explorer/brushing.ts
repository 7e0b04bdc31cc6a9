/** What bars mean as a filter, and which bars a filter means. */
import type { Here } from '../../parts/here';
import type { Column, Filter, Summary } from './answers';

export type Bars = NonNullable<Summary['bars']>;
type Ranges = Extract<Bars, { kind: 'ranges' }>;
type Values = Extract<Bars, { kind: 'values' }>;

/** First and last of the bars that were brushed. */
export type Brush = [first: number, last: number];

/** The bar under a place, where the bars are this wide together. */
export function barAt(x: number, wide: number, bars: number): number {
  return Math.max(0, Math.min(bars - 1, Math.floor((x / wide) * bars)));
}

/** From the lower edge of the first to the upper edge of the last; all of them is no filter. */
export function ranged(column: Column, bars: Ranges, [one, other]: Brush): Filter | null {
  const [first, last] = one <= other ? [one, other] : [other, one];
  const low = bars.edges[first];
  const high = bars.edges[last + 1];
  if (low === undefined || high === undefined) return null;
  if (first === 0 && last === bars.counts.length - 1) return null;
  // the last bar holds its upper edge too
  return { column: column.name, is: 'between', values: [low, high], closed: last === bars.counts.length - 1 };
}

/** Texts and lists have bars of their length: how SQL says it. Null where bars filter as they are, or not at all. */
export function lengthOf({ name, kind }: Column): string | null {
  const quoted = `"${name.replaceAll('"', '""')}"`;
  if (kind === 'text') return `length(${quoted})`;
  return kind === 'list' || kind === 'chat' ? `len(${quoted})` : null;
}

/** Numbers and times are filtered by their bars; a picture's size is only looked at. */
export const isBrushed = (column: Column) =>
  column.kind === 'number' || column.kind === 'time' || lengthOf(column) !== null;

/** A length's range within a condition, as `lengthened` wrote it. */
export function lengthIn(where: string, length: string): Filter | undefined {
  const found = pattern(length).exec(where);
  if (!found) return undefined;
  return {
    column: '',
    is: 'between',
    values: [Number(found[1]), Number(found[3])],
    closed: found[2] === '<='
  };
}

/** The condition with another range of this length, or with none. */
export function lengthened(where: string, length: string, filter: Filter | null): string {
  const rest = where.replace(pattern(length), '').replace(/^ AND /, '');
  if (!filter) return rest;
  const [low, high] = filter.values;
  const range = `${length} >= ${low} AND ${length} ${filter.closed ? '<=' : '<'} ${high}`;
  if (!rest) return range;
  return `${/\bor\b/i.test(rest) && !/^\(.*\)$/s.test(rest) ? `(${rest})` : rest} AND ${range}`;
}

function pattern(length: string): RegExp {
  const plain = length.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?: AND )?${plain} >= (-?[\\d.e+-]+) AND ${plain} (<=?) (-?[\\d.e+-]+)`);
}

/** The bars of a filter, as far as it ends at their edges. */
export function brushed(bars: Ranges, filter: Filter | undefined): Brush | null {
  if (filter?.is !== 'between') return null;
  const [low, high] = filter.values as [number, number];
  const first = bars.edges.findIndex(
    (edge, at) => at < bars.counts.length && (bars.edges[at + 1] ?? edge) > low
  );
  let last = first;
  while (last + 1 < bars.counts.length && (bars.edges[last + 1] ?? 0) < high) last++;
  return first < 0 ? null : [first, last];
}

/** One value more, or one less; none is no filter. */
export function toggled(column: Column, bars: Values, at: number, filter: Filter | undefined): Filter | null {
  const value = bars.values[at] ?? null;
  if (value === null) return filter?.is === 'null' ? null : { column: column.name, is: 'null', values: [] };
  const before = filter?.is === 'in' ? filter.values : [];
  const values = before.includes(value) ? before.filter(one => one !== value) : [...before, value];
  return values.length ? { column: column.name, is: 'in', values } : null;
}

export function isChosen(bars: Values, at: number, filter: Filter | undefined): boolean {
  const value = bars.values[at] ?? null;
  return value === null ? filter?.is === 'null' : filter?.is === 'in' && filter.values.includes(value);
}

/** What a bar stands for, in words. Labels come one for an edge, or one for a bar. */
export function barLabel(bars: Bars, at: number): string {
  if (bars.kind === 'values') return bars.labels[at] ?? String(bars.values[at] ?? '');
  if (bars.labels.length === bars.edges.length) return `${bars.labels[at]} – ${bars.labels[at + 1]}`;
  return bars.labels[at] ?? `${tidy(bars.edges[at])} – ${tidy(bars.edges[at + 1])}`;
}

/** A range in words: "people from 3 to 5"; the upper end stays out of it: "price from 3 up to 6". */
export function between(
  { column, values, closed }: Filter,
  bars: Bars | null | undefined,
  of: Column | undefined,
  say: Here['say']
): string {
  const [low, high] = values;
  const whole = isWhole(of) && typeof high === 'number' && Number.isInteger(high);
  const last = closed || !whole ? high : high - 1;
  const [from, to] = [edgeLabel(bars, low), edgeLabel(closed || !whole ? bars : null, last)];
  if (high == null) return say('%1 from %2', column, from);
  if (low == null) return closed || whole ? say('%1 up to %2', column, to) : say('%1 below %2', column, to);
  if (whole && low === last) return say('%1 is %2', column, to);
  return closed || whole
    ? say('%1 from %2 to %3', column, from, to)
    : say('%1 from %2 up to %3', column, from, to);
}

const isWhole = (column: Column | undefined) => /^u?int\d+$/.test(column?.stored ?? '');

/** An end of a filter, in the words of its bars where they have any. */
function edgeLabel(bars: Bars | null | undefined, value: unknown): string {
  if (bars?.kind === 'ranges' && bars.labels.length === bars.edges.length) {
    const at = bars.edges.indexOf(value as number);
    if (at >= 0) return bars.labels[at] as string;
  }
  return typeof value === 'number' ? tidy(value) : String(value);
}

/** 0.30000000000000004 is 0.3, and 1234567 is 1,234,567 */
export function tidy(value: number | undefined): string {
  if (value === undefined) return '';
  const short = Number(value.toPrecision(7));
  return Math.abs(short) >= 1e15 || (short !== 0 && Math.abs(short) < 1e-4)
    ? String(short)
    : short.toLocaleString('en-US', { maximumFractionDigits: 6 });
}
