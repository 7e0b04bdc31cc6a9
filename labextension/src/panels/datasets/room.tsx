/**
 * The explorer in the place of the list, and a way back to it. What it wants to find again is kept under `explorer`;
 * its code is a panel's own, and comes when a dataset is explored.
 */
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { Host, Panel } from '../../panel';
import { HereContext } from '../../parts/here';
import { Later } from '../../parts/later';
import type * as Code from './exploring';

export interface RoomProps {
  host: Host;
  /** the dataset */
  id: string;
  onBack: () => void;
}

export function Room({ host, id, onBack }: RoomProps) {
  const back = useRef<HTMLButtonElement>(null);
  const here = useMemo(() => ({ host, say: host.say, announce: () => {}, toast: () => {} }), [host]);
  useLayoutEffect(() => {
    // the button that led here is gone, and the focus with it
    const page = back.current?.ownerDocument;
    if (page && page.activeElement === page.body) back.current?.focus();
  }, []);
  return (
    <div
      class="hfnb-exploring"
      onKeyDown={event => {
        // nothing inside wanted it: back to the list
        if (event.key === 'Escape' && !event.defaultPrevented && event.target === back.current) onBack();
      }}
    >
      <div class="hfnb-panel hfnb-way-back">
        <button ref={back} type="button" class="hfnb-button hfnb-as-link" onClick={onBack}>
          ← {host.say('Back to the datasets')}
        </button>
      </div>
      <HereContext.Provider value={here}>
        <Later<typeof Code>
          name="datasets-explorer"
          source={() => import('./exploring')}
          frame="hfnb-panel hfnb-explored"
        >
          {({ explorer }) => <Explored host={host} panel={explorer} id={id} />}
        </Later>
      </HereContext.Provider>
    </div>
  );
}

function Explored({ host, panel, id }: { host: Host; panel: Panel; id: string }) {
  const place = useRef<HTMLDivElement>(null);
  // ended in the moment in which it is left: nothing of it is remembered after that
  useLayoutEffect(
    () => (place.current ? panel.mount(place.current, within(host, id)) : undefined),
    [host, panel, id]
  );
  return <div ref={place} class="hfnb-explored" />;
}

/** The same host for the explorer, with its own options. */
function within(host: Host, id: string): Host {
  const kept = host.options.explorer as { of?: { what?: string } } | null | undefined;
  // what was kept of another dataset says nothing about this one
  const options: Record<string, unknown> = kept?.of?.what === id ? { ...kept } : { of: { what: id } };
  // its other properties may change with time: they are looked up, not copied
  return Object.create(host, {
    options: { value: options },
    remember: {
      value(name: string, value: unknown) {
        options[name] = value;
        host.remember('explorer', { ...options });
      }
    }
  });
}
