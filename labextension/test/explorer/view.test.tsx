import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { explorer } from '../../src/panels/explorer';
import type { Of } from '../../src/panels/explorer/answers';
import { drawn, hostOf, type OtherSide, type TriedHost } from '../answering';
import { button, click, focused, press, type } from '../parts/page';
import { BARS, column, opened, page, sideOf, summary } from './tables';

let place: HTMLElement;
let side: OtherSide;
let host: TriedHost;
let unmount: () => void = () => undefined;

async function open(answering: OtherSide = sideOf(), options: Record<string, unknown> = {}) {
  side = answering;
  host = hostOf(side, { of: { what: 'who/reviews' }, ...options });
  place = document.body.appendChild(document.createElement('div'));
  await act(() => {
    unmount = explorer.mount(place, host);
  });
  await drawn();
  await drawn();
}

beforeEach(() => {
  // a page without a layout has no sizes
  for (const [name, size] of [
    ['clientHeight', 400],
    ['clientWidth', 900]
  ] as const)
    vi.spyOn(HTMLElement.prototype, name, 'get').mockReturnValue(size);
});

afterEach(() => {
  unmount();
  render(null, place);
  place.remove();
});

const cellAt = (row: number, at: number) =>
  place.querySelector<HTMLElement>(`[data-hfnb-cell="${row} ${at}"]`);
const grid = () => place.querySelector('[role=grid]') as HTMLElement;
const status = () => place.querySelector('.hfnb-status-line')?.textContent ?? '';
const go = async (key: string, more: KeyboardEventInit = {}) => {
  await press(focused(), key, more);
  await drawn();
};

async function toldBars(name: string, bars = BARS) {
  await act(() => side.last('data.summaries').event(summary(name, { bars })));
}

test('four million rows are a grid of a few, which says how many there are', async () => {
  await open();
  expect(grid().getAttribute('aria-rowcount')).toBe('4000001');
  expect(grid().getAttribute('aria-colcount')).toBe('5');
  const rows = place.querySelectorAll('.hfnb-line');
  expect(rows.length).toBeLessThan(40);
  expect(rows[3]?.getAttribute('aria-rowindex')).toBe('5');
  expect(cellAt(3, 0)?.textContent).toBe('3');
  expect(cellAt(3, 0)?.getAttribute('aria-colindex')).toBe('2');
  expect(status()).toContain('of 4,000,000');
  expect(status()).toContain('262 kB moved');
});

test('what is to be known of a table stands at its foot', async () => {
  await open(
    sideOf(4_000_000, { 'data.open': ({ of }) => opened(of as Of, { notes: ['A copy of 14:05.'] }) })
  );
  expect(status()).toContain('A copy of 14:05.');
});

test('two thousand columns are no more in the page than those in sight', async () => {
  const many = Array.from({ length: 2000 }, (_, at) => column(`c${at}`, 'text'));
  await open(sideOf(4_000_000, { 'data.open': ({ of }) => opened(of as Of, { columns: many }) }));
  expect(place.querySelectorAll('*').length).toBeLessThan(1000);
  expect(side.of('data.page')[0]?.args.columns).toHaveLength(4);
  await click(button(place, 'Columns'));
  expect(place.querySelectorAll('*').length).toBeLessThan(1500);
  await type(place.querySelector('[aria-label="Find a column"]'), 'c1999');
  expect(place.querySelectorAll('.hfnb-chosen-columns input')).toHaveLength(1);
});

test('text is text, whatever it says; null and empty are told apart', async () => {
  await open();
  expect(cellAt(3, 1)?.textContent).toBe('<img src=x onerror=alert(1)>');
  expect(place.querySelector('.hfnb-line img')).toBeNull();
  expect([cellAt(1, 1)?.textContent, cellAt(2, 1)?.textContent]).toEqual(['null', '""']);
  expect([cellAt(1, 1)?.title, cellAt(2, 1)?.title]).toEqual(['Nothing is there (null)', 'An empty text']);
  expect(cellAt(1, 2)?.textContent).toBe('good');
});

