import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, expect, test } from 'vitest';
import type { Host, Panel } from '../../src/panel';
import { datasets } from '../../src/panels/datasets';
import type { DatasetRow } from '../../src/panels/datasets/answers';
import { previewOf } from '../../src/panels/datasets/row';
import { Datasets } from '../../src/panels/datasets/view';
import { type Answers, hostOf, OtherSide, settled, type TriedHost } from '../answering';
import { button, click, focused, press, type } from '../parts/page';
import { details, FACETS, page, row } from './rows';

const A = 'who/a';
let place: HTMLElement;
let side: OtherSide;
let host: TriedHost;
let explored: Host[] = [];
const part = async <T,>() => ({ explorer }) as T;
/** In the explorer's place: what the panel gives it is what is tried here. */
const explorer: Panel = {
  name: 'explorer',
  title: 'Explorer',
  mount(element, inner) {
    explored.push(inner);
    element.textContent = 'rows';
    return () => void explored.push('gone' as never);
  }
};

async function open(rows: DatasetRow[], answers: Answers = {}, options: Record<string, unknown> = {}) {
  explored = [];
  side = new OtherSide({
    hello: () => ({ hub: 'offline Hub', endpoint: 'http://127.0.0.1:9', token: 'mine' }),
    'datasets.facets': () => FACETS,
    'datasets.search': () => page(rows),
    'datasets.details': ({ id }) => details(String(id)),
    'datasets.status': () => ({ [A]: { status: 'cached', cachedBytes: 268 } }),
    ...answers
  });
  host = hostOf(side, options);
  place = document.body.appendChild(document.createElement('div'));
  await act(() => render(<Datasets host={{ ...host, part }} />, place));
  await rest();
}

const rest = () => act(async () => void (await settled()));
const choice = (label: string) =>
  [...place.querySelectorAll('label')]
    .find(one => one.textContent?.startsWith(label))
    ?.querySelector('select') as HTMLSelectElement;

async function choose(label: string, value: string): Promise<void> {
  const select = choice(label);
  await act(() => {
    select.value = value;
    select.dispatchEvent(new Event('change', { bubbles: true }));
  });
  await rest();
}

afterEach(() => {
  render(null, place);
  place.remove();
});

test('the panel can be mounted by its name', async () => {
  side = new OtherSide({ 'datasets.search': () => page([row(A)]), 'datasets.facets': () => FACETS });
  host = hostOf(side);
  place = document.body.appendChild(document.createElement('div'));
  let unmount: () => void = () => undefined;
  await act(() => {
    unmount = datasets.mount(place, host);
  });
  await rest();
  expect(place.querySelector('.hfnb-card')?.textContent).toContain('who/a');
  unmount();
  expect(place.textContent).toBe('');
});

test('a card says what a dataset is made of, how large it is, how it stands and what it may be used for', async () => {
  await open([row(A, { title: 'Things people say', status: 'partial', cachedBytes: 1000 })]);
  const card = place.querySelector('.hfnb-card');
  for (const words of [
    'who/a',
    'Things people say · Text · text generation · Parquet',
    '1 K to 10 K rows · 4 MB',
    '1.2 M',
    'Partly here',
    'apache-2.0',
    'Explore',
    'Go on'
  ])
    expect(card?.textContent).toContain(words);
});

test('rows that are known exactly are said, and a size that nobody knows is not made up', async () => {
  await open([row(A, { rows: 12_345 }), row('who/b', { bytes: null, rowsClass: null })]);
  const [a, b] = [...place.querySelectorAll('.hfnb-card')];
  expect(a?.textContent).toContain('12 k rows');
  expect(b?.textContent).toContain('Size not known');
});

test('filters are asked for, kept, counted and cleared', async () => {
  await open([row(A)]);
  await choose('For', 'chat');
  await choose('Rows', 'n<1K');
  await type(place.querySelector('[data-hfnb-search]'), 'law');
  await press(place.querySelector('[data-hfnb-search]'), 'Enter');
  await rest();
  expect(side.last('datasets.search').args).toEqual({ limit: 24, text: 'law', use: 'chat', size: 'n<1K' });
  expect(host.kept).toMatchObject({ use: 'chat', size: 'n<1K', text: 'law' });
  expect(place.textContent).toContain('Filters (2)');
  await click(button(place, 'Clear all'));
  await rest();
  expect(side.last('datasets.search').args).toEqual({ limit: 24, text: 'law' });
  expect(host.kept).toMatchObject({ use: null, size: null });
});

