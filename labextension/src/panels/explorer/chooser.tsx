/** Which columns are shown: found by name, ticked on and off. */
import { useMemo, useState } from 'preact/hooks';
import { Button } from '../../parts/button';
import { exact, many } from '../../parts/format';
import { useHere } from '../../parts/here';
import { Pop } from './pop';
import type { Table } from './table';

/** Names that are drawn at once: two thousand boxes would be slower than searching for one. */
const DRAWN = 80;

export function Chooser({ table, onClose }: { table: Table; onClose: () => void }) {
  const { say } = useHere();
  const [text, setText] = useState('');
  const columns = table.lanes.columns.value;
  const hidden = table.lanes.hidden.value;
  const found = useMemo(() => {
    const wanted = text.trim().toLowerCase();
    return columns
      .map((_, at) => at)
      .filter(at => !wanted || columns[at]?.name.toLowerCase().includes(wanted));
  }, [columns, text]);
  const on = found.filter(at => !hidden.has(at)).length;
  return (
    <Pop label={say('Columns')} class="hfnb-chooser" onClose={onClose}>
      <input
        class="hfnb-input"
        type="text"
        aria-label={say('Find a column')}
        placeholder={say('Find a column')}
        value={text}
        onInput={event => setText(event.currentTarget.value)}
      />
      <div class="hfnb-row">
        <Button kind="link" disabled={on === found.length} onClick={() => table.lanes.hideAll(found, false)}>
          {text ? say('Show these') : say('Show all')}
        </Button>
        <Button kind="link" disabled={on === 0} onClick={() => table.lanes.hideAll(found, true)}>
          {text ? say('Hide these') : say('Hide all')}
        </Button>
        <span class="hfnb-soft">
          {say('%1 of %2 shown', exact(columns.length - hidden.size), exact(columns.length))}
        </span>
      </div>
      <ul class="hfnb-chosen-columns">
        {found.slice(0, DRAWN).map(at => (
          <li key={at}>
            <label class="hfnb-tick">
              <input
                type="checkbox"
                checked={!hidden.has(at)}
                onChange={event => table.lanes.hide(at, !event.currentTarget.checked)}
              />
              <span>{columns[at]?.name}</span>
              <span class="hfnb-soft">{columns[at]?.type}</span>
            </label>
          </li>
        ))}
        {found.length > DRAWN && (
          <li class="hfnb-soft">
            {many(found.length - DRAWN, '1 more: search for it', '%1 more: search for them', say)}
          </li>
        )}
        {!found.length && <li class="hfnb-soft">{say('No column has this name.')}</li>}
      </ul>
    </Pop>
  );
}
