/** The Models panel's own words: what it lists, and its filters. */
import type { Filtering } from '../../parts/shelves';
import type { CatalogueWords } from '../../parts/words';
import type { ModelsKind } from './model';

export const WORDS: CatalogueWords = {
  title: 'Models',
  search: 'Search models',
  counted: ['1 model', '%1 models'],
  shows: ['Show 1 model', 'Show %1 models'],
  showsMore: 'Show %1 models and more',
  told: ['1 model shown', '%1 models shown'],
  none: 'No model fits.',
  nothing: 'The Hub has no model that your token may see.',
  arrived: 'The model %1 is on this machine: %2.',
  failed: 'The model %1 did not arrive.',
  noCard: 'This model has no card.'
};

export const FILTERING: Filtering<ModelsKind> = {
  facets: {
    task: { label: 'Task', from: facets => facets.tasks },
    library: { label: 'Library', from: facets => facets.libraries },
    language: { label: 'Language', from: facets => facets.languages },
    licence: { label: 'Licence', from: facets => facets.licences },
    size: { label: 'Size', from: facets => facets.sizes }
  },
  marks: {
    callable: { label: 'Callable now', title: 'An inference provider serves it now.' },
    cached: { label: 'On this machine', title: 'All it needs is cached here.' }
  }
};