test('a name sorts up, then down, then not at all, and says so', async () => {
  await open(
    sideOf(10, {
      'data.view': () => ({ rows: 10, of: 10, scanned: 10, exact: true, sql: '', moved: 0, seconds: 0.1 })
    })
  );
  const name = () => place.querySelector('[data-hfnb-cell="-1 0"]') as HTMLElement;
  const sorts = () => name().querySelector('.hfnb-sorts');
  expect(name().getAttribute('aria-sort')).toBe('none');
  await click(sorts());
  expect(name().getAttribute('aria-sort')).toBe('ascending');
  expect(side.last('data.view').args.view).toMatchObject({ sort: { column: 'id', descending: false } });
  await click(sorts());
  expect(name().getAttribute('aria-sort')).toBe('descending');
  await drawn();
  expect(place.querySelector('[role=status][aria-live]')?.textContent).toContain('Sorted by id, descending.');
  await click(sorts());
  expect(name().getAttribute('aria-sort')).toBe('none');
});

test('rows are named by their numbers in the table, from 0; the foot says where in a view one is', async () => {
  await open(
    sideOf(4_000_000, {
      'data.view': () => ({
        rows: 3,
        of: 4_000_000,
        scanned: 4_000_000,
        exact: true,
        sql: '',
        moved: 0,
        seconds: 0.1
      }),
      'data.page': args =>
        (args.view as { search: string }).search
          ? {
              ...page({ ...args, limit: 3 }, 3),
              rows: [7, 70, 3_999_999].slice(args.offset as number),
              total: 3
            }
          : page(args, 4_000_000),
      'data.row': ({ row }) => ({ row, url: null, fields: [] })
    })
  );
  expect(cellAt(3, -1)?.textContent).toBe('3');
  expect(status()).toMatch(/^rows 0–\d+ of 4,000,000/);
  const box = place.querySelector<HTMLInputElement>('[data-hfnb-search]');
  await type(box, 'fine');
  await press(box as HTMLElement, 'Enter');
  await drawn();
  await drawn();
  expect([0, 1, 2].map(row => cellAt(row, -1)?.textContent)).toEqual(['7', '70', '3,999,999']);
  expect(place.querySelectorAll('.hfnb-line')[2]?.getAttribute('aria-rowindex')).toBe('4');
  expect(status()).toMatch(/^rows 0–2 of 3 in this view/);
  await act(() => cellAt(2, 0)?.focus());
  await go('Enter');
  await drawn();
  const drawer = place.querySelector('[role=dialog]');
  expect(drawer?.getAttribute('aria-label')).toBe('Row 3,999,999');
  expect(drawer?.textContent).toContain('Place 2 of 3 in this view');
});

test('a number is copied with all its digits', async () => {
  const written: string[] = [];
  vi.stubGlobal('navigator', {
    ...navigator,
    clipboard: { writeText: (text: string) => Promise.resolve(void written.push(text)) }
  });
  try {
    await open(
      sideOf(3, {
        'data.open': ({ of }) => opened(of as Of, { columns: [column('x', 'number')], rows: 3 }),
        'data.page': () => ({
          offset: 0,
          rows: [0, 1, 2],
          cells: [['0.5', '0.1234…', '1']],
          total: 3,
          moved: 1
        }),
        'data.cell': () => ({ kind: 'number', text: '0.12345678901234567', characters: 19, turns: null })
      })
    );
    await act(() => cellAt(0, 0)?.focus());
    await go('c', { ctrlKey: true });
    await act(() => cellAt(1, 0)?.focus());
    await go('c', { ctrlKey: true });
    expect(written).toEqual(['0.5', '0.12345678901234567']);
    expect(side.of('data.cell')).toHaveLength(1);
    expect(side.last('data.cell').args).toMatchObject({ row: 1, column: 'x' });
  } finally {
    vi.unstubAllGlobals();
  }
});

test('bars are brushed with the keys, and what they filter can be taken off again', async () => {
  await open();
  await toldBars('id');
  const name = place.querySelector('[data-hfnb-cell="-1 0"]') as HTMLElement;
  await act(() => name.focus());
  await go('F2');
  expect(focused().getAttribute('role')).toBe('listbox');
  await go('ArrowRight');
  expect(name.textContent).toContain('10 – 20: 20');
  await go('ArrowRight', { shiftKey: true });
  await go('Enter');
  expect(side.last('data.view').args.view).toMatchObject({
    filters: [{ column: 'id', is: 'between', values: [10, 30], closed: true }]
  });
  expect(place.querySelector('.hfnb-chips')?.textContent).toContain('id from 10 to 30');
  await go('Escape');
  expect(focused()).toBe(name);
  await click(button(place, 'Remove: id from 10 to 30'));
  expect(place.querySelector('.hfnb-chips')).toBeNull();
});

