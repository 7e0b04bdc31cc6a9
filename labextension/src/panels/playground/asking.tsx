/** What is written, examples to begin with, and Run. */
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Button } from '../../parts/button';
import { many } from '../../parts/format';
import { useHere } from '../../parts/here';
import { type Given, Inputs, wordsOf } from '../../parts/inputs';
import type { Example } from './answers';
import type { Playground } from './model';

export function Asking({ model }: { model: Playground }) {
  const { say } = useHere();
  const row = model.row.value;
  const running = model.ran.waiting.value;
  const wrong = Object.keys(model.settings.problems.value).length;
  const box = useRef<HTMLDivElement>(null);
  const wanted = model.wanted.value;
  useLayoutEffect(() => {
    if (wanted) [...(box.current?.querySelectorAll('textarea') ?? [])].at(-1)?.focus();
  }, [wanted]);
  const run = () => void model.run();
  return (
    <div ref={box} class="hfnb-asking">
      <Inputs
        key={model.task.value}
        kind={row?.input ?? 'text'}
        value={model.input.value}
        onInput={input => model.write(input)}
        onSend={run}
      />
      <div class="hfnb-row">
        <Examples model={model} />
        <span class="hfnb-space" />
        {wrong > 0 && (
          <span class="hfnb-problem">
            {many(wrong, 'One parameter cannot be read.', '%1 parameters cannot be read.', say)}
          </span>
        )}
        {running ? (
          <Button icon="stop" title={say('Esc')} onClick={() => model.stop()}>
            {say('Stop')}
          </Button>
        ) : (
          <Button kind="main" icon="play" title={say('Ctrl-Enter')} disabled={wrong > 0} onClick={run}>
            {say('Run')}
          </Button>
        )}
      </div>
    </div>
  );
}

/** A list to take one from; what is written now can be put there too. */
function Examples({ model }: { model: Playground }) {
  const { say, toast } = useHere();
  const [at, setAt] = useState('');
  const own = model.own.value;
  const all: Example[] = [...own, ...model.examples.value];
  const keep = () => {
    const input = model.input.peek();
    const words = wordsOf(input).replace(/\s+/g, ' ').trim();
    if (!words) return toast({ text: say('Write something first.'), kind: 'wrong' });
    const before = model.history.saved.peek();
    const label = words.length > 60 ? `${words.slice(0, 59)}…` : words;
    model.history.keep({ task: model.task.peek(), label, input: input as Example['input'] });
    const undo = { label: say('Undo'), run: () => model.history.keepAll(before) };
    return toast({ text: say('It is among your examples.'), action: undo });
  };
  const drop = () => {
    const before = model.history.saved.peek();
    model.history.keepAll(before.filter(one => one !== own[Number(at)]));
    setAt('');
    toast({
      text: say('The example is gone.'),
      action: { label: say('Undo'), run: () => model.history.keepAll(before) }
    });
  };
  const take = (value: string) => {
    setAt(value);
    const one = all[Number(value)];
    if (value !== '' && one) model.take(one.input as Given);
  };
  return (
    <>
      <label class="hfnb-choice hfnb-examples">
        <span>{say('Examples')}</span>
        <select value={at} onChange={event => take(event.currentTarget.value)}>
          <option value="">{say('choose …')}</option>
          {own.length > 0 && (
            <optgroup label={say('Yours')}>{own.map((one, index) => option(one, index))}</optgroup>
          )}
          <optgroup label={say('Of the task and the model')}>
            {model.examples.value.map((one, index) => option(one, own.length + index))}
          </optgroup>
        </select>
      </label>
      <Button kind="plain" icon="insert" title={say('Keep what is written as an example')} onClick={keep}>
        {say('Save as example')}
      </Button>
      {at !== '' && Number(at) < own.length && (
        <Button kind="plain" icon="close" label={say('Take this example away')} onClick={drop} />
      )}
    </>
  );
}

const option = (one: Example, index: number) => (
  <option key={index} value={String(index)}>
    {one.label}
  </option>
);
