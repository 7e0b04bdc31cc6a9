/** Datasets as the other side would say them. */
import type { Page } from '../../src/panels/answers';
import type { DatasetRow, Details, Facets } from '../../src/panels/datasets/answers';

export const CODE = { magic: '%hf search datasets', python: 'hf_nb.search(kind="datasets")' };

export function row(id: string, change: Partial<DatasetRow> = {}): DatasetRow {
  const [author, name] = id.split('/') as [string, string];
  return {
    id,
    author,
    name,
    title: null,
    tasks: ['text-generation'],
    modalities: ['text'],
    formats: ['parquet'],
    languages: ['en'],
    licence: 'apache-2.0',
    licenceKind: 'open',
    rows: null,
    rowsClass: '1 K to 10 K rows',
    bytes: 4_000_000,
    downloads: 1_200_000,
    likes: 3000,
    updated: '2026-01-01',
    gated: null,
    private: false,
    status: 'available',
    cachedBytes: null,
    url: `http://127.0.0.1:9/datasets/${id}`,
    ...change
  };
}

export function page(rows: DatasetRow[], change: Partial<Page<DatasetRow>> = {}): Page<DatasetRow> {
  return { rows, more: null, looked: null, stopped: null, note: null, code: CODE, ...change };
}

export const FACETS: Facets = {
  tasks: [{ value: 'text-generation', label: 'Text generation', group: 'Text' }],
  domains: [{ value: 'medical', label: 'Medical' }],
  uses: [
    { value: 'chat', label: 'Train a chat model' },
    { value: 'pictures', label: 'Work with pictures' }
  ],
  modalities: [{ value: 'text', label: 'Text' }],
  formats: [{ value: 'parquet', label: 'Parquet' }],
  languages: [{ value: 'en', label: 'English' }],
  licences: [{ value: 'apache-2.0', label: 'apache-2.0', group: 'open' }],
  sizes: [{ value: 'n<1K', label: 'under 1 K rows' }],
  sorts: [
    { value: 'trending', label: 'Trending' },
    { value: 'size', label: 'Largest first' }
  ]
};

export function details(id: string, change: Partial<Details> = {}): Details {
  return {
    row: row(id, { rows: 900 }),
    facts: [{ name: 'Rows', value: '900', exact: '900' }],
    card: '<p>A card.</p>',
    cardShortened: false,
    files: [{ path: 'data/train.parquet', bytes: 4_000_000 }],
    filesMore: 0,
    licence: { words: 'apache-2.0: use it freely.', url: null },
    configs: [
      {
        name: 'default',
        splits: [
          { name: 'train', rows: 800, bytes: 3_000_000 },
          { name: 'test', rows: 100, bytes: null }
        ]
      }
    ],
    code: { magic: `%hf preview ${id}`, python: `hf_nb.data.preview("${id}")` },
    warnings: [],
    ...change
  };
}
