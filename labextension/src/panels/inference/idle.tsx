/** Nothing has run yet, or there is no kernel: what would stand here, and what to do for it. */
import { Button } from '../../parts/button';
import { useCode } from '../../parts/codebox';
import { useHere } from '../../parts/here';
import { Empty } from '../../parts/states';

/** A cell that runs without any model chosen, and without leaving this machine. */
const FIRST = '%%hf infer\nThe room was small, but we loved the view.';

export function Idle() {
  const { say } = useHere();
  const { copy, insert } = useCode();
  return (
    <Empty title={say('Nothing has run in this kernel yet.')}>
      <p>{say('Run a model in a cell, and it appears here while it works:')}</p>
      <pre class="hfnb-first">{FIRST}</pre>
      <div class="hfnb-actions">
        <Button kind="main" icon="insert" onClick={() => insert(FIRST)}>
          {say('Insert as a cell')}
        </Button>
        <Button icon="copy" onClick={() => copy(FIRST)}>
          {say('Copy')}
        </Button>
      </div>
    </Empty>
  );
}

export function NoKernel() {
  const { host, say } = useHere();
  const { state } = host.channel.status.value;
  const next = host.next?.[state];
  return (
    <div class="hfnb-scroll">
      <Empty title={say('Running work of a notebook’s kernel')}>
        <p>
          {say(
            'Here you would see each call to a model while it runs, with its speed and a way to stop it; what failed and what to do next; the models in memory; and how long each way of running takes.'
          )}
        </p>
        <p>{state === 'unloaded' ? say('Load hf_nb in this kernel first.') : howToStart(host.kind, say)}</p>
        {next && (
          <div class="hfnb-actions">
            <Button kind="main" onClick={() => void next.run()}>
              {next.label}
            </Button>
          </div>
        )}
      </Empty>
    </div>
  );
}

function howToStart(kind: 'cell' | 'sidebar', say: (text: string) => string): string {
  return kind === 'cell'
    ? say('Run this cell again to start a kernel.')
    : say('Open a notebook and start its kernel, then run %load_ext hf_nb in it.');
}
