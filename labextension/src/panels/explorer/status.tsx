/** The line at the foot: where one is, how far a search is, what was moved. It is always there. */
import { Button } from '../../parts/button';
import { bytes, count, exact, seconds } from '../../parts/format';
import { type Here, useHere } from '../../parts/here';
import { Mark } from '../../parts/mark';
import type { View } from './answers';
import { cut } from './chips';
import type { Found } from './finding';
import { Place } from './place';
import type { Table } from './table';
import { isNarrow } from './views';

export function StatusLine({ table }: { table: Table }) {
  const { say } = useHere();
  const found = table.finding.found.value;
  const refused = table.pages.refused.value.size > 0;
  const picked = table.picked.count.value;
  return (
    <div class="hfnb-status-line">
      <Place table={table} />
      {found && <Scanned found={found} table={table} />}
      {refused && (
        <span>
          {say('some rows not read')}
          <Button kind="link" onClick={() => table.pages.reconsider()}>
            {say('Read them')}
          </Button>
        </span>
      )}
      {table.pages.waiting.value > 0 && (
        <Mark icon="busy" kind="busy">
          {say('reading')}
        </Mark>
      )}
      {picked > 0 && (
        <span>
          {say('%1 selected', exact(picked))}
          <Button kind="link" onClick={() => table.picked.clear()}>
            {say('Clear')}
          </Button>
        </span>
      )}
      {table.opened.value?.notes.map(note => (
        <span key={note}>{note}</span>
      ))}
      <span class="hfnb-space" />
      <span title={say('%1 bytes', exact(table.moved.value))}>
        {say('%1 moved', bytes(table.moved.value))}
      </span>
    </div>
  );
}

function Scanned({ found, table }: { found: Found; table: Table }) {
  const { say } = useHere();
  const { running, stopped } = found;
  const exactly =
    found.of === null
      ? say('%1 rows scanned', exact(found.scanned))
      : say('%1 of %2 rows scanned', exact(found.scanned), exact(found.of));
  return (
    <span title={exactly}>
      {isNarrow(table.view.value)
        ? scannedWords(found, say)
        : orderedWords(found, table.view.value.sort, say)}
      {running && (
        <Button kind="link" label={say('Stop scanning')} onClick={() => table.finding.stop()}>
          {say('Stop')}
        </Button>
      )}
      {stopped && (
        <Button kind="link" onClick={() => table.finding.retry()}>
          {say('Scan all')}
        </Button>
      )}
      {!running &&
        !stopped &&
        found.seconds !== null &&
        isNarrow(table.view.value) &&
        ` · ${seconds(found.seconds)}`}
    </span>
  );
}

/** "sorted by score · all rows": an order finds nothing. It is made while its rows are read, so it has no time of its own. */
export function orderedWords(found: Found, sort: View['sort'], say: Here['say']): string {
  const { of, scanned, running, stopped } = found;
  const by = cut(sort?.column ?? '');
  const here = running
    ? say('sorting by %1', by)
    : stopped
      ? say('not sorted by %1 yet', by)
      : say('sorted by %1', by);
  if (!running && !stopped && found.exact)
    return `${here} · ${found.by ? say('all rows, by %1', found.by) : say('all rows')}`;
  if (!scanned) return here;
  return `${here} · ${of === null ? say('scanned %1', count(scanned)) : say('scanned %1 of %2', count(scanned), count(of))}`;
}

/** "3,210 found · all rows", "412 found so far · scanned 1.2 M of 4 M" */
export function scannedWords(found: Found, say: Here['say']): string {
  const { rows, of, scanned, running, stopped } = found;
  const here = running || stopped ? say('%1 found so far', exact(rows)) : say('%1 found', exact(rows));
  if (found.exact && !running && !stopped)
    return `${here} · ${found.by ? say('all rows, by %1', found.by) : say('all rows')}`;
  const far =
    of === null ? say('scanned %1', count(scanned)) : say('scanned %1 of %2', count(scanned), count(of));
  return `${here} · ${far}`;
}
