/** Models as the other side would say them. */
import type { Page } from '../../src/panels/answers';
import type { Details, Facets, ModelRow } from '../../src/panels/models/answers';

export const CODE = { magic: '%hf search models', python: 'hf_nb.search("models")' };

export function row(id: string, change: Partial<ModelRow> = {}): ModelRow {
  const [author, name] = id.split('/') as [string, string];
  return {
    id,
    author,
    name,
    task: 'text-classification',
    taskName: 'Text classification',
    library: 'transformers',
    licence: 'apache-2.0',
    licenceKind: 'open',
    languages: ['en'],
    parameters: 67_000_000,
    bytes: 268_000_000,
    about: false,
    downloads: 1_200_000,
    likes: 3000,
    updated: '2026-01-01',
    gated: null,
    private: false,
    providers: [],
    status: 'available',
    cachedBytes: null,
    fits: null,
    speed: null,
    url: `http://127.0.0.1:9/${id}`,
    ...change
  };
}

export function page(rows: ModelRow[], change: Partial<Page<ModelRow>> = {}): Page<ModelRow> {
  return { rows, more: null, looked: null, stopped: null, note: null, code: CODE, ...change };
}

export const FACETS: Facets = {
  tasks: [
    { value: 'text-classification', label: 'Text classification', group: 'Text' },
    { value: 'text-generation', label: 'Text generation', group: 'Text' }
  ],
  libraries: [{ value: 'transformers', label: 'Transformers' }],
  languages: [{ value: 'en', label: 'English' }],
  licences: [{ value: 'apache-2.0', label: 'apache-2.0', group: 'open' }],
  sizes: [{ value: '<100M', label: 'under 100 M' }],
  sorts: [
    { value: 'trending', label: 'Trending' },
    { value: 'downloads', label: 'Downloads' }
  ]
};

export function details(id: string, change: Partial<Details> = {}): Details {
  return {
    row: row(id),
    facts: [{ name: 'Parameters', value: '67 M', exact: '67,000,000' }],
    card: '<p>A card.</p>',
    cardShortened: false,
    files: [{ path: 'model.safetensors', bytes: 268_000_000 }],
    filesMore: 2,
    memory: [
      { dtype: 'fp32', bytes: 268_000_000 },
      { dtype: 'int8', bytes: 67_000_000 }
    ],
    licence: { words: 'apache-2.0: use it freely.', url: null },
    example: { input: 'I love it', code: CODE },
    notRunnable: null,
    warnings: [],
    ...change
  };
}
