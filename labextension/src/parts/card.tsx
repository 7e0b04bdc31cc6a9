/** One thing in a list: its name (which opens it), a few facts, and what can be done with it. */
import type { ComponentChildren } from 'preact';
import { useContext, useEffect, useRef } from 'preact/hooks';
import { TabContext, useHere } from './here';

export interface CardProps {
  /** the part of the name before the slash, in grey */
  owner?: string;
  name: string;
  title?: string;
  onOpen: () => void;
  /** right of the name */
  aside?: ComponentChildren;
  children?: ComponentChildren;
  actions?: ComponentChildren;
  open?: boolean;
  /** the code it becomes when it is dragged into a notebook */
  code?: () => string;
}

export function Card({ owner, name, title, onOpen, aside, children, actions, open, code }: CardProps) {
  const { host } = useHere();
  const tab = useContext(TabContext);
  const card = useRef<HTMLElement>(null);
  const latest = useRef(code);
  latest.current = code;
  const drags = code !== undefined && host.draggable !== undefined;
  const full = owner ? `${owner}/${name}` : name;
  useEffect(() => {
    if (!drags || !card.current) return undefined;
    return host.draggable?.(card.current, () => latest.current?.() ?? '', full);
  }, [drags, host, full]);
  return (
    // a click anywhere opens it; keyboards and screen readers have the button
    <article ref={card} class={open ? 'hfnb-card hfnb-open' : 'hfnb-card'} onClick={onOpen}>
      <header>
        <button
          type="button"
          data-hfnb-head
          class="hfnb-head"
          tabIndex={tab}
          title={title ?? full}
          aria-expanded={open}
          onClick={event => {
            event.stopPropagation();
            onOpen();
          }}
        >
          {owner && <span class="hfnb-owner">{owner}/</span>}
          <span class="hfnb-name">{name}</span>
        </button>
        {aside}
      </header>
      {children}
      {actions && <div class="hfnb-actions">{actions}</div>}
    </article>
  );
}
