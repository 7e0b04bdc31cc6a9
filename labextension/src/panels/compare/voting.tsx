/** Blind: two answers side by side without names, a vote by key or button, then who was who and how the votes stand. */
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { Button } from '../../parts/button';
import { Foreign } from '../../parts/foreign';
import { many, seconds } from '../../parts/format';
import { useHere } from '../../parts/here';
import { Icon } from '../../parts/icons';
import { Progress } from '../../parts/progress';
import { Empty, Failed, Note } from '../../parts/states';
import { useStage } from '../../parts/use';
import type { Drawn, Pair, Tally, Voted } from './answers';
import { Pairs } from './export';
import { Bars } from './labels';
import type { Comparing } from './model';
import type { Outcome, Votes } from './votes';

const KEYS: Record<string, Outcome> = {
  ArrowLeft: 'left',
  '1': 'left',
  ArrowRight: 'right',
  '2': 'right',
  ArrowDown: 'tie',
  t: 'tie',
  b: 'tie'
};

export function Voting({ comparing }: { comparing: Comparing }) {
  const { say } = useHere();
  const { votes } = comparing;
  const contenders = JSON.stringify(comparing.contenders.value);
  useEffect(() => {
    if (comparing.contenders.peek().every(one => one.model)) void votes.count();
  }, [comparing, votes, contenders]);
  const pair = votes.pair.value;
  return (
    <>
      <div class="hfnb-compare-blind">
        {votes.wrong.value && <Failed wrong={votes.wrong.value} onRetry={() => void comparing.ask()} />}
        {votes.failed.value.map(({ name, wrong }) => (
          <div key={name} class="hfnb-compare-told">
            <Note icon="warning">{say('%1 failed, so there is nothing to vote on.', name)}</Note>
            <Failed wrong={{ ...wrong, retry: false }} />
          </div>
        ))}
        {pair ? <Two comparing={comparing} pair={pair} /> : <Before comparing={comparing} />}
      </div>
      {votes.tally.value && votes.tally.value.votes > 0 && (
        <Standing comparing={comparing} tally={votes.tally.value} />
      )}
    </>
  );
}

function Before({ comparing }: { comparing: Comparing }) {
  const { say } = useHere();
  const { votes, rows, source } = comparing;
  const stage = useStage(votes.waiting.value);
  if (votes.waiting.value)
    return stage === 0 ? null : (
      <p class="hfnb-soft hfnb-lane-waits">
        <Icon name="busy" turning />{' '}
        {say('Two are answering: %1 of 2 is there. Both are shown together.', votes.there.value)}
      </p>
    );
  if (votes.failed.value.length) return null;
  const going = rows.progress.value;
  if (source.value === 'rows' && going) return <OfRows comparing={comparing} over={going.over} />;
  return (
    <Empty title={say('Vote without knowing who it is')}>
      {say('Run: two answers come, their sides drawn by lot. Names are told after the vote.')}
    </Empty>
  );
}

/** Rows have answers: two of them at a time. */
function OfRows({ comparing, over }: { comparing: Comparing; over: boolean }) {
  const { say } = useHere();
  const { rows, votes } = comparing;
  const going = rows.progress.value;
  if (!over)
    return (
      <div class="hfnb-compare-told">
        <Progress label={say('Answers')} done={going?.done ?? 0} total={going?.total ?? null} unit="rows" />
      </div>
    );
  return (
    <Empty
      title={votes.none.value ? say('Every pair that differs was voted on') : say('The rows are answered')}
    >
      {!votes.none.value && (
        <Button kind="main" onClick={() => void rows.nextPair()}>
          {say('Vote on a pair')}
        </Button>
      )}
    </Empty>
  );
}

function Two({ comparing, pair }: { comparing: Comparing; pair: Pair }) {
  const { say } = useHere();
  const { votes } = comparing;
  const voted = votes.voted.value;
  const place = useRef<HTMLDivElement>(null);
  // before the pair is drawn: whoever sees it may press a key at once
  useLayoutEffect(() => {
    const active = place.current?.ownerDocument.activeElement;
    const panel = place.current?.closest('.hfnb-panel');
    // whoever has gone elsewhere meanwhile is left there
    if (!active || active === active.ownerDocument.body || panel?.contains(active))
      place.current?.focus({ preventScroll: true });
  }, [pair.id]);
  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (!keyed(event.key, comparing, voted)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      ref={place}
      class="hfnb-pair"
      tabIndex={0}
      role="group"
      aria-label={say(
        'Two answers. Left arrow: the left one is better; right arrow: the right one; T: a tie; S: skip.'
      )}
      onKeyDown={press}
    >
      {pair.input && <p class="hfnb-soft hfnb-pair-input">{pair.input}</p>}
      <div class="hfnb-columns" style={{ '--hfnb-columns': 2 }}>
        <Side title={say('Left')} at={0} drawn={pair.left} voted={voted} />
        <Side title={say('Right')} at={1} drawn={pair.right} voted={voted} />
      </div>
      {pair.same && !voted && <Note>{say('Both say the same: a vote would be a tie.')}</Note>}
      {voted ? <After comparing={comparing} voted={voted} /> : <Choose votes={votes} />}
    </div>
  );
}

