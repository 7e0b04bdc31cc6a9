/** The Spaces found, or why there are none. */
import { many } from '../../parts/format';
import { Found } from '../../parts/found';
import { useHere } from '../../parts/here';
import { Nothing } from '../../parts/looking';
import { Note } from '../../parts/states';
import { SpaceCard } from './card';
import type { Finding } from './model';
import { WORDS } from './words';

export function Results({ finding }: { finding: Finding }) {
  const { say } = useHere();
  const stale = finding.stale.value;
  return (
    <Found
      listing={finding.list}
      rows={finding.rows.value}
      label={say(WORDS.title)}
      counted={count => many(count, ...WORDS.counted, say)}
      empty={<Nothing {...sought(finding)} />}
      open={finding.opened.value}
      retry={() => void finding.again()}
      further={() => void finding.further()}
      note={
        stale && (
          <Note icon="warning" action={{ label: say('Try again'), run: () => finding.live() }}>
            {say('The states may be old: %1', stale.message)}
          </Note>
        )
      }
    >
      {row => <SpaceCard finding={finding} row={row} />}
    </Found>
  );
}

/** What is looked for now, and how to look for something else. */
export function sought(finding: Finding) {
  return {
    words: WORDS,
    text: finding.wanted.value.text,
    onSearch: (text: string) => finding.choose({ text }),
    on: finding.on.value,
    onClear: () => finding.clear()
  };
}
