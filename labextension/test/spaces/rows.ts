/** Spaces and pages for tests. */
import type { Page } from '../../src/panels/answers';
import type { SpaceRow } from '../../src/panels/spaces/answers';

export function space(id: string, more: Partial<SpaceRow> = {}): SpaceRow {
  const [author = '', name = ''] = id.split('/');
  return {
    id,
    author,
    name,
    title: name,
    sdk: 'gradio',
    hardware: 'cpu-basic',
    stage: 'RUNNING',
    state: 'running',
    likes: 3,
    updated: '2026-11-01T00:00:00Z',
    private: false,
    mayRestart: false,
    url: `http://127.0.0.1:1/spaces/${id}`,
    app: `http://127.0.0.1:2/${name}`,
    ...more
  };
}

export function page(rows: SpaceRow[], more: Partial<Page<SpaceRow>> = {}): Page<SpaceRow> {
  const code = { magic: '%hf search spaces', python: "hf_nb.search('spaces')" };
  return { rows, more: null, looked: null, stopped: null, note: null, code, ...more };
}