test('bars are brushed with the mouse', async () => {
  await open();
  await toldBars('id');
  const bars = place.querySelector('.hfnb-ranges') as SVGElement;
  vi.spyOn(bars, 'getBoundingClientRect').mockReturnValue({ left: 0, width: 90 } as DOMRect);
  const point = (kind: string, x: number) =>
    act(() => void bars.dispatchEvent(new PointerEvent(kind, { clientX: x, button: 0, bubbles: true })));
  await point('pointerdown', 10);
  await point('pointermove', 50);
  expect([...bars.querySelectorAll('[aria-selected=true]')]).toHaveLength(2);
  await point('pointerup', 50);
  expect(side.last('data.view').args.view).toMatchObject({
    filters: [{ column: 'id', values: [0, 20], closed: false }]
  });
});

test('a value that is clicked filters, and bars show what is left of all', async () => {
  await open();
  await toldBars('label', {
    kind: 'values',
    values: [0, 1],
    labels: ['bad', 'good'],
    counts: [30, 10],
    all: [300, 200],
    others: 0
  });
  const good = [...place.querySelectorAll<HTMLElement>('.hfnb-value')].find(one =>
    one.textContent?.includes('good')
  );
  expect(good?.getAttribute('style')).toContain('--hfnb-some');
  await click(good);
  expect(side.last('data.view').args.view).toMatchObject({
    filters: [{ column: 'label', is: 'in', values: [1] }]
  });
  expect(place.querySelector('.hfnb-chips')?.textContent).toContain('label is good');
});

test('it says from how many rows the bars come', async () => {
  await open();
  await act(() =>
    side.last('data.summaries').event(summary('id', { from: 'sample', seen: 50_000, bars: BARS }))
  );
  await act(() => side.last('data.summaries').event(summary('text', { from: 'footer' })));
  await act(() => side.last('data.summaries').event(summary('label')));
  const said = [...place.querySelectorAll('.hfnb-covers')].map(one => one.textContent);
  expect(said).toEqual(['from 50 k rows', 'from the file’s own notes', 'all rows']);
});

test('one cell takes part in Tab’s round, and arrows go on from there', async () => {
  await open();
  expect(grid().querySelectorAll('[tabindex="0"]')).toHaveLength(1);
  await act(() => cellAt(0, 0)?.focus());
  await go('ArrowDown');
  await go('ArrowRight');
  expect(focused().dataset.hfnbCell).toBe('1 1');
  expect(grid().querySelectorAll('[tabindex="0"]')).toHaveLength(1);
  await go('End', { ctrlKey: true });
  expect(focused().dataset.hfnbCell).toBe('3999999 3');
  await go('Home', { ctrlKey: true });
  await go('ArrowUp');
  expect(focused().dataset.hfnbCell).toBe('-1 0');
});

test('rows are selected with the mouse and the keys, and let go with Esc', async () => {
  await open();
  await click(cellAt(2, -1));
  await act(
    () => void cellAt(5, -1)?.dispatchEvent(new MouseEvent('click', { bubbles: true, shiftKey: true }))
  );
  expect(place.querySelectorAll('.hfnb-line[aria-selected=true]')).toHaveLength(4);
  expect(status()).toContain('4 selected');
  await act(() => cellAt(5, 0)?.focus());
  await go('ArrowDown', { shiftKey: true });
  expect(status()).toContain('5 selected');
  await go('Escape');
  expect(status()).not.toContain('selected');
});

