/** What is looked for: words, filters, order. */
import { Choice } from '../../parts/choice';
import { useHere } from '../../parts/here';
import { Looking } from '../../parts/looking';
import type { Finding } from './model';
import { sought } from './results';

export function Look({ finding, onDown }: { finding: Finding; onDown: () => void }) {
  const { say } = useHere();
  const facets = finding.facets.answer.value;
  const wanted = finding.wanted.value;
  const filters = [
    { name: 'sdk', label: say('SDK'), choices: facets?.sdks },
    { name: 'state', label: say('State'), choices: facets?.states },
    { name: 'hardware', label: say('Hardware'), choices: facets?.hardware }
  ] as const;
  return (
    <Looking
      {...sought(finding)}
      listing={finding.list}
      onDown={onDown}
      sort={wanted.sort ?? ''}
      sorts={facets?.sorts ?? []}
      unsorted={say('Best first')}
      onSort={sort => finding.choose({ sort: sort || null })}
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
    </Looking>
  );
}
