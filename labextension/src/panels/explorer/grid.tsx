/**
 * The table itself. The scrolled element is as tall as its bar; what is seen stands still in it and shows the rows and
 * columns in sight, moved by as many pixels as were scrolled.
 */
import { effect } from '@preact/signals';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { useHere } from '../../parts/here';
import { useAhead } from './ahead';
import { Heads } from './heads';
import { keyOf } from './keying';
import { ColumnMenu } from './menu';
import type { ExplorerModel, Shown } from './model';
import { RowView } from './rows';
import { Scroller } from './scroller';
import { type Active, Sheet } from './sheet';

/** Heights of the names: with bars, and without. */
export const HEAD = 48;
export const HEAD_BARS = 100;
/** A row that is kept in the page for its focus alone stands this far off at most. */
const FAR = 100_000;

export function Grid({ model, shown, label }: { model: ExplorerModel; shown: Shown; label: string }) {
  const { say, announce } = useHere();
  const { table } = shown;
  const sheet = useMemo(() => new Sheet(table), [table]);
  const frame = useRef<HTMLDivElement>(null);
  const stand = useRef<HTMLDivElement>(null);
  const scroller = useRef<Scroller | null>(null);
  const head = model.bars.value ? HEAD_BARS : HEAD;
  const { squeeze, gutter, rowHeight, lanes } = sheet;
  const [first, after] = sheet.range.value;
  const visible = lanes.value;
  void table.pages.version.value;

  const move = () => {
    const element = stand.current;
    if (!element) return;
    element.style.setProperty('--hfnb-x', `${sheet.left.peek()}px`);
    element.style.setProperty(
      '--hfnb-y',
      `${Number(element.dataset.first) * rowHeight.peek() - sheet.top.peek()}px`
    );
  };
  useLayoutEffect(move);
  useLayoutEffect(() => {
    const element = frame.current;
    if (!element) return undefined;
    const mine = new Scroller(element, sheet, move);
    scroller.current = mine;
    const size = () => {
      // a panel that is not in front has no size: it keeps the one it had
      if (!element.clientHeight) return;
      sheet.height.value = Math.max(0, element.clientHeight - head);
      sheet.width.value = element.clientWidth;
      mine.fit();
    };
    size();
    const observer = new ResizeObserver(size);
    observer.observe(element);
    return () => {
      observer.disconnect();
      mine.end();
    };
  }, [sheet, head]);
  // more rows than before, or fewer: after they have been given room
  const { given, tall } = squeeze.value;
  useLayoutEffect(() => scroller.current?.fit(), [given, tall, rowHeight.value]);
  useEffect(() => {
    let seen = table.view.peek();
    return effect(() => {
      // another view begins at its first row, also where the place before it was not told yet
      const [view, at] = [table.view.value, table.at.value];
      const begins = at === 0 || view !== seen;
      seen = view;
      if (begins && sheet.top.peek() >= rowHeight.peek()) scroller.current?.to(0);
    });
  }, [sheet]);
  useAhead(sheet, table, say, announce);

  const active = sheet.active.value;
  const held = sheet.held.value;
  const drawing = useRef(false);
  drawing.current = true;
  useLayoutEffect(() => {
    drawing.current = false;
    const page = stand.current?.ownerDocument;
    const lost = sheet.held.peek() && page?.activeElement === page?.body;
    if (!sheet.wants && !lost) return;
    sheet.wants = false;
    stand.current
      ?.querySelector<HTMLElement>('[data-hfnb-cell][tabindex="0"]')
      ?.focus({ preventScroll: true });
  });

  const go = (to: Active) => {
    sheet.wants = true;
    sheet.active.value = { ...to };
    scroller.current?.to(sheet.bringingRow(to.row), to.at < 0 ? 0 : sheet.bringingColumn(to.at));
  };
  const order = table.lanes.shown.value;
  const places = useMemo(() => new Map(order.map((lane, place) => [lane.at, place])), [order]);
  const drawn = [...visible];
  const focused = order[places.get(active.at) ?? -1];
  if (held && focused && !drawn.includes(focused)) drawn.push(focused);
  const rows: number[] = [];
  for (let row = first; row < after; row++) rows.push(row);
  const inRange = active.row >= first && active.row < after;
  if (held && active.row >= 0 && !inRange && active.row < table.rows.value) rows.push(active.row);
  const total = table.total.value;
  const tabRow = held || inRange ? active.row : sheet.sight.value[0];
  const tabAt = active.at < 0 || drawn.some(lane => lane.at === active.at) ? active.at : (drawn[0]?.at ?? -1);
  const [menu, setMenu] = useState<number | null>(null);
  const asked = menu === null ? undefined : drawn.find(lane => lane.at === menu);
  // a column that was hidden, or scrolled away, takes its menu along
  useEffect(() => {
    if (menu !== null && !asked) setMenu(null);
  }, [menu, asked]);
  return (
    <div class="hfnb-sheet-frame">
      {asked && (
        <ColumnMenu key={asked.at} shown={shown} sheet={sheet} lane={asked} onClose={() => setMenu(null)} />
      )}
      <div class="hfnb-sheet" ref={frame} onScroll={() => scroller.current?.scrolled()}>
        <div
          class="hfnb-sheet-space"
          style={{ height: `${given + head}px`, width: `${gutter.value + table.lanes.wide.value}px` }}
        >
          <div
            ref={stand}
            class="hfnb-stand"
            role="grid"
            aria-label={label}
            aria-rowcount={total === null ? -1 : total + 1}
            aria-colcount={order.length + 1}
            aria-multiselectable="true"
            aria-busy={table.pages.waiting.value > 0}
            data-first={first}
            style={{
              height: `${sheet.height.value + head}px`,
              width: sheet.width.value ? `${sheet.width.value}px` : '100%',
              '--hfnb-gutter': `${gutter.value}px`,
              '--hfnb-row': `${rowHeight.value}px`,
              '--hfnb-head': `${head}px`
            }}
            onKeyDown={event => keyOf(event, { model, shown, sheet, go })}
            onFocusIn={event => {
              sheet.held.value = true;
              const cell = (event.target as HTMLElement).closest<HTMLElement>('[data-hfnb-cell]');
              if (!cell) return;
              const [row, at] = (cell.dataset.hfnbCell ?? '').split(' ').map(Number) as [number, number];
              const now = sheet.active.peek();
              if (now.row !== row || now.at !== at) sheet.active.value = { row, at };
            }}
            onFocusOut={event => {
              // a cell that is drawn elsewhere loses the focus for a moment, and has it again; a box that opens keeps it
              if (drawing.current && !event.relatedTarget) return;
              if (!stand.current?.contains(event.relatedTarget as Node | null)) sheet.held.value = false;
            }}
          >
            <Heads
              model={model}
              shown={shown}
              sheet={sheet}
              lanes={drawn}
              places={places}
              tab={active.row < 0 ? tabAt : null}
              menu={menu}
              onMenu={setMenu}
            />
            <div role="rowgroup" class="hfnb-sheet-rows">
              <div class="hfnb-layer" role="presentation">
                {rows.map(row => (
                  <RowView
                    key={row}
                    shown={shown}
                    row={row}
                    y={Math.max(-FAR, Math.min(FAR, (row - first) * rowHeight.value))}
                    lanes={drawn}
                    places={places}
                    tab={row === tabRow && active.row >= 0 ? tabAt : null}
                    active={active.row === row ? active.at : null}
                  />
                ))}
              </div>
            </div>
          </div>
        </div>
      </div>
    </div>
  );
}
