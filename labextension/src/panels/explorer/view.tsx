/** The explorer: any table, all of its rows, seen through a window that reads no more than it shows. */
import { effect } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { Host } from '../../panel';
import { Button } from '../../parts/button';
import { many } from '../../parts/format';
import { Frame } from '../../parts/frame';
import { useHere } from '../../parts/here';
import { Empty, Failed, Fetching, Loading, Note } from '../../parts/states';
import { About } from './about';
import { Ask } from './ask';
import { Chips } from './chips';
import { AskForAccess } from './gated';
import { Grid } from './grid';
import { useFocusKept } from './keeping';
import { KEYS } from './keying';
import { Look } from './look';
import { ExplorerModel, type Shown } from './model';
import { Question } from './question';
import { RowDrawer } from './row';
import { StatusLine } from './status';
import { isNarrow, isPlain, PLAIN } from './views';

export function Explorer({ host }: { host: Host }) {
  const model = useMemo(() => new ExplorerModel(host), [host]);
  useEffect(() => () => model.end(), [model]);
  const main = useRef<HTMLDivElement>(null);
  useFocusKept(main);
  const shown = model.shown.value;
  const origin = model.origin.value;
  // no table came: there is nothing to look through, and no need for more room than the reason takes
  const failed = origin === null && shown.table.opening.wrong.value !== null;
  return (
    <Frame
      host={host}
      title={origin?.title ?? String(shown.table.of.what ?? host.say('Table'))}
      keys={KEYS.map(([key, does]) => [key, host.say(does)])}
      tools={origin && <About model={model} opened={origin} />}
    >
      <Spoken model={model} />
      <div ref={main} class={`hfnb-main hfnb-explorer${failed ? ' hfnb-not-opened' : ''}`}>
        {!failed && (
          <Look
            model={model}
            onDown={() => main.current?.querySelector<HTMLElement>('[data-hfnb-cell][tabindex="0"]')?.focus()}
          />
        )}
        {model.console.value && !failed && <Ask model={model} />}
        {model.result.value && <Answered model={model} />}
        <Chips table={shown.table} />
        <Asked shown={shown} />
        <Body key={keyOf(shown)} model={model} shown={shown} />
        {!failed && <StatusLine table={shown.table} />}
      </div>
      {shown.looking.at.value !== null && <RowDrawer shown={shown} />}
    </Frame>
  );
}

const keys = new WeakMap<Shown, number>();
let last = 0;
/** Another table has a scroll bar of its own. */
function keyOf(shown: Shown): number {
  const key = keys.get(shown) ?? ++last;
  keys.set(shown, key);
  return key;
}

/** These rows are a query's. */
function Answered({ model }: { model: ExplorerModel }) {
  const { say } = useHere();
  const sql = model.shown.value.table.of.sql ?? '';
  return (
    <div class="hfnb-note hfnb-answered">
      <span title={sql}>
        {say('Result of')} <code>{sql}</code>
      </span>
      <Button icon="back" onClick={() => model.back()}>
        {say('Back to the table')}
      </Button>
    </div>
  );
}

/** What waits for a word, or went wrong beside the rows. */
function Asked({ shown }: { shown: Shown }) {
  const { say } = useHere();
  const { table } = shown;
  const { costlyRows, costlyView, costlyBars } = table;
  const { finding, pages, summing } = table;
  return (
    <>
      {costlyRows.value && (
        <Question
          wrong={costlyRows.value}
          what={say('Showing these rows reads')}
          onRead={bytes => pages.permit(bytes)}
          onRefuse={() => pages.refuse()}
        />
      )}
      {costlyView.value && (
        <Question
          wrong={costlyView.value}
          what={say('Finding these rows reads')}
          onRead={bytes => finding.permit(bytes)}
          onRefuse={() => table.see(PLAIN)}
        />
      )}
      {costlyBars.value && (
        <Question
          wrong={costlyBars.value}
          what={say('Counting all rows reads')}
          onRead={bytes => summing.permit(bytes)}
          onRefuse={() => {
            costlyBars.value = null;
          }}
        />
      )}
      {finding.wrong.value && (
        <Failed wrong={finding.wrong.value} onRetry={() => finding.retry()}>
          <Button onClick={() => table.see(PLAIN)}>{say('Show all rows')}</Button>
        </Failed>
      )}
      {pages.wrong.value && !finding.wrong.value && (
        <Failed wrong={pages.wrong.value} onRetry={() => pages.again()} />
      )}
      {summing.wrong.value && (
        <Note icon="warning" action={{ label: say('Try again'), run: () => summing.retry() }}>
          {say('The bars did not come. %1', summing.wrong.value.message)}
        </Note>
      )}
    </>
  );
}

function Body({ model, shown }: { model: ExplorerModel; shown: Shown }) {
  const { say } = useHere();
  const { table } = shown;
  const opened = table.opened.value;
  const wrong = table.opening.wrong.value;
  const label = opened?.title ?? say('Table');
  if (!opened) {
    if (wrong?.type === 'Costly')
      return (
        <Question wrong={wrong} what={say('Opening it reads')} onRead={bytes => table.permitOpening(bytes)} />
      );
    if (wrong)
      return (
        <div class="hfnb-scroll">
          <Failed
            // who was let in, or logged in meanwhile, tries again
            wrong={wrong.type === 'Unauthorized' ? { ...wrong, retry: true } : wrong}
            onRetry={() => table.reopen()}
            onPick={what => model.turn({ what, config: null, split: null, revision: null })}
          >
            {wrong.type === 'Unauthorized' && <AskForAccess what={table.of.what} />}
          </Failed>
        </div>
      );
    return (
      <div class="hfnb-scroll">
        <Loading label={table.of.sql ? say('Running the query') : say('Opening the table')} rows={5} />
      </div>
    );
  }
  if (!opened.columns.length) return <Empty title={say('This table has no columns.')} />;
  const rows = table.total.value;
  const finding = table.finding.found.value?.running ?? false;
  return (
    <>
      <Fetching active={table.pages.waiting.value > 0 || finding} label={say('Reading')} />
      {rows === 0 ? (
        isPlain(table.view.value) ? (
          <Empty title={say('This table has no rows.')} />
        ) : (
          <Empty title={say('No row fits.')}>
            <Button onClick={() => table.see(PLAIN)}>{say('Show all rows')}</Button>
          </Empty>
        )
      ) : table.lanes.shown.value.length ? (
        <Grid model={model} shown={shown} label={label} />
      ) : (
        <Empty title={say('All columns are hidden.')}>
          <Button
            onClick={() =>
              table.lanes.hideAll(
                opened.columns.map((_, at) => at),
                false
              )
            }
          >
            {say('Show all columns')}
          </Button>
        </Empty>
      )}
    </>
  );
}

/** Results and order are said aloud; not every step on the way. */
function Spoken({ model }: { model: ExplorerModel }) {
  const { say, announce } = useHere();
  useEffect(() => {
    let before: string | null = null;
    return effect(() => {
      const { table } = model.shown.value;
      const found = table.finding.found.value;
      const sort = table.view.value.sort;
      if (found?.running) return;
      const order = sort
        ? sort.descending
          ? say('Sorted by %1, descending.', sort.column)
          : say('Sorted by %1, ascending.', sort.column)
        : '';
      const narrow = found && isNarrow(table.view.value);
      const rows = narrow ? many(found.rows, '1 row found.', '%1 rows found.', say) : say('All rows.');
      const text = `${rows} ${order}`.trim();
      if (before !== null && before !== text) announce(text);
      before = text;
    });
  }, [model, say, announce]);
  return null;
}