test('Enter opens a row with all its fields; Esc gives the focus back to the cell', async () => {
  await open(
    sideOf(4_000_000, {
      'data.row': ({ row }) => ({
        row,
        url: 'http://127.0.0.1:9/row',
        fields: [
          {
            column: 'text',
            kind: 'text',
            media: false,
            whole: { kind: 'text', text: '<b>short</b>', characters: 90_000, turns: null }
          },
          {
            column: 'tags',
            kind: 'list',
            media: false,
            whole: { kind: 'list', text: '["a",{"b":null}]', characters: 16, turns: null }
          },
          {
            column: 'talk',
            kind: 'chat',
            media: false,
            whole: { kind: 'chat', text: '[]', characters: 2, turns: [{ role: 'user', text: 'Hello' }] }
          },
          {
            column: 'none',
            kind: 'text',
            media: false,
            whole: { kind: 'null', text: '', characters: 0, turns: null }
          }
        ]
      }),
      'data.cell': () => ({ kind: 'text', text: 'all of it', characters: 9, turns: null })
    })
  );
  await act(() => cellAt(4, 1)?.focus());
  await go('Enter');
  await drawn();
  const drawer = () => place.querySelector('[role=dialog]') as HTMLElement;
  expect(drawer().textContent).toContain('Row 4 of 4,000,000');
  expect(drawer().textContent).toContain('<b>short</b>');
  expect(drawer().querySelector('.hfnb-whole b')).toBeNull();
  for (const words of ['user', 'Hello', 'b: null', 'a']) expect(drawer().textContent).toContain(words);
  await click(button(drawer(), 'Show all 90,000 characters'));
  await drawn();
  expect(side.last('data.cell').args).toMatchObject({ row: 4, column: 'text' });
  expect(drawer().textContent).toContain('all of it');
  await click(button(drawer(), 'This row on the Hub'));
  expect(host.opened).toEqual(['http://127.0.0.1:9/row']);
  await click(button(drawer(), 'Row after'));
  await drawn();
  expect(side.last('data.row').args).toMatchObject({ row: 5 });
  await press(drawer(), 'Escape');
  await drawn();
  expect(drawer()).toBeNull();
  expect(focused().dataset.hfnbCell).toBe('4 1');
});

test('what reads much is a question with the amount, and Not now leaves it unread', async () => {
  await open(sideOf(4_000_000, { 'data.page': args => (args.allow ? page(args, 4_000_000) : undefined) }));
  await act(() => side.last('data.page').error({ type: 'Costly', message: 'Much.', bytes: 248_000_000 }));
  await drawn();
  expect(place.querySelector('.hfnb-question')?.textContent).toContain(
    'Showing these rows reads about 248 MB.'
  );
  await click(button(place, 'Not now'));
  expect(status()).toContain('some rows not read');
  await click(button(place, 'Read them'));
  await act(() => side.last('data.page').error({ type: 'Costly', message: 'Much.', bytes: 248_000_000 }));
  await drawn();
  await click(button(place, 'Read'));
  expect(Number(side.last('data.page').args.allow)).toBeGreaterThan(248_000_000);
  await drawn();
  expect(cellAt(3, 0)?.textContent).toBe('3');
});

test('each way in which there is nothing to show says what to do', async () => {
  await open(sideOf(0));
  expect(place.textContent).toContain('This table has no rows.');
  unmount();
  await open(sideOf(5, { 'data.open': ({ of }) => opened(of as Of, { columns: [] }) }));
  expect(place.textContent).toContain('This table has no columns.');
  unmount();
  const none = { rows: 0, of: 5, scanned: 5, exact: true, sql: '', moved: 0, seconds: 0.1 };
  await open(sideOf(5, { 'data.view': () => none }), {
    view: { filters: [], search: 'zzz', where: '', sort: null }
  });
  expect(place.textContent).toContain('No row fits.');
  await click(button(place, 'Show all rows'));
  await drawn();
  expect(cellAt(0, 0)?.textContent).toBe('0');
});

test('a table that cannot be opened says why, offers the nearest names, and tries again', async () => {
  await open(sideOf(5, { 'data.open': () => undefined }));
  await act(() =>
    side
      .last('data.open')
      .error({ type: 'NotFound', message: 'No dataset "who/x".', nearest: ['who/reviews'], retry: true })
  );
  await drawn();
  expect(place.querySelector('.hfnb-failed')?.textContent).toContain('No dataset "who/x".');
  await click(button(place, 'Try again'));
  expect(side.of('data.open')).toHaveLength(2);
  await act(() => side.last('data.open').error({ type: 'NotFound', message: 'No.', nearest: ['who/other'] }));
  await drawn();
  await click(button(place, 'who/other'));
  expect(side.last('data.open').args.of).toMatchObject({ what: 'who/other' });
});

