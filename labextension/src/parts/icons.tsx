/**
 * Small line drawings, 16 by 16, in the colour of the text beside them. A word always stands near. The triangle is for
 * what can be done (try, run), never for how something is.
 */

const PATHS = {
  search: 'M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10Zm3.6-1.4L14 14',
  close: 'M3.5 3.5l9 9m0-9l-9 9',
  check: 'M2.5 8.5l3.5 3.5 7.5-8',
  warning: 'M8 2L1.5 13.5h13L8 2Zm0 4.5v3.5m0 1.6v.4',
  error: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12Zm0-9v3.5m0 2v.4',
  info: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12Zm0-6.5V11m0-5.9v.4',
  busy: 'M8 2a6 6 0 1 0 6 6',
  clock: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12Zm0-9.5V8l2.5 1.5',
  cloud: 'M4.5 13a3 3 0 0 1-.4-6A4 4 0 0 1 12 6.6A3.2 3.2 0 0 1 11.8 13h-7.3Z',
  disk: 'M2 10.5h12M3.5 3.5h9L14 10.5v2.5H2v-2.5l1.5-7Zm7.5 8.3h.5',
  memory: 'M4 4h8v8H4V4Zm2-2v2m4-2v2m-4 8v2m4-2v2M2 6h2m-2 4h2m8-4h2m-2 4h2',
  download: 'M8 2v8m-3.5-3.5L8 10l3.5-3.5M2.5 13.5h11',
  heart: 'M8 13.5L2.8 8.3a3.2 3.2 0 0 1 4.5-4.5L8 4.5l.7-.7a3.2 3.2 0 0 1 4.5 4.5L8 13.5Z',
  play: 'M4.5 2.5v11l9-5.5-9-5.5Z',
  stop: 'M4 4h8v8H4z',
  dot: 'M8 12A4 4 0 1 0 8 4a4 4 0 0 0 0 8Z',
  bolt: 'M9 1.5L3.5 9H8l-1 5.5L12.5 7H8l1-5.5Z',
  pause: 'M5 3v10m6-10v10',
  sleep: 'M13 9.5A5.5 5.5 0 0 1 6.5 3 5.5 5.5 0 1 0 13 9.5Z',
  copy: 'M6 6h8v8H6V6Zm-2 4H2V2h8v2',
  insert: 'M8 3v10M3 8h10',
  code: 'M5.5 4.5L2 8l3.5 3.5m5-7L14 8l-3.5 3.5',
  external: 'M9 2.5h4.5V7M13.5 2.5L7.5 8.5M11.5 9v4.5h-9v-9H7',
  filter: 'M2 4h12M4.5 8h7M6.5 12h3',
  retry: 'M13 8a5 5 0 1 1-1.5-3.6L13.5 6.3M13.5 2.5v3.8H9.7',
  lock: 'M3.5 7.5h9v6h-9v-6Zm2 0v-2a2.5 2.5 0 0 1 5 0v2',
  keyboard: 'M1.5 4h13v8h-13V4Zm3 5.5h7M4 6.7h.5m2 0H7m2 0h.5m2 0h.5',
  dots: 'M3.5 8h.1m4.4 0h.1m4.4 0h.1',
  chevron: 'M4 6l4 4 4-4',
  back: 'M10 3L5 8l5 5'
} as const;

export type IconName = keyof typeof PATHS;

/** Drawn full. */
const FULL: ReadonlySet<IconName> = new Set(['dot']);

export function Icon({ name, turning = false }: { name: IconName; turning?: boolean }) {
  return (
    <svg
      class={`hfnb-icon${turning ? ' hfnb-turning' : ''}${FULL.has(name) ? ' hfnb-full' : ''}`}
      viewBox="0 0 16 16"
      aria-hidden="true"
      focusable="false"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
