/** A button: with a word, an icon, or both. An icon alone still has its word, as label and on hover. */
import type { ComponentChildren, Ref } from 'preact';
import { useContext } from 'preact/hooks';
import { TabContext } from './here';
import { Icon, type IconName } from './icons';

export interface ButtonProps {
  /** what it does, said to those who do not see it; also shown on hover where there is only an icon */
  label?: string;
  icon?: IconName;
  /** `main`: the one thing to do here; `plain`: no border; `link`: as text */
  kind?: 'usual' | 'main' | 'plain' | 'link';
  disabled?: boolean;
  /** something is under way because of it; it stays where it is and cannot be pressed again */
  busy?: boolean;
  pressed?: boolean;
  expanded?: boolean;
  title?: string;
  class?: string;
  onClick: (event: MouseEvent) => void;
  buttonRef?: Ref<HTMLButtonElement>;
  children?: ComponentChildren;
}

export function Button(props: ButtonProps) {
  const { label, icon, kind = 'usual', busy = false, disabled = false, children } = props;
  const tab = useContext(TabContext);
  const title = props.title ?? (children ? undefined : label);
  return (
    <button
      type="button"
      class={`hfnb-button hfnb-as-${kind}${children ? '' : ' hfnb-only-icon'} ${props.class ?? ''}`}
      tabIndex={tab}
      disabled={disabled}
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
      aria-label={label}
      aria-pressed={props.pressed}
      aria-expanded={props.expanded}
      title={title}
      ref={props.buttonRef ?? null}
      onClick={event => {
        event.stopPropagation();
        if (!busy) props.onClick(event);
      }}
    >
      {busy ? <Icon name="busy" turning /> : icon && <Icon name={icon} />}
      {children && <span>{children}</span>}
    </button>
  );
}
