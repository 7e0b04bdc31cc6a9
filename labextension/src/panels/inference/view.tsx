/** The Inference panel: what runs, what failed and what to do next, what is in memory, how long each method takes. */
import { useSignalEffect } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { Host } from '../../panel';
import { Frame } from '../../parts/frame';
import { useHere } from '../../parts/here';
import { Failed, Loading, Note } from '../../parts/states';
import { Advised } from '../advice/view';
import { Counts } from './counts';
import { Idle, NoKernel } from './idle';
import { Jobs } from './jobs';
import { Memory } from './memory';
import { Methods } from './methods';
import { Work } from './model';

export function Inference({ host }: { host: Host }) {
  const work = useMemo(() => new Work(host), [host]);
  const alone = host.options.only === 'advice'; // what `%hf advice` shows
  useEffect(() => (alone ? () => work.tips.asked.stop() : work.start()), [work, alone]);
  return (
    <Frame host={host} title={alone ? host.say('Advice') : host.say('Inference')}>
      <Speaks work={work} />
      <div class="hfnb-main hfnb-inference">
        {alone ? (
          <div class="hfnb-scroll hfnb-alone">
            <Advised tips={work.tips} past={work.past.value} />
          </div>
        ) : (
          <Body work={work} />
        )}
      </div>
    </Frame>
  );
}

/** Ends are announced, and what the kernel confirmed stays for a moment. */
function Speaks({ work }: { work: Work }) {
  const { announce, toast } = useHere();
  useSignalEffect(() => {
    if (work.said.value) announce(work.said.value);
  });
  useSignalEffect(() => {
    if (work.confirmed.value) toast({ text: work.confirmed.value.text });
  });
  return null;
}

function Body({ work }: { work: Work }) {
  const { say } = useHere();
  const now = work.dashboard.value;
  const wrong = work.wrong.value;
  if (!now) {
    if (work.past.value || wrong?.type === 'Refused') return <NoKernel />;
    if (wrong)
      return (
        <div class="hfnb-scroll">
          <Failed wrong={{ ...wrong, retry: true }} onRetry={() => work.again()} />
        </div>
      );
    return (
      <div class="hfnb-scroll">
        <Loading label={say('Asking the kernel')} rows={3} />
      </div>
    );
  }
  return (
    <>
      <Counts work={work} counts={now.counts} />
      <div class="hfnb-scroll">
        {work.past.value && (
          <Note icon="clock">
            {say('As it was before the kernel went away. Nothing of it runs any more.')}
          </Note>
        )}
        {!work.past.value && wrong && (
          <Note icon="warning" action={{ label: say('Try again'), run: () => work.again() }}>
            {wrong.message} {say('What is shown may be old.')}
          </Note>
        )}
        {now.jobs.length ? <Jobs work={work} /> : <Idle />}
        {now.jobs.length > 0 && <Advised tips={work.tips} past={work.past.value} />}
        <Memory work={work} loaded={now.loaded} memory={now.memory} turns={now.turns} />
        <Methods methods={now.methods} />
      </div>
    </>
  );
}
