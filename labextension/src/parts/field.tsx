/** A text to write in, with its name above. Ctrl-Enter sends what is in it. */
import { useEffect, useRef } from 'preact/hooks';
import { useUnique } from './use';

export interface FieldProps {
  label: string;
  value: string;
  onInput: (value: string) => void;
  onSend?: () => void;
  /** more than one: a text area */
  lines?: number;
  hint?: string;
  placeholder?: string;
  disabled?: boolean;
  /** the cursor goes there as soon as it is there */
  eager?: boolean;
}

export function Field({
  label,
  value,
  onInput,
  onSend,
  lines = 1,
  hint,
  placeholder,
  disabled,
  eager
}: FieldProps) {
  const id = useUnique();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (eager) box.current?.querySelector<HTMLElement>('input, textarea')?.focus();
  }, [eager]);
  const common = {
    id,
    value,
    placeholder,
    disabled,
    'aria-describedby': hint ? `${id}-hint` : undefined,
    onInput: (event: { currentTarget: HTMLInputElement | HTMLTextAreaElement }) =>
      onInput(event.currentTarget.value),
    onKeyDown: (event: KeyboardEvent) => {
      const sends = event.key === 'Enter' && (lines === 1 || event.ctrlKey || event.metaKey);
      if (!sends || event.isComposing || !onSend) return;
      event.preventDefault();
      event.stopPropagation();
      onSend();
    }
  };
  return (
    <div class="hfnb-field" ref={box}>
      <label for={id}>{label}</label>
      {lines > 1 ? <textarea rows={lines} {...common} /> : <input type="text" {...common} />}
      {hint && (
        <div class="hfnb-soft" id={`${id}-hint`}>
          {hint}
        </div>
      )}
    </div>
  );
}
