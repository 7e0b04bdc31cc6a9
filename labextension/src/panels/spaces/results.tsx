/** The Spaces found, or why there are none. */
import { Button } from '../../parts/button';
import { CodeBox } from '../../parts/codebox';
import { exact, many } from '../../parts/format';
import { useHere } from '../../parts/here';
import { List } from '../../parts/list';
import { Empty, Failed, Fetching, Loading, Note, Partial } from '../../parts/states';
import type { SpaceRow } from './answers';
import { SpaceCard } from './card';
import type { Finding } from './model';

const keyOf = (row: SpaceRow) => row.id;

export function Results({ finding }: { finding: Finding }) {
  const { say } = useHere();
  const { list } = finding;
  const rows = finding.rows.value;
  const page = list.page.value;
  const wrong = list.wrong.value;
  const waiting = list.waiting.value;
  const stale = finding.stale.value;
  const retry = () => void finding.again();
  return (
    <>
      <Fetching active={waiting === 'first' && rows.length > 0} label={say('Searching')} />
      <div class="hfnb-scroll">
        {wrong && <Failed wrong={wrong} onRetry={retry} />}
        {page?.note && !wrong && <Note icon="clock">{page.note}</Note>}
        {stale && rows.length > 0 && (
          <Note icon="warning" action={{ label: say('Try again'), run: () => finding.live() }}>
            {say('The states may be old: %1', stale.message)}
          </Note>
        )}
        {rows.length === 0 && waiting === 'first' && <Loading label={say('Asking the Hub')} />}
        {rows.length === 0 && !waiting && !wrong && page && (
          <>
            {page.stopped ? <Partial onRetry={retry}>{page.stopped}</Partial> : <Nothing finding={finding} />}
            <CodeBox code={page.code} />
          </>
        )}
        {rows.length > 0 && (
          <List
            label={say('Spaces')}
            rows={rows}
            keyOf={keyOf}
            open={finding.opened.value}
            stale={waiting === 'first'}
            before={list.before.value}
            more={!!page?.more && !page.stopped && !wrong}
            fetching={waiting === 'more'}
            onMore={() => void finding.further()}
            foot={<Foot finding={finding} />}
          >
            {row => <SpaceCard finding={finding} row={row} />}
          </List>
        )}
        {rows.length > 0 && page && <CodeBox code={page.code} />}
      </div>
    </>
  );
}

function Foot({ finding }: { finding: Finding }) {
  const { say } = useHere();
  const page = finding.list.page.value;
  const shown = many(finding.list.rows.value.length, '1 Space', '%1 Spaces', say);
  const words = [
    page?.more ? say('%1 so far', shown) : shown,
    page?.looked != null && say('%1 looked at', exact(page.looked))
  ]
    .filter(Boolean)
    .join(', ');
  if (!page?.stopped) return <span class="hfnb-numbers">{words}</span>;
  return (
    <Partial onRetry={() => void finding.again()}>
      {words}. {page.stopped}
    </Partial>
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
