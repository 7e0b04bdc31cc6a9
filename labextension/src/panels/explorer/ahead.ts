/** What is in sight is asked for: at once where one reads on, after a rest where the bar is dragged over millions. */
import { effect } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { exact } from '../../parts/format';
import type { Here } from '../../parts/here';
import type { View } from './answers';
import { PAGE } from './pages';
import type { Sheet } from './sheet';
import type { Table } from './table';
import { isPlain } from './views';

/** Milliseconds of rest after a jump, and the longest that a drag goes without being answered. */
const RESTS = 70;
const LONGEST = 1200;
/** Milliseconds after which it is said where one has arrived. */
const SAYS = 700;

export function useAhead(sheet: Sheet, table: Table, say: Here['say'], announce: Here['announce']): void {
  useEffect(() => {
    let asked = -1;
    let since = 0;
    let wait: ReturnType<typeof setTimeout> | undefined;
    let rest: ReturnType<typeof setTimeout> | undefined;
    let told: { from: number; view: View } | null = null;
    const ask = () => {
      clearTimeout(wait);
      since = 0;
      const [from, to] = sheet.range.peek();
      if (sheet.height.peek() <= 0) return;
      asked = from;
      table.look(from, to, sheet.lanes.peek(), sheet.forward);
      if (table.opened.peek()) table.summing.look(sheet.lanes.peek().map(lane => lane.column.name));
    };
    const end = effect(() => {
      const [from] = sheet.range.value;
      void [sheet.lanes.value, table.view.value, table.rows.value, table.opened.value, sheet.height.value];
      const jumps = asked >= 0 && Math.abs(from - asked) > PAGE;
      const now = Date.now();
      since ||= now;
      clearTimeout(wait);
      if (jumps && now - since < LONGEST) wait = setTimeout(ask, RESTS);
      else ask();
    });
    const place = effect(() => {
      const [from, to] = sheet.sight.value;
      const total = table.total.value;
      table.sight.value = [from, to];
      clearTimeout(rest);
      rest = setTimeout(() => {
        if (sheet.height.peek() > 0 && table.at.peek() !== from) table.at.value = from;
        const last = exact(Math.max(from, to - 1));
        const where =
          total === null
            ? say('Rows %1 to %2', exact(from), last)
            : isPlain(table.view.peek())
              ? say('Rows %1 to %2 of %3', exact(from), last, exact(total))
              : say('Rows %1 to %2 of %3 in this view', exact(from), last, exact(total));
        // another view says itself what it is; its first rows are no step of the reader's
        const view = table.view.peek();
        if (sheet.held.peek() && told && told.from !== from && told.view === view) announce(where);
        told = { from, view };
      }, SAYS);
    });
    return () => {
      end();
      place();
      clearTimeout(wait);
      clearTimeout(rest);
    };
  }, [sheet, table, say, announce]);
}
