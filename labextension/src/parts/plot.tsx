/**
 * Plots as SVG, without a library: `Strips` (latencies by method), `Curve` (a sparkline), `Share` (a bar).
 *
 * A colour never stands alone: each series has a shape and its name beside it. What a plot shows is said in a line
 * under it, for those who do not see it and for all who are in a hurry.
 */
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { scale } from './scale';

/** Okabe and Ito's set, those first that stand out on white and on black. */
const HUES = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#f0e442'];
const SHAPES = ['circle', 'square', 'triangle', 'diamond', 'cross', 'ring', 'bar'] as const;
type Shape = (typeof SHAPES)[number];

/** A colour and a shape by place; after the last they begin anew, in other pairs. */
export function mark(index: number): { hue: string; shape: Shape } {
  const hue = HUES[index % HUES.length] as string;
  const shape = SHAPES[(index + Math.floor(index / HUES.length)) % SHAPES.length] as Shape;
  return { hue, shape };
}

export interface Strip {
  name: string;
  values: readonly number[];
  p50: number | null;
  p95: number | null;
  /** said at the right of the name */
  note?: string;
}

export interface StripsProps {
  title: string;
  strips: readonly Strip[];
  /** a value on the axis, with its unit */
  tick: (value: number) => string;
  /** what the two marks mean */
  legend: { median: string; tail: string };
  /** under the axis, after the legend; told whether it is logarithmic */
  axis: (log: boolean) => string;
  summary: string;
}

const ROW = 40;
const LABEL = 14;
const AXIS = 18;
const PAD = 10;
/** How many points of a strip are drawn: the latest ones. */
const POINTS = 200;

/** Every value as a point, a bar at the median, a dashed one at p95; one axis for all. */
export function Strips({ title, strips, tick, legend, axis, summary }: StripsProps) {
  const [box, width] = useWidth(320);
  const marks = strips.flatMap(one => [one.p50, one.p95]).filter(value => value !== null);
  const measure = scale([...strips.flatMap(one => one.values), ...marks], width < 340 ? 4 : 6);
  const x = (value: number) => PAD + measure.at(value) * (width - 2 * PAD);
  const bottom = strips.length * ROW;
  return (
    <figure class="hfnb-plot" ref={box}>
      <svg width={width} height={bottom + AXIS} role="img" aria-label={title}>
        {measure.ticks.map((value, index) => (
          <g key={value} class="hfnb-plot-axis">
            <line x1={x(value)} x2={x(value)} y1={0} y2={bottom} />
            <text x={x(value)} y={bottom + 13} text-anchor={anchor(index, measure.ticks.length)}>
              {tick(value)}
            </text>
          </g>
        ))}
        {strips.map((one, index) => (
          <g key={one.name} transform={`translate(0 ${index * ROW})`}>
            <Row strip={one} index={index} x={x} width={width} />
          </g>
        ))}
      </svg>
      <div class="hfnb-plot-legend" aria-hidden="true">
        <span>
          <Key name="median" /> {legend.median}
        </span>
        <span>
          <Key name="tail" /> {legend.tail}
        </span>
        {axis(measure.log) && <span>{axis(measure.log)}</span>}
      </div>
      <figcaption>{summary}</figcaption>
    </figure>
  );
}

const Key = ({ name }: { name: 'median' | 'tail' }) => (
  <svg width="4" height="12">
    <line class={`hfnb-plot-${name}`} x1="2" x2="2" y1="0" y2="12" />
  </svg>
);

