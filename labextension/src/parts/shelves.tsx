/** A catalogue to look through: its filters above, what was found below. */
import type { ComponentChildren } from 'preact';
import type { Choice as Value } from '../panels/answers';
import type { Catalogue, Kind } from './catalogue';
import { Choice, Tick } from './choice';
import { many } from './format';
import { Found } from './found';
import { useHere } from './here';
import { Looking, Nothing } from './looking';
import { Note } from './states';
import type { CatalogueWords } from './words';

/** The filters in words, in the order in which they stand. */
export interface Filtering<K extends Kind> {
  facets: Record<K['facet'], { label: string; from: (facets: K['facets']) => Value[] }>;
  marks: Record<K['mark'], { label: string; title: string }>;
}

export interface ShelvesProps<K extends Kind> {
  model: Catalogue<K>;
  words: CatalogueWords;
  filtering: Filtering<K>;
  /** the arrow that leads down from the search */
  onDown: () => void;
  /** a row as a card */
  children: (row: K['row']) => ComponentChildren;
}

export function Shelves<K extends Kind>(props: ShelvesProps<K>) {
  const { say } = useHere();
  const { model, words } = props;
  const { listing } = model;
  const sought = {
    words,
    text: model.text.value,
    onSearch: (text: string) => model.search(text),
    on: model.filters.value,
    onClear: () => model.clear()
  };
  return (
    <>
      <Look {...props} sought={sought} />
      <Found
        listing={listing}
        label={say(words.title)}
        counted={count => many(count, ...words.counted, say)}
        empty={<Nothing {...sought} />}
        open={model.open.value}
        retry={() => void listing.retry()}
        further={() => void listing.further()}
        onPick={id => model.show(id)}
      >
        {props.children}
      </Found>
    </>
  );
}

interface LookProps<K extends Kind> extends ShelvesProps<K> {
  sought: Parameters<typeof Nothing>[0];
}

function Look<K extends Kind>({ model, words, filtering, onDown, sought }: LookProps<K>) {
  const { say } = useHere();
  const { facets, listing } = model;
  const known = facets.answer.value;
  const wrong = facets.wrong.value;
  return (
    <Looking
      {...sought}
      listing={listing}
      onDown={onDown}
      shows={listing.page.value?.more ? say(words.showsMore, listing.rows.value.length) : undefined}
      sort={model.sort.value}
      sorts={known?.sorts ?? []}
      onSort={sort => model.order(sort)}
      note={
        wrong && (
          <Note icon="warning" action={{ label: say('Try again'), run: () => void facets.again() }}>
            {say('The filters did not come. %1', wrong.message)}
          </Note>
        )
      }
    >
      {keysOf(filtering.facets).map(name => (
        <Choice
          key={name}
          label={say(filtering.facets[name].label)}
          value={model.chosen.value[name]}
          choices={known ? filtering.facets[name].from(known) : []}
          onChoose={value => model.choose(name, value)}
        />
      ))}
      <div class="hfnb-row">
        {keysOf(filtering.marks).map(name => (
          <Tick
            key={name}
            label={say(filtering.marks[name].label)}
            title={say(filtering.marks[name].title)}
            on={model.switches.value[name]}
            onChange={on => model.turn(name, on)}
          />
        ))}
      </div>
    </Looking>
  );
}

const keysOf = <Name extends string>(named: Record<Name, unknown>) => Object.keys(named) as Name[];
