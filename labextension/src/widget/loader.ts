/**
 * What every panel in a cell carries: it fetches its bundle once per page, however many panels there are.
 * Kept small, since anywidget copies it into each of them.
 */
import type { Model } from '../channels/widget';
import { fetched, TRIES } from './fetched';

interface Bundle {
  render(context: { model: Model; el: HTMLElement }): () => void;
}

const SHELF = Symbol.for('hf_nb.bundles');

type Shelf = Map<string, Promise<Bundle>>;

function shelf(): Shelf {
  const page = globalThis as unknown as Record<symbol, Shelf | undefined>;
  const kept = page[SHELF] ?? new Map();
  page[SHELF] = kept;
  return kept;
}

async function render({ model, el }: { model: Model; el: HTMLElement }): Promise<(() => void) | undefined> {
  const hash = String(model.get('_bundle'));
  const kept = shelf();
  const slow = setTimeout(() => {
    el.textContent = 'Waiting for the kernel …';
  }, 1000);
  let bundle: Bundle | undefined;
  for (let tries = 0; tries < TRIES && !bundle; tries++) {
    if (tries > 0 && !el.isConnected) break; // nobody looks at it any more
    let coming = kept.get(hash);
    if (!coming) {
      coming = fetched<Bundle>(model, hash);
      kept.set(hash, coming);
      // a kernel that is busy, or gone with the panel that asked: the next one asks again
      coming.catch(() => kept.get(hash) === coming && kept.delete(hash));
    }
    bundle = await coming.catch(() => undefined);
  }
  clearTimeout(slow);
  el.textContent = bundle ? '' : 'The kernel does not answer. Run %load_ext hf_nb, then this cell again.';
  return bundle?.render({ model, el });
}

export default { render };
