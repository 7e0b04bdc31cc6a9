/** From values to places on a plot's axis, and the ticks beside it. */

export interface Scale {
  log: boolean;
  /** where a value stands, 0 to 1 */
  at(value: number): number;
  ticks: number[];
}

/** Values that lie further apart than this, greatest over smallest, are shown on a log axis. */
const LOG_FROM = 20;

export function scale(values: readonly number[], most = 5): Scale {
  const real = values.filter(value => Number.isFinite(value) && value >= 0);
  const above = real.filter(value => value > 0);
  const least = Math.min(...above);
  const greatest = Math.max(...above);
  if (!above.length) return { log: false, at: () => 0, ticks: [0] };
  return greatest / least > LOG_FROM ? logarithmic(least, greatest, most) : linear(greatest, most);
}

function linear(greatest: number, most: number): Scale {
  const rough = greatest / Math.max(1, most - 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find(one => one * power >= rough * 0.999) ?? 10) * power;
  const end = Math.ceil(greatest / step - 1e-9) * step;
  const ticks = Array.from({ length: Math.round(end / step) + 1 }, (_, index) => tidy(index * step));
  return { log: false, at: value => clamp(value / end), ticks };
}

function logarithmic(least: number, greatest: number, most: number): Scale {
  const from = Math.floor(Math.log10(least) + 1e-9);
  const to = Math.max(from + 1, Math.ceil(Math.log10(greatest) - 1e-9));
  const every = Math.ceil((to - from) / Math.max(1, most - 1));
  const ticks: number[] = [];
  for (let power = from; power <= to; power += every) ticks.push(tidy(10 ** power));
  return {
    log: true,
    at: value => (value > 0 ? clamp((Math.log10(value) - from) / (to - from)) : 0),
    ticks
  };
}

const clamp = (share: number) => Math.min(1, Math.max(0, share));
/** 0.30000000000000004 is 0.3 */
const tidy = (value: number) => Number(value.toPrecision(12));
