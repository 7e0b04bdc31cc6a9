/** A model as a card. */
import { useRef } from 'preact/hooks';
import { Button } from '../../parts/button';
import { Card } from '../../parts/card';
import { useCode } from '../../parts/codebox';
import { GetButton, Getting } from '../../parts/get';
import { useHere } from '../../parts/here';
import { Mark } from '../../parts/mark';
import { LicenceMark, LikedMarks, StatusMark } from '../../parts/marks';
import { TakeAlong } from '../../parts/take';
import type { ModelRow } from './answers';
import type { Codes } from './codes';
import { FitsMark, SizeMark, SpeedMarks } from './marks';
import type { ModelsModel } from './model';

/** Milliseconds a pointer rests on a card before its code is fetched, so that it can be dragged. */
const REST = 120;

export function ModelCard({ model, codes, row }: { model: ModelsModel; codes: Codes; row: ModelRow }) {
  const { say } = useHere();
  const insert = useInsert(codes);
  const rest = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const fetch = model.fetches.all.value[row.id];
  return (
    <div
      class="hfnb-model"
      onPointerEnter={() => {
        rest.current = setTimeout(() => void codes.of(row).catch(() => undefined), REST);
      }}
      onPointerLeave={() => clearTimeout(rest.current)}
    >
      <Card
        owner={row.author}
        name={row.name}
        open={model.open.value === row.id}
        onOpen={() => model.show(row.id)}
        code={() => codes.now(row)}
        aside={row.private && <Mark icon="lock">{say('Private')}</Mark>}
        actions={
          <>
            <Button label={say('Try %1', row.id)} icon="play" onClick={() => model.show(row.id, true)}>
              {say('Try')}
            </Button>
            <GetButton fetches={model.fetches} row={row} />
            <Beside row={row} />
            <TakeAlong id={row.id} onInsert={() => void insert(row)} />
          </>
        }
      >
        <div class="hfnb-facts-line">
          <span class="hfnb-soft">
            {[row.taskName ?? row.task ?? say('No task named'), row.library].filter(Boolean).join(' · ')}
          </span>
        </div>
        <div class="hfnb-facts-line">
          <SizeMark row={row} />
          <FitsMark row={row} />
          <LikedMarks row={row} />
        </div>
        <div class="hfnb-facts-line">
          <StatusMark row={row} loading={!!fetch && !fetch.wrong} />
          <LicenceMark row={row} />
          <SpeedMarks row={row} />
        </div>
        <Getting fetches={model.fetches} row={row} />
      </Card>
    </div>
  );
}

/** One more column of the Compare panel; where there is no other panel to turn to, a cell with one. */
function Beside({ row }: { row: ModelRow }) {
  const { host, say } = useHere();
  const { insert } = useCode();
  const add = { model: row.id };
  return (
    <Button
      kind="plain"
      icon="insert"
      label={say('Compare %1 with another', row.id)}
      title={say('Compare it with another')}
      onClick={() =>
        host.hand
          ? host.hand('compare', { add })
          : void insert(`import hf_nb\n\nhf_nb.panel("compare", contenders=["${row.id}"])`)
      }
    >
      {say('Compare')}
    </Button>
  );
}

/** Code that asks this model, where the cursor is: of its example, or of what was written. */
export function useInsert(codes: Codes): (row: ModelRow, input?: string) => Promise<void> {
  const { say, toast } = useHere();
  const { insert } = useCode();
  return async (row, input) => {
    try {
      await insert((await (input ? codes.with(row, input) : codes.of(row))).python);
    } catch (error) {
      toast({
        text: error instanceof Error ? error.message : say('There is no code for this model.'),
        kind: 'wrong'
      });
    }
  };
}
