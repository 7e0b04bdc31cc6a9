/** A dataset as a card. */
import { Button } from '../../parts/button';
import { Card } from '../../parts/card';
import { useCode } from '../../parts/codebox';
import { GetButton, Getting } from '../../parts/get';
import { useHere } from '../../parts/here';
import { Mark } from '../../parts/mark';
import { LicenceMark, LikedMarks, StatusMark } from '../../parts/marks';
import { TakeAlong } from '../../parts/take';
import type { DatasetRow } from './answers';
import { aboutOf, SizeMark } from './marks';
import type { DatasetsModel } from './model';

/** An id that may stand in a line as it is. */
const PLAIN = /^\w[\w.-]{0,95}(\/\w[\w.-]{0,95})?$/;

/** The line that shows its first rows. */
export function previewOf(id: string): string {
  return PLAIN.test(id) ? `%hf preview ${id}` : '';
}

export function DatasetCard({ model, row }: { model: DatasetsModel; row: DatasetRow }) {
  const { say } = useHere();
  const { insert } = useCode();
  const fetch = model.fetches.all.value[row.id];
  const preview = previewOf(row.id);
  const about = aboutOf(row, model.facets.answer.value);
  return (
    <div class="hfnb-dataset">
      <Card
        owner={row.author}
        name={row.name}
        open={model.open.value === row.id}
        onOpen={() => model.show(row.id)}
        code={() => preview}
        aside={row.private && <Mark icon="lock">{say('Private')}</Mark>}
        actions={
          <>
            <Button
              label={say('Explore %1', row.id)}
              title={say('See its rows, without downloading it')}
              icon="search"
              class="hfnb-explores"
              onClick={() => model.explore(row.id)}
            >
              {say('Explore')}
            </Button>
            <GetButton fetches={model.fetches} row={row} />
            <TakeAlong id={row.id} onInsert={preview !== '' && (() => void insert(preview))} />
          </>
        }
      >
        <div class="hfnb-facts-line">
          <span class="hfnb-soft hfnb-dataset-about" title={row.title ?? about}>
            {row.title
              ? `${row.title}${about && ` · ${about}`}`
              : about || say('Its card says nothing of it')}
          </span>
        </div>
        <div class="hfnb-facts-line">
          <SizeMark row={row} />
          <LikedMarks row={row} />
        </div>
        <div class="hfnb-facts-line">
          <StatusMark row={row} loading={!!fetch && !fetch.wrong} />
          <LicenceMark row={row} />
        </div>
        <Getting fetches={model.fetches} row={row} />
      </Card>
    </div>
  );
}
