/** The Models panel: look for models, see what they need, try them, get them, use them. */
import { effect } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { Host } from '../../panel';
import { Frame } from '../../parts/frame';
import { useHere } from '../../parts/here';
import { HubName } from '../../parts/hub';
import { enterList } from '../../parts/list';
import { Shelves } from '../../parts/shelves';
import { useTold } from '../../parts/told';
import { Codes } from './codes';
import { DetailsDrawer } from './details';
import { ModelsModel } from './model';
import { ModelCard } from './row';
import { FILTERING, WORDS } from './words';

export function Models({ host }: { host: Host }) {
  const model = useMemo(() => new ModelsModel(host), [host]);
  const codes = useMemo(() => new Codes(host.channel), [host]);
  useEffect(() => () => model.end(), [model]);
  const main = useRef<HTMLDivElement>(null);
  const open = model.open.value;
  return (
    <Frame host={host} title={host.say(WORDS.title)} tools={<HubName />}>
      <Spoken model={model} />
      <div ref={main} class="hfnb-main">
        <Shelves model={model} words={WORDS} filtering={FILTERING} onDown={() => enterList(main.current)}>
          {row => <ModelCard model={model} codes={codes} row={row} />}
        </Shelves>
      </div>
      {open && <DetailsDrawer model={model} codes={codes} id={open} />}
    </Frame>
  );
}

/** What is said when a search, a run or a download has ended. */
function Spoken({ model }: { model: ModelsModel }) {
  const { say, announce } = useHere();
  useTold(model, WORDS);
  useEffect(
    () =>
      effect(() => {
        if (model.trial.ran.answer.value) announce(say('The result is there.'));
      }),
    [model, say, announce]
  );
  return null;
}
