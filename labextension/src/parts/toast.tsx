/** Lines at the foot of a panel that go away by themselves, and stay while one reads or touches them. */
import { useEffect, useState } from 'preact/hooks';
import { Button } from './button';
import { type Toast, useHere } from './here';
import { Icon } from './icons';

export interface Shown extends Toast {
  id: number;
}

const STAYS = 5000;
const STAYS_WITH_ACTION = 10_000;

export function Toasts({ toasts, onGone }: { toasts: Shown[]; onGone: (id: number) => void }) {
  return (
    <div class="hfnb-toasts">
      {toasts.map(toast => (
        <OneToast key={toast.id} toast={toast} onGone={onGone} />
      ))}
    </div>
  );
}

function OneToast({ toast, onGone }: { toast: Shown; onGone: (id: number) => void }) {
  const { say } = useHere();
  const [held, hold] = useState(false);
  useEffect(() => {
    if (held) return undefined;
    const timer = setTimeout(() => onGone(toast.id), toast.action ? STAYS_WITH_ACTION : STAYS);
    return () => clearTimeout(timer);
  }, [held, onGone, toast]);
  return (
    <div
      class={toast.kind === 'wrong' ? 'hfnb-toast hfnb-bad' : 'hfnb-toast'}
      onMouseEnter={() => hold(true)}
      onMouseLeave={() => hold(false)}
      onFocusIn={() => hold(true)}
      onFocusOut={() => hold(false)}
    >
      <Icon name={toast.kind === 'wrong' ? 'warning' : 'check'} />
      <span>{toast.text}</span>
      {toast.action && (
        <Button
          kind="link"
          onClick={() => {
            toast.action?.run();
            onGone(toast.id);
          }}
        >
          {toast.action.label}
        </Button>
      )}
      <Button kind="plain" icon="close" label={say('Close')} onClick={() => onGone(toast.id)} />
    </div>
  );
}
