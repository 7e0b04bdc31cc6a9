/**
 * Many things as cards or lines. One of them takes part in Tab's round; arrows, Home and End move on, Enter opens.
 * When its end comes near it asks for more, and there is a button for those who do not scroll.
 */
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Button } from './button';
import { TabContext, useHere } from './here';

export interface ListProps<Row> {
  /** what they are: "Models" */
  label: string;
  rows: Row[];
  keyOf: (row: Row) => string;
  /** Draws one: usually a Card, whose head has the focus. */
  children: (row: Row) => ComponentChildren;
  layout?: 'grid' | 'lines';
  /** newer rows are on their way */
  stale?: boolean;
  /** newer rows did not come: these are of the search before, and say so */
  before?: boolean;
  /** whether there is more, and what to do to get it */
  more?: boolean;
  fetching?: boolean;
  onMore?: () => void;
  /** below the last one */
  foot?: ComponentChildren;
  /** which one is open; also the one that Tab finds first */
  open?: string | null;
}

/** What the focus goes to in an item. */
const HEAD = '[data-hfnb-head]';

/** Into the list that stands there, at the one that Tab would find. */
export function enterList(within: Element | null | undefined): void {
  within?.querySelector<HTMLElement>(`${HEAD}[tabindex="0"]`)?.focus();
}

export function List<Row>(props: ListProps<Row>) {
  const { label, rows, keyOf, layout = 'grid', more = false, fetching = false, onMore } = props;
  const { stale = false, before = false } = props;
  const { host, say } = useHere();
  // of a kernel that is gone: what they offer waits for the cell to be run again
  const dead = host.kind === 'cell' && host.channel.status.value.state === 'lost';
  const list = useRef<HTMLUListElement>(null);
  const [chosen, choose] = useState<string | null>(props.open ?? null);
  const keys = rows.map(keyOf);
  const current = chosen !== null && keys.includes(chosen) ? chosen : keys[0];
  const heads = () => [...(list.current?.querySelectorAll<HTMLElement>(HEAD) ?? [])];

  // other rows under the reader's hands: the focus stays in the list
  const had = list.current?.contains(list.current.ownerDocument.activeElement) ?? false;
  useLayoutEffect(() => {
    const active = list.current?.ownerDocument.activeElement;
    if (had && active === list.current?.ownerDocument.body) enterList(list.current);
  });

  const move = (event: KeyboardEvent) => {
    const all = heads();
    const from = all.indexOf(event.target as HTMLElement);
    if (from < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const to = target(event.key, from, all, columns(list.current));
    if (to === null) return;
    event.preventDefault();
    event.stopPropagation();
    const key = keys[to];
    if (key !== undefined) choose(key);
    all[to]?.focus();
    if (to >= all.length - 4 && more && !fetching) onMore?.();
  };

  return (
    <div class="hfnb-list">
      {before && <p class="hfnb-caption">{say('From the search before')}</p>}
      <ul
        ref={list}
        aria-label={label}
        aria-busy={stale || fetching}
        class={`hfnb-${layout}${stale ? ' hfnb-stale' : before || dead ? ' hfnb-before' : ''}`}
        onKeyDown={move}
        onFocusIn={event => {
          const key = (event.target as HTMLElement).closest<HTMLElement>('[data-hfnb-key]')?.dataset.hfnbKey;
          if (key !== undefined) choose(key);
        }}
      >
        {rows.map(row => {
          const key = keyOf(row);
          return (
            <li key={key} data-hfnb-key={key} class={key === props.open ? 'hfnb-open' : undefined}>
              <TabContext.Provider value={key === current ? 0 : -1}>
                {props.children(row)}
              </TabContext.Provider>
            </li>
          );
        })}
      </ul>
      {more && onMore && <End key={rows.length} onNear={onMore} />}
      <div class="hfnb-foot">
        {props.foot}
        {more && onMore && (
          <Button busy={fetching} onClick={onMore}>
            {say('Show more')}
          </Button>
        )}
      </div>
    </div>
  );
}

/** Where the list ends: speaks once when it comes near. It is new with every page, so that a short page asks again. */
function End({ onNear }: { onNear: () => void }) {
  const end = useRef<HTMLDivElement>(null);
  const near = useRef(onNear);
  near.current = onNear;
  useEffect(() => {
    if (!end.current || typeof IntersectionObserver === 'undefined') return undefined;
    const root = end.current.closest('.hfnb-scroll');
    const watch = new IntersectionObserver(
      entries => {
        if (entries.some(entry => entry.isIntersecting)) near.current();
      },
      { root, rootMargin: '300px' }
    );
    watch.observe(end.current);
    return () => watch.disconnect();
  }, []);
  return <div ref={end} class="hfnb-end" aria-hidden="true" />;
}

function columns(list: HTMLElement | null): number {
  if (!list) return 1;
  const items = [...list.children] as HTMLElement[];
  const top = items[0]?.offsetTop;
  const inFirstLine = items.findIndex(item => item.offsetTop !== top);
  return inFirstLine < 0 ? Math.max(1, items.length) : inFirstLine;
}

function target(key: string, from: number, all: unknown[], across: number): number | null {
  const last = all.length - 1;
  const step: Record<string, number> = {
    ArrowRight: from + 1,
    ArrowLeft: from - 1,
    ArrowDown: from + across > last && from < last && across > 1 ? last : from + across,
    ArrowUp: from - across,
    Home: 0,
    End: last,
    PageDown: Math.min(last, from + 4 * across),
    PageUp: Math.max(0, from - 4 * across)
  };
  const to = step[key];
  return to === undefined || to < 0 || to > last ? null : to;
}