test('a search says how far it is, can be stopped, and then says that it is not all', async () => {
  await open();
  const box = place.querySelector('[data-hfnb-search]');
  await type(box, 'wonder');
  await press(box, 'Enter');
  await act(() => side.last('data.view').event({ scanned: 1_200_000, of: 4_000_000, found: 412, moved: 1 }));
  expect(status()).toContain('412 found so far · scanned 1.2 M of 4 M');
  await click(button(place, 'Stop scanning'));
  expect(side.last('data.view').cancelled).toBe(true);
  expect(status()).toContain('412 found so far · scanned 1.2 M of 4 M');
  await click(button(place, 'Scan all'));
  await act(() =>
    side
      .last('data.view')
      .ok({ rows: 900, of: 4_000_000, scanned: 4_000_000, exact: true, sql: '', moved: 1, seconds: 2 })
  );
  await drawn();
  expect(status()).toContain('900 found · all rows');
  expect(place.querySelector('[role=status][aria-live]')?.textContent).toContain('900 rows found.');
});

test('a query says what it reads before it runs, and its answer leads back to the table', async () => {
  await open(
    sideOf(4_000_000, {
      'data.quote': () => ({ bytes: 248_000_000, exact: true, progressive: true, columns: ['id'] })
    })
  );
  await click(button(place, 'SQL'));
  await type(place.querySelector('textarea'), 'SELECT avg(id) FROM t');
  await click(button(place, 'Run'));
  await drawn();
  expect(place.querySelector('.hfnb-ask')?.textContent).toContain('This query reads about 248 MB.');
  expect(side.of('data.open')).toHaveLength(1);
  await click(button(place, 'Read'));
  await drawn();
  expect(side.last('data.open').args).toMatchObject({ of: { sql: 'SELECT avg(id) FROM t' } });
  expect(place.querySelector('.hfnb-answered')?.textContent).toContain('SELECT avg(id) FROM t');
  await click(button(place, 'Back to the table'));
  expect(place.querySelector('.hfnb-answered')).toBeNull();
  await click(button(place, 'Estimate first'));
  const estimate = {
    columns: ['avg'],
    rows: [{ key: [], values: [{ value: 501.234, low: 490, high: 512 }] }],
    share: 0.02,
    moved: 5e6,
    of: 248e6,
    exact: false,
    note: ''
  };
  await act(() => side.last('data.estimate').event(estimate));
  const numbers = () => place.querySelector('.hfnb-estimate')?.textContent ?? '';
  expect(numbers()).toContain('≈ 501.2');
  expect(numbers()).toContain('490 – 512');
  expect(numbers()).toContain('from 2 % of the rows');
  await act(() =>
    side.last('data.estimate').ok({
      ...estimate,
      rows: [{ key: [], values: [{ value: 501, low: 501, high: 501 }] }],
      share: 1,
      moved: 248e6,
      exact: true
    })
  );
  await drawn();
  expect(numbers()).toContain('Exact: all rows');
  expect(numbers()).not.toContain('≈');
});

test('who opens the console writes at once; one that stood open takes no focus', async () => {
  await open();
  await click(button(place, 'SQL'));
  await drawn();
  expect(focused()).toBe(place.querySelector('textarea'));
  expect(place.querySelector('textarea')?.placeholder).toContain('GROUP BY label');
  unmount();
  render(null, place);
  await open(sideOf(), { console: true });
  expect(place.querySelector('textarea')).not.toBeNull();
  expect(focused()).toBe(document.body);
});

test('an order finds nothing: its foot and what is said speak of all rows', async () => {
  const viewed = { rows: 4_000_000, of: 4_000_000, scanned: 4_000_000, exact: true, sql: '', moved: 0 };
  await open(sideOf(4_000_000, { 'data.view': () => ({ ...viewed, seconds: 0.001 }) }));
  await click(place.querySelector('[data-hfnb-cell="-1 0"] .hfnb-sorts'));
  await drawn();
  expect(status()).toContain('sorted by id · all rows');
  for (const word of ['found', ' ms']) expect(status()).not.toContain(word);
  const heard = place.querySelector('[role=status][aria-live]')?.textContent;
  expect(heard).toBe('All rows. Sorted by id, ascending.');
});

