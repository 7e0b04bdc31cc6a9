/** One row in full, beside the table. */
import { useEffect, useRef } from 'preact/hooks';
import { Button } from '../../parts/button';
import { useCode } from '../../parts/codebox';
import { Drawer } from '../../parts/drawer';
import { exact } from '../../parts/format';
import { useHere } from '../../parts/here';
import { Failed, Fetching, Loading } from '../../parts/states';
import type { Wrong } from '../../protocol';
import type { OneRow, Whole } from './answers';
import { useMedia } from './media';
import type { Shown } from './model';
import { Question } from './question';
import { parsed, Tree } from './tree';
import { isPlain } from './views';

type Field = OneRow['fields'][number];

export function RowDrawer({ shown }: { shown: Shown }) {
  const { host, say } = useHere();
  const { looking, table } = shown;
  const at = looking.at.value ?? 0;
  void table.pages.version.value;
  const number = table.number(at);
  const { answer, wrong, waiting } = looking.row;
  // its page comes first, where it is not here: the pages know which row of the table it is
  useEffect(() => {
    if (number === null) table.look(at, at + 1, table.lanes.shown.peek().slice(0, 1), true);
    else looking.ask();
  }, [at, number]);
  const total = table.total.value;
  const row = answer.value;
  const fresh = row && number === row.row;
  const plain = isPlain(table.view.value);
  const named = table.named(at);
  const name = named === null ? say('Row') : say('Row %1', exact(named));
  return (
    <Drawer
      label={name}
      subject="row"
      onClose={() => looking.close()}
      title={
        <span aria-live="polite">{plain && total !== null ? say('%1 of %2', name, exact(total)) : name}</span>
      }
      tools={
        <>
          <Button kind="plain" disabled={at === 0} label={say('Row before')} onClick={() => looking.step(-1)}>
            ↑
          </Button>
          <Button
            kind="plain"
            disabled={total !== null && at >= total - 1}
            label={say('Row after')}
            onClick={() => looking.step(1)}
          >
            ↓
          </Button>
        </>
      }
      actions={
        row?.url && fresh && /^https?:\/\//i.test(row.url) ? (
          <Button icon="external" onClick={() => host.open(row.url as string)}>
            {say('This row on the Hub')}
          </Button>
        ) : undefined
      }
    >
      <Fetching active={waiting.value && row !== null} label={say('Fetching the row')} />
      {wrong.value &&
        (wrong.value.type === 'Costly' ? (
          <Question
            wrong={wrong.value}
            what={say('This row reads')}
            onRead={bytes => looking.permit(bytes)}
          />
        ) : (
          <Failed wrong={wrong.value} onRetry={() => looking.ask()} />
        ))}
      {!row && !wrong.value && <Loading label={say('Fetching the row')} rows={3} />}
      {!plain && (
        <span class="hfnb-soft">
          {total === null
            ? say('Place %1 in this view', exact(at))
            : say('Place %1 of %2 in this view', exact(at), exact(total))}
        </span>
      )}
      {row?.fields.map(field => (
        <FieldView key={`${row.row} ${field.column}`} shown={shown} row={row.row} field={field} />
      ))}
    </Drawer>
  );
}

function FieldView({ shown, row, field }: { shown: Shown; row: number; field: Field }) {
  const { say } = useHere();
  const { copy } = useCode();
  const { looking } = shown;
  const { column, kind } = field;
  const named = shown.table.lanes.columns.value.find(one => one.name === column);
  const fetched = looking.wholes.value[column];
  const wrong = fetched && fetched !== 'coming' && 'hint' in fetched ? (fetched as Wrong) : null;
  const whole = fetched && fetched !== 'coming' && !wrong ? (fetched as Whole) : field.whole;
  const section = useRef<HTMLElement>(null);
  const asked = looking.column.value === column;
  useEffect(() => {
    if (asked) section.current?.scrollIntoView?.({ block: 'nearest' });
  }, [asked, row]);
  const short = whole !== null && whole.characters > whole.text.length && fetched === undefined;
  return (
    <section ref={section} class={`hfnb-section hfnb-field-of${asked ? ' hfnb-asked' : ''}`}>
      <div class="hfnb-row">
        <h4>{column}</h4>
        <span class="hfnb-soft">{named?.type ?? kind}</span>
        <span class="hfnb-space" />
        {whole && whole.kind !== 'null' && (
          <Button
            kind="plain"
            icon="copy"
            label={say('Copy %1', column)}
            onClick={() => void copy(whole.text)}
          />
        )}
      </div>
      {field.media ? (
        <Large shown={shown} row={row} field={field} />
      ) : whole && whole.kind !== 'null' ? (
        <WholeView whole={whole} />
      ) : (
        <span class="hfnb-nothing">null</span>
      )}
      {short && (
        <Button kind="link" onClick={() => void looking.whole(column)}>
          {say('Show all %1 characters', exact(whole.characters))}
        </Button>
      )}
      {fetched === 'coming' && <Loading label={say('Fetching the text')} rows={1} />}
      {wrong && <Failed wrong={wrong} onRetry={() => void looking.whole(column)} />}
      {fetched && whole && whole.characters > whole.text.length && (
        <span class="hfnb-soft">
          {say('The first %1 of %2 characters', exact(whole.text.length), exact(whole.characters))}
        </span>
      )}
    </section>
  );
}

function WholeView({ whole }: { whole: Whole }) {
  const { say } = useHere();
  if (whole.turns)
    return (
      <ol class="hfnb-turns">
        {whole.turns.map((turn, at) => (
          <li key={at}>
            <span class="hfnb-soft">{turn.role}</span>
            <div class="hfnb-whole">{turn.text}</div>
          </li>
        ))}
      </ol>
    );
  const tree =
    whole.kind === 'list' || whole.kind === 'struct' || whole.kind === 'chat' ? parsed(whole.text) : null;
  if (tree) return <Tree value={tree.value} />;
  if (whole.text === '') return <span class="hfnb-nothing">{say('an empty text')}</span>;
  return (
    <div class="hfnb-whole" tabIndex={whole.text.length > 600 ? 0 : undefined}>
      {whole.text}
    </div>
  );
}

function Large({ shown, row, field }: { shown: Shown; row: number; field: Field }) {
  const { say } = useHere();
  const { column, kind } = field;
  const got = useMedia(shown.showing, row, column, kind === 'image' ? 1024 : 0, kind !== 'video');
  if (kind === 'video')
    return <span class="hfnb-soft">{field.whole?.text || say('A video; it is not played here.')}</span>;
  if (!got) return <Loading label={say('Fetching it')} rows={1} />;
  const { media, url, wrong } = got;
  return (
    <>
      {url && kind === 'image' && <img class="hfnb-large" src={url} alt={media?.text || column} />}
      {url && kind === 'audio' && <audio controls preload="metadata" src={url} aria-label={column} />}
      {media?.text && <span class="hfnb-soft">{media.text}</span>}
      {wrong && <Failed wrong={wrong} />}
    </>
  );
}
