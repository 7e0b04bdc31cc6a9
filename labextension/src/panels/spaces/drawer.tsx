/** One Space: why it does not run where it does not, its facts, what it uses, its card. */
import { Button } from '../../parts/button';
import { CodeBox, useCode } from '../../parts/codebox';
import { Drawer, Named } from '../../parts/drawer';
import { Foreign } from '../../parts/foreign';
import { useHere } from '../../parts/here';
import { Failed, Loading, Note } from '../../parts/states';
import type { SpaceDetails, SpaceRow } from './answers';
import { codeOf } from './code';
import { LikedMarks, RunsOn, StateMark } from './marks';
import type { Finding } from './model';
import { RestartButton, Restarts } from './restart';

export function SpaceDrawer({ finding, id }: { finding: Finding; id: string }) {
  const { say } = useHere();
  const { answer, wrong, waiting } = finding.details;
  const details = answer.value;
  const listed = finding.rows.value.find(one => one.id === id);
  const row = listed ?? (details ? finding.latest(details.row) : null);
  const code = codeOf(id);
  return (
    <Drawer
      label={say('Details of %1', id)}
      subject={id}
      onClose={() => finding.close()}
      title={<Named id={id} />}
      actions={row && <Actions finding={finding} row={row} />}
    >
      {row && (
        <div class="hfnb-section">
          {row.title && row.title !== row.name && <div>{row.title}</div>}
          <div class="hfnb-facts-line">
            <StateMark state={row.state} stage={row.stage} />
            <RunsOn row={row} />
            <LikedMarks row={row} />
          </div>
          <Restarts finding={finding} id={id} />
        </div>
      )}
      {wrong.value && <Failed wrong={wrong.value} onRetry={() => void finding.details.again()} />}
      {!details && waiting.value && <Loading label={say('Asking the Hub')} rows={3} />}
      {details && (
        <>
          <Problem details={details} />
          <Facts details={details} />
          <Uses title={say('Models it uses')} ids={details.models} hub={hubOf(details)} path="" />
          <Uses
            title={say('Datasets it uses')}
            ids={details.datasets}
            hub={hubOf(details)}
            path="datasets/"
          />
          {code && <CodeBox code={code} />}
          <Card details={details} />
        </>
      )}
    </Drawer>
  );
}

function Actions({ finding, row }: { finding: Finding; row: SpaceRow }) {
  const { host, say } = useHere();
  const { copy } = useCode();
  const { app } = row;
  return (
    <>
      {app && (
        <Button kind="main" icon="external" onClick={() => host.open(app)}>
          {say('Open the app')}
        </Button>
      )}
      <RestartButton finding={finding} row={row} />
      <Button icon="external" onClick={() => host.open(row.url)}>
        {say('Open on the Hub')}
      </Button>
      <Button icon="copy" onClick={() => void copy(row.id, say('Id copied.'))}>
        {say('Copy the id')}
      </Button>
    </>
  );
}

/** The end of what it wrote before it failed, as it wrote it. */
function Problem({ details }: { details: SpaceDetails }) {
  const { host, say } = useHere();
  if (!details.problem) return null;
  const { row, problem } = details;
  return (
    <section class="hfnb-section hfnb-problem">
      <h4>{say('What went wrong')}</h4>
      <pre tabIndex={0}>{problem}</pre>
      <div class="hfnb-soft">
        {row.mayRestart
          ? say('Mend its files on the Hub, or restart it.')
          : say('Only its owner can mend it. You can tell them in its discussions.')}
      </div>
      <div class="hfnb-actions">
        <Button
          icon="external"
          onClick={() => host.open(row.mayRestart ? `${row.url}/tree/main` : `${row.url}/discussions`)}
        >
          {row.mayRestart ? say('Its files') : say('Its discussions')}
        </Button>
      </div>
    </section>
  );
}

function Facts({ details }: { details: SpaceDetails }) {
  const { say } = useHere();
  // what it uses stands below, to be opened
  const below = [details.models.join(', '), details.datasets.join(', ')];
  const facts = details.facts.filter(fact => !below.includes(fact.value));
  if (!facts.length) return null;
  return (
    <section class="hfnb-section">
      <h4>{say('Facts')}</h4>
      <dl class="hfnb-facts">
        {facts.flatMap(fact => [
          <dt key={`${fact.name} name`}>{fact.name}</dt>,
          <dd key={fact.name} title={fact.exact}>
            {fact.value}
          </dd>
        ])}
      </dl>
    </section>
  );
}

function Uses({ title, ids, hub, path }: { title: string; ids: string[]; hub: string; path: string }) {
  const { host } = useHere();
  if (!ids.length) return null;
  return (
    <section class="hfnb-section">
      <h4>{title}</h4>
      <ul class="hfnb-uses">
        {ids.map(id => (
          <li key={id}>
            <Button
              kind="link"
              onClick={() => host.open(`${hub}/${path}${id.split('/').map(encodeURIComponent).join('/')}`)}
            >
              {id}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Where the Hub is: a Space's page is there, under /spaces/. */
const hubOf = ({ row }: SpaceDetails) => row.url.slice(0, row.url.lastIndexOf('/spaces/'));

function Card({ details }: { details: SpaceDetails }) {
  const { host, say } = useHere();
  if (!details.card) return <Note>{say('This Space has no card.')}</Note>;
  return (
    <section class="hfnb-section">
      <h4>{say('Card')}</h4>
      <Foreign class="hfnb-prose" label={say('Card')} html={details.card} />
      {details.cardShortened && (
        <Button kind="link" icon="external" onClick={() => host.open(details.row.url)}>
          {say('The rest of it, on the Hub')}
        </Button>
      )}
    </section>
  );
}
