/** The rows taken along: into the notebook, as code, into a file. */
import { useEffect, useState } from 'preact/hooks';
import { Button } from '../../parts/button';
import { useCode } from '../../parts/codebox';
import { bytes, exact, many } from '../../parts/format';
import { useHere } from '../../parts/here';
import { Failed, Loading } from '../../parts/states';
import type { Codes } from './answers';
import type { ExplorerModel } from './model';
import { Pop } from './pop';
import { Question } from './question';

const KINDS: [keyof Codes, string][] = [
  ['python', 'Python'],
  ['magic', '%hf'],
  ['sql', 'SQL'],
  ['datasets', 'datasets'],
  ['polars', 'polars'],
  ['duckdb', 'duckdb']
];

export function TakeAlong({ model, onClose }: { model: ExplorerModel; onClose: () => void }) {
  const { say } = useHere();
  const { table } = model.shown.value;
  const picked = table.picked.count.value;
  const [all, setAll] = useState(picked === 0);
  const every = all || picked === 0;
  const total = table.total.value;
  return (
    <Pop label={say('Take along')} class="hfnb-take" onClose={onClose}>
      <div class="hfnb-row" role="group" aria-label={say('Which rows')}>
        <Button pressed={every} onClick={() => setAll(true)}>
          {total === null ? say('All rows shown') : many(total, 'The row shown', 'All %1 rows shown', say)}
        </Button>
        <Button pressed={!every} disabled={picked === 0} onClick={() => setAll(false)}>
          {picked ? many(picked, '1 row selected', '%1 rows selected', say) : say('No row selected')}
        </Button>
      </div>
      <AsFrame model={model} all={every} />
      <AsFile model={model} all={every} />
      <AsCode model={model} all={every} />
    </Pop>
  );
}

function AsFrame({ model, all }: { model: ExplorerModel; all: boolean }) {
  const { say, toast } = useHere();
  const [name, setName] = useState('df');
  const { taking } = model;
  const good = /^[\p{L}_][\p{L}\p{N}_]*$/u.test(name.trim());
  const take = async (allow?: number) => {
    const taken = await taking.ask({
      ...model.meant(all),
      name: name.trim(),
      ...(allow !== undefined && { allow })
    });
    if (taken)
      toast({
        text: say('%1 is in the notebook: %2 rows, %3 columns.', taken.name, exact(taken.rows), taken.columns)
      });
  };
  return (
    <form
      class="hfnb-section"
      onSubmit={event => {
        event.preventDefault();
        if (good && !taking.waiting.peek()) void take();
      }}
    >
      <div class="hfnb-row">
        <label class="hfnb-where">
          <span class="hfnb-soft">{say('As a DataFrame')}</span>
          <input
            class="hfnb-input hfnb-code-text"
            type="text"
            spellcheck={false}
            value={name}
            aria-invalid={!good}
            onInput={event => setName(event.currentTarget.value)}
          />
        </label>
        <button
          type="submit"
          class="hfnb-button hfnb-as-main"
          disabled={!good}
          aria-disabled={taking.waiting.value}
        >
          {taking.waiting.value ? say('Taking …') : say('Take')}
        </button>
      </div>
      {!good && <div class="hfnb-soft">{say('A name of letters, digits and _.')}</div>}
      {taking.wrong.value &&
        (taking.wrong.value.type === 'Costly' ? (
          <Question wrong={taking.wrong.value} what={say('This reads')} onRead={allow => void take(allow)} />
        ) : (
          <Failed wrong={taking.wrong.value} onRetry={() => void taking.again()} />
        ))}
    </form>
  );
}

function AsFile({ model, all }: { model: ExplorerModel; all: boolean }) {
  const { say, toast } = useHere();
  const [path, setPath] = useState('rows.parquet');
  const { saving } = model;
  const good = /\.(parquet|csv|jsonl|arrow)$/i.test(path.trim());
  const save = async (allow?: number) => {
    const saved = await saving.ask({
      ...model.meant(all),
      path: path.trim(),
      ...(allow !== undefined && { allow })
    });
    if (saved)
      toast({ text: say('Saved %1: %2 rows, %3.', saved.path, exact(saved.rows), bytes(saved.bytes)) });
  };
  return (
    <form
      class="hfnb-section"
      onSubmit={event => {
        event.preventDefault();
        if (good && !saving.waiting.peek()) void save();
      }}
    >
      <div class="hfnb-row">
        <label class="hfnb-where">
          <span class="hfnb-soft">{say('As a file')}</span>
          <input
            class="hfnb-input hfnb-code-text"
            type="text"
            spellcheck={false}
            value={path}
            aria-invalid={!good}
            onInput={event => setPath(event.currentTarget.value)}
          />
        </label>
        <button type="submit" class="hfnb-button" disabled={!good} aria-disabled={saving.waiting.value}>
          {saving.waiting.value ? say('Saving …') : say('Save')}
        </button>
      </div>
      {!good && <div class="hfnb-soft">{say('It ends with .parquet, .csv, .jsonl or .arrow.')}</div>}
      {saving.wrong.value &&
        (saving.wrong.value.type === 'Costly' ? (
          <Question wrong={saving.wrong.value} what={say('This reads')} onRead={allow => void save(allow)} />
        ) : (
          <Failed wrong={saving.wrong.value} onRetry={() => void saving.again()} />
        ))}
    </form>
  );
}

function AsCode({ model, all }: { model: ExplorerModel; all: boolean }) {
  const { say } = useHere();
  const { copy, insert } = useCode();
  const [kind, setKind] = useState<keyof Codes>('python');
  const { codes } = model;
  useEffect(() => void codes.ask(model.meant(all)), [codes, all]);
  const answer = codes.answer.value;
  const text = answer?.[kind] ?? '';
  return (
    <div class="hfnb-section">
      {codes.wrong.value && <Failed wrong={codes.wrong.value} onRetry={() => void codes.again()} />}
      {!answer && codes.waiting.value && <Loading label={say('Writing the code')} rows={1} />}
      {answer && (
        <div class="hfnb-code">
          <div class="hfnb-kinds" role="group" aria-label={say('Which code')}>
            {KINDS.filter(([one]) => answer[one]).map(([one, word]) => (
              <Button key={one} kind="plain" pressed={kind === one} onClick={() => setKind(one)}>
                {word}
              </Button>
            ))}
          </div>
          <pre tabIndex={0}>{text}</pre>
          <div class="hfnb-row">
            <Button icon="copy" kind="plain" onClick={() => void copy(text)}>
              {say('Copy')}
            </Button>
            <Button icon="insert" kind="plain" onClick={() => void insert(text)}>
              {say('Insert')}
            </Button>
          </div>
        </div>
      )}
    </div>
  );
}
