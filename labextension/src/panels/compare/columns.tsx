/** One prompt: what each says, side by side, as it comes; then where they differ, and what it took. */
import { useComputed } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Button } from '../../parts/button';
import { Choice, Tick } from '../../parts/choice';
import { CodeBox } from '../../parts/codebox';
import { Foreign } from '../../parts/foreign';
import { useHere } from '../../parts/here';
import { Icon } from '../../parts/icons';
import { Empty, Failed } from '../../parts/states';
import { useStage } from '../../parts/use';
import type { Drawn } from './answers';
import type { Column } from './column';
import { against, type Piece } from './differing';
import { letter } from './draft';
import { Took } from './figures';
import { Labels } from './labels';
import type { Comparing } from './model';
import { Writing } from './writing';

/** The share of a text that may be its own for marks to be of use. */
const UNLIKE = 0.85;

export function Columns({ comparing }: { comparing: Comparing }) {
  const { say } = useHere();
  const columns = comparing.columns.value;
  const place = useRef<HTMLDivElement>(null);
  useTogether(place, comparing, columns);
  if (!columns.length)
    return (
      <div class="hfnb-compare-empty">
        <Empty title={say('Nothing compared yet')}>
          {say(
            'Choose two models or more, or one model with other settings, and write something to ask them.'
          )}
        </Empty>
      </div>
    );
  return (
    <>
      <Tools comparing={comparing} />
      <div ref={place} class="hfnb-columns" style={{ '--hfnb-columns': columns.length }}>
        {columns.map((column, at) => (
          <One key={at} comparing={comparing} column={column} at={at} />
        ))}
      </div>
      {comparing.code.value && !comparing.running.value && (
        <div class="hfnb-compare-foot">
          <CodeBox code={comparing.code.value} />
        </div>
      )}
    </>
  );
}

function Tools({ comparing }: { comparing: Comparing }) {
  const { say } = useHere();
  const columns = comparing.columns.value;
  return (
    <div class="hfnb-row hfnb-compare-tools">
      <Tick
        label={say('Differences')}
        on={comparing.differences.value}
        onChange={on => {
          comparing.differences.value = on;
        }}
      />
      {columns.length > 2 && comparing.differences.value && (
        <Choice
          label={say('from')}
          value={String(comparing.against.value)}
          any={null}
          choices={columns.map((_, at) => ({ value: String(at), label: letter(at) }))}
          onChoose={at => {
            comparing.against.value = Number(at);
          }}
        />
      )}
      <Tick
        label={say('Scroll together')}
        on={comparing.together.value}
        onChange={on => {
          comparing.together.value = on;
        }}
      />
      <Alike comparing={comparing} />
    </div>
  );
}

/** Whether all say the same, once all have spoken; of the same weights that is a parity. */
function Alike({ comparing }: { comparing: Comparing }) {
  const { say } = useHere();
  const answers = comparing.columns.value.map(one => one.answer.value);
  if (answers.some(one => !one) || comparing.running.value) return null;
  const texts = new Set(answers.map(one => one?.text));
  const models = new Set(comparing.columns.value.map(one => one.figures.value?.model));
  const same = texts.size === 1;
  const words =
    models.size === 1
      ? same
        ? say('Parity: the same weights give the same answer.')
        : say('Parity: the same weights give other answers.')
      : same
        ? say('All answer the same.')
        : '';
  return words ? <span class="hfnb-soft">{words}</span> : null;
}

function One({ comparing, column, at }: { comparing: Comparing; column: Column; at: number }) {
  const { say } = useHere();
  const state = column.state.value;
  const name = comparing.named(at);
  return (
    <section class="hfnb-lane" data-state={state} aria-label={name}>
      <header>
        <strong class="hfnb-letter">{letter(at)}</strong>
        <span class="hfnb-lane-model" title={column.figures.value?.model ?? comparing.asked.value[at]?.model}>
          {comparing.asked.value[at]?.model}
        </span>
        <span class="hfnb-space" />
        {column.underWay ? (
          <Button kind="plain" icon="stop" label={say('Stop %1', name)} onClick={() => comparing.stop(at)} />
        ) : (
          <Ended state={state} />
        )}
      </header>
      <Took comparing={comparing} column={column} at={at} />
      <div class="hfnb-lane-said" data-hfnb-scrolls>
        <Said comparing={comparing} column={column} at={at} />
      </div>
    </section>
  );
}

