/** What would save most time or money, each with its gain and a button that does it. */
import { useSignalEffect } from '@preact/signals';
import { Button } from '../../parts/button';
import { useCode } from '../../parts/codebox';
import { useHere } from '../../parts/here';
import { Progress } from '../../parts/progress';
import { Failed } from '../../parts/states';
import type { Tip } from './answers';
import type { Tips } from './model';

/** `past`: the kernel is gone, and with it what a button could change. */
export function Advised({ tips, past }: { tips: Tips; past: boolean }) {
  const { say, toast } = useHere();
  useSignalEffect(() => {
    if (tips.confirmed.value) toast({ text: tips.confirmed.value.text });
  });
  const told = tips.asked.answer.value;
  const wrong = tips.asked.wrong.value;
  return (
    <section class="hfnb-section hfnb-advice">
      <h3>{say('Advice')}</h3>
      {told && <p class="hfnb-soft">{told.head}</p>}
      {told && told.tips.length > 0 && (
        <ol>
          {told.tips.map(tip => (
            <OneTip key={tip.key} tips={tips} tip={tip} past={past} />
          ))}
        </ol>
      )}
      {wrong && <Failed wrong={{ ...wrong, retry: true }} onRetry={() => void tips.look()} />}
      {!past && <Look tips={tips} />}
    </section>
  );
}

/** Looked for when asked: what could be quicker is tried beside what was done, with the same questions. */
function Look({ tips }: { tips: Tips }) {
  const { say } = useHere();
  if (tips.asked.waiting.value)
    return (
      <>
        <Progress label={tips.trying.value || say('Looking at what was done …')} />
        <div class="hfnb-actions">
          <Button icon="stop" label={say('Stop looking for advice')} onClick={() => tips.asked.stop()}>
            {say('Stop')}
          </Button>
        </div>
      </>
    );
  const told = tips.asked.answer.value;
  return (
    <>
      {!told && (
        <p class="hfnb-soft">
          {say(
            'Which changes would have saved most time or money. What could be quicker is tried here, for some seconds; nothing is sent away.'
          )}
        </p>
      )}
      <div class="hfnb-actions">
        <Button icon="bolt" onClick={() => void tips.look()}>
          {told ? say('Look again') : say('Look for advice')}
        </Button>
      </div>
    </>
  );
}

function OneTip({ tips, tip, past }: { tips: Tips; tip: Tip; past: boolean }) {
  const { say } = useHere();
  const wrong = tips.wrong.value.get(tip.key);
  return (
    <li data-tip={tip.key}>
      <strong>{tip.gain}</strong>
      <div>{tip.seen}</div>
      <div>{tip.change}</div>
      <code>{tip.line}</code>
      <div class="hfnb-soft">{tip.known}</div>
      {!past && (
        <div class="hfnb-actions">
          {tip.setting ? <Switch tips={tips} tip={tip} /> : <Take cell={tip.cell} change={tip.change} />}
        </div>
      )}
      {wrong && <Failed wrong={wrong} />}
      {tips.taken.value.has(tip.key) && <div class="hfnb-soft">{say('Set for this notebook.')}</div>}
    </li>
  );
}

/** A setting: on, and off again, by the same button. */
function Switch({ tips, tip }: { tips: Tips; tip: Tip }) {
  const { say } = useHere();
  const busy = tips.going.value.has(tip.key);
  return tips.taken.value.has(tip.key) ? (
    <Button busy={busy} label={say('Undo: %1', tip.change)} onClick={() => void tips.undo(tip)}>
      {say('Undo')}
    </Button>
  ) : (
    <Button
      kind="main"
      busy={busy}
      label={say('Do it: %1', tip.change)}
      title={tip.line}
      onClick={() => void tips.take(tip)}
    >
      {say('Do it')}
    </Button>
  );
}

/** A change of code: a cell that runs as it is, with the questions that were asked. */
function Take({ cell, change }: { cell: string; change: string }) {
  const { say } = useHere();
  const { copy, insert } = useCode();
  return (
    <>
      <Button
        kind="main"
        icon="insert"
        label={say('Insert as a cell: %1', change)}
        title={cell}
        onClick={() => void insert(cell)}
      >
        {say('Insert as a cell')}
      </Button>
      <Button icon="copy" onClick={() => void copy(cell)}>
        {say('Copy')}
      </Button>
    </>
  );
}
