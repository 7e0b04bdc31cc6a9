/** How a table is looked at: filters, words, a condition, an order. Pure: each answers a new view. */
import type { Filter, View } from './answers';

export const PLAIN: View = { filters: [], search: '', where: '', sort: null };

/** All rows, as they stand. */
export function isPlain(view: View): boolean {
  return !view.filters.length && !view.search && !view.where && !view.sort;
}

/** Fewer rows than there are, perhaps. */
export function isNarrow(view: View): boolean {
  return view.filters.length > 0 || view.search !== '' || view.where !== '';
}

/** One filter a column: a newer takes the place of an older; null takes it away. */
export function filtered(view: View, column: string, filter: Filter | null): View {
  const others = view.filters.filter(one => one.column !== column);
  return { ...view, filters: filter ? [...others, filter] : others };
}

/** Up, down, as it stands. */
export function nextSort(view: View, column: string): View['sort'] {
  if (view.sort?.column !== column) return { column, descending: false };
  return view.sort.descending ? null : { column, descending: true };
}

/** What was kept with the notebook may be anybody's. */
export function recalled(kept: unknown): View {
  if (typeof kept !== 'object' || kept === null) return PLAIN;
  const { filters, search, where, sort } = kept as Partial<View>;
  return {
    filters: Array.isArray(filters) ? filters.filter(isFilter) : [],
    search: typeof search === 'string' ? search : '',
    where: typeof where === 'string' ? where : '',
    sort:
      typeof sort?.column === 'string' ? { column: sort.column, descending: sort.descending === true } : null
  };
}

function isFilter(one: unknown): one is Filter {
  const filter = one as Partial<Filter> | null;
  return (
    typeof filter?.column === 'string' &&
    Array.isArray(filter.values) &&
    ['between', 'in', 'has', 'null', 'filled'].includes(filter.is ?? '')
  );
}
