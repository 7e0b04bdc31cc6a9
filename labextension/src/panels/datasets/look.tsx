/** What is looked for: words, filters, order. */
import { Choice, Tick } from '../../parts/choice';
import { Filters } from '../../parts/filters';
import { many } from '../../parts/format';
import { useHere } from '../../parts/here';
import { Search } from '../../parts/search';
import { Note } from '../../parts/states';
import type { Facets } from './answers';
import { type DatasetsModel, FACETS, type Facet } from './model';

const NAMES: Record<Facet, { label: string; from: keyof Facets }> = {
  use: { label: 'For', from: 'uses' },
  task: { label: 'Task', from: 'tasks' },
  modality: { label: 'Made of', from: 'modalities' },
  size: { label: 'Rows', from: 'sizes' },
  domain: { label: 'Field', from: 'domains' },
  language: { label: 'Language', from: 'languages' },
  format: { label: 'Stored as', from: 'formats' },
  licence: { label: 'Licence', from: 'licences' }
};

export function Look({ model, onDown }: { model: DatasetsModel; onDown: () => void }) {
  const { say } = useHere();
  const facets = model.facets.answer.value;
  const sorts = facets?.sorts ?? [];
  const shown = model.listing.rows.value.length;
  const more = model.listing.page.value?.more;
  return (
    <div class="hfnb-bar-top">
      <Search
        label={say('Search datasets')}
        value={model.text.value}
        onSearch={text => model.search(text)}
        onDown={onDown}
      />
      <Filters
        on={model.filters.value}
        onClear={() => model.clear()}
        shows={
          more
            ? say('Show %1 datasets and more', shown)
            : many(shown, 'Show 1 dataset', 'Show %1 datasets', say)
        }
      >
        {FACETS.map(facet => (
          <Choice
            key={facet}
            label={say(NAMES[facet].label)}
            value={model.chosen.value[facet]}
            choices={facets?.[NAMES[facet].from] ?? []}
            onChoose={value => model.choose(facet, value)}
          />
        ))}
        <div class="hfnb-row">
          <Tick
            label={say('On this machine')}
            title={say('All or a part of it is on this disk.')}
            on={model.cached.value}
            onChange={on => model.turn(on)}
          />
        </div>
      </Filters>
      <Choice
        label={say('Sort')}
        value={model.sort.value || (sorts[0]?.value ?? '')}
        choices={sorts}
        any={sorts.length ? null : '…'}
        onChoose={sort => model.order(sort)}
      />
      <Shown model={model} />
      {model.facets.wrong.value && (
        <Note icon="warning" action={{ label: say('Try again'), run: () => void model.facets.again() }}>
          {say('The filters did not come. %1', model.facets.wrong.value.message)}
        </Note>
      )}
    </div>
  );
}

/** How many there are, where the eye goes after a choice; the foot of the list says it more fully. */
function Shown({ model }: { model: DatasetsModel }) {
  const { say } = useHere();
  const { rows, page, before } = model.listing;
  const { length } = rows.value;
  if (!length || before.value) return null;
  const datasets = many(length, '1 dataset', '%1 datasets', say);
  return <span class="hfnb-shown">{page.value?.more ? say('%1, more below', datasets) : datasets}</span>;
}
