/** One model: what it is, what it needs, what it may be used for, its card; and what can be done with it. */
import { CardText, Facts, Files } from '../../parts/about';
import { Button } from '../../parts/button';
import { useCode } from '../../parts/codebox';
import { Drawer } from '../../parts/drawer';
import { bytes, exact } from '../../parts/format';
import { GetButton, Getting } from '../../parts/get';
import { useHere } from '../../parts/here';
import { LicenceMark, LikedMarks, StatusMark } from '../../parts/marks';
import { Failed, Loading, Note } from '../../parts/states';
import type { Details, ModelRow } from './answers';
import type { Codes } from './codes';
import { SizeMark, SpeedMarks } from './marks';
import type { ModelsModel } from './model';
import { useInsert } from './row';
import { TryIt } from './tryit';

export function DetailsDrawer({ model, codes, id }: { model: ModelsModel; codes: Codes; id: string }) {
  const { say } = useHere();
  const { answer, wrong, waiting } = model.details;
  const [owner, name] = id.includes('/') ? (id.split('/', 2) as [string, string]) : ['', id];
  const row = model.row(id);
  const details = answer.value;
  return (
    <Drawer
      label={say('Details of %1', id)}
      subject={id}
      onClose={() => model.close()}
      title={
        <>
          {owner && <span class="hfnb-owner">{owner}/</span>}
          <span class="hfnb-name">{name}</span>
        </>
      }
      actions={row && <Actions model={model} codes={codes} row={row} />}
    >
      {row && <Marks model={model} row={row} />}
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
          <TryIt key={id} model={model} details={details} />
          <Facts details={details} />
          <Memory details={details} />
          <Files details={details} />
          <CardText details={details} url={row?.url} none={say('This model has no card.')} />
        </>
      )}
    </Drawer>
  );
}

function Actions({ model, codes, row }: { model: ModelsModel; codes: Codes; row: ModelRow }) {
  const { host, say } = useHere();
  const { copy } = useCode();
  const insert = useInsert(codes);
  return (
    <>
      <GetButton fetches={model.fetches} row={row} />
      <Button icon="code" onClick={() => void insert(row, model.trial.input.value)}>
        {say('Insert code')}
      </Button>
      <Button icon="copy" onClick={() => void copy(row.id, say('Id copied.'))}>
        {say('Copy the id')}
      </Button>
      <Button icon="external" onClick={() => host.open(row.url)}>
        {say('Open on the Hub')}
      </Button>
    </>
  );
}

function Marks({ model, row }: { model: ModelsModel; row: ModelRow }) {
  const fetch = model.fetches.all.value[row.id];
  return (
    <div class="hfnb-section">
      <div class="hfnb-facts-line">
        <span>{[row.taskName ?? row.task, row.library].filter(Boolean).join(' · ')}</span>
      </div>
      <div class="hfnb-facts-line">
        <StatusMark row={row} loading={!!fetch && !fetch.wrong} />
        <SizeMark row={row} />
        <LikedMarks row={row} />
        <LicenceMark row={row} />
        <SpeedMarks row={row} />
      </div>
      <Getting fetches={model.fetches} row={row} />
    </div>
  );
}

function Memory({ details }: { details: Details }) {
  const { say } = useHere();
  const most = Math.max(...details.memory.map(one => one.bytes), 1);
  if (!details.memory.length) return null;
  return (
    <section class="hfnb-section">
      <h4>{say('Memory the weights need')}</h4>
      <dl class="hfnb-memory">
        {details.memory.map(one => (
          <div key={one.dtype} title={say('%1 bytes', exact(one.bytes))}>
            <dt>{one.dtype}</dt>
            <dd aria-hidden="true">
              <div class="hfnb-bar">
                <div style={{ width: `${(100 * one.bytes) / most}%` }} />
              </div>
            </dd>
            <dd class="hfnb-numbers">{bytes(one.bytes)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
