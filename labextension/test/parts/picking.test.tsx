import { act } from 'preact/test-utils';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ModelChoice, ModelChoices } from '../../src/panels/answers';
import { ModelPicker } from '../../src/parts/picking';
import { hostOf, OtherSide } from '../answering';
import { click, draw, press, type } from './page';

let side: OtherSide;
let picked: string[];

const choice = (id: string, group: ModelChoice['group'], more: Partial<ModelChoice> = {}): ModelChoice => ({
  id,
  group,
  size: '',
  task: 'text-generation',
  note: null,
  ...more
});
const HERE = choice('who/here', 'cached', { size: '23 M params' });
const THERE = choice('who/there', 'hub', { note: 'gated' });
const whole = (choices: ModelChoice[], more: Partial<ModelChoices> = {}): ModelChoices => ({
  choices,
  looked: true,
  wrong: null,
  ...more
});

beforeEach(() => {
  vi.useFakeTimers();
  side = new OtherSide();
  picked = [];
});
afterEach(() => vi.useRealTimers());

async function open(recent: string[] = [], value = '') {
  const root = await draw(
    <ModelPicker
      channel={side.channel}
      label="Model"
      task="text-generation"
      value={value}
      recent={recent}
      onPick={id => picked.push(id)}
    />,
    hostOf(side)
  );
  const box = root.querySelector<HTMLInputElement>('[role=combobox]') as HTMLInputElement;
  return { root, box };
}
const offers = (root: Element) => [...root.querySelectorAll('[role=option]')].map(one => one.textContent);
const pass = (ms: number) => act(async () => void (await vi.advanceTimersByTimeAsync(ms)));

test('what is here stands at once, the Hub’s after it, each under its heading', async () => {
  const { root, box } = await open(['who/before']);
  await click(box);
  await pass(10);
  expect(side.last('models.choices').args).toEqual({ task: 'text-generation', text: '' });
  await act(() => side.last('models.choices').event(whole([HERE], { looked: false })));
  expect(offers(root)).toEqual(['who/before', 'who/here23 M params']);
  expect(root.textContent).toContain('Asking the Hub');
  await act(() => side.last('models.choices').ok(whole([HERE, THERE])));
  await pass(1);
  expect(offers(root)).toEqual(['who/before', 'who/here23 M params', 'who/theregated']);
  expect(
    [...root.querySelectorAll('[role=listbox] > [role=group]')].map(one => one.getAttribute('aria-label'))
  ).toEqual(['Used lately', 'On this machine', 'On the Hub']);
});

test('arrows move, Enter takes it, Escape leaves everything as it was', async () => {
  const { root, box } = await open([], 'who/now');
  await click(box);
  await pass(10);
  await act(() => side.last('models.choices').ok(whole([HERE, THERE])));
  await pass(1);
  await press(box, 'ArrowDown');
  expect(box.getAttribute('aria-activedescendant')).toBe(root.querySelector('[aria-selected=true]')?.id);
  await press(box, 'ArrowUp');
  expect(root.querySelector('[aria-selected=true]')?.textContent).toContain('who/there');
  await press(box, 'Escape');
  expect([box.getAttribute('aria-expanded'), box.value, picked]).toEqual(['false', 'who/now', []]);
  await press(box, 'ArrowDown');
  await press(box, 'Enter');
  expect(picked).toEqual(['who/here']);
});

test('typing asks after a pause, once, and shows what fits meanwhile', async () => {
  const { root, box } = await open(['who/abc', 'who/xyz']);
  await type(box, 'ab');
  await pass(50);
  await type(box, 'abc');
  expect(offers(root)).toEqual(['who/abc']);
  await pass(250);
  expect(side.of('models.choices').map(one => one.args.text)).toEqual(['abc']);
});

test('any id may be typed, with Enter or by leaving; a word alone is a search', async () => {
  const { box } = await open();
  await type(box, 'some/model');
  await press(box, 'Enter');
  await type(box, './folder/model');
  await act(() => void box.dispatchEvent(new FocusEvent('blur')));
  await type(box, 'word');
  await act(() => void box.dispatchEvent(new FocusEvent('blur')));
  expect(picked).toEqual(['some/model', './folder/model']);
});

test('a silent Hub is said under what is here', async () => {
  const { root, box } = await open();
  await click(box);
  await pass(10);
  await act(() =>
    side.last('models.choices').ok(whole([HERE], { looked: false, wrong: 'The Hub does not answer.' }))
  );
  await pass(1);
  expect(offers(root)).toEqual(['who/here23 M params']);
  expect(root.textContent).toContain('The Hub could not be asked: The Hub does not answer.');
});
