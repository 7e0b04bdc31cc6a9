/**
 * What a search found: the rows, where it stands, and why there are none. The panel says how one row looks, and in its
 * own words how many there are and what may be done where nothing fits.
 */
import type { ComponentChildren } from 'preact';
import type { Page } from '../panels/answers';
import type { Wrong } from '../protocol';
import type { Listing } from './asked';
import { CodeBox } from './codebox';
import { exact } from './format';
import { useHere } from './here';
import { List } from './list';
import { Failed, Fetching, Loading, Note, Partial } from './states';

export interface FoundProps<Row extends { id: string }> {
  listing: Listing<Row>;
  /** where they are not the listing's own: put in another order, kept up to date */
  rows?: Row[];
  /** what they are: "Models" */
  label: string;
  /** a number of them in words: "3 models" */
  counted: (count: number) => string;
  /** in the place of the list, where nothing fits */
  empty: ComponentChildren;
  /** the one whose details are shown */
  open: string | null;
  retry: () => void;
  further: () => void;
  /** another id was offered instead of one that nothing has */
  onPick?: (id: string) => void;
  /** above the rows */
  note?: ComponentChildren;
  children: (row: Row) => ComponentChildren;
}

const keyOf = (row: { id: string }) => row.id;

export function Found<Row extends { id: string }>(props: FoundProps<Row>) {
  const { listing, label, open, retry, further, onPick } = props;
  const { say } = useHere();
  const rows = props.rows ?? listing.rows.value;
  const page = listing.page.value;
  const wrong = listing.wrong.value;
  const waiting = listing.waiting.value;
  // what fails while the list goes on is said where it goes on
  const atFoot = wrong !== null && listing.failed.value === 'more' && rows.length > 0;
  return (
    <>
      <Fetching active={waiting === 'first' && rows.length > 0} label={say('Searching')} />
      <div class="hfnb-scroll">
        {wrong && !atFoot && <Failed wrong={wrong} onRetry={retry} {...(onPick && { onPick })} />}
        {page?.note && !wrong && <Note icon="clock">{page.note}</Note>}
        {rows.length > 0 && props.note}
        {rows.length === 0 && waiting === 'first' && <Loading label={say('Asking the Hub')} />}
        {rows.length === 0 && !waiting && !wrong && page && (
          <>
            {page.stopped ? <Partial onRetry={retry}>{page.stopped}</Partial> : props.empty}
            <CodeBox code={page.code} />
          </>
        )}
        {rows.length > 0 && (
          <List
            label={label}
            rows={rows}
            keyOf={keyOf}
            open={open}
            stale={waiting === 'first'}
            before={listing.before.value}
            more={!!page?.more && !page.stopped && !wrong}
            fetching={waiting === 'more'}
            onMore={further}
            foot={
              <Foot
                page={page}
                shown={props.counted(rows.length)}
                wrong={atFoot ? wrong : null}
                retry={retry}
              />
            }
          >
            {props.children}
          </List>
        )}
        {rows.length > 0 && page && <CodeBox code={page.code} />}
      </div>
    </>
  );
}

interface FootProps {
  page: Page<unknown> | null;
  shown: string;
  wrong: Wrong | null;
  retry: () => void;
}

/** How many, of how many looked at; what went wrong while the list went on. */
function Foot({ page, shown, wrong, retry }: FootProps) {
  const { say } = useHere();
  if (wrong) return <Failed wrong={wrong} onRetry={retry} />;
  const words = [
    page?.more ? say('%1 so far', shown) : shown,
    page?.looked != null && say('%1 looked at', exact(page.looked))
  ]
    .filter(Boolean)
    .join(', ');
  if (!page?.stopped) return <span class="hfnb-numbers">{words}</span>;
  return (
    <Partial onRetry={retry}>
      {words}. {page.stopped}
    </Partial>
  );
}
