/** The models found, or why there are none. */
import { Button } from '../../parts/button';
import { many } from '../../parts/format';
import { Found } from '../../parts/found';
import { useHere } from '../../parts/here';
import { Empty } from '../../parts/states';
import type { Codes } from './codes';
import type { ModelsModel } from './model';
import { ModelCard } from './row';

export function Results({ model, codes }: { model: ModelsModel; codes: Codes }) {
  const { say } = useHere();
  const { listing } = model;
  return (
    <Found
      listing={listing}
      label={say('Models')}
      counted={count => many(count, '1 model', '%1 models', say)}
      empty={<Nothing model={model} />}
      open={model.open.value}
      retry={() => void listing.retry()}
      further={() => void listing.further()}
      onPick={id => model.show(id)}
    >
      {row => <ModelCard model={model} codes={codes} row={row} />}
    </Found>
  );
}

function Nothing({ model }: { model: ModelsModel }) {
  const { say } = useHere();
  const filters = model.filters.value;
  const text = model.text.value;
  return (
    <Empty title={say('No model fits.')}>
      {filters > 0 || text
        ? say('Try fewer words or filters.')
        : say('The Hub has no model that your token may see.')}
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
