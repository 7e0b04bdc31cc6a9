/** One dataset: what it is, its configurations and splits, what it may be used for, its card; and what can be done. */
import { Facts, Files } from '../../parts/about';
import { Button } from '../../parts/button';
import { CodeBox, useCode } from '../../parts/codebox';
import { Details as Drawn } from '../../parts/details';
import { bytes, exact, many } from '../../parts/format';
import { GetButton } from '../../parts/get';
import { useHere } from '../../parts/here';
import type { DatasetRow, Details } from './answers';
import { aboutOf, SizeMark } from './marks';
import type { DatasetsModel } from './model';
import { previewOf } from './row';
import { WORDS } from './words';

export function DetailsDrawer({ model, id }: { model: DatasetsModel; id: string }) {
  return (
    <Drawn
      model={model}
      words={WORDS}
      id={id}
      line={row => [row.title, aboutOf(row, model.facets.answer.value)].filter(Boolean).join(' · ')}
      size={row => <SizeMark row={row} />}
      actions={row => <Actions model={model} row={row} />}
    >
      {details => (
        <>
          <Configs details={details} />
          <Facts details={details} />
          <Files details={details} />
          <CodeBox code={details.code} />
        </>
      )}
    </Drawn>
  );
}

function Actions({ model, row }: { model: DatasetsModel; row: DatasetRow }) {
  const { say } = useHere();
  const { insert } = useCode();
  const preview = previewOf(row.id);
  return (
    <>
      <Button kind="main" icon="search" class="hfnb-explores" onClick={() => model.explore(row.id)}>
        {say('Explore')}
      </Button>
      <GetButton fetches={model.fetches} row={row} />
      {preview && (
        <Button icon="code" onClick={() => void insert(preview)}>
          {say('Insert code')}
        </Button>
      )}
    </>
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
