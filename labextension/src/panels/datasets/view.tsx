/** The Datasets panel: look for datasets, see what they hold, explore their rows, get them. */
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { Host } from '../../panel';
import { Frame } from '../../parts/frame';
import { HubName } from '../../parts/hub';
import { enterList } from '../../parts/list';
import { Shelves } from '../../parts/shelves';
import { useTold } from '../../parts/told';
import { DetailsDrawer } from './details';
import { DatasetsModel } from './model';
import { Room } from './room';
import { DatasetCard } from './row';
import { usePlace } from './wayback';
import { FILTERING, WORDS } from './words';

export function Datasets({ host }: { host: Host }) {
  const model = useMemo(() => new DatasetsModel(host), [host]);
  useEffect(() => () => model.end(), [model]);
  const main = useRef<HTMLDivElement>(null);
  const open = model.open.value;
  const exploring = model.exploring.value;
  const keepPlace = usePlace(main, exploring);
  if (exploring)
    return <Room key={exploring} host={host} id={exploring} onBack={() => model.explore(null)} />;
  return (
    <Frame host={host} title={host.say(WORDS.title)} tools={<HubName />}>
      <Spoken model={model} />
      <div ref={main} class="hfnb-main" onScrollCapture={keepPlace} onClickCapture={keepPlace}>
        <Shelves model={model} words={WORDS} filtering={FILTERING} onDown={() => enterList(main.current)}>
          {row => <DatasetCard model={model} row={row} />}
        </Shelves>
      </div>
      {open && <DetailsDrawer model={model} id={open} />}
    </Frame>
  );
}

/** What is said when a search or a download has ended. */
function Spoken({ model }: { model: DatasetsModel }) {
  useTold(model, WORDS);
  return null;
}
