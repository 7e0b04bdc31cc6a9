/**
 * What is taken out of the page, or can be pressed no more, takes the focus along: a chip that was removed, a column
 * that was hidden, the last row's "further". The keys go on nearby then, never from nowhere.
 */
import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';

export function useFocusKept(inside: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const panel = inside.current?.closest<HTMLElement>('.hfnb-panel');
    if (!panel) return undefined;
    let had: HTMLElement | null = null;
    let box: HTMLElement | null = null;
    let soon: ReturnType<typeof setTimeout> | undefined;
    const came = (event: FocusEvent) => {
      had = event.target as HTMLElement;
      box = had.closest<HTMLElement>('[role=dialog]');
    };
    const look = () => {
      soon = undefined;
      const page = panel.ownerDocument;
      const nowhere = page.activeElement === page.body;
      if (!had || !(nowhere || had.matches(':disabled'))) return;
      // whoever clicked beside the panel is there
      if (had.isConnected && !had.matches(':disabled')) had = null;
      else nearby(panel, box)?.focus({ preventScroll: true });
    };
    // after those who bring it back to where it came from
    const later = () => {
      if (had && soon === undefined) soon = setTimeout(look);
    };
    const seen = new MutationObserver(later);
    seen.observe(panel, { childList: true, subtree: true, attributeFilter: ['disabled'] });
    panel.addEventListener('focusin', came);
    panel.addEventListener('focusout', later);
    return () => {
      clearTimeout(soon);
      seen.disconnect();
      panel.removeEventListener('focusin', came);
      panel.removeEventListener('focusout', later);
    };
  }, [inside]);
}

/** The box it was in, while that is open; else the rows, else the search. */
function nearby(panel: HTMLElement, box: HTMLElement | null): HTMLElement | null {
  if (box?.isConnected)
    return box.hasAttribute('tabindex') ? box : box.querySelector<HTMLElement>('[tabindex="-1"]');
  return (
    panel.querySelector<HTMLElement>('[data-hfnb-cell][tabindex="0"]') ??
    panel.querySelector<HTMLElement>('[data-hfnb-search]')
  );
}