test('a type has the same words in a name, in its menu and in a row in full', async () => {
  const blob = column('blob', 'binary', { type: 'bytes', stored: 'binary' });
  const small = column('small', 'number', { type: 'whole number', stored: 'int8' });
  const whole = { kind: 'text' as const, text: '1', characters: 1, turns: null };
  await open(
    sideOf(10, {
      'data.open': ({ of }) => opened(of as Of, { rows: 10, columns: [blob, small] }),
      'data.row': ({ row }) => ({
        row,
        url: null,
        fields: [blob, small].map(({ name, kind }) => ({ column: name, kind, media: false, whole }))
      })
    })
  );
  const head = place.querySelector('[data-hfnb-cell="-1 1"]') as HTMLElement;
  expect(head.textContent).toContain('whole number');
  await click(head.querySelector('[data-hfnb-menu]'));
  const menu = place.querySelector('.hfnb-column-menu');
  expect(menu?.textContent).toContain('whole number');
  expect(menu?.textContent).not.toContain('int8');
  await act(() => cellAt(4, 1)?.focus());
  await go('Enter');
  await drawn();
  const row = place.querySelector('.hfnb-drawer')?.textContent;
  expect(row).toContain('bytes');
  expect(row).toContain('whole number');
  expect(row).not.toContain('binary');
});

test('a gated table says so in no more room than that takes, with its page and another try', async () => {
  let closed = true;
  const wrong = { type: 'Unauthorized', message: 'dataset who/reviews is gated.', hint: '', retry: false };
  await open(sideOf(10, { 'data.open': ({ of }) => (closed ? undefined : opened(of as Of, { rows: 10 })) }));
  await act(() => side.last('data.open').error(wrong));
  await drawn();
  expect(place.querySelector('.hfnb-body > .hfnb-not-opened')).not.toBeNull();
  for (const part of ['.hfnb-status-line', '.hfnb-explore-bar']) expect(place.querySelector(part)).toBeNull();
  await click(button(place, 'Its page on the Hub'));
  expect(host.opened).toEqual(['http://127.0.0.1:9/datasets/who/reviews']);
  closed = false;
  await click(button(place, 'Try again'));
  await drawn();
  await drawn();
  expect(place.querySelector('.hfnb-not-opened')).toBeNull();
  expect(status()).toContain('of 10');
});

test('rows are taken along into the notebook, as code, into a file', async () => {
  await open(
    sideOf(4_000_000, {
      'data.codes': () => ({
        magic: '%hf preview who/reviews',
        python: 'preview()',
        sql: 'SELECT *',
        datasets: null,
        polars: 'pl',
        duckdb: 'dd'
      }),
      'data.take': ({ name }) => ({ name, rows: 2, columns: 4, code: '' })
    })
  );
  await click(cellAt(2, -1));
  await click(button(place, 'Take along'));
  await drawn();
  const box = place.querySelector('.hfnb-take') as HTMLElement;
  expect(box.textContent).toContain('1 row selected');
  await type(box.querySelector('input'), '2bad');
  expect(box.textContent).toContain('A name of letters, digits and _.');
  await type(box.querySelector('input'), 'mine');
  await act(
    () =>
      void box.querySelector('form')?.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }))
  );
  await drawn();
  expect(side.last('data.take').args).toMatchObject({ name: 'mine', rows: [2, 2], columns: null });
  expect(place.querySelector('.hfnb-toast')?.textContent).toContain('mine is in the notebook: 2 rows');
  expect([...box.querySelectorAll('.hfnb-kinds button')].map(one => one.textContent)).toEqual([
    'Python',
    '%hf',
    'SQL',
    'polars',
    'duckdb'
  ]);
  await click(button(box, 'SQL'));
  await click(button(box, 'Copy'));
  expect(host.copied).toEqual(['SELECT *']);
});

