/** The Compare panel in a page: columns as they come, once a frame; stops, differences, votes, many rows. */
import { act } from 'preact/test-utils';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { compare } from '../../src/panels/compare';
import type { Drawn, Figures, Judged, News } from '../../src/panels/compare/answers';
import { write } from '../../src/panels/compare/writing';
import { type Answers, drawn, hostOf, OtherSide } from '../answering';
import { button, click, press } from '../parts/page';

// so that a panel has it as soon as it turns to votes or rows; later.test.tsx is about its coming
beforeAll(() => import('../../src/panels/compare/more') as Promise<unknown>);

let takeAway = () => {};
afterEach(() => {
  takeAway();
  vi.unstubAllGlobals();
});

const WHO = [{ model: 'owner/one' }, { model: 'owner/two', provider: 'hf' }];
const text = (words: string): Drawn => ({ kind: 'text', text: words, html: '', labels: [] });
const TALLY = { votes: 0, ties: 0, pairs: [], ratings: null };

function figures(seconds: number, more: Partial<Figures> = {}): Figures {
  return {
    seconds,
    first: 0.2,
    rate: 40,
    read: 5,
    written: 20,
    cost: null,
    memory: null,
    model: 'owner/one',
    method: 'local',
    device: 'cpu',
    revision: 'c0ffee',
    reason: '',
    marks: [],
    ...more
  };
}

async function shown(options: Record<string, unknown> = {}, answers: Answers = {}) {
  const side = new OtherSide({
    'playground.tasks': () => ({ tasks: [] }),
    'compare.inputs': () => ({ variables: [] }),
    'compare.columns': () => ({ columns: [], rows: null, splits: [], column: null, labels: null }),
    'compare.tally': () => TALLY,
    'compare.stop': () => ({}),
    ...answers
  });
  const host = hostOf(side, { contenders: WHO, input: 'Hello', ...options });
  const root = document.createElement('div');
  document.body.append(root);
  const unmount = compare.mount(root, host);
  takeAway = () => {
    unmount();
    root.remove();
  };
  await drawn();
  const lanes = () => [...root.querySelectorAll('.hfnb-lane')];
  const come = async (...columns: News[]) => {
    side.last('compare.live').event({ run: 'c1', columns });
    await drawn();
  };
  const frame = async () => {
    await act(() => new Promise(resolve => setTimeout(resolve, 60)));
  };
  await frame();
  return { side, host, root, lanes, come, frame };
}

async function ran() {
  const page = await shown();
  await click(button(page.root, 'Run'));
  return page;
}

