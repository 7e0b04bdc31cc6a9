/** The console: a condition on the rows, or a whole query. What it costs is said before it runs. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Button } from '../../parts/button';
import { Choice } from '../../parts/choice';
import { bytes, exact } from '../../parts/format';
import { useHere } from '../../parts/here';
import { Failed } from '../../parts/states';
import { Estimates } from './estimates';
import { exampleQuery, exampleWhere } from './examples';
import type { ExplorerModel } from './model';
import { roomFor } from './question';
import { Recalling } from './recalling';

/** What runs without a word about its bytes. */
const FREELY = 64_000_000;

export function Ask({ model }: { model: ExplorerModel }) {
  const { say } = useHere();
  return (
    <section
      class="hfnb-ask"
      aria-label={say('SQL')}
      onKeyDown={event => {
        // what was written is there again when it is opened; the keys go on in the rows
        if (event.key !== 'Escape' || !(event.target as HTMLElement).matches('input, textarea')) return;
        event.preventDefault();
        event.stopPropagation();
        model.fold('console', false);
      }}
    >
      {!model.result.value && <Condition model={model} />}
      <Query model={model} />
    </section>
  );
}

function Condition({ model }: { model: ExplorerModel }) {
  const { say } = useHere();
  const { table } = model.shown.value;
  const now = table.view.value.where;
  const [text, setText] = useState(now);
  const before = useRef(now);
  useEffect(() => {
    // only where it was changed elsewhere: what is being written stays
    if (before.current !== now) setText(now);
    before.current = now;
  }, [now]);
  return (
    <form
      class="hfnb-row"
      onSubmit={event => {
        event.preventDefault();
        table.see({ ...table.view.peek(), where: text.trim() });
      }}
    >
      <label class="hfnb-where">
        <span class="hfnb-soft">{say('Rows where')}</span>
        <input
          class="hfnb-input hfnb-code-text"
          type="text"
          spellcheck={false}
          autocomplete="off"
          placeholder={exampleWhere(table.opened.value?.columns ?? [])}
          value={text}
          onInput={event => setText(event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="hfnb-button" disabled={text.trim() === now}>
        {say('Apply')}
      </button>
    </form>
  );
}

function Query({ model }: { model: ExplorerModel }) {
  const { say } = useHere();
  const { asking } = model;
  const box = useRef<HTMLTextAreaElement>(null);
  const [agreed, ask] = useState<number | null>(null);
  const sql = asking.sql.value;
  const recalling = useMemo(
    () =>
      new Recalling(
        () => model.history.all.peek(),
        text => asking.write(text)
      ),
    [model, asking]
  );
  const quoted = asking.quoted.value?.sql === sql.trim() ? asking.quoted.value.quote : null;
  useEffect(() => {
    // a query kept from before is priced as soon as it can be seen
    if (asking.sql.peek() && !asking.quoted.peek()) asking.write(asking.sql.peek());
  }, [asking]);
  useEffect(() => ask(null), [sql]);
  useEffect(() => {
    // who opened it by hand writes next; one that was open before takes no focus
    if (model.called) box.current?.focus();
    model.called = false;
  }, [model]);
  const run = async () => {
    if (!sql.trim()) return box.current?.focus();
    const quote = await asking.price();
    if (!quote || asking.sql.peek() !== sql) return;
    if (quote.bytes > FREELY) ask(quote.bytes);
    else model.run(sql.trim(), quote.bytes > 0 ? roomFor(quote.bytes) : undefined);
  };
  const estimate = () => {
    ask(null);
    model.history.add(sql);
    void asking.begin();
  };
  const queries = model.history.all.value;
  const searches = model.searches.all.value;
  return (
    <>
      <textarea
        ref={box}
        class="hfnb-input hfnb-code-text"
        rows={3}
        spellcheck={false}
        aria-label={say('A query; the table is called t')}
        placeholder={exampleQuery(model.origin.value?.columns ?? [])}
        value={sql}
        onInput={event => asking.write(event.currentTarget.value)}
        onKeyDown={event => {
          if (recalling.key(event)) return event.preventDefault();
          if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
          event.preventDefault();
          event.stopPropagation();
          void run();
        }}
      />
      <div class="hfnb-row">
        <Button
          kind="main"
          icon="play"
          busy={asking.quote.waiting.value}
          title={say('Ctrl Enter')}
          onClick={() => void run()}
        >
          {say('Run')}
        </Button>
        {quoted?.progressive && !asking.estimating.value && (
          <Button
            title={say('A first answer from a part of the bytes; it tightens until it is exact')}
            onClick={estimate}
          >
            {say('Estimate first')}
          </Button>
        )}
        <span class="hfnb-soft" aria-live="polite">
          {quoted && (
            <span title={say('%1 bytes; columns %2', exact(quoted.bytes), quoted.columns.join(', '))}>
              {quoted.bytes === 0
                ? say('Reads nothing more')
                : say(quoted.exact ? 'Reads about %1' : 'Reads at most %1', bytes(quoted.bytes))}
            </span>
          )}
        </span>
        <span class="hfnb-space" />
        {queries.length + searches.length > 0 && (
          <Choice
            label={say('Earlier')}
            value=""
            any={say('…')}
            choices={[
              ...queries.map(text => ({ value: `q${text}`, label: short(text), group: say('Queries') })),
              ...searches.map(text => ({ value: `s${text}`, label: short(text), group: say('Searches') }))
            ]}
            onChoose={chosen => {
              if (chosen.startsWith('q')) {
                asking.write(chosen.slice(1));
                box.current?.focus();
              } else if (chosen.startsWith('s')) model.search(chosen.slice(1));
            }}
          />
        )}
      </div>
      {agreed !== null && (
        <div class="hfnb-note hfnb-question" role="group" aria-label={say('Before it reads')}>
          <span>
            {say(
              quoted?.exact === false ? 'This query reads at most %1.' : 'This query reads about %1.',
              bytes(agreed)
            )}
          </span>
          <Button
            kind="main"
            onClick={() => {
              ask(null);
              model.run(sql.trim(), roomFor(agreed));
            }}
          >
            {say('Read')}
          </Button>
          {quoted?.progressive && <Button onClick={estimate}>{say('Estimate first')}</Button>}
          <Button onClick={() => ask(null)}>{say('Not now')}</Button>
        </div>
      )}
      {asking.quote.wrong.value && (
        <Failed wrong={asking.quote.wrong.value} onRetry={() => void asking.price()} />
      )}
      <Estimates asking={asking} onRetry={() => void asking.begin()} />
    </>
  );
}

const short = (text: string) => (text.length > 60 ? `${text.slice(0, 60)}…` : text);
