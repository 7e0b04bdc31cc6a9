/** Where many rows come from: a variable of the notebook, lines that are pasted, a dataset. */
import { useEffect } from 'preact/hooks';
import { Choice } from '../../parts/choice';
import { Field } from '../../parts/field';
import { count } from '../../parts/format';
import { useHere } from '../../parts/here';
import { Failed } from '../../parts/states';
import type { Given } from './answers';
import type { Comparing } from './model';

export function GivenRows({ comparing }: { comparing: Comparing }) {
  const { say } = useHere();
  const { rows } = comparing;
  const given = rows.given.value;
  useEffect(() => {
    void rows.fetchVariables();
    void rows.fetchColumns();
  }, [rows]);
  return (
    <div class="hfnb-compare-rows">
      <div class="hfnb-row">
        <Choice
          label={say('From')}
          value={given.kind}
          any={null}
          choices={[
            { value: 'variable', label: say('a variable') },
            { value: 'lines', label: say('pasted lines') },
            { value: 'dataset', label: say('a dataset') }
          ]}
          onChoose={kind => rows.change({ kind: kind as Given['kind'] })}
        />
        {given.kind === 'variable' && <Variables comparing={comparing} />}
        {given.kind !== 'lines' && <Columns comparing={comparing} />}
      </div>
      {given.kind === 'lines' && (
        <Field
          label={say('Lines')}
          lines={4}
          hint={say(
            'A text a line. A tab and its label after it, where there is one: as a spreadsheet copies it.'
          )}
          value={given.text ?? ''}
          onInput={text => rows.change({ text })}
          onSend={() => void comparing.ask()}
        />
      )}
      {given.kind === 'dataset' && <Dataset comparing={comparing} />}
      <div class="hfnb-row hfnb-compare-limits">
        <Field
          label={say('Rows at most')}
          value={given.limit ? String(given.limit) : ''}
          placeholder={say('all')}
          onInput={text => {
            const limit = Number(text);
            const { limit: _, ...rest } = rows.given.peek();
            rows.given.value = Number.isInteger(limit) && limit > 0 ? { ...rest, limit } : rest;
          }}
        />
        <Field
          label={say('At most, in dollars')}
          value={rows.budget.value}
          placeholder={say('no limit')}
          onInput={text => {
            rows.budget.value = text;
          }}
        />
      </div>
      {rows.wrong.value && <Failed wrong={rows.wrong.value} onRetry={() => void rows.fetchColumns()} />}
    </div>
  );
}

function Variables({ comparing }: { comparing: Comparing }) {
  const { say } = useHere();
  const { rows } = comparing;
  const name = rows.given.value.name ?? '';
  const choices = rows.variables.value.map(one => ({
    value: one.name,
    label: one.rows === null ? one.name : say('%1 (%2 rows)', one.name, count(one.rows))
  }));
  if (name.startsWith('$')) choices.unshift({ value: name, label: say('as given in the cell') });
  return (
    <Choice
      label={say('Variable')}
      value={name}
      any={choices.length ? say('Choose one') : say('None has rows')}
      choices={choices}
      onChoose={chosen => {
        rows.change({ name: chosen });
        void rows.fetchColumns();
      }}
    />
  );
}

function Columns({ comparing }: { comparing: Comparing }) {
  const { say } = useHere();
  const { rows } = comparing;
  const found = rows.columns.value;
  const given = rows.given.value;
  if (!found?.columns.length) return null;
  const choices = found.columns.map(one => ({ value: one, label: one }));
  return (
    <>
      {found.splits.length > 1 && (
        <Choice
          label={say('Split')}
          value={given.split ?? ''}
          any={say('its first')}
          choices={found.splits.map(one => ({ value: one, label: one }))}
          onChoose={split => rows.change({ split })}
        />
      )}
      <Choice
        label={say('Column')}
        value={given.column ?? ''}
        any={say('the only one')}
        choices={choices}
        onChoose={column => rows.change({ column })}
      />
      <Choice
        label={say('Labels')}
        value={given.labels ?? ''}
        any={say('none')}
        choices={choices}
        onChoose={labels => rows.change({ labels })}
      />
      {given.labels && (
        <Choice
          label={say('Parts by')}
          value={rows.parted.value}
          any={say('nothing')}
          choices={choices.filter(one => one.value !== given.column)}
          onChoose={column => {
            rows.parted.value = column;
          }}
        />
      )}
    </>
  );
}

function Dataset({ comparing }: { comparing: Comparing }) {
  const { say } = useHere();
  const { rows } = comparing;
  return (
    <Field
      label={say('Dataset')}
      value={rows.given.value.id ?? ''}
      placeholder="owner/name"
      hint={say('Enter looks at its columns.')}
      onInput={id => rows.change({ id })}
      onSend={() => void rows.fetchColumns()}
    />
  );
}
