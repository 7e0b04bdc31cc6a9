/** Numbers and times as a person reads them; the exact value goes beside them, on hover. */

type Say = (text: string, ...values: unknown[]) => string;

const NUMBERS: [number, string][] = [
  [1e12, 'T'],
  [1e9, 'B'],
  [1e6, 'M'],
  [1e3, 'k']
];
const BYTES: [number, string][] = [
  [1e12, 'TB'],
  [1e9, 'GB'],
  [1e6, 'MB'],
  [1e3, 'kB']
];

/** 1200000 -> 1.2 M */
export function count(value: number): string {
  return scaled(value, NUMBERS) ?? String(Math.round(value));
}

/** 438000000 -> 438 MB */
export function bytes(value: number): string {
  return scaled(value, BYTES) ?? `${Math.round(value)} B`;
}

/** 67000000 -> 67 M, 494000000 -> 494 M, 1236000000 -> 1.2 B */
export const parameters = count;

/** 0.012 -> 12 ms, 2.43 -> 2.4 s, 72 -> 1 min 12 s */
export function seconds(value: number): string {
  if (value < 0.0995) return `${Math.max(1, Math.round(value * 1000))} ms`;
  if (value < 9.95) return `${value.toFixed(1)} s`;
  const whole = Math.round(value);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return pair(Math.floor(whole / 60), 'min', whole % 60, 's');
  const minutes = Math.round(whole / 60);
  return pair(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
}

/** 31.24 rows -> 31 rows/s; bytes as bytes */
export function rate(value: number, unit: string): string {
  if (unit === 'bytes') return `${bytes(value)}/s`;
  const shown = value < 9.95 ? String(Number(value.toFixed(1))) : count(value);
  return `${shown} ${unit}/s`;
}

/** 0.4186 -> 42 % */
export function share(value: number): string {
  return `${Math.floor(Math.min(1, Math.max(0, value)) * 100)} %`;
}

/** Every digit, grouped: 1,234,567 */
export function exact(value: number, unit = ''): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 3 }) + (unit && ` ${unit}`);
}

/** A date, or seconds since 1970, as how long ago: 3 days ago. */
export function ago(when: string | number, say: Say, now = Date.now()): string {
  const then = typeof when === 'number' ? when * 1000 : Date.parse(when);
  if (Number.isNaN(then)) return '';
  const days = (now - then) / 86_400_000;
  if (days < 1 / 24) return say('just now');
  if (days < 1) return many(Math.floor(days * 24), '1 hour ago', '%1 hours ago', say);
  if (days < 45) return many(Math.floor(days), '1 day ago', '%1 days ago', say);
  if (days < 700) return many(Math.round(days / 30.4), '1 month ago', '%1 months ago', say);
  return many(Math.round(days / 365.25), '1 year ago', '%1 years ago', say);
}

/** The same as a date and time, for hovering. */
export function moment(when: string | number): string {
  const then = new Date(typeof when === 'number' ? when * 1000 : when);
  return Number.isNaN(then.valueOf()) ? '' : `${then.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

export function many(value: number, one: string, more: string, say: Say): string {
  return value === 1 ? say(one) : say(more, exact(value));
}

function scaled(value: number, units: [number, string][]): string | null {
  // a value that rounding lifts to the next unit belongs there: 999,960 is 1 M, not 1000 k
  for (const [size, unit] of units) {
    const shown = value / size;
    if (shown >= 0.9995) return `${shown < 9.95 ? Number(shown.toFixed(1)) : Math.round(shown)} ${unit}`;
  }
  return null;
}

function pair(first: number, one: string, second: number, other: string): string {
  return second ? `${first} ${one} ${second} ${other}` : `${first} ${one}`;
}
