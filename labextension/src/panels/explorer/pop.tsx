/** A small box over the panel: the focus goes in, and back to where it came from; Esc or a click outside closes it. */
import type { ComponentChildren, CSSProperties } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { TabContext } from '../../parts/here';

export interface PopProps {
  label: string;
  onClose: () => void;
  class?: string;
  style?: CSSProperties;
  children: ComponentChildren;
}

export function Pop({ label, onClose, class: name = '', style, children }: PopProps) {
  const box = useRef<HTMLDivElement>(null);
  const close = useRef(onClose);
  close.current = onClose;
  useLayoutEffect(() => {
    const page = box.current?.ownerDocument;
    const before = page?.activeElement as HTMLElement | null;
    const panel = box.current?.closest('.hfnb-panel');
    (box.current?.querySelector<HTMLElement>('input, select, textarea') ?? box.current)?.focus({
      preventScroll: true
    });
    return () => {
      const now = page?.activeElement;
      // whoever clicked elsewhere stays there
      if (now && now !== page?.body && !box.current?.contains(now)) return;
      if (before?.isConnected && panel?.contains(before)) before.focus({ preventScroll: true });
    };
  }, []);
  useEffect(() => {
    const page = box.current?.ownerDocument;
    const outside = (event: Event) => {
      const target = event.target as Element;
      if (box.current?.contains(target) || target.closest?.('[aria-haspopup][aria-expanded="true"]')) return;
      close.current();
    };
    page?.addEventListener('pointerdown', outside, true);
    return () => page?.removeEventListener('pointerdown', outside, true);
  }, []);
  return (
    <TabContext.Provider value={0}>
      <div
        ref={box}
        role="dialog"
        aria-label={label}
        class={`hfnb-pop ${name}`}
        style={style}
        tabIndex={-1}
        onKeyDown={event => {
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          event.preventDefault();
          onClose();
        }}
      >
        {children}
      </div>
    </TabContext.Provider>
  );
}
