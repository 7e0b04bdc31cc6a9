/** Getting a model onto this machine: the button, the way, and what became of it. */
import { Button } from '../../parts/button';
import { bytes } from '../../parts/format';
import { useHere } from '../../parts/here';
import { Progress } from '../../parts/progress';
import { Failed } from '../../parts/states';
import type { ModelRow } from './answers';
import type { ModelsModel } from './model';

/** Nothing to do any more where all of it is here. */
export function isHere(row: ModelRow): boolean {
  return row.status === 'cached' || row.status === 'loaded';
}

export function GetButton({ model, row }: { model: ModelsModel; row: ModelRow }) {
  const { say } = useHere();
  const fetch = model.fetches.all.value[row.id];
  if (isHere(row) || row.status === 'loading' || (fetch && !fetch.wrong)) return null;
  const size = row.bytes === null ? '' : ` ${row.about ? '≈ ' : ''}${bytes(row.bytes)}`;
  const goesOn = row.status === 'partial';
  return (
    <Button
      icon="download"
      label={goesOn ? say('Go on getting %1', row.id) : say('Get %1', row.id)}
      title={say('Downloads it to this machine.%1', size)}
      onClick={() => void model.fetches.begin(row.id)}
    >
      {goesOn ? say('Go on') : say('Get')}
    </Button>
  );
}

export function Getting({ model, row }: { model: ModelsModel; row: ModelRow }) {
  const { say } = useHere();
  const fetch = model.fetches.all.value[row.id];
  if (!fetch) return null;
  if (fetch.wrong) return <Failed wrong={fetch.wrong} onRetry={() => void model.fetches.begin(row.id)} />;
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
        onClick={() => model.fetches.cancel(row.id)}
      >
        {say('Stop')}
      </Button>
    </div>
  );
}
