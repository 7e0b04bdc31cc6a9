/**
 * A column's bars, which filter: drawn over a range, or clicked for a value. Grey is the whole table, the colour what
 * is left of it. With the keys: arrows go from bar to bar, Shift draws a range, Enter filters, Esc goes back.
 */
import { useRef, useState } from 'preact/hooks';
import { count, exact } from '../../parts/format';
import { useHere } from '../../parts/here';
import { useUnique } from '../../parts/use';
import type { Column, Summary } from './answers';
import {
  type Bars,
  type Brush,
  barAt,
  barLabel,
  brushed,
  isBrushed,
  isChosen,
  lengthened,
  lengthIn,
  lengthOf,
  ranged,
  toggled
} from './brushing';
import type { Shown } from './model';

const TALL = 34;
/** Values that have room in a column's head; its menu has them all. */
const LINES = 3;

export interface BarsProps {
  shown: Shown;
  column: Column;
  summary: Summary | undefined;
  width: number;
  /** said in the place of the column's facts; null: nothing */
  hover: (text: string | null) => void;
}

export function BarsView(props: BarsProps) {
  const bars = props.summary?.bars;
  if (!bars?.counts.length) return <div class="hfnb-bars" aria-hidden="true" />;
  return bars.kind === 'ranges' ? <Ranges {...props} bars={bars} /> : <Values {...props} bars={bars} />;
}

/** What a bar says: its range, and how many rows of it are left. */
function said(bars: Bars, at: number): string {
  const all = bars.all?.[at];
  const rows = exact(bars.counts[at] ?? 0);
  return `${barLabel(bars, at)}: ${all !== undefined && all !== bars.counts[at] ? `${rows} / ${exact(all)}` : rows}`;
}

