/** The Compare panel: who takes part, what they are asked, and what each says beside the others. */
import { useSignalEffect } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { Host } from '../../panel';
import { Frame } from '../../parts/frame';
import { useHere } from '../../parts/here';
import { Failed, Note } from '../../parts/states';
import { Ask } from './ask';
import { Columns } from './columns';
import { Heads } from './heads';
import { Later } from './later';
import { Comparing } from './model';

export function Compare({ host }: { host: Host }) {
  const comparing = useMemo(() => new Comparing(host), [host]);
  useEffect(() => comparing.start(), [comparing]);
  const { say } = host;
  return (
    <Frame
      host={host}
      title={say('Compare')}
      keys={[
        ['Ctrl-Enter', say('Run')],
        ['← →', say('Vote: the left one, the right one')],
        ['↓ T', say('Vote: a tie')],
        ['B', say('Vote: both bad, which is a tie')],
        ['S', say('Skip this pair')],
        ['U', say('Take the last vote back')]
      ]}
    >
      <Speaks comparing={comparing} />
      <div class="hfnb-main hfnb-compare">
        <Heads comparing={comparing} />
        <Ask comparing={comparing} />
        <Body comparing={comparing} />
      </div>
    </Frame>
  );
}

/** Ends and votes are announced, and no word of an answer. */
function Speaks({ comparing }: { comparing: Comparing }) {
  const { announce } = useHere();
  useSignalEffect(() => {
    if (comparing.said.value) announce(comparing.said.value);
  });
  return null;
}

function Body({ comparing }: { comparing: Comparing }) {
  const { say } = useHere();
  const { state } = comparing.host.channel.status.value;
  const gone = state === 'lost' || state === 'absent' || state === 'unloaded';
  const shows = comparing.columns.value.length || comparing.rows.progress.value || comparing.votes.pair.value;
  return (
    <>
      {gone && !!shows && (
        <div class="hfnb-compare-told">
          <Note icon="clock">{say('As it was before the kernel went away.')}</Note>
        </div>
      )}
      {comparing.wrong.value && (
        <div class="hfnb-compare-told">
          <Failed wrong={comparing.wrong.value} onRetry={() => void comparing.ask()} />
        </div>
      )}
      <Shown comparing={comparing} />
    </>
  );
}

function Shown({ comparing }: { comparing: Comparing }) {
  if (comparing.blind.value) return <Later>{({ Voting }) => <Voting comparing={comparing} />}</Later>;
  return comparing.source.value === 'rows' ? (
    <Later>{({ Many }) => <Many comparing={comparing} />}</Later>
  ) : (
    <Columns comparing={comparing} />
  );
}
