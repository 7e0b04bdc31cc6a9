import { afterEach, describe, expect, test, vi } from 'vitest';
import { spaces } from '../../src/panels/spaces';
import type { SpaceDetails } from '../../src/panels/spaces/answers';
import { codeOf } from '../../src/panels/spaces/code';
import { costs } from '../../src/panels/spaces/restart';
import { type Answers, drawn, hostOf, OtherSide } from '../answering';
import { page, space } from './rows';

let takeAway = () => {};
afterEach(() => takeAway());

const ROWS = [
  space('a/one', { mayRestart: true, title: 'The first' }),
  space('a/two', { state: 'error', stage: 'BUILD_ERROR' }),
  space('a/three', { state: 'sleeping', hardware: 't4-small', mayRestart: true, app: null })
];

const details = (more: Partial<SpaceDetails> = {}): SpaceDetails => ({
  row: ROWS[1] ?? space('a/two'),
  facts: [{ name: 'Kit', value: 'gradio 5' }],
  card: '<p>What it is</p>',
  cardShortened: false,
  models: ['a/model'],
  datasets: ['a/data'],
  problem: 'No module named gradoi',
  ...more
});

async function shown(answers: Answers = {}, options: Record<string, unknown> = {}) {
  const side = new OtherSide({
    'spaces.search': () => page(ROWS),
    'spaces.facets': () => ({
      sdks: [{ value: 'gradio', label: 'Gradio' }],
      states: [],
      hardware: [],
      sorts: [{ value: 'trending', label: 'Trending' }]
    }),
    'spaces.details': () => details(),
    ...answers
  });
  const host = hostOf(side, options);
  const root = document.createElement('div');
  document.body.append(root);
  const unmount = spaces.mount(root, host);
  takeAway = () => {
    unmount();
    root.remove();
  };
  await drawn();
  await drawn();
  const button = (label: string) => {
    const found = [...root.querySelectorAll('button')].find(
      one => (one.getAttribute('aria-label') ?? one.textContent) === label
    );
    if (!found)
      throw new Error(
        `no button ${label}: ${[...root.querySelectorAll('button')].map(one => one.textContent)}`
      );
    return found;
  };
  return { side, host, root, button, text: () => root.textContent ?? '' };
}

describe('the list', () => {
  test('shows each Space with its state in a word, and opens its app and its page', async () => {
    const { host, root, button, text } = await shown();
    for (const part of ['a/one', 'The first', 'Running', 'Failing', 'Asleep']) expect(text()).toContain(part);
    expect(root.querySelector('.hfnb-choice + .hfnb-shown')?.textContent).toBe('3 Spaces');
    expect(root.querySelector('.hfnb-foot')?.textContent).toContain('3 Spaces');
    button('Open the app a/one').click();
    button('Page of a/one on the Hub').click();
    expect(host.opened).toEqual([ROWS[0]?.app, ROWS[0]?.url]);
    expect(root.querySelectorAll('[aria-label^="Open the app"]')).toHaveLength(1);
  });

  test('says what Spaces are until something is looked for, and which Hub is asked', async () => {
    const hello = () => ({ hub: 'offline Hub', endpoint: 'http://127.0.0.1:1', token: null });
    const { root, button, text } = await shown({ hello, 'spaces.search': () => page([]) }, { text: 'zzz' });
    expect(root.querySelector('.hfnb-title')?.textContent).toContain('offline Hub');
    expect(text()).not.toContain('small web apps');
    button('Clear the search').click();
    await drawn();
    expect(text()).not.toContain('small web apps');
    takeAway();
    expect((await shown()).text()).toContain('Spaces are small web apps on the Hub.');
  });

  test('leads from a failing Space to what went wrong', async () => {
    const { root, button, text } = await shown();
    expect(root.querySelectorAll('[aria-label^="See why"]')).toHaveLength(1);
    button('See why a/two fails').click();
    await drawn();
    expect(text()).toContain('No module named gradoi');
  });

  test('asks again when a filter is chosen', async () => {
    const { side, host, root } = await shown();
    const select = [...root.querySelectorAll('select')].find(one =>
      one.querySelector('option[value=gradio]')
    );
    if (!select) throw new Error('no such filter');
    select.value = 'gradio';
    select.dispatchEvent(new Event('change', { bubbles: true }));
    await drawn();
    expect(side.last('spaces.search').args).toMatchObject({ sdk: 'gradio' });
    expect(host.kept).toEqual({ sdk: 'gradio' });
  });

  test('that is empty says what to try', async () => {
    const { side, button, text } = await shown(
      { 'spaces.search': () => page([]) },
      { text: 'zzz', sdk: 'docker' }
    );
    expect(text()).toContain('No Space fits.');
    button('Clear 1 filter').click();
    await drawn();
    expect(side.last('spaces.search').args).toMatchObject({ text: 'zzz', sdk: null });
  });

  test('that stopped short says how far it came, and goes on', async () => {
    const { side, button, text } = await shown({
      'spaces.search': ({ more }) =>
        more ? page([space('a/four')]) : page(ROWS, { more: 'x', stopped: 'The Hub stopped answering.' })
    });
    expect(text()).toContain('3 Spaces so far. The Hub stopped answering.');
    button('Try again').click();
    await drawn();
    expect(side.last('spaces.search').args.more).toBe('x');
    expect(text()).toContain('a/four');
  });

  test('that failed says why, and tries again', async () => {
    const { side, button, text } = await shown({ 'spaces.search': () => undefined });
    side.last('spaces.search').error({ message: 'The Hub cannot be reached.', hint: 'Wait.', retry: true });
    await drawn();
    expect(text()).toContain('The Hub cannot be reached.Wait.');
    button('Try again').click();
    expect(side.of('spaces.search')).toHaveLength(2);
  });
});

