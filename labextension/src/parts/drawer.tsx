/**
 * Details beside a list, or over it where there is little room (the style sheet knows). The focus moves in, and back
 * to where it came from; Esc closes.
 */
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { Button } from './button';
import { useHere } from './here';

export interface DrawerProps {
  title: ComponentChildren;
  /** its name for those who listen */
  label: string;
  onClose: () => void;
  /** what it shows: with another one the focus comes in again */
  subject?: string;
  /** right of the title */
  tools?: ComponentChildren;
  /** stands still under the title while the rest scrolls */
  actions?: ComponentChildren;
  children: ComponentChildren;
}

export function Drawer({ title, label, subject = label, onClose, tools, actions, children }: DrawerProps) {
  const { say } = useHere();
  const drawer = useRef<HTMLElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const before = useRef<HTMLElement | null>(null);
  // before the page is drawn: what is hidden under it loses the focus then
  useLayoutEffect(() => {
    const active = drawer.current?.ownerDocument.activeElement as HTMLElement | null;
    const panel = drawer.current?.closest('.hfnb-panel');
    // a drawer that is there from the start (a kept layout) takes no focus from the notebook
    if (!active || !panel?.contains(active) || drawer.current?.contains(active)) return;
    before.current = active;
    heading.current?.focus({ preventScroll: true });
  }, [subject]);
  useEffect(() => {
    const panel = drawer.current?.closest('.hfnb-panel');
    return () => {
      const from = before.current;
      // once it is gone, and the list can be seen again
      if (from) queueMicrotask(() => focusOn(from, panel));
    };
  }, []);
  return (
    <section
      ref={drawer}
      class="hfnb-drawer"
      role="dialog"
      aria-label={label}
      onKeyDown={event => {
        if (event.key !== 'Escape' || event.defaultPrevented) return;
        event.stopPropagation();
        onClose();
      }}
    >
      <header>
        <Button
          kind="plain"
          icon="back"
          class="hfnb-back"
          label={say('Back to the list')}
          onClick={onClose}
        />
        <h3 ref={heading} tabIndex={-1}>
          {title}
        </h3>
        {tools}
        <Button kind="plain" icon="close" class="hfnb-shut" label={say('Close')} onClick={onClose} />
      </header>
      {actions && <div class="hfnb-actions">{actions}</div>}
      <div class="hfnb-scroll">{children}</div>
    </section>
  );
}

/** An id as a title: whose it is, and its name. */
export function Named({ id }: { id: string }) {
  const [owner, name] = id.includes('/') ? (id.split('/', 2) as [string, string]) : ['', id];
  return (
    <>
      {owner && <span class="hfnb-owner">{owner}/</span>}
      <span class="hfnb-name">{name}</span>
    </>
  );
}

function focusOn(from: HTMLElement, panel: Element | null | undefined): void {
  const other = panel?.querySelector<HTMLElement>('[data-hfnb-head][tabindex="0"]');
  (from.isConnected ? from : other)?.focus({ preventScroll: true });
}
