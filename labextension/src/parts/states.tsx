/** The states of a view other than done: loading, empty, partial, failed. */
import type { ComponentChildren } from 'preact';
import type { Wrong } from '../protocol';
import { Button } from './button';
import { seconds } from './format';
import { useHere } from './here';
import { Icon } from './icons';
import { Progress } from './progress';
import { useSeconds, useStage } from './use';

/** Nothing for 150 ms, then the shape of what comes; a bar after 1 s; after 3 s how long it has been, or how long still. */
export function Loading({
  label,
  rows = 4,
  left = null
}: {
  label: string;
  rows?: number;
  left?: number | null;
}) {
  const { say } = useHere();
  const stage = useStage(true);
  const so = useSeconds(true);
  return (
    <div class="hfnb-loading" aria-busy="true">
      {stage >= 2 && (
        <Progress
          label={stage < 3 || left !== null ? label : say('%1 %2 so far', label, seconds(so))}
          left={left}
        />
      )}
      {stage >= 1 && Array.from({ length: rows }, (_, index) => <div class="hfnb-skeleton" key={index} />)}
    </div>
  );
}

/** A thin line above what is shown still, while something newer comes. */
export function Fetching({ active, label }: { active: boolean; label: string }) {
  const stage = useStage(active);
  return (
    <div class="hfnb-fetching">
      {stage >= 1 && (
        <div role="progressbar" aria-label={label} class="hfnb-bar hfnb-endless">
          <div />
        </div>
      )}
    </div>
  );
}

/** Nothing there, and what to try. */
export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="hfnb-empty">
      <strong>{title}</strong>
      {children && <div class="hfnb-soft">{children}</div>}
    </div>
  );
}

/** A line about what is shown: it is a part, or a copy. */
export function Note({
  icon = 'info',
  children,
  action
}: {
  icon?: 'info' | 'warning' | 'clock';
  children: ComponentChildren;
  action?: { label: string; run: () => void };
}) {
  return (
    <div class="hfnb-note">
      <Icon name={icon} />
      <span>{children}</span>
      {action && (
        <Button kind="link" onClick={action.run}>
          {action.label}
        </Button>
      )}
    </div>
  );
}

/** A part of what was asked for is there: "8 shown. The Hub stopped answering." */
export function Partial({ children, onRetry }: { children: ComponentChildren; onRetry: () => void }) {
  const { say } = useHere();
  return (
    <Note icon="warning" action={{ label: say('Try again'), run: onRetry }}>
      {children}
    </Note>
  );
}

/** A sentence begins with a capital letter, also with "the offline Hub" in front; a name or an id stays as it is. */
function capital(sentence: string): string {
  return sentence.replace(/^(?:the|this|a|an|no) /, word => word[0]?.toUpperCase() + word.slice(1));
}

/** What went wrong, why, and the next step as a button. `onPick`: one of the nearest names was chosen. */
export function Failed({
  wrong,
  onRetry,
  onPick,
  children
}: {
  wrong: Wrong;
  onRetry?: (() => void) | undefined;
  onPick?: (id: string) => void;
  children?: ComponentChildren;
}) {
  const { host, say, toast } = useHere();
  const typed =
    /(?<=^|^Try: )(%%?hf |pip install ).+/m.exec(wrong.hint)?.[0] ?? /(?<=`)[^`]+(?=`)/.exec(wrong.hint)?.[0];
  const copy = async (text: string) =>
    toast(
      (await host.copy(text)) ? { text: say('Copied.') } : { text: say('Nothing was copied.'), kind: 'wrong' }
    );
  return (
    <div class="hfnb-failed" role="group" aria-label={say('What went wrong')}>
      <Icon name="error" />
      <div>
        <div>{capital(wrong.message)}</div>
        {wrong.hint && <div class="hfnb-soft">{wrong.hint}</div>}
        <div class="hfnb-actions">
          {onRetry && wrong.retry && (
            <Button icon="retry" onClick={onRetry}>
              {wrong.after
                ? say('Try again (the other side asks for %1)', seconds(wrong.after))
                : say('Try again')}
            </Button>
          )}
          {onPick &&
            wrong.nearest?.map(id => (
              <Button key={id} onClick={() => onPick(id)}>
                {id}
              </Button>
            ))}
          {typed && (
            <Button icon="copy" onClick={() => void copy(typed)}>
              {say('Copy the command')}
            </Button>
          )}
          {children}
        </div>
      </div>
    </div>
  );
}
