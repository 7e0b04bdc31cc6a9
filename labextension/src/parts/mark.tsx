/** A small fact: an icon and a word, never colour alone. */
import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icons';

export interface MarkProps {
  icon?: IconName;
  /** what its colour says too */
  kind?: 'plain' | 'good' | 'warn' | 'bad' | 'busy';
  /** the exact value */
  title?: string;
  children: ComponentChildren;
}

export function Mark({ icon, kind = 'plain', title, children }: MarkProps) {
  return (
    <span class={`hfnb-mark hfnb-${kind}`} title={title}>
      {icon && <Icon name={icon} turning={kind === 'busy'} />}
      <span>{children}</span>
    </span>
  );
}

/** A filter that is on, in a box: pressed, it is taken away. */
export function Chip({
  children,
  label,
  onRemove
}: {
  children: ComponentChildren;
  label: string;
  onRemove: () => void;
}) {
  return (
    <button type="button" class="hfnb-chip" aria-label={label} title={label} onClick={onRemove}>
      <span>{children}</span>
      <Icon name="close" />
    </button>
  );
}