describe('one prompt', () => {
  test('is asked of all, and what comes is drawn once a frame', async () => {
    const { side, lanes, come, frame } = await ran();
    await frame();
    const frames: FrameRequestCallback[] = [];
    vi.stubGlobal('requestAnimationFrame', (draw: FrameRequestCallback) => frames.push(draw));
    expect(side.last('compare.live').args).toEqual({ contenders: WHO, input: 'Hello' });
    await come({ at: 0, text: 'One ', parts: 1 });
    await come({ at: 0, text: 'two ', parts: 1 }, { at: 1, text: 'Un ', parts: 1 });
    expect(lanes()[0]?.querySelector('.hfnb-spoken')?.textContent).toBe('');
    for (const draw of frames) draw(performance.now());
    await drawn();
    expect(lanes().map(one => one.querySelector('.hfnb-spoken')?.textContent)).toEqual(['One two ', 'Un ']);
  });

  test('marks where two differ once both have ended, and says how much longer one took', async () => {
    const { side, root, lanes, come, frame } = await ran();
    await come(
      { at: 0, state: 'done', answer: text('A black cat sat here all day long'), figures: figures(1) },
      {
        at: 1,
        state: 'done',
        answer: text('A white cat sat here all day long'),
        figures: figures(3, { method: 'hf' })
      }
    );
    side.last('compare.live').ok({ code: { magic: '%%hf compare', python: 'hf_nb.compare' } });
    await drawn();
    await frame();
    expect(lanes().map(one => one.querySelector('mark')?.textContent)).toEqual(['black', 'white']);
    expect(lanes()[1]?.textContent).toContain('3.0× the time of A');
    expect(lanes()[0]?.textContent).toContain('40 tok/s');
    expect(root.textContent).toContain('The same in code');
    expect(root.querySelector('[aria-live]')?.textContent).toContain('has answered');
  });

  test('of which one fails leaves the other alone', async () => {
    const { lanes, come, root, side } = await ran();
    await come({
      at: 0,
      state: 'failed',
      wrong: { type: 'Unauthorized', message: 'No key.', hint: 'Set one.', retry: false }
    });
    await come({ at: 1, text: 'still', parts: 1 });
    expect(lanes()[0]?.textContent).toContain('No key.');
    expect(lanes()[0]?.textContent).toContain('Set one.');
    await click(button(root, 'Stop B two'));
    expect(side.last('compare.stop').args).toEqual({ run: 'c1', at: 1 });
    await come({ at: 1, state: 'stopped', answer: text('still') });
    expect(lanes()[1]?.textContent).toContain('stopped');
    expect(lanes()[1]?.textContent).toContain('still');
  });

  test('is stopped as a whole by one button', async () => {
    const { side, root, come } = await ran();
    await come();
    await click(button(root, 'Stop'));
    expect(side.last('compare.stop').args).toEqual({ run: 'c1' });
  });

  test('with classes shows them as bars, and where another gives another class', async () => {
    const { lanes, come } = await ran();
    const labels = (first: string, score: number): Drawn => ({
      kind: 'labels',
      text: first,
      html: '',
      labels: [
        { label: first, score },
        { label: first === 'good' ? 'bad' : 'good', score: 1 - score }
      ]
    });
    await come(
      { at: 0, state: 'done', answer: labels('good', 0.9) },
      { at: 1, state: 'done', answer: labels('bad', 0.6) }
    );
    expect(lanes()[0]?.textContent).toContain('90.0 %');
    expect(lanes()[1]?.textContent).toContain('Not as A: good');
    expect(lanes()[1]?.textContent).toContain('+50.0');
  });

  test('keeps markup as text', async () => {
    const { lanes, come, frame } = await ran();
    await come({ at: 0, text: '<img src=x onerror=alert(1)>', parts: 1 });
    await frame();
    expect(lanes()[0]?.querySelector('img')).toBeNull();
    expect(lanes()[0]?.textContent).toContain('<img src=x');
  });

  test('cannot run without a model in each column, and says so', async () => {
    const { root } = await shown({ contenders: [{ model: 'owner/one' }] });
    expect(button(root, 'Run').disabled).toBe(true);
    expect(button(root, 'Run').title).toBe('Choose a model for each column.');
  });
});

describe('contenders', () => {
  test('are added up to four, duplicated and taken away', async () => {
    const { root } = await shown();
    await click(button(root, 'Add a contender'));
    await click(button(root, 'Add a contender'));
    expect(root.querySelectorAll('.hfnb-contender').length).toBe(4);
    expect([...root.querySelectorAll('button')].some(one => one.ariaLabel === 'Add a contender')).toBe(false);
    await click(button(root, 'Settings of D'));
    await click(button(root, 'Remove'));
    await click(button(root, 'Settings of B, 1 set'));
    await click(button(root, 'Duplicate'));
    const models = [...root.querySelectorAll<HTMLInputElement>('.hfnb-contender [role=combobox]')];
    expect(models.map(one => one.value)).toEqual(['owner/one', 'owner/two', '', 'owner/two']);
  });

  test('that another panel hands over take the empty place, or the last', async () => {
    const { root, host } = await shown({
      contenders: [{ model: 'owner/one' }, {}],
      add: { model: 'owner/new' }
    });
    const models = [...root.querySelectorAll<HTMLInputElement>('.hfnb-contender [role=combobox]')];
    expect(models.map(one => one.value)).toEqual(['owner/one', 'owner/new']);
    expect('add' in host.kept && host.kept.add === undefined).toBe(true);
  });
});

