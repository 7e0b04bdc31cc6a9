/** The Spaces found, or why there are none. */
import { Button } from '../../parts/button';
import { many } from '../../parts/format';
import { Found } from '../../parts/found';
import { useHere } from '../../parts/here';
import { Empty, Note } from '../../parts/states';
import { SpaceCard } from './card';
import type { Finding } from './model';

export function Results({ finding }: { finding: Finding }) {
  const { say } = useHere();
  const stale = finding.stale.value;
  return (
    <Found
      listing={finding.list}
      rows={finding.rows.value}
      label={say('Spaces')}
      counted={count => many(count, '1 Space', '%1 Spaces', say)}
      empty={<Nothing finding={finding} />}
      open={finding.opened.value}
      retry={() => void finding.again()}
      further={() => void finding.further()}
      note={
        stale && (
          <Note icon="warning" action={{ label: say('Try again'), run: () => finding.live() }}>
            {say('The states may be old: %1', stale.message)}
          </Note>
        )
      }
    >
      {row => <SpaceCard finding={finding} row={row} />}
    </Found>
  );
}

function Nothing({ finding }: { finding: Finding }) {
  const { say } = useHere();
  const on = finding.on.value;
  const { text } = finding.wanted.value;
  return (
    <Empty title={say('No Space fits.')}>
      {on || text ? say('Try fewer words or filters.') : say('The Hub has no Space that your token may see.')}
      <div class="hfnb-actions">
        {on > 0 && (
          <Button onClick={() => finding.clear()}>
            {many(on, 'Clear 1 filter', 'Clear %1 filters', say)}
          </Button>
        )}
        {text && <Button onClick={() => finding.choose({ text: '' })}>{say('Clear the search')}</Button>}
      </div>
    </Empty>
  );
}