test('what was chosen before is chosen again', async () => {
  await open([row(A)], {}, { text: 'law', use: 'chat', cached: true, sort: 'size' });
  expect(side.last('datasets.search').args).toEqual({
    limit: 24,
    text: 'law',
    use: 'chat',
    cached: true,
    sort: 'size'
  });
});

test('rows that came with the panel are shown without a question', async () => {
  await open([], {}, { first: page([row(A)]) });
  expect(side.of('datasets.search')).toHaveLength(0);
  expect(place.querySelectorAll('.hfnb-card')).toHaveLength(1);
});

test('nothing that fits says what to try', async () => {
  await open([], {}, { use: 'chat', text: 'law' });
  expect(place.textContent).toContain('No dataset fits.');
  await click(button(place, 'Clear the search'));
  await rest();
  expect(side.last('datasets.search').args).toEqual({ limit: 24, use: 'chat' });
});

test('a list that fails while it goes on says so at its foot, and goes on from there', async () => {
  await open([row(A)], {
    'datasets.search': ({ more }) => (more ? undefined : page([row(A)], { more: 'next' }))
  });
  await click(button(place, 'Show more'));
  await act(() => side.last('datasets.search').error({ message: 'The Hub is busy.', retry: true }));
  await rest();
  expect(place.querySelector('.hfnb-foot')?.textContent).toContain('The Hub is busy.');
  expect(place.querySelectorAll('.hfnb-card')).toHaveLength(1);
  await click(button(place.querySelector('.hfnb-foot') as Element, 'Try again'));
  await act(() => side.last('datasets.search').ok(page([row('who/b')])));
  await rest();
  expect(place.querySelectorAll('.hfnb-card')).toHaveLength(2);
});

test('details show configurations with their splits, and close with Escape', async () => {
  await open([row(A)]);
  const head = place.querySelector<HTMLElement>('[data-hfnb-head]') as HTMLElement;
  head.focus();
  await click(head);
  await rest();
  const drawer = place.querySelector('[role=dialog]') as HTMLElement;
  const cells = [...drawer.querySelectorAll('td')].map(cell => cell.textContent);
  expect(cells).toEqual(['default', 'train', '800', '3 MB', '', 'test', '100', '']);
  expect(drawer.textContent).toContain('A card.');
  expect(drawer.textContent).toContain('%hf preview who/a');
  await press(drawer, 'Escape');
  await rest();
  expect(place.querySelector('[role=dialog]')).toBeNull();
  expect(focused()).toBe(head);
});

test('an id that is offered instead of a wrong one is shown', async () => {
  await open(
    [row(A)],
    {
      'datasets.details': ({ id }) => (id === 'who/wrong' ? undefined : details(A))
    },
    { open: 'who/wrong' }
  );
  await act(() =>
    side
      .last('datasets.details')
      .error({ type: 'NotFound', message: 'No such dataset.', nearest: ['datasets/who/a'] })
  );
  await rest();
  await click(button(place, 'datasets/who/a'));
  await rest();
  expect(place.querySelector('[role=dialog]')?.getAttribute('aria-label')).toBe('Details of who/a');
});

test('a download is shown, stopped, and believed only once the disk says so', async () => {
  await open([row(A)]);
  await click(button(place, 'Get who/a'));
  const pull = side.last('datasets.pull');
  await act(() => pull.event({ what: 'who/a', done: 1_000_000, total: 4_000_000, rate: 1e6, left: 3 }));
  await rest();
  expect(place.querySelector('[role=progressbar]')).not.toBeNull();
  expect(place.textContent).toContain('Downloading');
  await act(() => pull.ok({ path: '/x', files: 2, bytes: 4_000_000, status: 'cached' }));
  await rest();
  await rest();
  expect(side.of('datasets.status').at(-1)?.args).toEqual({ ids: [A] });
  expect(place.textContent).toContain('On this machine');
  expect(place.textContent).toContain('The dataset who/a is on this machine: 4 MB.');
});

