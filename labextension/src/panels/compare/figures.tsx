/** What an answer took, in a line of fixed places: seconds, first token, tokens a second, tokens, memory, cost. */
import { useEffect, useState } from 'preact/hooks';
import { bytes, exact, many, rate, seconds } from '../../parts/format';
import { useHere } from '../../parts/here';
import { Note } from '../../parts/states';
import type { Figures } from './answers';
import type { Column } from './column';
import { letter } from './draft';
import type { Comparing } from './model';

/** Milliseconds between two looks at the clock. */
const TICKS = 100;
/** A time that is so many times another one's is worth a word. */
const WORTH = 1.25;

export function Took({ comparing, column, at }: { comparing: Comparing; column: Column; at: number }) {
  const { say } = useHere();
  useTicks(column.underWay);
  column.frame.value;
  const figures = column.figures.value;
  const state = column.state.value;
  if (state === 'idle') return null;
  const said = figures ? told(figures, say) : going(column, say);
  const against = comparing.against.value;
  const other = at === against ? null : comparing.columns.value[against]?.figures.value;
  const slower = figures && other && other.seconds > 0 ? figures.seconds / other.seconds : null;
  return (
    <>
      <div class="hfnb-took hfnb-soft hfnb-numbers" title={figures ? exactly(figures, say) : undefined}>
        {said.map((one, index) => (
          <span key={index}>{one}</span>
        ))}
        {slower !== null && comparing.differences.value && (slower >= WORTH || slower <= 1 / WORTH) && (
          <span class="hfnb-took-beside">
            {slower >= 1
              ? say('%1× the time of %2', times(slower), letter(against))
              : say('%1× as quick as %2', times(1 / slower), letter(against))}
          </span>
        )}
      </div>
      {figures?.marks.map(mark => (
        <Note key={mark} icon="warning">
          {mark}
        </Note>
      ))}
    </>
  );
}

type Say = (text: string, ...values: unknown[]) => string;

function told(figures: Figures, say: Say): string[] {
  const { method, device, first, written, memory, cost } = figures;
  return [
    device ? `${method} (${device})` : method,
    seconds(figures.seconds),
    first === null ? '' : say('first token %1', seconds(first)),
    figures.rate === null ? '' : rate(figures.rate, 'tok'),
    written === null ? '' : many(written, '1 token', '%1 tokens', say),
    memory === null ? '' : bytes(memory),
    cost === null ? '' : `$${money(cost)}`
  ].filter(Boolean);
}

function going(column: Column, say: Say): string[] {
  const speed = column.rate;
  return [
    column.target.value?.method ?? '',
    column.began ? seconds(column.seconds) : '',
    column.first === null ? '' : say('first token %1', seconds((column.first - column.began) / 1000)),
    speed === null ? '' : `≈ ${rate(speed, 'tok')}`,
    column.parts ? say('≈ %1 tokens', exact(column.parts)) : ''
  ].filter(Boolean);
}

/** On hover: who it was exactly, and every digit. */
function exactly(figures: Figures, say: Say): string {
  return [
    [figures.model, figures.revision?.slice(0, 12), figures.reason].filter(Boolean).join(' · '),
    exact(figures.seconds, 's'),
    figures.read === null ? '' : say('%1 tokens read', exact(figures.read))
  ]
    .filter(Boolean)
    .join('\n');
}

export function money(dollars: number): string {
  if (dollars === 0) return '0';
  return dollars >= 0.01 ? dollars.toFixed(2) : dollars.toPrecision(2);
}

export const times = (factor: number): string => (factor >= 9.95 ? factor.toFixed(0) : factor.toFixed(1));

/** Draws again now and then while something goes on, so that its seconds pass. */
function useTicks(active: boolean): void {
  const [, tick] = useState(0);
  useEffect(() => {
    if (!active) return undefined;
    const timer = setInterval(() => tick(before => before + 1), TICKS);
    return () => clearInterval(timer);
  }, [active]);
}