describe('votes', () => {
  const PAIR = {
    id: 'p1',
    input: 'Hello',
    row: null,
    left: text('Left words'),
    right: text('Right words'),
    same: false
  };
  const VOTED = {
    sides: [
      { name: 'two', figures: null },
      { name: 'one', figures: null }
    ],
    outcome: 'left',
    tally: {
      votes: 12,
      ties: 1,
      pairs: [
        { first: 'one', second: 'two', won: 3, lost: 8, tied: 1, sentence: 'Neither …', more: 30, settled: 0 }
      ],
      ratings: null
    }
  };

  function unasked() {
    return shown(
      { blind: true },
      {
        'compare.blind': () => ({ pair: PAIR, failed: [], tally: TALLY }),
        'compare.vote': () => VOTED,
        'compare.undo': () => ({ pair: PAIR, tally: TALLY })
      }
    );
  }

  async function asked() {
    const page = await unasked();
    await click(button(page.root, 'Run'));
    await drawn();
    return { ...page, pair: () => page.root.querySelector('.hfnb-pair') };
  }

  test('a pair has the focus as soon as it can be seen', async () => {
    const { root } = await unasked();
    const focused: boolean[] = [];
    const look = () => {
      const pair = root.querySelector('.hfnb-pair');
      if (pair) focused.push(document.activeElement === pair);
    };
    // told when the page has changed, before it is drawn; `act` would run what comes after the drawing too
    const watching = new MutationObserver(look);
    watching.observe(root, { childList: true, subtree: true });
    button(root, 'Run').click();
    await vi.waitFor(() => expect(focused).not.toEqual([]));
    watching.disconnect();
    expect(focused[0]).toBe(true);
  });

  test('are cast by keys, and names are told after', async () => {
    const { side, root, pair } = await asked();
    expect(document.activeElement).toBe(pair());
    expect(pair()?.textContent).not.toContain('two');
    await press(pair(), 'ArrowLeft');
    await drawn();
    expect(side.last('compare.vote').args).toEqual({ pair: 'p1', outcome: 'left' });
    expect(pair()?.textContent).toContain('You preferred two to one.');
    expect(root.querySelector('[aria-live]')?.textContent).toContain(
      'You preferred two to one. 12 votes so far.'
    );
    expect(root.textContent).toContain('12 votes · about 30 more would settle it');
    await press(pair(), 'ArrowRight');
    expect(side.of('compare.vote').length).toBe(1);
    await press(pair(), 'u');
    await drawn();
    expect(side.last('compare.undo').args).toEqual({ pair: 'p1' });
    expect(pair()?.textContent).not.toContain('You preferred');
  });

  test.each([
    ['T', 'tie'],
    ['b', 'tie'],
    ['ArrowDown', 'tie'],
    ['ArrowRight', 'right'],
    ['2', 'right']
  ])('%s is %s', async (key, outcome) => {
    const { side, pair } = await asked();
    await press(pair(), key);
    expect(side.last('compare.vote').args).toEqual({ pair: 'p1', outcome });
  });

  test('a pair is skipped without one', async () => {
    const { side, pair } = await asked();
    await press(pair(), 's');
    await drawn();
    expect(pair()).toBeNull();
    expect(side.of('compare.vote').length).toBe(0);
  });

  test('where one fails there is nothing to vote on', async () => {
    const wrong = { type: 'Busy', message: 'Too busy.', hint: '', retry: true };
    const { root } = await shown(
      { blind: true },
      { 'compare.blind': () => ({ pair: null, failed: [{ name: 'one', wrong }], tally: TALLY }) }
    );
    await click(button(root, 'Run'));
    await drawn();
    expect(root.textContent).toContain('one failed, so there is nothing to vote on.');
    expect(root.textContent).toContain('Too busy.');
  });
});

