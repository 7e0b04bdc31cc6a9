/** What the Datasets panel knows and does, without a page: a catalogue of datasets, whose rows can be explored. */
import { signal } from '@preact/signals';
import { Catalogue, type Shelf, worded } from '../../parts/catalogue';
import type { DatasetRow, Details, Facets } from './answers';

/** The filters with a value each, in the order in which they stand. */
const FACETS = ['use', 'task', 'modality', 'size', 'domain', 'language', 'format', 'licence'] as const;
const MARKS = ['cached'] as const;

export interface DatasetsKind {
  row: DatasetRow;
  details: Details;
  facets: Facets;
  facet: (typeof FACETS)[number];
  mark: (typeof MARKS)[number];
}

export class DatasetsModel extends Catalogue<DatasetsKind> {
  /** the one whose rows are shown instead of the list */
  readonly exploring = signal<string | null>(null);

  constructor(shelf: Shelf) {
    super(shelf, 'datasets', FACETS, MARKS);
    this.exploring.value = worded(shelf.options, 'exploring') || null;
  }

  /** Show its rows in the place of the list; null: the list again, as it was. */
  explore(id: string | null): void {
    // an id that was offered instead of a wrong one says its kind
    this.exploring.value = id?.replace(/^datasets\//, '') ?? null;
    this.shelf.remember('exploring', this.exploring.value);
    if (id === null) this.shelf.remember('explorer', null);
  }
}
