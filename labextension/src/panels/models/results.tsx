/** The models found, or why there are none. */
import { Button } from '../../parts/button';
import { CodeBox } from '../../parts/codebox';
import { exact, many } from '../../parts/format';
import { useHere } from '../../parts/here';
import { List } from '../../parts/list';
import { Empty, Failed, Fetching, Loading, Note, Partial } from '../../parts/states';
import type { ModelRow } from './answers';
import type { Codes } from './codes';
import type { ModelsModel } from './model';
import { ModelCard } from './row';

const keyOf = (row: ModelRow) => row.id;

export function Results({ model, codes }: { model: ModelsModel; codes: Codes }) {
  const { say } = useHere();
  const { listing } = model;
  const rows = listing.rows.value;
  const page = listing.page.value;
  const wrong = listing.wrong.value;
  const waiting = listing.waiting.value;
  const retry = () => void listing.retry();
  return (
    <>
      <Fetching active={waiting === 'first' && rows.length > 0} label={say('Searching')} />
      <div class="hfnb-scroll">
        {wrong && listing.failed.value !== 'more' && (
          <Failed wrong={wrong} onRetry={retry} onPick={id => model.show(id)} />
        )}
        {page?.note && !wrong && <Note icon="clock">{page.note}</Note>}
        {rows.length === 0 && waiting === 'first' && <Loading label={say('Asking the Hub')} />}
        {rows.length === 0 && !waiting && !wrong && page && (
          <>
            {page.stopped ? <Partial onRetry={retry}>{page.stopped}</Partial> : <Nothing model={model} />}
            <CodeBox code={page.code} />
          </>
        )}
        {rows.length > 0 && (
          <List
            label={say('Models')}
            rows={rows}
            keyOf={keyOf}
            open={model.open.value}
            stale={waiting === 'first'}
            before={listing.before.value}
            more={!!page?.more && !page.stopped && !wrong}
            fetching={waiting === 'more'}
            onMore={() => void listing.further()}
            foot={<Foot model={model} />}
          >
            {row => <ModelCard model={model} codes={codes} row={row} />}
          </List>
        )}
        {rows.length > 0 && page && <CodeBox code={page.code} />}
      </div>
    </>
  );
}

function Foot({ model }: { model: ModelsModel }) {
  const { say } = useHere();
  const { listing } = model;
  const page = listing.page.value;
  const shown = many(listing.rows.value.length, '1 model', '%1 models', say);
  const words = [
    page?.more ? say('%1 so far', shown) : shown,
    page?.looked != null && say('%1 looked at', exact(page.looked))
  ].filter(Boolean);
  const retry = () => void listing.retry();
  // what goes wrong down here is said down here
  if (listing.wrong.value && listing.failed.value === 'more')
    return <Failed wrong={listing.wrong.value} onRetry={retry} />;
  if (page?.stopped)
    return (
      <Partial onRetry={retry}>
        {words.join(', ')}. {page.stopped}
      </Partial>
    );
  return <span class="hfnb-numbers">{words.join(', ')}</span>;
}

function Nothing({ model }: { model: ModelsModel }) {
  const { say } = useHere();
  const filters = model.filters.value;
  const text = model.text.value;
  return (
    <Empty title={say('No model fits.')}>
      {filters > 0 || text
        ? say('Try fewer words or filters.')
        : say('The Hub has no model that your token may see.')}
      <div class="hfnb-actions">
        {filters > 0 && (
          <Button onClick={() => model.clear()}>
            {many(filters, 'Clear 1 filter', 'Clear %1 filters', say)}
          </Button>
        )}
        {text && <Button onClick={() => model.search('')}>{say('Clear the search')}</Button>}
      </div>
    </Empty>
  );
}
