/** One dataset: what it is, its configurations and splits, what it may be used for, its card; and what can be done. */
import { CardText, Facts, Files } from '../../parts/about';
import { Button } from '../../parts/button';
import { CodeBox, useCode } from '../../parts/codebox';
import { Drawer } from '../../parts/drawer';
import { bytes, exact, many } from '../../parts/format';
import { GetButton, Getting } from '../../parts/get';
import { useHere } from '../../parts/here';
import { LicenceMark, LikedMarks, StatusMark } from '../../parts/marks';
import { Failed, Loading, Note } from '../../parts/states';
import type { DatasetRow, Details } from './answers';
import { aboutOf, SizeMark } from './marks';
import type { DatasetsModel } from './model';
import { previewOf } from './row';

export function DetailsDrawer({ model, id }: { model: DatasetsModel; id: string }) {
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
      actions={row && <Actions model={model} row={row} />}
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
          <Configs details={details} />
          <Facts details={details} />
          <Files details={details} />
          <CodeBox code={details.code} />
          <CardText details={details} url={row?.url} none={say('This dataset has no card.')} />
        </>
      )}
    </Drawer>
  );
}

function Actions({ model, row }: { model: DatasetsModel; row: DatasetRow }) {
  const { host, say } = useHere();
  const { copy, insert } = useCode();
  return (
    <>
      <Button kind="main" icon="search" class="hfnb-explores" onClick={() => model.explore(row.id)}>
        {say('Explore')}
      </Button>
      <GetButton fetches={model.fetches} row={row} />
      {previewOf(row.id) && (
        <Button icon="code" onClick={() => void insert(previewOf(row.id))}>
          {say('Insert code')}
        </Button>
      )}
      <Button icon="copy" onClick={() => void copy(row.id, say('Id copied.'))}>
        {say('Copy the id')}
      </Button>
      <Button icon="external" onClick={() => host.open(row.url)}>
        {say('Open on the Hub')}
      </Button>
    </>
  );
}

function Marks({ model, row }: { model: DatasetsModel; row: DatasetRow }) {
  const fetch = model.fetches.all.value[row.id];
  return (
    <div class="hfnb-section">
      <div class="hfnb-facts-line">
        <span>{[row.title, aboutOf(row, model.facets.answer.value)].filter(Boolean).join(' · ')}</span>
      </div>
      <div class="hfnb-facts-line">
        <StatusMark row={row} loading={!!fetch && !fetch.wrong} />
        <SizeMark row={row} />
        <LikedMarks row={row} />
        <LicenceMark row={row} />
      </div>
      <Getting fetches={model.fetches} row={row} />
    </div>
  );
}

function Configs({ details }: { details: Details }) {
  const { say } = useHere();
  if (!details.configs.length) return null;
  const known = (count: number | null) => (count === null ? '' : exact(count));
  return (
    <section class="hfnb-section">
      <h4>{many(details.configs.length, '1 configuration', '%1 configurations', say)}</h4>
      <div class="hfnb-configs" tabIndex={0} role="region" aria-label={say('Configurations and splits')}>
        <table>
          <thead>
            <tr>
              <th scope="col">{say('Configuration')}</th>
              <th scope="col">{say('Split')}</th>
              <th scope="col" class="hfnb-numbers">
                {say('Rows')}
              </th>
              <th scope="col" class="hfnb-numbers">
                {say('Size')}
              </th>
            </tr>
          </thead>
          <tbody>
            {details.configs.flatMap(config =>
              (config.splits.length ? config.splits : [{ name: '', rows: null, bytes: null }]).map(
                (split, at) => (
                  <tr key={`${config.name} ${split.name}`}>
                    <td>{at === 0 ? config.name : ''}</td>
                    <td>{split.name}</td>
                    <td class="hfnb-numbers">{known(split.rows)}</td>
                    <td class="hfnb-numbers">{split.bytes === null ? '' : bytes(split.bytes)}</td>
                  </tr>
                )
              )
            )}
          </tbody>
        </table>
      </div>
    </section>
  );
}
