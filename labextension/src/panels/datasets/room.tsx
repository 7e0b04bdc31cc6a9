/** The explorer in the place of the list, and a way back to it. What it wants to find again is kept under `explorer`. */
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Host, Panel } from '../../panel';

export interface RoomProps {
  host: Host;
  panel: Panel;
  /** the dataset */
  id: string;
  onBack: () => void;
}

export function Room({ host, panel, id, onBack }: RoomProps) {
  const place = useRef<HTMLDivElement>(null);
  const back = useRef<HTMLButtonElement>(null);
  // ended in the moment in which it is left: nothing of it is remembered after that
  useLayoutEffect(() => {
    if (!place.current) return undefined;
    // the button that led here is gone, and the focus with it
    const { activeElement, body } = place.current.ownerDocument;
    if (activeElement === body) back.current?.focus();
    return panel.mount(place.current, within(host, id));
  }, [host, panel, id]);
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
      <div ref={place} class="hfnb-explored" />
    </div>
  );
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
