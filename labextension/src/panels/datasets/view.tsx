/** The Datasets panel: look for datasets, see what they hold, explore their rows, get them. */
import { effect } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { Host, Panel } from '../../panel';
import { bytes, many } from '../../parts/format';
import { Frame } from '../../parts/frame';
import { isHere } from '../../parts/get';
import { useHere } from '../../parts/here';
import { HubName } from '../../parts/hub';
import { DetailsDrawer } from './details';
import { Look } from './look';
import { DatasetsModel } from './model';
import { Results } from './results';
import { Room } from './room';
import { usePlace } from './wayback';

export function Datasets({ host, explorer }: { host: Host; explorer: Panel }) {
  const model = useMemo(() => new DatasetsModel(host), [host]);
  useEffect(() => () => model.end(), [model]);
  const main = useRef<HTMLDivElement>(null);
  const open = model.open.value;
  const exploring = model.exploring.value;
  const keepPlace = usePlace(main, exploring);
  if (exploring)
    return (
      <Room key={exploring} host={host} panel={explorer} id={exploring} onBack={() => model.explore(null)} />
    );
  return (
    <Frame host={host} title={host.say('Datasets')} tools={<HubName />}>
      <Spoken model={model} />
      <div ref={main} class="hfnb-main" onScrollCapture={keepPlace} onClickCapture={keepPlace}>
        <Look
          model={model}
          onDown={() => main.current?.querySelector<HTMLElement>('[data-hfnb-head][tabindex="0"]')?.focus()}
        />
        <Results model={model} />
      </div>
      {open && <DetailsDrawer model={model} id={open} />}
    </Frame>
  );
}

/** What is said when a search or a download has ended. */
function Spoken({ model }: { model: DatasetsModel }) {
  const { say, announce, toast } = useHere();
  useEffect(() => {
    let first = true;
    return effect(() => {
      const page = model.listing.page.value;
      const rows = model.listing.rows.peek().length;
      if (page && !first)
        announce(rows ? many(rows, '1 dataset shown', '%1 datasets shown', say) : say('No dataset fits.'));
      first = false;
    });
  }, [model, say, announce]);
  useEffect(() => {
    // what ended before the list was shown again has been told
    let before = model.fetches.ended.peek();
    return effect(() => {
      const ended = model.fetches.ended.value;
      if (!ended || ended === before) return;
      before = ended;
      const { id, end, pulled } = ended;
      const begin = () => void model.fetches.begin(id);
      const again = { label: say('Go on'), run: begin };
      if (end === 'failed') {
        const heals = model.fetches.all.peek()[id]?.wrong?.retry;
        const action = heals ? { action: { label: say('Try again'), run: begin } } : {};
        toast({ text: say('The dataset %1 did not arrive.', id), kind: 'wrong', ...action });
      } else if (end === 'stopped')
        toast({ text: say('Stopped. What has come of %1 stays.', id), action: again });
      else if (isConfirmed(model, id))
        toast({ text: say('The dataset %1 is on this machine: %2.', id, bytes(pulled?.bytes ?? 0)) });
      else toast({ text: say('Only a part of %1 is on this machine.', id), kind: 'wrong', action: again });
    });
  }, [model, say, toast]);
  return null;
}

function isConfirmed(model: DatasetsModel, id: string): boolean {
  const row = model.listing.rows.peek().find(one => one.id === id) ?? model.details.answer.peek()?.row;
  return !row || isHere(row);
}
