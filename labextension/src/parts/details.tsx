/** One repository of a catalogue in a drawer: what is known of it, and what is shown while the rest comes, or does not. */
import type { ComponentChildren } from 'preact';
import { CardText } from './about';
import { Button } from './button';
import type { Catalogue, Kind } from './catalogue';
import { useCode } from './codebox';
import { Drawer, Named } from './drawer';
import { Getting } from './get';
import { useHere } from './here';
import { LicenceMark, LikedMarks, StatusMark } from './marks';
import { Failed, Loading, Note } from './states';
import type { CatalogueWords } from './words';

export interface DetailsProps<K extends Kind> {
  model: Catalogue<K>;
  words: CatalogueWords;
  id: string;
  /** what it is, in a line */
  line: (row: K['row']) => string;
  /** how large it is, as a mark */
  size: (row: K['row']) => ComponentChildren;
  /** marks after all others */
  marks?: (row: K['row']) => ComponentChildren;
  /** buttons before those that all have */
  actions: (row: K['row']) => ComponentChildren;
  /** between the warnings and the card */
  children: (details: K['details']) => ComponentChildren;
}

export function Details<K extends Kind>(props: DetailsProps<K>) {
  const { model, words, id } = props;
  const { say } = useHere();
  const { answer, wrong, waiting } = model.details;
  const row = model.row(id);
  const details = answer.value;
  return (
    <Drawer
      label={say('Details of %1', id)}
      subject={id}
      onClose={() => model.close()}
      title={<Named id={id} />}
      actions={
        row && (
          <>
            {props.actions(row)}
            <Elsewhere row={row} />
          </>
        )
      }
    >
      {row && <Marks {...props} row={row} />}
      {wrong.value && (
        <Failed
          wrong={wrong.value}
          onRetry={() => void model.details.again()}
          onPick={other => model.show(other)}
        />
      )}
      {!details && waiting.value && <Loading label={say('Asking the Hub')} rows={3} />}
      {details && (
        <>
          {details.warnings.map(warning => (
            <Note key={warning} icon="warning">
              {warning}
            </Note>
          ))}
          {props.children(details)}
          <CardText details={details} url={row?.url} none={say(words.noCard)} />
        </>
      )}
    </Drawer>
  );
}

/** Taking its id along, and its page. */
function Elsewhere({ row }: { row: Kind['row'] }) {
  const { host, say } = useHere();
  const { copy } = useCode();
  return (
    <>
      <Button icon="copy" onClick={() => void copy(row.id, say('Id copied.'))}>
        {say('Copy the id')}
      </Button>
      <Button icon="external" onClick={() => host.open(row.url)}>
        {say('Open on the Hub')}
      </Button>
    </>
  );
}

function Marks<K extends Kind>({ model, row, line, size, marks }: DetailsProps<K> & { row: K['row'] }) {
  const fetch = model.fetches.all.value[row.id];
  return (
    <div class="hfnb-section">
      <div class="hfnb-facts-line">
        <span>{line(row)}</span>
      </div>
      <div class="hfnb-facts-line">
        <StatusMark row={row} loading={!!fetch && !fetch.wrong} />
        {size(row)}
        <LikedMarks row={row} />
        <LicenceMark row={row} />
        {marks?.(row)}
      </div>
      <Getting fetches={model.fetches} row={row} />
    </div>
  );
}
