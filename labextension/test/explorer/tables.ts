/** A table for tests: any number of rows, and the other side that answers for it. */
import type { Cell, Column, Kind, Of, Opened, Page, Summary, View } from '../../src/panels/explorer/answers';
import { type Answers, OtherSide } from '../answering';

export const column = (name: string, kind: Kind, more: Partial<Column> = {}): Column => ({
  name,
  type: kind,
  stored: kind === 'number' ? 'int64' : 'string',
  kind,
  labels: [],
  ...more
});

export const COLUMNS: Column[] = [
  column('id', 'number'),
  column('text', 'text'),
  column('label', 'label', { labels: ['bad', 'good'] }),
  column('tags', 'list')
];

export function opened(of: Partial<Of> = {}, more: Partial<Opened> = {}): Opened {
  return {
    of: { what: 'who/reviews', config: 'plain', split: 'train', revision: 'abcdef0123', ...of },
    title: 'who/reviews',
    place: of.sql ? 'query' : 'hub',
    revision: 'abcdef0123',
    url: 'http://127.0.0.1:9/datasets/who/reviews',
    configs: [
      {
        name: 'plain',
        splits: [
          { name: 'train', rows: 4_000_000 },
          { name: 'test', rows: 500 }
        ]
      }
    ],
    rows: 4_000_000,
    bytes: 1e9,
    files: 2,
    form: 'Parquet',
    columns: COLUMNS,
    notes: [],
    moved: 260_000,
    ...more
  };
}

/** Every fifth text is null, every fifth but one empty, one is markup. */
export function cell(name: string, row: number): Cell {
  if (name === 'id') return String(row);
  if (name === 'label') return { text: row % 2 ? 'good' : 'bad', value: row % 2 };
  if (name === 'tags') return `["t${row}"]`;
  if (row % 5 === 1) return null;
  if (row % 5 === 2) return '';
  if (row % 5 === 3) return '<img src=x onerror=alert(1)>';
  return { text: `text of row ${row}`, more: 4321 };
}

export function page(args: Record<string, unknown>, rows: number): Page {
  const { offset, limit, columns } = args as {
    offset: number;
    limit: number;
    columns: { name: string; chars: number }[];
  };
  const numbers = Array.from({ length: Math.max(0, Math.min(limit, rows - offset)) }, (_, at) => offset + at);
  return {
    offset,
    rows: numbers,
    cells: columns.map(({ name }) => numbers.map(row => cell(name, row))),
    total: rows,
    moved: 1000
  };
}

export function summary(name: string, more: Partial<Summary> = {}): Summary {
  return {
    column: name,
    from: 'all',
    seen: 4_000_000,
    of: 4_000_000,
    nulls: 40_000,
    distinct: 1200,
    low: '0',
    high: '30',
    mean: '15',
    bars: null,
    ...more
  };
}

export const BARS: Summary['bars'] = {
  kind: 'ranges',
  edges: [0, 10, 20, 30],
  labels: ['0', '10', '20', '30'],
  counts: [5, 20, 10],
  all: null
};

export const VIEW: View = { filters: [], search: '', where: '', sort: null };

/** A side with a table of so many rows; `more` answers instead, or not at once where it gives `undefined`. */
export function sideOf(rows = 4_000_000, more: Answers = {}): OtherSide {
  return new OtherSide({
    hello: () => ({ hub: 'offline Hub', endpoint: 'http://127.0.0.1:9', token: null }),
    'data.open': ({ of }) => opened(of as Of, { rows }),
    'data.page': args => page(args, rows),
    ...more
  });
}
