/** Filters in a row; in a narrow panel they are a drawer behind a button, which says how many are on. */
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Button } from './button';
import { useHere } from './here';

export interface FiltersProps {
  /** how many of them are on */
  on: number;
  onClear: () => void;
  /** on the button that closes them: "Show 24 models" */
  shows: string;
  children: ComponentChildren;
}

export function Filters({ on, onClear, shows, children }: FiltersProps) {
  const { say } = useHere();
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    if (open) box.current?.querySelector<HTMLElement>('select, input')?.focus();
  }, [open]);
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  return (
    <div class={open ? 'hfnb-filters hfnb-open' : 'hfnb-filters'}>
      <Button
        class="hfnb-opens-filters"
        icon="filter"
        expanded={open}
        buttonRef={button}
        onClick={() => (open ? close() : setOpen(true))}
      >
        {on ? say('Filters (%1)', on) : say('Filters')}
      </Button>
      <div
        ref={box}
        class="hfnb-choices"
        role="group"
        aria-label={say('Filters')}
        onKeyDown={event => {
          if (event.key !== 'Escape' || !open) return;
          event.stopPropagation();
          close();
        }}
      >
        {children}
        {on > 0 && (
          <Button kind="link" onClick={onClear}>
            {say('Clear all')}
          </Button>
        )}
        <Button kind="main" class="hfnb-closes-filters" onClick={close}>
          {shows}
        </Button>
      </div>
    </div>
  );
}