test('a column’s menu pins, hides, and filters by what a text contains', async () => {
  await open();
  await click(button(place, 'Menu of text'));
  const menu = () => place.querySelector('[aria-label="Column text"]') as HTMLElement;
  await type(menu().querySelector('input'), 'fine');
  await act(
    () =>
      void menu()
        .querySelector('form')
        ?.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }))
  );
  expect(side.last('data.view').args.view).toMatchObject({
    filters: [{ column: 'text', is: 'has', values: ['fine'] }]
  });
  await click(button(menu(), 'Pin'));
  expect(place.querySelector('[data-hfnb-cell="-1 1"]')?.getAttribute('aria-colindex')).toBe('2');
  await click(button(place, 'Menu of text'));
  await click(button(menu(), 'Hide'));
  expect(place.querySelector('[data-hfnb-cell="-1 1"]')).toBeNull();
  expect(button(place, 'Columns (3 of 4)')).toBeTruthy();
  await click(button(place, 'Undo'));
  expect(place.querySelector('[data-hfnb-cell="-1 1"]')).not.toBeNull();
});

test('with the keys a column is made wider and put elsewhere', async () => {
  await open();
  const name = () => place.querySelector('[data-hfnb-cell="-1 0"]') as HTMLElement;
  const before = name().style.width;
  await act(() => name().focus());
  await go('ArrowRight', { shiftKey: true });
  expect(Number.parseInt(name().style.width, 10)).toBe(Number.parseInt(before, 10) + 16);
  await go('ArrowRight', { shiftKey: true, ctrlKey: true });
  expect(name().getAttribute('aria-colindex')).toBe('3');
  expect(focused()).toBe(name());
});

test('pictures are fetched when they are in sight, and let go with the panel', async () => {
  const made: string[] = [];
  const gone: string[] = [];
  vi.spyOn(URL, 'createObjectURL').mockImplementation(() => {
    made.push(`blob:${made.length}`);
    return made.at(-1) as string;
  });
  vi.spyOn(URL, 'revokeObjectURL').mockImplementation(url => void gone.push(String(url)));
  const columns = [column('photo', 'image')];
  await open(
    sideOf(3, {
      'data.open': ({ of }) => opened(of as Of, { columns, rows: 3 }),
      'data.page': () => ({
        offset: 0,
        rows: [0, 1, 2],
        cells: [[{ text: 'PNG', media: true }, null, { text: 'PNG', media: true }]],
        total: 3,
        moved: 1
      })
    })
  );
  await vi.waitFor(() => expect(side.of('data.media')).toHaveLength(2));
  expect(side.last('data.media').args).toMatchObject({ row: 2, column: 'photo' });
  await act(() => side.of('data.media')[0]?.error({ message: 'Broken.' }));
  await act(async () => {
    const { channel } = side;
    const answer = { mime: 'image/png', width: 4, height: 4, seconds: null, text: '4 × 4, PNG' };
    // as the wire brings it: the bytes beside the answer
    const id = [...(channel as never as { pending: Map<string, { op: string }> }).pending].find(
      ([, one]) => one.op === 'data.media'
    )?.[0];
    channel.receive({ v: 'hfnb/1', id, ok: answer }, [new ArrayBuffer(8)]);
  });
  await drawn();
  expect(cellAt(2, 0)?.querySelector('img')?.getAttribute('alt')).toBe('4 × 4, PNG');
  expect(cellAt(0, 0)?.textContent).toBe('not shown');
  await act(() => unmount());
  expect([made, gone]).toEqual([['blob:0'], ['blob:0']]);
});

test('another split is asked for, and the bars can be folded away', async () => {
  await open();
  const split = [...place.querySelectorAll('select')].find(one =>
    one.closest('label')?.textContent?.startsWith('Split')
  );
  if (split) split.value = 'test';
  await act(() => void split?.dispatchEvent(new Event('change', { bubbles: true })));
  await drawn();
  expect(side.last('data.open').args.of).toMatchObject({ split: 'test' });
  expect(place.querySelector('.hfnb-column-bars')).not.toBeNull();
  await click(button(place, 'Bars'));
  expect(place.querySelector('.hfnb-column-bars')).toBeNull();
  expect(host.kept.bars).toBe(false);
});
