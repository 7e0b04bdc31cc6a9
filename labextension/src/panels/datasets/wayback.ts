/** Back from the explorer: the list stands where it stood, and the focus on what led away from it. */
import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

const SCROLLS = '.hfnb-scroll';

/** What notes where the list stands. `exploring`: the dataset shown instead of the list. */
export function usePlace(main: RefObject<HTMLElement | null>, exploring: string | null): () => void {
  const top = useRef(0);
  const left = useRef<string | null>(exploring);
  useLayoutEffect(() => {
    const id = left.current;
    left.current = exploring;
    if (exploring || !id || !main.current) return;
    const list = main.current.querySelector(SCROLLS);
    if (list) list.scrollTop = top.current;
    ledAway(main.current, id)?.focus({ preventScroll: true });
  }, [main, exploring]);
  return () => {
    top.current = main.current?.querySelector(SCROLLS)?.scrollTop ?? 0;
  };
}

/** The button that was pressed: in the details where they are open, else on the card; the search if it is gone. */
function ledAway(main: HTMLElement, id: string): HTMLElement | null {
  const drawer = main.parentElement?.querySelector('.hfnb-drawer');
  const card = main.querySelector(`[data-hfnb-key="${CSS.escape(id)}"]`);
  const button = (drawer ?? card)?.querySelector<HTMLElement>('.hfnb-explores');
  return button ?? main.querySelector<HTMLElement>('[data-hfnb-search]');
}
