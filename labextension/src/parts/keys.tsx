/** The list of keys, over the panel. */
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Button } from './button';
import { useHere } from './here';

export function Keys({ keys, onClose }: { keys: [string, string][]; onClose: () => void }) {
  const { say } = useHere();
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const panel = box.current?.closest('.hfnb-panel');
    const before = box.current?.ownerDocument.activeElement as HTMLElement | null;
    box.current?.querySelector('button')?.focus();
    // Whoever has the focus by now may be a stranger: the notebook takes it after a cell has run, and a click gives it
    // to a button in some browsers only. The keys must not end up there.
    return () => {
      const opener = panel?.querySelector<HTMLElement>('.hfnb-title [aria-expanded]');
      (before?.isConnected && panel?.contains(before) ? before : opener)?.focus();
    };
  }, []);
  const all: [string, string][] = [
    ['/', say('Search')],
    ['← ↑ ↓ →', say('Move through the list')],
    ['Home, End', say('First and last')],
    ['Enter', say('Open')],
    ['Esc', say('Close')],
    ...keys,
    ['?', say('This list')]
  ];
  return (
    <div ref={box} class="hfnb-keys" role="dialog" aria-label={say('Keys')}>
      <div class="hfnb-row">
        <strong>{say('Keys')}</strong>
        <span class="hfnb-space" />
        <Button kind="plain" icon="close" label={say('Close')} onClick={onClose} />
      </div>
      <dl>
        {all.map(([key, does]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
