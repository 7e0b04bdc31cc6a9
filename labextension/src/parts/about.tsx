/** What the details of a repository have in common: its facts, its files, its card. */
import type { Fact } from '../panels/answers';
import { Button } from './button';
import { Foreign } from './foreign';
import { bytes, exact, many } from './format';
import { useHere } from './here';
import { Note } from './states';

export interface About {
  facts: Fact[];
  /** the card, cleaned of everything that could run or load */
  card: string;
  cardShortened: boolean;
  files: { path: string; bytes: number }[];
  filesMore: number;
  licence: { words: string; url: string | null };
  warnings: string[];
}

export function Facts({ details }: { details: About }) {
  const { host, say } = useHere();
  const { words, url } = details.licence;
  return (
    <section class="hfnb-section">
      <h4>{say('Facts')}</h4>
      <dl class="hfnb-facts">
        {details.facts.flatMap(fact => [
          <dt key={`${fact.name} name`}>{fact.name}</dt>,
          <dd key={fact.name} title={fact.exact}>
            {fact.value}
          </dd>
        ])}
        <dt>{say('Licence')}</dt>
        <dd>
          {words}{' '}
          {url && (
            <Button kind="link" icon="external" onClick={() => host.open(url)}>
              {say('Read it')}
            </Button>
          )}
        </dd>
      </dl>
    </section>
  );
}

export function Files({ details }: { details: About }) {
  const { say } = useHere();
  const all = details.files.length + details.filesMore;
  if (!all) return null;
  return (
    <details class="hfnb-section hfnb-fold">
      <summary>{many(all, '1 file', '%1 files', say)}</summary>
      <ul class="hfnb-files">
        {details.files.map(file => (
          <li key={file.path}>
            <span>{file.path}</span>
            <span class="hfnb-numbers hfnb-soft" title={say('%1 bytes', exact(file.bytes))}>
              {bytes(file.bytes)}
            </span>
          </li>
        ))}
      </ul>
      {details.filesMore > 0 && <span class="hfnb-soft">{say('%1 more', exact(details.filesMore))}</span>}
    </details>
  );
}

export function CardText({ details, url, none }: { details: About; url: string | undefined; none: string }) {
  const { host, say } = useHere();
  if (!details.card) return <Note>{none}</Note>;
  return (
    <section class="hfnb-section">
      <h4>{say('Card')}</h4>
      <Foreign class="hfnb-prose" label={say('Card')} html={details.card} />
      {details.cardShortened && url && (
        <Button kind="link" icon="external" onClick={() => host.open(url)}>
          {say('The rest of it, on the Hub')}
        </Button>
      )}
    </section>
  );
}
