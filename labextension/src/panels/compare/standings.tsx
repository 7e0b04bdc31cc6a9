/** Quality against seconds or dollars: a point for each, with where it may lie, and the same in words. */
import { useHere } from '../../parts/here';
import { Marked, mark } from '../../parts/plot';
import { scale } from '../../parts/scale';
import type { Plot, Point } from './answers';

const WIDTH = 420;
const HEIGHT = 220;
const LEFT = 48;
const BOTTOM = 36;
const PAD = 12;

export function Standings({ plot }: { plot: Plot }) {
  const { say } = useHere();
  const across = scale(
    plot.points.flatMap(one => [one.across, ...(one.across_ends ?? [])]),
    5
  );
  const up = stretched(plot.points.flatMap(one => [one.up, ...(one.up_ends ?? [])]));
  const x = (value: number) => LEFT + across.at(value) * (WIDTH - LEFT - PAD);
  const y = (value: number) => HEIGHT - BOTTOM - up.at(value) * (HEIGHT - BOTTOM - PAD);
  const title = say('%1 against %2 a row', plot.metric, plot.unit);
  return (
    <figure class="hfnb-plot hfnb-standings">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} role="img" aria-label={title}>
        {across.ticks.map(value => (
          <g key={value} class="hfnb-plot-axis">
            <line x1={x(value)} x2={x(value)} y1={PAD} y2={HEIGHT - BOTTOM} />
            <text x={x(value)} y={HEIGHT - BOTTOM + 14} text-anchor="middle">
              {Number(value.toPrecision(2))}
            </text>
          </g>
        ))}
        {up.ticks.map(value => (
          <g key={value} class="hfnb-plot-axis">
            <line x1={LEFT} x2={WIDTH - PAD} y1={y(value)} y2={y(value)} />
            <text x={LEFT - 6} y={y(value) + 4} text-anchor="end">
              {Number(value.toPrecision(2))}
            </text>
          </g>
        ))}
        <text class="hfnb-plot-note" x={WIDTH - PAD} y={HEIGHT - 6} text-anchor="end">
          {across.log ? say('%1 a row, in powers of ten', plot.unit) : say('%1 a row', plot.unit)}
        </text>
        <text class="hfnb-plot-note" x={LEFT} y={PAD - 2}>
          {plot.metric}
        </text>
        {plot.points.map((point, at) => (
          <Placed key={point.name} point={point} at={at} x={x} y={y} />
        ))}
      </svg>
      <figcaption>
        {plot.summary.map(one => (
          <div key={one}>{one}</div>
        ))}
      </figcaption>
    </figure>
  );
}

type Axis = (value: number) => number;

function Placed({ point, at, x, y }: { point: Point; at: number; x: Axis; y: Axis }) {
  const { hue, shape } = mark(at);
  const [px, py] = [x(point.across), y(point.up)];
  const right = px > WIDTH - 120;
  return (
    <g>
      {point.across_ends && (
        <line
          class="hfnb-standings-ends"
          x1={x(point.across_ends[0] as number)}
          x2={x(point.across_ends[1] as number)}
          y1={py}
          y2={py}
        />
      )}
      {point.up_ends && (
        <line
          class="hfnb-standings-ends"
          x1={px}
          x2={px}
          y1={y(point.up_ends[0] as number)}
          y2={y(point.up_ends[1] as number)}
        />
      )}
      <Marked shape={shape} x={px} y={py} r={5} hue={hue} />
      <text class="hfnb-plot-name" x={px + (right ? -9 : 9)} y={py - 7} text-anchor={right ? 'end' : 'start'}>
        {point.name}
      </text>
    </g>
  );
}

/** From a little below the least to a little above the greatest: quality rarely begins at zero. */
function stretched(values: number[]) {
  const real = values.filter(Number.isFinite);
  const [least, greatest] = [Math.min(...real), Math.max(...real)];
  const room = Math.max((greatest - least) * 0.15, Math.abs(greatest) * 0.02, 1e-9);
  const [from, to] = [least - room, greatest + room];
  const power = 10 ** Math.floor(Math.log10((to - from) / 3));
  const step = ([1, 2, 5, 10].find(one => one * power >= (to - from) / 4) ?? 10) * power;
  const ticks: number[] = [];
  for (let tick = Math.ceil(from / step) * step; tick <= to; tick += step)
    ticks.push(Number(tick.toPrecision(10)));
  return { at: (value: number) => (value - from) / (to - from), ticks };
}