describe('many rows', () => {
  const ends = { value: 0.8, low: 0.7, high: 0.9, n: 40 };
  const line = (name: string) => ({
    name,
    model: `owner/${name}`,
    method: 'local',
    ok: 40,
    failed: 0,
    left: 0,
    scores: [{ metric: 'accuracy', scale: 'share', ...ends }],
    seconds: { value: 0.1, low: 0.09, high: 0.11, n: 10 },
    first: null,
    rate: null,
    memory: 1e8,
    cost: null,
    wrong: null
  });
  const JUDGED: Judged = {
    verdict: 'no difference between one and two on accuracy is shown (n = 40).',
    lines: [line('one'), line('two')],
    plot: {
      metric: 'accuracy',
      unit: 'seconds',
      higher: true,
      points: [
        { name: 'one', across: 0.1, up: 0.8, across_ends: [0.09, 0.11], up_ends: [0.7, 0.9] },
        { name: 'two', across: 0.2, up: 0.82, across_ends: null, up_ends: null }
      ],
      summary: ['one: accuracy 0.8 at 0.1 seconds a row.']
    },
    rows: 40,
    differ: 7,
    failures: 0,
    kind: 'labels',
    labelled: true,
    stopped: false,
    notes: []
  };
  const PROGRESS = {
    run: 'c7',
    done: 20,
    total: 80,
    seconds: 4,
    left: 12,
    asks: null,
    over: false,
    judged: null
  };
  const cell = (words: string, worth: number) => ({
    answer: text(words),
    score: 0.9,
    worth,
    wrong: null,
    seconds: null
  });
  const PAGE = {
    rows: [
      { row: 0, input: 'I love it', label: 'good', differs: true, answers: [cell('good', 1), cell('bad', 0)] }
    ],
    total: 1
  };

  async function running() {
    const page = await shown(
      { source: 'rows', given: { kind: 'lines', text: 'a\nb' } },
      { 'compare.page': () => PAGE, 'compare.row': () => PAGE.rows[0], 'compare.agree': () => ({}) }
    );
    await click(button(page.root, 'Run'));
    const event = async (more: object = {}) => {
      page.side.last('compare.rows').event({ ...PROGRESS, ...more });
      await drawn();
    };
    const done = async () => {
      await event({ over: true });
      page.side.last('compare.rows').ok({ ...JUDGED, run: 'c7', code: { magic: 'x', python: 'y' } });
      await drawn();
      await drawn();
    };
    return { ...page, event, done };
  }

  test('say how far they are and what they say so far, then the verdict', async () => {
    const { root, event, done } = await running();
    await event();
    expect(root.textContent).toContain('20 of 80');
    expect(root.textContent).toContain('12 s left');
    await event({ judged: JUDGED });
    expect(root.querySelector('.hfnb-verdict')?.textContent).toContain('So far');
    await done();
    expect(root.querySelector('.hfnb-verdict')?.textContent).toBe(JUDGED.verdict);
    expect(root.textContent).toContain('80.0 % 70.0 %–90.0 %');
    expect(root.querySelector('svg[aria-label="accuracy against seconds a row"]')).not.toBeNull();
    expect(root.textContent).toContain('one: accuracy 0.8 at 0.1 seconds a row.');
  });

  test('stand in a table with who is right, and unfold', async () => {
    const { root, side, event, done } = await running();
    await event({ judged: JUDGED });
    await done();
    const row = root.querySelector('.hfnb-rows-table tbody tr');
    expect(row?.textContent).toContain('right: ');
    expect(row?.textContent).toContain('wrong: ');
    await click(button(root, 'Row 0'));
    await drawn();
    expect(root.querySelector('.hfnb-rows-whole')?.textContent).toContain('I love it');
    const choice = [...root.querySelectorAll('select')].find(one => one.value === 'all') as HTMLSelectElement;
    choice.value = 'differ';
    choice.dispatchEvent(new Event('change', { bubbles: true }));
    await drawn();
    expect(side.last('compare.page').args).toMatchObject({ run: 'c7', only: 'differ' });
  });

  test('that take long or cost money wait for a word with the amount in it', async () => {
    const { root, side, event } = await running();
    await event({ asks: { rows: 190, seconds: 240, dollars: 0.12 } });
    expect(root.textContent).toContain('The other 190 rows take about 4 min and about $0.12.');
    await click(button(root, 'Go on, for about $0.12'));
    expect(side.last('compare.agree').args).toEqual({ run: 'c7' });
    await click(button(root, 'That is enough'));
    expect(side.last('compare.stop').args).toEqual({ run: 'c7' });
  });
});

describe('a text that grows', () => {
  test('stands in blocks, and nothing of it is lost', () => {
    const place = document.createElement('div');
    let whole = '';
    for (let at = 0; at < 4000; at++) {
      const token = at % 50 === 49 ? `word${at}\n` : `word${at} `;
      whole += token;
      write(place, token);
    }
    expect(place.textContent).toBe(whole);
    expect(place.children.length).toBeGreaterThan(10);
    for (const block of place.children) expect(block.childNodes.length).toBe(1);
  });

  test('without an end of a line is cut at a blank, and one of nothing but signs not at all', () => {
    const place = document.createElement('div');
    const words = 'word '.repeat(3000);
    write(place, words);
    expect(place.textContent).toBe(words);
    expect(place.children.length).toBeGreaterThan(1);
    const solid = document.createElement('div');
    write(solid, 'x'.repeat(9000));
    expect(solid.textContent?.length).toBe(9000);
  });
});
