/**
 * How long each way of running takes, in a sentence; from a few calls on as a plot too, each call a point, half of
 * them marked and how far the slow ones go; the numbers below.
 */
import { exact, rate } from '../../parts/format';
import { useHere } from '../../parts/here';
import { Strips } from '../../parts/plot';
import type { Method } from './answers';

type Say = (text: string, ...values: unknown[]) => string;

/** Calls of a method that are worth a picture. */
const FOR_PLOT = 5;
/** Calls from which on "95 of 100" can be said; below, it is the slowest that is told. */
const FOR_95 = 20;

export function Methods({ methods }: { methods: Method[] }) {
  const { say } = useHere();
  const measured = methods.filter(one => one.latencies.length);
  const drawn = measured.filter(one => one.latencies.length >= FOR_PLOT);
  const words = methods.map(one => summary(one, say)).join(' ');
  if (!methods.length) return null;
  return (
    <section class="hfnb-section">
      <h3>{measured.length ? say('Time of a call, by method') : say('By method')}</h3>
      {drawn.length > 0 ? (
        <Strips
          title={say('Time of a call, by method')}
          strips={drawn.map(one => ({
            name: one.method,
            values: one.latencies,
            p50: one.p50,
            p95: p95(one),
            slowest: p95(one) === null ? slowest(one) : null,
            note: note(one, say)
          }))}
          tick={value => (value === 0 ? '0' : lasting(value))}
          legend={{ median: say('half within'), tail: say('95 of 100 within'), slowest: say('slowest') }}
          log={say('log scale')}
          summary={words}
        />
      ) : (
        words && <p class="hfnb-soft hfnb-plot-words">{words}</p>
      )}
      <details class="hfnb-fold">
        <summary>{say('Numbers')}</summary>
        <Numbers methods={methods} />
      </details>
    </section>
  );
}

/** Two or three digits, so that neighbours can be told apart: 41 ms, 120 ms, 2.4 s, 72 s. */
export function lasting(value: number): string {
  if (value < 0.9995) return `${Number((value * 1000).toPrecision(2))} ms`;
  return `${value < 9.95 ? Number(value.toFixed(1)) : Math.round(value)} s`;
}

const slowest = (one: Method): number => Math.max(...one.latencies);
const p95 = (one: Method): number | null => (one.latencies.length < FOR_95 ? null : one.p95);

function note(one: Method, say: Say): string {
  if (one.p50 === null) return '';
  const most = p95(one);
  if (most === null) return say('p50 %1 · slowest %2', lasting(one.p50), lasting(slowest(one)));
  return say('p50 %1 · p95 %2', lasting(one.p50), lasting(most));
}

export function summary(one: Method, say: Say): string {
  const calls = exact(one.calls);
  if (one.p50 === null || !one.latencies.length)
    return one.calls === 1
      ? say('%1: one call, not answered.', one.method)
      : say('%1: %2 calls, none answered.', one.method, calls);
  if (one.latencies.length === 1)
    return one.calls === 1
      ? say('%1: one call, %2.', one.method, lasting(one.p50))
      : say('%1: %2 calls, one answered, in %3.', one.method, calls, lasting(one.p50));
  const [half, most] = [lasting(one.p50), p95(one)];
  if (most === null) {
    const last = lasting(slowest(one));
    return say('%1: %2 calls, half of them within %3, the slowest %4.', one.method, calls, half, last);
  }
  const last = lasting(most);
  return say('%1: %2 calls, half of them within %3, 95 of 100 within %4.', one.method, calls, half, last);
}

function Numbers({ methods }: { methods: Method[] }) {
  const { say } = useHere();
  const heads = [
    say('Method'),
    say('Calls'),
    say('Failed'),
    'p50',
    'p95',
    say('First part'),
    say('Speed'),
    say('Cost')
  ];
  const time = (value: number | null) => (value === null ? '–' : lasting(value));
  return (
    <div class="hfnb-numbers-table" role="region" aria-label={say('Numbers by method')} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {heads.map(name => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {methods.map(one => (
            <tr key={one.method}>
              <th scope="row">{one.method}</th>
              <td>{exact(one.calls)}</td>
              <td>{exact(one.failed)}</td>
              <td>{time(one.p50)}</td>
              <td>{time(p95(one))}</td>
              <td>{time(one.first)}</td>
              <td>{one.tokens === null ? '–' : rate(one.tokens, 'tok')}</td>
              <td>{cost(one.cost)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** 0.000213 -> $0.00021; nothing known is not nothing spent. */
export function cost(value: number | null): string {
  if (value === null) return '–';
  if (value === 0) return '$0';
  if (value < 1e-6) return '< $0.000001';
  return `$${value >= 0.01 ? value.toFixed(2) : Number(value.toPrecision(2))}`;
}