describe('a restart', () => {
  test('shows the stages and the end, and is there only where it is allowed', async () => {
    const { side, root, button, text } = await shown();
    expect(root.querySelectorAll('[aria-label^="Restart a/"]')).toHaveLength(2);
    button('Restart a/one').click();
    const asked = side.last('spaces.restart');
    asked.event({ state: 'building', stage: 'BUILDING' });
    await drawn();
    expect(text()).toContain('Building');
    expect(button('Restart a/one').getAttribute('aria-busy')).toBe('true');
    asked.ok({ state: 'running', stage: 'RUNNING' });
    await drawn();
    expect(text()).toContain('Restarted:');
    expect(root.querySelector('[aria-live]')?.textContent).toBe('a/one: Running');
  });

  test('asks first where it begins to cost, and only there', async () => {
    expect(ROWS.map(costs)).toEqual([false, false, true]);
    expect(costs(space('a/b', { state: 'running', hardware: 't4-small' }))).toBe(false);
    const { side, button, text } = await shown();
    button('Restart a/three').click();
    await drawn();
    expect(text()).toContain('t4-small is paid for by the hour while it runs.');
    expect(document.activeElement?.textContent).toBe('Restart');
    button('Leave it').click();
    await drawn();
    expect(side.of('spaces.restart')).toHaveLength(0);
    button('Restart a/three').click();
    await drawn();
    (document.activeElement as HTMLElement).click();
    expect(side.last('spaces.restart').args).toEqual({ id: 'a/three' });
  });

  test('that failed leads to what went wrong', async () => {
    const { side, button, text } = await shown();
    button('Restart a/one').click();
    side.last('spaces.restart').ok({ state: 'error', stage: 'RUNTIME_ERROR' });
    await drawn();
    button('See why a/one fails').click();
    await drawn();
    expect(text()).toContain('No module named gradoi');
  });
});

describe('details', () => {
  test('say why it fails, what it uses, and open on the Hub', async () => {
    const { host, button, text } = await shown({}, { open: 'a/two' });
    for (const part of ['No module named gradoi', 'gradio 5', 'What it is', 'hf info spaces/a/two'])
      expect(text()).toContain(part);
    button('a/model').click();
    button('a/data').click();
    expect(host.opened).toEqual(['http://127.0.0.1:1/a/model', 'http://127.0.0.1:1/datasets/a/data']);
    button('Close').click();
    await drawn();
    expect(text()).not.toContain('No module named gradoi');
    expect(host.kept.open).toBeNull();
  });

  test('of a hostile card run nothing', async () => {
    const card =
      '<img src="http://elsewhere/x" onerror="window.hurt=1"><script>window.hurt=1</script><p>text</p>';
    const { root } = await shown({ 'spaces.details': () => details({ card }) }, { open: 'a/two' });
    const shownCard = root.querySelector('.hfnb-prose')?.innerHTML;
    expect(shownCard).toContain('text');
    expect(shownCard).not.toMatch(/script|onerror|elsewhere/);
  });
});

test('an id that does not look like one is never made into code', () => {
  expect(codeOf('a/b-c.d')?.magic).toBe('%hf info spaces/a/b-c.d');
  for (const id of ['a/b; rm', 'a/"b', 'a\nb', '', '../x', 'a/b/c', '-x/y']) expect(codeOf(id)).toBeNull();
});

test('states that are not live any more say so', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  vi.stubGlobal('IntersectionObserver', undefined);
  const { side, text } = await shown();
  await vi.advanceTimersByTimeAsync(300);
  side.last('spaces.watch').error({ message: 'The Hub cannot be reached.', retry: true });
  await drawn();
  expect(text()).toContain('The states may be old: The Hub cannot be reached.');
  vi.useRealTimers();
  vi.unstubAllGlobals();
});
