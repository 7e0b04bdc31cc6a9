/** What narrows and orders the rows, each with a way to take it off. */
import { Button } from '../../parts/button';
import { type Here, useHere } from '../../parts/here';
import { Chip } from '../../parts/mark';
import type { Filter, Summary } from './answers';
import { between } from './brushing';
import type { Table } from './table';
import { isPlain, PLAIN } from './views';

/** Characters of a value in a chip. */
const LONGEST = 40;

export function Chips({ table }: { table: Table }) {
  const { say } = useHere();
  const view = table.view.value;
  if (isPlain(view)) return null;
  const known = table.summing.known.value;
  return (
    <div class="hfnb-chips" role="group" aria-label={say('Filters that are on')}>
      {view.search && (
        <Take table={table} to={{ ...view, search: '' }}>
          {say('“%1” in any text', cut(view.search))}
        </Take>
      )}
      {view.filters.map(filter => (
        <Take
          key={filter.column}
          table={table}
          to={{ ...view, filters: view.filters.filter(one => one !== filter) }}
        >
          {words(filter, known[filter.column], table, say)}
        </Take>
      ))}
      {view.where && (
        <Take table={table} to={{ ...view, where: '' }}>
          {cut(view.where)}
        </Take>
      )}
      {view.sort && (
        <Take table={table} to={{ ...view, sort: null }}>
          {view.sort.descending
            ? say('%1, descending', view.sort.column)
            : say('%1, ascending', view.sort.column)}
        </Take>
      )}
      <Button kind="link" onClick={() => table.see(PLAIN)}>
        {say('Clear all')}
      </Button>
    </div>
  );
}

function Take({ table, to, children }: { table: Table; to: Parameters<Table['see']>[0]; children: string }) {
  const { say } = useHere();
  return (
    <Chip label={say('Remove: %1', children)} onRemove={() => table.see(to)}>
      {children}
    </Chip>
  );
}

function words(filter: Filter, summary: Summary | undefined, table: Table, say: Here['say']): string {
  const { column, values } = filter;
  const bars = summary?.bars;
  const named = table.lanes.columns.peek().find(one => one.name === column);
  switch (filter.is) {
    case 'null':
      return say('%1 is null', column);
    case 'filled':
      return say('%1 is not null', column);
    case 'has':
      return say('%1 contains “%2”', column, cut(String(values[0])));
    case 'between':
      return between(filter, bars, named, say);
    default: {
      const labels = named?.labels ?? [];
      const names = values.map(value => {
        const at = bars?.kind === 'values' ? bars.values.indexOf(value) : -1;
        return (bars?.labels[at] || (typeof value === 'number' ? labels[value] : undefined)) ?? String(value);
      });
      return say('%1 is %2', column, cut(names.join(say(' or '))));
    }
  }
}

/** What stands in a line: no name is too long for one. */
export const cut = (text: string) => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
