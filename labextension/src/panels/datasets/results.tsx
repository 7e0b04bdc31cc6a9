/** The datasets found, or why there are none. */
import { Button } from '../../parts/button';
import { many } from '../../parts/format';
import { Found } from '../../parts/found';
import { useHere } from '../../parts/here';
import { Empty } from '../../parts/states';
import type { DatasetsModel } from './model';
import { DatasetCard } from './row';

export function Results({ model }: { model: DatasetsModel }) {
  const { say } = useHere();
  const { listing } = model;
  return (
    <Found
      listing={listing}
      label={say('Datasets')}
      counted={count => many(count, '1 dataset', '%1 datasets', say)}
      empty={<Nothing model={model} />}
      open={model.open.value}
      retry={() => void listing.retry()}
      further={() => void listing.further()}
      onPick={id => model.show(id)}
    >
      {row => <DatasetCard model={model} row={row} />}
    </Found>
  );
}

function Nothing({ model }: { model: DatasetsModel }) {
  const { say } = useHere();
  const filters = model.filters.value;
  const text = model.text.value;
  return (
    <Empty title={say('No dataset fits.')}>
      {filters > 0 || text
        ? say('Try fewer words or filters.')
        : say('The Hub has no dataset that your token may see.')}
      <div class="hfnb-actions">
        {filters > 0 && (
          <Button onClick={() => model.clear()}>
            {many(filters, 'Clear 1 filter', 'Clear %1 filters', say)}
          </Button>
        )}
        {text && <Button onClick={() => model.search('')}>{say('Clear the search')}</Button>}
      </div>
    </Empty>
  );
}
