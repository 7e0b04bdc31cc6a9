/** The top of a panel that lists things: words, filters, order, and how many were found. */
import type { ComponentChildren } from 'preact';
import type { Choice as Value } from '../panels/answers';
import type { Listing } from './asked';
import { Button } from './button';
import { Choice } from './choice';
import { Filters } from './filters';
import { many } from './format';
import { useHere } from './here';
import { Search } from './search';
import { Empty } from './states';
import type { Words } from './words';

/** What is looked for: the words, and how many filters are on. */
interface Sought {
  words: Words;
  text: string;
  onSearch: (text: string) => void;
  on: number;
  onClear: () => void;
}

export interface LookingProps<Row> extends Sought {
  /** the arrow that leads down, into the list */
  onDown: () => void;
  listing: Listing<Row>;
  /** on the button that closes the filters; else in the panel's own words */
  shows?: string | undefined;
  sort: string;
  sorts: Value[];
  /** in the place of an order before the orders are known */
  unsorted?: string;
  onSort: (sort: string) => void;
  /** under all of it */
  note?: ComponentChildren;
  /** the filters */
  children: ComponentChildren;
}

export function Looking<Row>(props: LookingProps<Row>) {
  const { say } = useHere();
  const { words, listing, sorts } = props;
  return (
    <div class="hfnb-bar-top">
      <Search label={say(words.search)} value={props.text} onSearch={props.onSearch} onDown={props.onDown} />
      <Filters
        on={props.on}
        onClear={props.onClear}
        shows={props.shows ?? many(listing.rows.value.length, ...words.shows, say)}
      >
        {props.children}
      </Filters>
      <Choice
        label={say('Sort')}
        value={props.sort || (sorts[0]?.value ?? '')}
        choices={sorts}
        any={sorts.length ? null : (props.unsorted ?? '…')}
        onChoose={props.onSort}
      />
      <Shown listing={listing} words={words} />
      {props.note}
    </div>
  );
}

/** How many there are, where the eye goes after a choice; the foot of the list says it more fully. */
function Shown<Row>({ listing, words }: { listing: Listing<Row>; words: Words }) {
  const { say } = useHere();
  const { length } = listing.rows.value;
  if (!length || listing.before.value) return null;
  const counted = many(length, ...words.counted, say);
  return (
    <span class="hfnb-shown">{listing.page.value?.more ? say('%1, more below', counted) : counted}</span>
  );
}

/** In the place of the list, where nothing fits. */
export function Nothing({ words, text, onSearch, on, onClear }: Sought) {
  const { say } = useHere();
  return (
    <Empty title={say(words.none)}>
      {on > 0 || text ? say('Try fewer words or filters.') : say(words.nothing)}
      <div class="hfnb-actions">
        {on > 0 && <Button onClick={onClear}>{many(on, 'Clear 1 filter', 'Clear %1 filters', say)}</Button>}
        {text && <Button onClick={() => onSearch('')}>{say('Clear the search')}</Button>}
      </div>
    </Empty>
  );
}
