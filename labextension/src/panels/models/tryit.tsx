/** Try a model: an input, Run, and what comes of it as it comes. */
import { Button } from '../../parts/button';
import { CodeBox } from '../../parts/codebox';
import { Field } from '../../parts/field';
import { Foreign, harmless } from '../../parts/foreign';
import { seconds } from '../../parts/format';
import { useHere } from '../../parts/here';
import { Progress } from '../../parts/progress';
import { Failed, Note } from '../../parts/states';
import { useSeconds, useStage } from '../../parts/use';
import type { Details, Ran } from './answers';
import type { ModelsModel } from './model';

export function TryIt({ model, details }: { model: ModelsModel; details: Details }) {
  const { say } = useHere();
  const { trial } = model;
  const { ran } = trial;
  const running = ran.waiting.value;
  const answer = ran.answer.value;
  const run = () => void model.run();
  if (!details.example)
    return (
      <section class="hfnb-section">
        <h4>{say('Try it')}</h4>
        <Note>{details.notRunnable ?? say('This model cannot be run here.')}</Note>
      </section>
    );
  return (
    <section class="hfnb-section">
      <h4>{say('Try it')}</h4>
      <Field
        label={say('Input')}
        lines={3}
        value={trial.input.value}
        eager={model.trying.value}
        onInput={text => trial.write(text)}
        onSend={run}
      />
      <div class="hfnb-row">
        {running ? (
          <Button icon="stop" onClick={() => trial.stop()}>
            {say('Stop')}
          </Button>
        ) : (
          <Button kind="main" icon="play" title={say('Ctrl-Enter')} onClick={run}>
            {say('Run')}
          </Button>
        )}
        <Waiting active={running && !trial.html.value} />
      </div>
      {ran.wrong.value && <Failed wrong={ran.wrong.value} onRetry={run} />}
      {trial.html.value && <Foreign class="hfnb-result" label={say('Result')} html={trial.html.value} />}
      {trial.stopped.value && <span class="hfnb-soft">{say('Stopped.')}</span>}
      {answer && !drawnSource(answer) && (
        <span class="hfnb-soft hfnb-numbers">
          {seconds(answer.seconds)} · {answer.source}
        </span>
      )}
      <CodeBox code={answer?.code ?? details.example.code} folded={!answer} />
    </section>
  );
}

/** Most results say themselves who gave them. */
function drawnSource(answer: Ran): boolean {
  return (harmless(answer.html).textContent ?? '').includes(answer.source);
}

/** Nothing has come yet: a bar after a second, and after three how long it has been. */
function Waiting({ active }: { active: boolean }) {
  const { say } = useHere();
  const stage = useStage(active);
  const so = useSeconds(active);
  if (stage < 2) return null;
  return (
    <div class="hfnb-run-progress">
      <Progress label={stage < 3 ? say('Running') : say('Running, %1 so far', seconds(so))} />
    </div>
  );
}
