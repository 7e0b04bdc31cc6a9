/** How the other side is, where that is worth a line: what it means, and the next step. */
import type { ReadonlySignal } from '@preact/signals';
import type { State, Status } from '../channel';
import { Button } from './button';
import { useCode } from './codebox';
import { type Here, useHere } from './here';
import { Icon } from './icons';
import { useStage } from './use';

const LOAD = '%load_ext hf_nb';

export function Strip({ status }: { status: ReadonlySignal<Status> }) {
  const { host, say } = useHere();
  const { insert } = useCode();
  const { state, detail } = status.value;
  // most connections take a moment: a line for each of them would only flicker
  const stage = useStage(state === 'connecting');
  if (state === 'ready' || (state === 'connecting' && stage < 2)) return null;
  const next = host.next?.[state];
  const waits = state === 'busy' || state === 'connecting';
  return (
    <div class={waits ? 'hfnb-strip' : 'hfnb-strip hfnb-warn'} data-hfnb-state={state}>
      <Icon name={waits ? 'busy' : 'warning'} turning={waits} />
      <span role="status">
        {sentence(state, host.kind, say)}
        {detail && <span class="hfnb-soft"> {detail}</span>}
      </span>
      {next && state === 'unloaded' && (
        <Button kind="plain" label={next.label} onClick={() => void next.run()}>
          {say('Load hf_nb')}
        </Button>
      )}
      {next && state !== 'unloaded' && <Button onClick={() => void next.run()}>{next.label}</Button>}
      {!next && state === 'unloaded' && (
        <Button icon="insert" onClick={() => void insert(LOAD)}>
          {say('Insert %1', LOAD)}
        </Button>
      )}
    </div>
  );
}

function sentence(state: State, kind: 'cell' | 'sidebar', say: Here['say']): string {
  switch (state) {
    case 'connecting':
      return say('Waiting for the kernel.');
    case 'busy':
      return say('The kernel is busy. This goes on when it is free.');
    case 'absent':
      return kind === 'cell'
        ? say('No kernel is running. Start one, then run this cell again.')
        : say('No kernel is running. Searching the Hub works; running models needs one.');
    case 'unloaded':
      return say('hf_nb is not loaded in this kernel yet. Run and Try load it.');
    case 'lost':
      return kind === 'cell'
        ? say('The kernel was restarted. Run %1, then this cell again.', LOAD)
        : say('The kernel was restarted.');
    case 'version':
      return say(
        'The kernel has another version of hf_nb than this page. Restart the kernel and reload the page.'
      );
    default:
      return '';
  }
}
