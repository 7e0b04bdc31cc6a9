/** What is looked for: words, filters, order. */
import { Choice } from '../../parts/choice';
import { Filters } from '../../parts/filters';
import { many } from '../../parts/format';
import { useHere } from '../../parts/here';
import { Search } from '../../parts/search';
import type { Finding } from './model';

export function Look({ finding, onDown }: { finding: Finding; onDown: () => void }) {
  const { say } = useHere();
  const facets = finding.facets.answer.value;
  const wanted = finding.wanted.value;
  const sorts = facets?.sorts ?? [];
  const shown = finding.list.rows.value.length;
  const filters = [
    { name: 'sdk', label: say('SDK'), choices: facets?.sdks },
    { name: 'state', label: say('State'), choices: facets?.states },
    { name: 'hardware', label: say('Hardware'), choices: facets?.hardware }
  ] as const;
  return (
    <div class="hfnb-bar-top">
      <Search
        label={say('Search Spaces')}
        value={wanted.text}
        onSearch={text => finding.choose({ text })}
        onDown={onDown}
      />
      <Filters
        on={finding.on.value}
        onClear={() => finding.clear()}
        shows={many(shown, 'Show 1 Space', 'Show %1 Spaces', say)}
      >
        {filters.map(({ name, label, choices }) => (
          <Choice
            key={name}
            label={label}
            value={wanted[name] ?? ''}
            choices={choices ?? []}
            onChoose={value => finding.choose({ [name]: value || null })}
          />
        ))}
      </Filters>
      <Choice
        label={say('Sort')}
        value={wanted.sort ?? sorts[0]?.value ?? ''}
        choices={sorts}
        any={sorts.length ? null : say('Best first')}
        onChoose={sort => finding.choose({ sort: sort || null })}
      />
      <Shown finding={finding} />
    </div>
  );
}

/** How many there are, where the eye goes after a choice; the foot of the list says it more fully. */
function Shown({ finding }: { finding: Finding }) {
  const { say } = useHere();
  const { rows, page, before } = finding.list;
  const { length } = rows.value;
  if (!length || before.value) return null;
  const words = many(length, '1 Space', '%1 Spaces', say);
  return <span class="hfnb-shown">{page.value?.more ? say('%1, more below', words) : words}</span>;
}
