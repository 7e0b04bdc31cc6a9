/** The Models panel: look for models, see what they need, try them, get them, use them. */
import { effect } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { Host } from '../../panel';
import { bytes, many } from '../../parts/format';
import { Frame } from '../../parts/frame';
import { isHere } from '../../parts/get';
import { useHere } from '../../parts/here';
import { HubName } from '../../parts/hub';
import { Codes } from './codes';
import { DetailsDrawer } from './details';
import { Look } from './look';
import { ModelsModel } from './model';
import { Results } from './results';

export function Models({ host }: { host: Host }) {
  const model = useMemo(() => new ModelsModel(host), [host]);
  const codes = useMemo(() => new Codes(host.channel), [host]);
  useEffect(() => () => model.end(), [model]);
  const main = useRef<HTMLDivElement>(null);
  const open = model.open.value;
  return (
    <Frame host={host} title={host.say('Models')} tools={<HubName />}>
      <Spoken model={model} />
      <div ref={main} class="hfnb-main">
        <Look
          model={model}
          onDown={() => main.current?.querySelector<HTMLElement>('[data-hfnb-head][tabindex="0"]')?.focus()}
        />
        <Results model={model} codes={codes} />
      </div>
      {open && <DetailsDrawer model={model} codes={codes} id={open} />}
    </Frame>
  );
}

/** What is said when a search, a run or a download has ended. */
function Spoken({ model }: { model: ModelsModel }) {
  const { say, announce, toast } = useHere();
  useEffect(() => {
    let first = true;
    return effect(() => {
      const page = model.listing.page.value;
      const rows = model.listing.rows.peek().length;
      if (page && !first)
        announce(rows ? many(rows, '1 model shown', '%1 models shown', say) : say('No model fits.'));
      first = false;
    });
  }, [model, say, announce]);
  useEffect(
    () =>
      effect(() => {
        if (model.trial.ran.answer.value) announce(say('The result is there.'));
      }),
    [model, say, announce]
  );
  useEffect(
    () =>
      effect(() => {
        const ended = model.fetches.ended.value;
        if (!ended) return;
        const { id, end, pulled } = ended;
        const begin = () => void model.fetches.begin(id);
        const again = { label: say('Go on'), run: begin };
        if (end === 'failed') {
          const heals = model.fetches.all.peek()[id]?.wrong?.retry;
          const action = heals ? { action: { label: say('Try again'), run: begin } } : {};
          toast({ text: say('The model %1 did not arrive.', id), kind: 'wrong', ...action });
        } else if (end === 'stopped')
          toast({ text: say('Stopped. What has come of %1 stays.', id), action: again });
        else if (isConfirmed(model, id))
          toast({ text: say('The model %1 is on this machine: %2.', id, bytes(pulled?.bytes ?? 0)) });
        else toast({ text: say('Only a part of %1 is on this machine.', id), kind: 'wrong', action: again });
      }),
    [model, say, toast]
  );
  return null;
}

function isConfirmed(model: ModelsModel, id: string): boolean {
  const row = model.listing.rows.peek().find(one => one.id === id) ?? model.details.answer.peek()?.row;
  return !row || isHere(row);
}
