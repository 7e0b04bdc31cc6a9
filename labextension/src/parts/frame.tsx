/**
 * The root of every panel: its title, how the other side is and what to do about it, a place for announcements and
 * toasts, and the keys that work everywhere: `/` to search, `?` for the list of keys, Esc to close.
 */
import type { ComponentChildren } from 'preact';
import { useCallback, useMemo, useRef, useState } from 'preact/hooks';
import type { Host } from '../panel';
import { Button } from './button';
import { type Here, HereContext, type Toast } from './here';
import { Keys } from './keys';
import { Strip } from './strip';
import { type Shown, Toasts } from './toast';

export interface FrameProps {
  host: Host;
  title: string;
  /** right of the title: a count, a button */
  tools?: ComponentChildren;
  /** keys of this panel, beside those that work in all of them */
  keys?: [key: string, does: string][];
  children: ComponentChildren;
}

const AT_ONCE = 3;

export function Frame({ host, title, tools, keys = [], children }: FrameProps) {
  const root = useRef<HTMLElement>(null);
  const [said, announce] = useAnnouncements();
  const [toasts, setToasts] = useState<Shown[]>([]);
  const [showsKeys, showKeys] = useState(false);
  const count = useRef(0);
  const toast = useCallback(
    (one: Toast) => {
      announce(one.text);
      // the same line twice is one line, said again
      setToasts(shown =>
        [...shown.filter(other => other.text !== one.text), { ...one, id: ++count.current }].slice(-AT_ONCE)
      );
    },
    [announce]
  );
  const gone = useCallback((id: number) => setToasts(shown => shown.filter(one => one.id !== id)), []);
  const here = useMemo<Here>(() => ({ host, say: host.say, announce, toast }), [host, announce, toast]);

  const press = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape' && showsKeys) {
      event.stopPropagation();
      showKeys(false);
    } else if (!isTyping(event.target) && (event.key === '/' || event.key === '?')) {
      event.preventDefault();
      event.stopPropagation();
      if (event.key === '?') showKeys(!showsKeys);
      else focusSearch(root.current);
    }
  };
  return (
    <HereContext.Provider value={here}>
      <section ref={root} class="hfnb-panel" aria-label={title} onKeyDown={press}>
        <header class="hfnb-title">
          <h2>{title}</h2>
          {tools}
          <span class="hfnb-space" />
          <Button
            kind="plain"
            icon="keyboard"
            label={host.say('Keys')}
            expanded={showsKeys}
            onClick={() => showKeys(!showsKeys)}
          />
        </header>
        <Strip status={host.channel.status} />
        {showsKeys && <Keys keys={keys} onClose={() => showKeys(false)} />}
        <div class="hfnb-body">{children}</div>
        <Toasts toasts={toasts} onGone={gone} />
        <div class="hfnb-unseen" role="status" aria-live="polite">
          {said}
        </div>
      </section>
    </HereContext.Provider>
  );
}

/** The same sentence twice is said twice: a listener hears only changes. */
function useAnnouncements(): [string, (text: string) => void] {
  const [said, setSaid] = useState('');
  const announce = useCallback(
    (text: string) => setSaid(before => (before === text ? `${text}\u00a0` : text)),
    []
  );
  return [said, announce];
}

function isTyping(target: EventTarget | null): boolean {
  const element = target as HTMLElement | null;
  return !!element?.closest?.('input:not([type=checkbox]), textarea, select, [contenteditable=true]');
}

function focusSearch(root: HTMLElement | null): void {
  const box = root?.querySelector<HTMLInputElement>('[data-hfnb-search]');
  box?.focus();
  box?.select();
}
