/** The bar above: words to search for, which configuration and split, the columns, the console, and taking it along. */
import { useState } from 'preact/hooks';
import { Button } from '../../parts/button';
import { Choice } from '../../parts/choice';
import { count } from '../../parts/format';
import { useHere } from '../../parts/here';
import { Search } from '../../parts/search';
import type { Opened } from './answers';
import { Chooser } from './chooser';
import type { ExplorerModel } from './model';
import { TakeAlong } from './take';

export function Look({ model, onDown }: { model: ExplorerModel; onDown: () => void }) {
  const { say } = useHere();
  const [open, setOpen] = useState<'columns' | 'take' | null>(null);
  const { table } = model.shown.value;
  const columns = table.lanes.columns.value.length;
  const hidden = table.lanes.hidden.value.size;
  const turn = (which: 'columns' | 'take') => setOpen(open === which ? null : which);
  return (
    <div class="hfnb-bar-top hfnb-explore-bar">
      <Search
        label={say('Search all text')}
        value={table.view.value.search}
        onSearch={text => model.search(text)}
        onDown={onDown}
      />
      <Which model={model} />
      <div class="hfnb-holds-pop">
        <Opens open={open === 'columns'} onClick={() => turn('columns')}>
          {hidden ? say('Columns (%1 of %2)', columns - hidden, columns) : say('Columns')}
        </Opens>
        {open === 'columns' && <Chooser table={table} onClose={() => setOpen(null)} />}
      </div>
      <Button pressed={model.bars.value} onClick={() => model.fold('bars', !model.bars.peek())}>
        {say('Bars')}
      </Button>
      <Button
        icon="code"
        pressed={model.console.value}
        onClick={() => {
          model.called = !model.console.peek();
          model.fold('console', model.called);
        }}
      >
        {say('SQL')}
      </Button>
      <div class="hfnb-holds-pop">
        <Opens open={open === 'take'} onClick={() => turn('take')}>
          {say('Take along')}
        </Opens>
        {open === 'take' && <TakeAlong model={model} onClose={() => setOpen(null)} />}
      </div>
    </div>
  );
}

function Opens({ open, onClick, children }: { open: boolean; onClick: () => void; children: string }) {
  return (
    <button type="button" class="hfnb-button" aria-haspopup="dialog" aria-expanded={open} onClick={onClick}>
      <span>{children}</span>
    </button>
  );
}

/** Configuration and split, where there is a choice. */
function Which({ model }: { model: ExplorerModel }) {
  const { say } = useHere();
  const opened = model.origin.value;
  if (!opened) return null;
  const { config, split } = opened.of;
  const splits = splitsOf(opened);
  return (
    <>
      {opened.configs.length > 1 && (
        <Choice
          label={say('Config')}
          value={config ?? ''}
          any={null}
          choices={opened.configs.map(one => ({ value: one.name, label: one.name }))}
          onChoose={value => model.turn({ config: value, split: null })}
        />
      )}
      {splits.length > 1 && (
        <Choice
          label={say('Split')}
          value={split ?? ''}
          any={null}
          choices={splits.map(one => ({
            value: one.name,
            label: one.rows === null ? one.name : `${one.name} · ${count(one.rows)}`
          }))}
          onChoose={value => model.turn({ split: value })}
        />
      )}
    </>
  );
}

function splitsOf(opened: Opened) {
  const config = opened.configs.find(one => one.name === opened.of.config) ?? opened.configs[0];
  return config?.splits ?? [];
}
