/** What would read much is asked first, with the amount in the sentence. */
import { Button } from '../../parts/button';
import { bytes, exact } from '../../parts/format';
import { useHere } from '../../parts/here';
import { Icon } from '../../parts/icons';
import type { Wrong } from '../../protocol';

/** The other side reckons with what it sees first; the rows that an order brings to the top come on top of it. */
export const roomFor = (amount: number) => Math.ceil(amount * 1.25) + 8_000_000;

export function Question({
  wrong,
  what,
  onRead,
  onRefuse
}: {
  wrong: Wrong;
  /** "These rows are", "This search is" */
  what: string;
  onRead: (allow: number) => void;
  onRefuse?: () => void;
}) {
  const { say } = useHere();
  const amount = wrong.bytes ?? 0;
  return (
    <div class="hfnb-note hfnb-question" role="group" aria-label={say('Before it reads')}>
      <Icon name="download" />
      <span title={say('%1 bytes', exact(amount))}>
        {amount > 0 ? say('%1 about %2.', what, bytes(amount)) : wrong.message}
        {wrong.spent ? (
          <span class="hfnb-soft"> {say('%1 were read already.', bytes(wrong.spent))}</span>
        ) : null}
      </span>
      <Button kind="main" onClick={() => onRead(roomFor(amount + (wrong.spent ?? 0)))}>
        {say('Read')}
      </Button>
      {onRefuse && <Button onClick={onRefuse}>{say('Not now')}</Button>}
    </div>
  );
}