test('a download that leaves the list meanwhile is not taken for the one whose details are open', async () => {
  const rows = [row(A)];
  await open(rows, {
    'datasets.search': ({ text }) => page(text ? [row('who/b', { status: 'cached' })] : rows),
    'datasets.details': () => ({ ...details('who/b'), row: row('who/b', { status: 'cached' }) }),
    'datasets.status': () => ({})
  });
  await click(button(place, 'Get who/a'));
  await type(place.querySelector('[data-hfnb-search]'), 'b');
  await press(place.querySelector('[data-hfnb-search]'), 'Enter');
  await rest();
  await click(place.querySelector('[data-hfnb-head]'));
  await rest();
  await act(() => side.last('datasets.pull').ok({ path: '/x', files: 1, bytes: 5, status: 'partial' }));
  await rest();
  await rest();
  expect(place.textContent).toContain('Only a part of who/a is on this machine.');
});

test('a download that is stopped is cancelled on the other side', async () => {
  await open([row(A)], { 'datasets.status': () => ({ [A]: { status: 'partial', cachedBytes: 5 } }) });
  await click(button(place, 'Get who/a'));
  await rest();
  await click(button(place, 'Stop getting who/a'));
  await rest();
  await rest();
  expect(side.last('datasets.pull').cancelled).toBe(true);
  expect(place.textContent).toContain('What has come of who/a stays.');
});

test('Explore shows the explorer in the place of the list, and the way back shows the list as it was', async () => {
  await open([row(A)]);
  await choose('For', 'chat');
  await click(button(place, 'Explore who/a'));
  await rest();
  expect(explored[0]?.options.of).toEqual({ what: A });
  expect(place.querySelector('.hfnb-card')).toBeNull();
  expect(host.kept.exploring).toBe(A);
  explored[0]?.remember('at', 500);
  expect(host.kept.explorer).toMatchObject({ of: { what: A }, at: 500 });
  const asked = side.of('datasets.search').length;
  await click(button(place, '← Back to the datasets'));
  await rest();
  expect(explored.at(-1)).toBe('gone');
  expect(place.querySelectorAll('.hfnb-card')).toHaveLength(1);
  expect(choice('For').value).toBe('chat');
  expect(side.of('datasets.search')).toHaveLength(asked);
  expect(host.kept).toMatchObject({ exploring: null, explorer: null });
});

test('after a reload the explorer is where it was left', async () => {
  const of = { what: A, split: 'test', revision: 'abc' };
  await open([row(A)], {}, { exploring: A, explorer: { of, at: 500, first: null } });
  expect(explored[0]?.options).toMatchObject({ of, at: 500 });
  expect(explored[0]?.channel).toBe(host.channel);
  expect(explored[0]?.kind).toBe('cell');
});

test('what the explorer kept of another dataset is not taken for this one', async () => {
  await open([row(A)], {}, { exploring: A, explorer: { of: { what: 'who/b', split: 'x' }, at: 7 } });
  expect(explored[0]?.options).toEqual({ of: { what: A } });
});

test('an explorer ends in the moment in which it is left, before it can keep anything more', async () => {
  await open([row(A)], {}, { exploring: A });
  render(null, place);
  expect(explored.at(-1)).toBe('gone');
});

test('code is inserted for ids that may stand in a line, and for no others', async () => {
  await open([row(A)]);
  expect(previewOf(A)).toBe('%hf preview who/a');
  for (const id of ['a b', 'a;b', '$x', '{x}', '', 'a/b/c', "a'b", '-x']) expect(previewOf(id)).toBe('');
  await click(button(place, 'Copy the id who/a'));
  expect(host.copied).toEqual([A]);
});

test('what strangers wrote is text', async () => {
  const evil = '<img src=x onerror=alert(1)>';
  await open([row(A, { title: evil, tasks: [evil], modalities: [evil], licence: evil, rowsClass: evil })]);
  expect(place.querySelector('img')).toBeNull();
  expect(place.textContent).toContain(evil);
});
