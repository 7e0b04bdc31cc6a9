/** What they are asked: a prompt, or many rows; and the button. */
import { Button } from '../../parts/button';
import { Choice, Tick } from '../../parts/choice';
import { useHere } from '../../parts/here';
import { Inputs } from '../../parts/inputs';
import { Later } from './later';
import type { Comparing, Source } from './model';

export function Ask({ comparing }: { comparing: Comparing }) {
  const { say } = useHere();
  const source = comparing.source.value;
  const turn = (to: Source) => {
    comparing.source.value = to;
  };
  return (
    <div class="hfnb-compare-ask">
      <div class="hfnb-row">
        <div class="hfnb-kinds" role="group" aria-label={say('What they are asked')}>
          <Button kind="plain" pressed={source === 'prompt'} onClick={() => turn('prompt')}>
            {say('One prompt')}
          </Button>
          <Button kind="plain" pressed={source === 'rows'} onClick={() => turn('rows')}>
            {say('Many rows')}
          </Button>
        </div>
        <Choice
          label={say('Task')}
          value={comparing.task.value}
          any={say("each model's own")}
          choices={comparing.tasks.value}
          onChoose={task => comparing.turnTo(task)}
        />
        {source === 'prompt' && <Examples comparing={comparing} />}
        <Tick
          label={say('Blind')}
          title={say('Two answers without names; you say which is better')}
          on={comparing.blind.value}
          onChange={on => {
            comparing.blind.value = on;
          }}
        />
        <span class="hfnb-space" />
        <Run comparing={comparing} />
      </div>
      {source === 'prompt' ? (
        <Prompt comparing={comparing} />
      ) : (
        <Later quiet>{({ GivenRows }) => <GivenRows comparing={comparing} />}</Later>
      )}
    </div>
  );
}

function Prompt({ comparing }: { comparing: Comparing }) {
  return (
    <div class="hfnb-compare-prompt">
      <Inputs
        kind={comparing.kind.value}
        value={comparing.input.value}
        onInput={input => {
          comparing.input.value = input;
        }}
        onSend={() => void comparing.ask()}
      />
    </div>
  );
}

function Examples({ comparing }: { comparing: Comparing }) {
  const { say } = useHere();
  const examples = comparing.examples.value;
  if (!examples.length) return null;
  return (
    <Choice
      label={say('Examples')}
      value=""
      any={say('Choose one')}
      choices={examples.map((one, at) => ({ value: String(at), label: one.label }))}
      onChoose={at => {
        const one = examples[Number(at)];
        if (one) comparing.input.value = one.input;
      }}
    />
  );
}

function Run({ comparing }: { comparing: Comparing }) {
  const { say } = useHere();
  const missing = comparing.missing.value;
  if (comparing.running.value)
    return (
      <Button icon="stop" onClick={() => comparing.stop()}>
        {say('Stop')}
      </Button>
    );
  return (
    <Button
      kind="main"
      icon="play"
      disabled={missing !== null}
      title={missing ?? say('Ctrl-Enter')}
      onClick={() => void comparing.ask()}
    >
      {say('Run')}
    </Button>
  );
}
