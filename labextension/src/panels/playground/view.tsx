/** The Playground: pick a task and a model, write, set, run; what was run stays below. */
import { useSignalEffect } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { Host } from '../../panel';
import { Controls } from '../../parts/controls';
import { Frame } from '../../parts/frame';
import { useHere } from '../../parts/here';
import { HubName } from '../../parts/hub';
import { Failed, Loading } from '../../parts/states';
import { Asking } from './asking';
import { received } from './history';
import { Playground } from './model';
import { Past } from './past';
import { Result } from './result';
import { Who } from './who';

export function PlaygroundView({ host }: { host: Host }) {
  const model = useMemo(() => new Playground(host), [host]);
  useEffect(() => model.start(), [model]);
  const keys: [string, string][] = [
    ['Ctrl-Enter', host.say('Run')],
    ['Esc', host.say('Stop the run')]
  ];
  return (
    <Frame host={host} title={host.say('Playground')} tools={<HubName />} keys={keys}>
      <Spoken model={model} />
      <Ground model={model} />
    </Frame>
  );
}

/** The end of a run is told, not its words as they come. */
function Spoken({ model }: { model: Playground }) {
  const { say, announce } = useHere();
  useSignalEffect(() => {
    if (model.ran.answer.value) announce(say('The result is there.'));
    else if (model.ran.wrong.value) announce(model.ran.wrong.value.message);
  });
  return null;
}

function Ground({ model }: { model: Playground }) {
  const { say, toast } = useHere();
  const paste = (event: ClipboardEvent) => {
    const run = received(event.clipboardData?.getData('text/plain') ?? '');
    if (!run) return;
    event.preventDefault();
    event.stopPropagation();
    const before = model.question();
    void model.restore(run);
    toast({
      text: say('A shared run is here.'),
      action: { label: say('Undo'), run: () => void model.restore(before) }
    });
  };
  const press = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.defaultPrevented || !model.ran.waiting.peek()) return;
    event.preventDefault();
    event.stopPropagation();
    model.stop();
  };
  return (
    <div class="hfnb-main hfnb-playground" onPasteCapture={paste} onKeyDown={press}>
      <div class="hfnb-scroll">
        <Form model={model} />
        <Result model={model} />
        <Past model={model} />
      </div>
    </div>
  );
}

/** Until it is known what a task takes there is nothing to fill in; a result of before is shown below all the same. */
function Form({ model }: { model: Playground }) {
  const { say } = useHere();
  const wrong = model.tasks.wrong.value ?? model.form.wrong.value;
  if (model.tasks.answer.value && model.form.answer.value)
    return (
      <>
        <Who model={model} />
        <Asking model={model} />
        <Controls settings={model.settings} by={model.by.value} onSend={() => void model.run()} />
      </>
    );
  if (wrong)
    return (
      <Failed
        wrong={{ ...wrong, retry: true }}
        onRetry={() => {
          void model.tasks.again();
          void model.form.ask({ task: model.task.peek() });
        }}
      />
    );
  return <Loading label={say('Asking what can be tried')} rows={2} />;
}
