/** Getting a repository onto this machine: the button, the way, and what became of it. */
import { Button } from './button';
import type { Fetches, Gettable, Local } from './fetches';
import { bytes } from './format';
import { useHere } from './here';
import { Progress } from './progress';
import { Failed } from './states';

/** Nothing to do any more where all of it is here. */
export function isHere(row: Pick<Gettable, 'status'>): boolean {
  return row.status === 'cached' || row.status === 'loaded';
}

export function GetButton({ fetches, row }: { fetches: Fetches; row: Gettable }) {
  const { say } = useHere();
  const fetch = fetches.all.value[row.id];
  // under way, or failed and tried again below: there is one way on, not two
  if (isHere(row) || row.status === 'loading' || (fetch && (!fetch.wrong || fetch.wrong.retry))) return null;
  const size = row.bytes === null ? '' : ` ${row.about ? '≈ ' : ''}${bytes(row.bytes)}`;
  const ways: Partial<Record<Local, [string, string]>> = {
    partial: [say('Go on'), say('Go on getting %1', row.id)],
    error: [say('Try again'), say('Try again to get %1', row.id)]
  };
  const [word, label] = ways[row.status] ?? [say('Get'), say('Get %1', row.id)];
  return (
    <Button
      icon="download"
      label={label}
      title={say('Downloads it to this machine.%1', size)}
      onClick={() => void fetches.begin(row.id)}
    >
      {word}
    </Button>
  );
}

export function Getting({ fetches, row }: { fetches: Fetches; row: Gettable }) {
  const { say } = useHere();
  const fetch = fetches.all.value[row.id];
  if (!fetch) return null;
  if (fetch.wrong) return <Failed wrong={fetch.wrong} onRetry={() => void fetches.begin(row.id)} />;
  const { pulling } = fetch;
  return (
    // a click on it is none on the card
    <div class="hfnb-getting" onClick={event => event.stopPropagation()}>
      <Progress
        label={fetch.stopping ? say('Stopping') : (pulling?.what ?? say('Asking what is to be fetched'))}
        done={pulling?.done ?? 0}
        total={pulling?.total ?? null}
        rate={pulling?.rate ?? null}
        left={pulling?.left ?? null}
      />
      <Button
        icon="stop"
        label={say('Stop getting %1', row.id)}
        busy={fetch.stopping}
        onClick={() => fetches.cancel(row.id)}
      >
        {say('Stop')}
      </Button>
    </div>
  );
}
