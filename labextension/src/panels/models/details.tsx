/** One model: what it is, what it needs, what it may be used for, its card; and what can be done with it. */
import { Facts, Files } from '../../parts/about';
import { Button } from '../../parts/button';
import { Details as Drawn } from '../../parts/details';
import { bytes, exact } from '../../parts/format';
import { GetButton } from '../../parts/get';
import { useHere } from '../../parts/here';
import type { Details } from './answers';
import type { Codes } from './codes';
import { FitsMark, SizeMark, SpeedMarks } from './marks';
import type { ModelsModel } from './model';
import { useInsert } from './row';
import { TryIt } from './tryit';
import { WORDS } from './words';

export function DetailsDrawer({ model, codes, id }: { model: ModelsModel; codes: Codes; id: string }) {
  const { say } = useHere();
  const insert = useInsert(codes);
  return (
    <Drawn
      model={model}
      words={WORDS}
      id={id}
      line={row => [row.taskName ?? row.task, row.library].filter(Boolean).join(' · ')}
      size={row => (
        <>
          <SizeMark row={row} />
          <FitsMark row={row} />
        </>
      )}
      marks={row => <SpeedMarks row={row} />}
      actions={row => (
        <>
          <GetButton fetches={model.fetches} row={row} />
          <Button icon="code" onClick={() => void insert(row, model.trial.input.value)}>
            {say('Insert code')}
          </Button>
        </>
      )}
    >
      {details => (
        <>
          <TryIt key={id} model={model} details={details} />
          <Facts details={details} />
          <Memory details={details} />
          <Files details={details} />
        </>
      )}
    </Drawn>
  );
}

function Memory({ details }: { details: Details }) {
  const { say } = useHere();
  const most = Math.max(...details.memory.map(one => one.bytes), 1);
  if (!details.memory.length) return null;
  return (
    <section class="hfnb-section">
      <h4>{say('Memory the weights need')}</h4>
      {details.row.fits && <p class="hfnb-soft">{say('On this machine: %1.', details.row.fits.reason)}</p>}
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