/** What a key does; false where it is none of ours. */
function keyed(key: string, comparing: Comparing, voted: Voted | null): boolean {
  const { votes } = comparing;
  const pressed = key.length === 1 ? key.toLowerCase() : key;
  if (pressed === 'u' && votes.mayUndo) void votes.undo();
  else if (pressed === 's') votes.next();
  else if (voted && (pressed === 'Enter' || pressed === 'n')) next(comparing);
  else if (!voted && KEYS[pressed]) void votes.vote(KEYS[pressed] as Outcome);
  else return false;
  return true;
}

/** Of many rows the next pair; of one prompt the same once more. */
function next(comparing: Comparing): void {
  const { voted } = comparing.votes;
  const again = comparing.source.peek() === 'prompt' && voted.peek() !== null;
  comparing.votes.next();
  if (again) void comparing.ask();
}

function Side({ title, at, drawn, voted }: { title: string; at: 0 | 1; drawn: Drawn; voted: Voted | null }) {
  const { say } = useHere();
  const who = voted?.sides[at];
  const won = voted && voted.outcome === (at === 0 ? 'left' : 'right');
  return (
    <section class="hfnb-lane" aria-label={title} data-won={won || undefined}>
      <header>
        <strong>{title}</strong>
        {who && <span class="hfnb-lane-model">{who.name}</span>}
        <span class="hfnb-space" />
        {won && (
          <span class="hfnb-soft">
            <Icon name="check" /> {say('preferred')}
          </span>
        )}
      </header>
      {who?.figures && (
        <div class="hfnb-took hfnb-soft hfnb-numbers">
          <span>{who.figures.method}</span>
          <span>{seconds(who.figures.seconds)}</span>
        </div>
      )}
      <div class="hfnb-lane-said" data-hfnb-scrolls>
        {drawn.kind === 'labels' ? (
          <div class="hfnb-labels">
            <Bars labels={drawn.labels} held={null} />
          </div>
        ) : drawn.kind === 'other' ? (
          <Foreign class="hfnb-result" label={title} html={drawn.html} />
        ) : (
          <div class="hfnb-spoken" role="group" aria-label={title} tabIndex={0}>
            {drawn.text}
          </div>
        )}
      </div>
    </section>
  );
}

function Choose({ votes }: { votes: Votes }) {
  const { say } = useHere();
  const button = (outcome: Outcome, key: string, words: string) => (
    <Button title={say('Key %1', key)} onClick={() => void votes.vote(outcome)}>
      {words}
    </Button>
  );
  return (
    <div class="hfnb-actions hfnb-choose" role="group" aria-label={say('Your vote')}>
      {button('left', '←', say('← Left'))}
      {button('tie', 'T', say('Tie'))}
      {button('tie', 'B', say('Both bad'))}
      {button('right', '→', say('Right →'))}
      <span class="hfnb-space" />
      <Button kind="plain" title={say('Key %1', 'S')} onClick={() => votes.next()}>
        {say('Skip')}
      </Button>
    </div>
  );
}

function After({ comparing, voted }: { comparing: Comparing; voted: Voted }) {
  const { say } = useHere();
  const { votes } = comparing;
  const rows = comparing.source.value === 'rows';
  return (
    <div class="hfnb-actions hfnb-choose">
      <span>{votes.told(voted)}</span>
      <span class="hfnb-space" />
      {votes.mayUndo && (
        <Button kind="plain" title={say('Key %1', 'U')} onClick={() => void votes.undo()}>
          {say('Undo')}
        </Button>
      )}
      <Button kind="main" title={say('Enter')} onClick={() => next(comparing)}>
        {rows ? say('Next') : say('Once more')}
      </Button>
    </div>
  );
}

/** How the votes stand: what they support at this look, and how many more would settle it. */
function Standing({ comparing, tally }: { comparing: Comparing; tally: Tally }) {
  const { say } = useHere();
  const open = tally.pairs.filter(one => one.more).map(one => one.more as number);
  const more = open.length ? Math.min(...open) : null;
  const counted = many(tally.votes, '1 vote', '%1 votes', say);
  return (
    <details class="hfnb-fold hfnb-compare-foot hfnb-standing">
      <summary>
        {more ? say('%1 · about %2 more would settle it', counted, more) : counted}
        {tally.ties > 0 && <span class="hfnb-soft"> · {many(tally.ties, '1 tie', '%1 ties', say)}</span>}
      </summary>
      {tally.votes > tally.ties && <Pairs comparing={comparing} />}
      <ul>
        {tally.pairs.map(one => (
          <li key={`${one.first} ${one.second}`}>{one.sentence}</li>
        ))}
      </ul>
      {tally.ratings && tally.ratings.length > 0 && (
        <p class="hfnb-soft hfnb-numbers">
          {say('Ratings')}:{' '}
          {tally.ratings
            .map(one => `${one.name} ${signed(one.value)} (${signed(one.low)} … ${signed(one.high)})`)
            .join(' · ')}
        </p>
      )}
    </details>
  );
}

function signed(value: number | null): string {
  if (value === null) return '?';
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(1)}`;
}
