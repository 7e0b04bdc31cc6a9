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
  /** where 95 of 100 lie within; nothing where they are too few for that */
  p95: number | null;
  /** the mark of those too few for a p95 */
  slowest: number | null;
  /** said at the right of the name */
  note?: string;
}

/** The median, and how far the slow ones go. */
type MarkName = 'median' | 'tail' | 'slowest';

export interface StripsProps {
  title: string;
  strips: readonly Strip[];
  /** a value on the axis, with its unit */
  tick: (value: number) => string;
  /** what the marks mean; only those that are drawn are told */
  legend: Record<MarkName, string>;
  /** at the axis, where it is logarithmic */
  log: string;
  summary: string;
}

const ROW = 40;
const LABEL = 14;
const AXIS = 18;
const PAD = 10;
/** How many points of a strip are drawn: the latest ones. */
const POINTS = 200;

/** Every value as a point, a bar at the median, a dashed one at p95 or a dotted one at the slowest; one axis for all. */
export function Strips({ title, strips, tick, legend, log, summary }: StripsProps) {
  const [box, width] = useWidth(320);
  const marks = strips.flatMap(marksOf);
  const values = [...strips.flatMap(one => one.values), ...marks.map(([, value]) => value)];
  const measure = scale(values, width < 340 ? 4 : 6);
  const x = (value: number) => PAD + measure.at(value) * (width - 2 * PAD);
  const bottom = strips.length * ROW;
  return (
    <figure class="hfnb-plot" ref={box}>
      <svg width={width} height={bottom + AXIS + (measure.log ? LABEL : 0)} role="img" aria-label={title}>
        {measure.ticks.map((value, index) => (
          <g key={value} class="hfnb-plot-axis">
            <line x1={x(value)} x2={x(value)} y1={0} y2={bottom} />
            <text x={x(value)} y={bottom + 13} text-anchor={anchor(index, measure.ticks.length)}>
              {tick(value)}
            </text>
          </g>
        ))}
        {measure.log && (
          <text class="hfnb-plot-note" x={width / 2} y={bottom + 13 + LABEL} text-anchor="middle">
            {log}
          </text>
        )}
        {strips.map((one, index) => (
          <g key={one.name} transform={`translate(0 ${index * ROW})`}>
            <Row strip={one} index={index} x={x} width={width} />
          </g>
        ))}
      </svg>
      <div class="hfnb-plot-legend" aria-hidden="true">
        {(['median', 'tail', 'slowest'] as const)
          .filter(name => marks.some(([drawn]) => drawn === name))
          .map(name => (
            <span key={name}>
              <Key name={name} /> {legend[name]}
            </span>
          ))}
      </div>
      <figcaption>{summary}</figcaption>
    </figure>
  );
}

function marksOf({ p50, p95, slowest }: Strip): [MarkName, number][] {
  const all = { median: p50, tail: p95, slowest };
  return Object.entries(all).filter(([, value]) => value !== null) as [MarkName, number][];
}

const Key = ({ name }: { name: MarkName }) => (
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
      {marksOf(strip).map(([name, value]) => (
        <line
          key={name}
          class={`hfnb-plot-${name}`}
          x1={x(value)}
          x2={x(value)}
          y1={LABEL + 3}
          y2={ROW - 3}
        />
      ))}
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

/** One mark of a series, for pictures of another kind. */
export function Marked(props: { shape: Shape; x: number; y: number; r: number; hue: string }) {
  return <path class="hfnb-plot-point" d={drawn(props.shape, props.x, props.y, props.r)} fill={props.hue} />;
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