function Ended({ state }: { state: string }) {
  const { say } = useHere();
  if (state === 'done') return null;
  const words: Record<string, string> = { failed: say('failed'), stopped: say('stopped') };
  return (
    <span class={`hfnb-soft hfnb-lane-${state}`}>
      <Icon name={state === 'failed' ? 'error' : 'stop'} /> {words[state]}
    </span>
  );
}

function Said({ comparing, column, at }: { comparing: Comparing; column: Column; at: number }) {
  const answer = column.answer.value;
  const wrong = column.wrong.value;
  return (
    <>
      {wrong && <Failed wrong={{ ...wrong, retry: false }} />}
      {answer ? (
        <Answer comparing={comparing} answer={answer} at={at} />
      ) : (
        <>
          <Writing column={column} label={comparing.named(at)} />
          <Waits column={column} />
        </>
      )}
    </>
  );
}

/** Nothing has come yet: what it waits for. */
function Waits({ column }: { column: Column }) {
  const { say } = useHere();
  const waits = column.state.value === 'waiting';
  const stage = useStage(waits);
  if (!waits || stage === 0) return null;
  return (
    <p class="hfnb-soft hfnb-lane-waits">
      <Icon name="busy" turning />{' '}
      {column.doing.value || (column.target.value ? say('Asked') : say('Choosing who answers'))}
    </p>
  );
}

function Answer({ comparing, answer, at }: { comparing: Comparing; answer: Drawn; at: number }) {
  if (answer.kind === 'labels') return <Labels comparing={comparing} labels={answer.labels} at={at} />;
  if (answer.kind === 'other')
    return <Foreign class="hfnb-result" label={comparing.named(at)} html={answer.html} />;
  return <Text comparing={comparing} answer={answer} at={at} />;
}

/** A text, with the words marked that its counterpart has not. */
function Text({ comparing, answer, at }: { comparing: Comparing; answer: Drawn; at: number }) {
  const { say } = useHere();
  const pieces = useComputed(() => marked(comparing, at)).value;
  return (
    <div class="hfnb-spoken" role="group" aria-label={comparing.named(at)} tabIndex={0}>
      {pieces
        ? pieces.map((piece, index) =>
            piece.own ? (
              <mark key={index} title={say('Only here')}>
                {piece.text}
              </mark>
            ) : (
              piece.text
            )
          )
        : answer.text}
    </div>
  );
}

/** The pieces of a column's text, held against its counterpart; null where there is none, or nobody wants it. */
function marked(comparing: Comparing, at: number): Piece[] | null {
  if (!comparing.differences.value) return null;
  const columns = comparing.columns.value;
  const counterpart = comparing.against.value;
  const texts = columns.map(one => (one.answer.value?.kind === 'text' ? one.answer.value.text : null));
  const mine = texts[at];
  if (mine === null || mine === undefined) return null;
  if (at !== counterpart) {
    const other = texts[counterpart];
    return other === null || other === undefined ? null : held(mine, other);
  }
  // of two, both are marked; of more, the one they are held against stays as it is
  const others = texts.filter((text, index): text is string => index !== at && text !== null);
  return columns.length === 2 && others[0] !== undefined ? held(mine, others[0]) : null;
}

/** Where next to nothing is shared, marks would say nothing. */
function held(mine: string, other: string): Piece[] | null {
  const pieces = against(mine, other);
  const own = pieces.reduce((sum, piece) => sum + (piece.own ? piece.text.length : 0), 0);
  return own > UNLIKE * mine.length ? null : pieces;
}

/** Columns scroll as one, each by its own length. */
function useTogether(place: RefObject<HTMLDivElement | null>, comparing: Comparing, columns: Column[]): void {
  useEffect(() => {
    const root = place.current;
    if (!root) return undefined;
    let led: Element | null = null;
    let release: ReturnType<typeof setTimeout> | undefined;
    const follow = (event: Event) => {
      const from = event.target as HTMLElement;
      if (!comparing.together.peek() || !from.hasAttribute?.('data-hfnb-scrolls') || (led && led !== from))
        return;
      led = from;
      clearTimeout(release);
      release = setTimeout(() => {
        led = null;
      }, 100);
      const share = from.scrollTop / Math.max(1, from.scrollHeight - from.clientHeight);
      for (const other of root.querySelectorAll<HTMLElement>('[data-hfnb-scrolls]'))
        if (other !== from) other.scrollTop = share * (other.scrollHeight - other.clientHeight);
    };
    root.addEventListener('scroll', follow, { capture: true, passive: true });
    return () => {
      clearTimeout(release);
      root.removeEventListener('scroll', follow, { capture: true });
    };
  }, [place, comparing, columns]);
}
