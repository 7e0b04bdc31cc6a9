/** The sidebar: which kernel is meant, and a tab for each panel. A panel stays as it is while another one is in front. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Panel } from '../../panel';
import { PANELS, type PanelName } from '../token';
import type { House } from '.';
import { KernelStatus } from './status';

/** A panel's code comes when its tab is first opened. */
const FETCH: Record<PanelName, () => Promise<Panel>> = {
  models: () => import('../../panels/models').then(({ models }) => models),
  datasets: () => import('../../panels/datasets').then(({ datasets }) => datasets),
  spaces: () => import('../../panels/spaces').then(({ spaces }) => spaces),
  playground: () => import('../../panels/playground').then(({ playground }) => playground),
  compare: () => import('../../panels/compare').then(({ compare }) => compare),
  inference: () => import('../../panels/inference').then(({ inference }) => inference)
};

export function Tabs({ house }: { house: House }) {
  const { say } = house;
  const titles: Record<PanelName, string> = {
    models: say('Models'),
    datasets: say('Datasets'),
    spaces: say('Spaces'),
    playground: say('Playground'),
    compare: say('Compare'),
    inference: say('Inference')
  };
  const [seen, see] = useState<PanelName[]>([]);
  const current = house.tab.value;
  useEffect(() => {
    if (!seen.includes(current)) see([...seen, current]);
  }, [current, seen]);
  const turn = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = PANELS[(PANELS.indexOf(current) + step + PANELS.length) % PANELS.length] ?? 'models';
    house.show(next);
    document.getElementById(`hfnb-tab-${next}`)?.focus();
  };
  return (
    <div class="hfnb-house">
      <div role="tablist" class="hfnb-tabs" aria-label={say('Panels')} onKeyDown={turn}>
        {PANELS.map(name => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`hfnb-tab-${name}`}
            aria-selected={name === current}
            aria-controls={`hfnb-room-${name}`}
            tabIndex={name === current ? 0 : -1}
            onClick={() => house.show(name)}
          >
            {titles[name]}
          </button>
        ))}
      </div>
      <KernelStatus house={house} />
      {PANELS.map(name => (
        <div
          key={name}
          role="tabpanel"
          id={`hfnb-room-${name}`}
          aria-labelledby={`hfnb-tab-${name}`}
          class="hfnb-room"
          hidden={name !== current}
        >
          {seen.includes(name) && <Room key={house.begun.value[name] ?? 0} house={house} name={name} />}
        </div>
      ))}
    </div>
  );
}

function Room({ house, name }: { house: House; name: PanelName }) {
  const place = useRef<HTMLDivElement>(null);
  const [failed, fail] = useState(false);
  useEffect(() => {
    let unmount: (() => void) | undefined;
    let gone = false;
    FETCH[name]().then(
      panel => {
        if (!gone && place.current) unmount = panel.mount(place.current, house.host(name));
      },
      () => fail(true)
    );
    return () => {
      gone = true;
      unmount?.();
    };
  }, [house, name]);
  if (failed) return <p>{house.say('This panel could not be fetched. Reload the page.')}</p>;
  return <div ref={place} class="hfnb-in-sidebar" data-hfnb-panel={name} />;
}