function Ranges({
  shown,
  column,
  width,
  hover,
  bars
}: BarsProps & { bars: Extract<Bars, { kind: 'ranges' }> }) {
  const { say } = useHere();
  const id = useUnique();
  const box = useRef<SVGSVGElement>(null);
  const [drawn, draw] = useState<Brush | null>(null);
  const [at, setAt] = useState<number | null>(null);
  const latest = useRef<Brush | null>(null);
  latest.current = drawn;
  const { table } = shown;
  const view = table.view.value;
  const length = lengthOf(column);
  const brushes = isBrushed(column);
  const filter = length ? lengthIn(view.where, length) : view.filters.find(one => one.column === column.name);
  const marked = drawn ?? brushed(bars, filter);
  const [low, high] = marked ? [Math.min(...marked), Math.max(...marked)] : [-1, -1];
  const n = bars.counts.length;
  const wide = Math.max(20, width);
  const most = Math.max(1, ...(bars.all ?? bars.counts), ...bars.counts);
  const tell = (to: number | null) => {
    setAt(to);
    hover(to === null ? null : said(bars, to));
  };
  const apply = (brush: Brush | null) => {
    draw(null);
    const wanted = brush && ranged(column, bars, brush);
    if (!brushes) return;
    if (length) table.see({ ...view, where: lengthened(view.where, length, wanted) });
    else table.filter(column.name, wanted);
  };
  const under = (event: PointerEvent) => {
    const { left, width: real } = box.current?.getBoundingClientRect() ?? { left: 0, width: wide };
    return barAt(event.clientX - left, real || wide, n);
  };
  const press = (event: PointerEvent) => {
    if (event.button !== 0 || !brushes) return;
    // the mouse brushes where it is; the focus stays where the keys are
    event.preventDefault();
    const svg = event.currentTarget as SVGSVGElement;
    svg.setPointerCapture?.(event.pointerId);
    const first = under(event);
    // a click on what alone is chosen lets it go
    const again = low === first && high === first;
    draw([first, first]);
    const move = (to: PointerEvent) => draw([first, under(to)]);
    const over = (up: PointerEvent) => {
      svg.removeEventListener('pointermove', move);
      svg.removeEventListener('pointerup', over);
      svg.removeEventListener('pointercancel', over);
      if (up.type === 'pointercancel') return draw(null);
      const last = under(up);
      apply(again && last === first ? null : [first, last]);
    };
    svg.addEventListener('pointermove', move);
    svg.addEventListener('pointerup', over);
    svg.addEventListener('pointercancel', over);
  };
  const key = (event: KeyboardEvent) => {
    const from = at ?? Math.max(0, low);
    const to = { ArrowLeft: from - 1, ArrowRight: from + 1, Home: 0, End: n - 1 }[event.key];
    if (to !== undefined) {
      const bar = Math.max(0, Math.min(n - 1, to));
      if (event.shiftKey) draw([latest.current?.[0] ?? from, bar]);
      else draw([bar, bar]);
      tell(bar);
    } else if (event.key === 'Enter' || event.key === ' ') apply(drawn ?? [from, from]);
    else if (event.key === 'Delete' || event.key === 'Backspace') apply(null);
    else if (event.key === 'Escape' || event.key === 'F2') leave(event);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const step = wide / n;
  return (
    <svg
      ref={box}
      class="hfnb-bars hfnb-ranges"
      width={wide}
      height={TALL}
      role="listbox"
      aria-multiselectable="true"
      aria-label={say('Ranges of %1', column.name)}
      aria-activedescendant={at === null ? undefined : `${id}-${at}`}
      // an SVG knows the attribute in small letters alone, and is a stop of Tab without it
      tabindex={-1}
      data-hfnb-bars
      onPointerDown={press}
      onPointerMove={event => tell(under(event))}
      onPointerLeave={() => tell(null)}
      onKeyDown={key}
      onFocus={() => tell(at ?? Math.max(0, low))}
      onBlur={() => {
        draw(null);
        tell(null);
      }}
    >
      {bars.counts.map((rows, bar) => {
        const chosen = bar >= low && bar <= high;
        const all = bars.all?.[bar] ?? rows;
        return (
          <g
            key={bar}
            id={`${id}-${bar}`}
            role="option"
            aria-selected={chosen}
            aria-label={said(bars, bar)}
            class={`${chosen ? 'hfnb-chosen' : marked ? 'hfnb-left-out' : ''}${bar === at ? ' hfnb-at' : ''}`}
          >
            {/* its whole height can be hit, and shows where the keys are */}
            <rect class="hfnb-ground" x={bar * step} width={step} height={TALL} />
            {bars.all && <path class="hfnb-all" d={pillar(bar * step, step, all / most)} />}
            <path class="hfnb-some" d={pillar(bar * step, step, rows / most)} />
          </g>
        );
      })}
    </svg>
  );
}

/** A column of the picture; where there is one row it can be seen. */
function pillar(x: number, step: number, share: number): string {
  const tall = share > 0 ? Math.max(1, share * (TALL - 2)) : 0;
  const wide = Math.max(0.6, step - 1);
  return `M${x.toFixed(2)},${TALL}v${-tall.toFixed(2)}h${wide.toFixed(2)}v${tall.toFixed(2)}z`;
}

function Values(props: BarsProps & { bars: Extract<Bars, { kind: 'values' }> }) {
  const { shown, column, hover, bars, summary } = props;
  const { say } = useHere();
  const id = useUnique();
  const [at, setAt] = useState<number | null>(null);
  const filter = shown.table.view.value.filters.find(one => one.column === column.name);
  const shownBars = bars.counts.slice(0, LINES);
  // texts that are all different say nothing as bars
  if (Math.max(...bars.counts) <= 1 && bars.counts.length > LINES)
    return (
      <div class="hfnb-bars hfnb-soft" title={summary?.low ?? undefined}>
        {say('all different')}
      </div>
    );
  const whole = Math.max(1, ...(bars.all ?? bars.counts));
  const tell = (to: number | null) => {
    setAt(to);
    hover(to === null ? null : said(bars, to));
  };
  const apply = (to: number) => shown.table.filter(column.name, toggled(column, bars, to, filter));
  const key = (event: KeyboardEvent) => {
    const from = at ?? 0;
    const last = shownBars.length - 1;
    const to = {
      ArrowUp: from - 1,
      ArrowDown: from + 1,
      ArrowLeft: from - 1,
      ArrowRight: from + 1,
      Home: 0,
      End: last
    }[event.key];
    if (to !== undefined) tell(Math.max(0, Math.min(last, to)));
    else if (event.key === 'Enter' || event.key === ' ') apply(from);
    else if (event.key === 'Delete' || event.key === 'Backspace') shown.table.filter(column.name, null);
    else if (event.key === 'Escape' || event.key === 'F2') leave(event);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      class="hfnb-bars hfnb-values"
      role="listbox"
      aria-multiselectable="true"
      aria-label={say('Most frequent of %1', column.name)}
      aria-activedescendant={at === null ? undefined : `${id}-${at}`}
      tabIndex={-1}
      data-hfnb-bars
      onKeyDown={key}
      onFocus={() => tell(at ?? 0)}
      onBlur={() => tell(null)}
      onPointerLeave={() => tell(null)}
    >
      {shownBars.map((rows, bar) => (
        <div
          key={bar}
          id={`${id}-${bar}`}
          role="option"
          aria-selected={isChosen(bars, bar, filter)}
          class={`hfnb-value${filter && !isChosen(bars, bar, filter) ? ' hfnb-left-out' : ''}${bar === at ? ' hfnb-at' : ''}`}
          style={{
            '--hfnb-all': `${(100 * (bars.all?.[bar] ?? rows)) / whole}%`,
            '--hfnb-some': `${(100 * rows) / whole}%`
          }}
          onPointerEnter={() => tell(bar)}
          onClick={() => apply(bar)}
        >
          <span>{barLabel(bars, bar)}</span> <span class="hfnb-numbers">{count(rows)}</span>
        </div>
      ))}
    </div>
  );
}

/** Back to the column's name. */
function leave(event: KeyboardEvent): void {
  (event.currentTarget as Element).closest<HTMLElement>('[data-hfnb-cell]')?.focus();
}
