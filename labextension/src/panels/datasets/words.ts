/** The Datasets panel's own words: what it lists, and its filters. */
import type { Filtering } from '../../parts/shelves';
import type { CatalogueWords } from '../../parts/words';
import type { DatasetsKind } from './model';

export const WORDS: CatalogueWords = {
  title: 'Datasets',
  search: 'Search datasets',
  counted: ['1 dataset', '%1 datasets'],
  shows: ['Show 1 dataset', 'Show %1 datasets'],
  showsMore: 'Show %1 datasets and more',
  told: ['1 dataset shown', '%1 datasets shown'],
  none: 'No dataset fits.',
  nothing: 'The Hub has no dataset that your token may see.',
  arrived: 'The dataset %1 is on this machine: %2.',
  failed: 'The dataset %1 did not arrive.',
  noCard: 'This dataset has no card.'
};

export const FILTERING: Filtering<DatasetsKind> = {
  facets: {
    use: { label: 'For', from: facets => facets.uses },
    task: { label: 'Task', from: facets => facets.tasks },
    modality: { label: 'Made of', from: facets => facets.modalities },
    size: { label: 'Rows', from: facets => facets.sizes },
    domain: { label: 'Field', from: facets => facets.domains },
    language: { label: 'Language', from: facets => facets.languages },
    format: { label: 'Stored as', from: facets => facets.formats },
    licence: { label: 'Licence', from: facets => facets.licences }
  },
  marks: {
    cached: { label: 'On this machine', title: 'All or a part of it is on this disk.' }
  }
};