function Row(props: { strip: Strip; index: number; x: (value: number) => number; width: number }) {
  const { strip, index, x, width } = props;
  const { hue, shape } = mark(index);
  const middle = LABEL + (ROW - LABEL) / 2;
  return (
    <>
      <path class="hfnb-plot-point" d={drawn(shape, PAD, LABEL - 5, 3.5)} fill={hue} />
      <text class="hfnb-plot-name" x={PAD + 8} y={LABEL - 1}>
        {strip.name}
      </text>
      {strip.note && (
        <text class="hfnb-plot-note" x={width - PAD} y={LABEL - 1} text-anchor="end">
          {strip.note}
        </text>
      )}
      <line class="hfnb-plot-ground" x1={PAD} x2={width - PAD} y1={middle} y2={middle} />
      {strip.values.slice(-POINTS).map((value, at) => (
        // beside one another as far as the row allows, in the same places every time
        <path
          key={at}
          class="hfnb-plot-point"
          d={drawn(shape, x(value), middle + (((at * 0.618) % 1) - 0.5) * 12, 2.6)}
          fill={hue}
        />
      ))}
      {strip.p50 !== null && (
        <line class="hfnb-plot-median" x1={x(strip.p50)} x2={x(strip.p50)} y1={LABEL + 3} y2={ROW - 3} />
      )}
      {strip.p95 !== null && (
        <line class="hfnb-plot-tail" x1={x(strip.p95)} x2={x(strip.p95)} y1={LABEL + 3} y2={ROW - 3} />
      )}
    </>
  );
}

/** How something went of late, as high as a line of text; the number itself stands beside it. */
export function Curve({ values, label }: { values: readonly number[]; label: string }) {
  const [width, height] = [64, 16];
  const top = Math.max(...values, Number.MIN_VALUE);
  const step = (width - 4) / Math.max(1, values.length - 1);
  const points = values.map((value, at) => `${2 + at * step},${height - 2 - (value / top) * (height - 4)}`);
  const [endX, endY] = (points.at(-1) ?? `2,${height - 2}`).split(',');
  return (
    <svg class="hfnb-curve" width={width} height={height} role="img" aria-label={label}>
      {points.length > 1 && <polyline points={points.join(' ')} />}
      <circle cx={endX} cy={endY} r={2} />
    </svg>
  );
}

/** One bar, as wide as there is room. What it says stands beside it in words. */
export function Share({ share }: { share: number }) {
  return (
    <svg class="hfnb-share" width="100%" height="6" aria-hidden="true">
      <rect class="hfnb-share-ground" width="100%" height="6" rx="3" />
      <rect class="hfnb-share-part" width={`${Math.max(1, Math.min(100, share * 100))}%`} height="6" rx="3" />
    </svg>
  );
}

function drawn(shape: Shape, x: number, y: number, r: number): string {
  const w = r * 0.9;
  switch (shape) {
    case 'circle':
      return `M${x - r},${y}a${r},${r} 0 1,0 ${2 * r},0a${r},${r} 0 1,0 ${-2 * r},0z`;
    case 'square':
      return `M${x - w},${y - w}h${2 * w}v${2 * w}h${-2 * w}z`;
    case 'triangle':
      return `M${x},${y - r * 1.1}l${r * 1.1},${r * 2}h${-r * 2.2}z`;
    case 'diamond':
      return `M${x},${y - r * 1.25}l${r * 1.25},${r * 1.25}l${-r * 1.25},${r * 1.25}l${-r * 1.25},${-r * 1.25}z`;
    case 'cross':
      return `M${x - r},${y - r / 3}h${r * 0.67}v${-r * 0.67}h${r * 0.67}v${r * 0.67}h${r * 0.67}v${r * 0.67}h${-r * 0.67}v${r * 0.67}h${-r * 0.67}v${-r * 0.67}h${-r * 0.67}z`;
    case 'ring':
      return `${drawn('circle', x, y, r)}M${x - r / 2},${y}a${r / 2},${r / 2} 0 1,1 ${r},0a${r / 2},${r / 2} 0 1,1 ${-r},0z`;
    case 'bar':
      return `M${x - r / 2},${y - r}h${r}v${2 * r}h${-r}z`;
  }
}

/** The first and last tick stay inside the picture. */
function anchor(index: number, count: number): 'start' | 'middle' | 'end' {
  if (index === 0) return 'start';
  return index === count - 1 ? 'end' : 'middle';
}

/** An element's width in pixels, as it changes: letters in a stretched picture would be stretched too. */
function useWidth(first: number) {
  const box = useRef<HTMLElement>(null);
  const [width, set] = useState(first);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const look = () => element.clientWidth > 0 && set(element.clientWidth);
    look();
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [box, width] as const;
}
