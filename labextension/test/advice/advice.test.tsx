import { afterEach, expect, test } from 'vitest';
import type { Advice, Tip } from '../../src/panels/advice/answers';
import { inference } from '../../src/panels/inference';
import { drawn, hostOf, OtherSide } from '../answering';
import { dashboard, job } from '../inference/jobs';

const tip = (key: string, more: Partial<Tip> = {}): Tip => ({
  key,
  gain: 'Would have saved ≈ 12.0 s.',
  seen: '5 of the last 7 questions had been asked before.',
  change: 'Keep the answers.',
  line: '%hf settings answers_cache=256000000',
  known: 'Reckoned: the seconds these questions took the second time.',
  cell: '%hf settings answers_cache=256000000',
  setting: true,
  taken: false,
  ...more
});
const advice = (...tips: Tip[]): Advice => ({ head: '7 answers took 20 s.', tips });
const CELL = 'import hf_nb\n\ntexts = hf_nb.infer.questions("a/b", "translation")';

let takeAway = () => {};
afterEach(() => takeAway());

async function shown(options: Record<string, unknown> = {}) {
  const side = new OtherSide();
  const inserted: string[] = [];
  const host = {
    ...hostOf(side, options),
    insert: async (code: string) => {
      inserted.push(code);
      return 'inserted' as const;
    }
  };
  const root = document.createElement('div');
  document.body.append(root);
  const unmount = inference.mount(root, host);
  takeAway = () => {
    unmount();
    root.remove();
  };
  await drawn();
  const button = (label: RegExp) =>
    [...root.querySelectorAll('button')].find(one =>
      label.test(one.getAttribute('aria-label') ?? one.textContent ?? '')
    );
  const press = async (label: RegExp) => {
    const found = button(label);
    if (!found) throw new Error(`no button ${label} in ${root.textContent}`);
    found.click();
    await drawn();
  };
  const text = () => root.textContent ?? '';
  return { side, root, inserted, button, press, text };
}

async function besideWork() {
  const there = await shown();
  there.side.last('inference.watch').event(dashboard([job('a', { state: 'done' })]));
  await drawn();
  return there;
}

test('is looked for when asked and not before, says what is tried, and is stopped', async () => {
  const { side, press, text, button } = await besideWork();
  expect(side.of('inference.advice')).toEqual([]);
  await press(/^Look for advice/);
  side.last('inference.advice').event({ what: 'Trying questions as a batch …' });
  await drawn();
  expect(text()).toContain('Trying questions as a batch …');
  await press(/^Stop looking/);
  expect(side.last('inference.advice').cancelled).toBe(true);
  expect(button(/^Look for advice/)).toBeDefined();
});

test('that is a setting is taken by one button and taken back by the next', async () => {
  const { side, press, text, button, root } = await besideWork();
  await press(/^Look for advice/);
  side.last('inference.advice').ok(advice(tip('k1'), tip('k2', { gain: 'Would have saved ≈ 1.0 s.' })));
  await drawn();
  for (const part of [
    '7 answers took 20 s.',
    'saved ≈ 12.0 s',
    'asked before',
    'answers_cache=256',
    'Reckoned'
  ])
    expect(text()).toContain(part);
  await press(/^Do it/);
  expect(side.last('inference.take').args).toEqual({ tip: 'k1' });
  expect(button(/^Do it/)?.getAttribute('aria-busy')).toBe('true');
  await press(/^Do it/); // a second press while it waits asks nothing
  expect(side.of('inference.take').length).toBe(1);
  side.last('inference.take').ok({ taken: true, name: 'answers_cache', value: '256000000' });
  await drawn();
  expect(root.querySelector('[aria-live]')?.textContent).toContain('answers_cache is 256000000');
  expect(root.querySelector('[data-tip=k1]')?.textContent).toContain('Set for this notebook');
  expect(root.querySelector('[data-tip=k2]')?.textContent).not.toContain('Set for this notebook');
  await press(/^Undo/);
  expect(side.last('inference.undo').args).toEqual({ tip: 'k1' });
  side.last('inference.undo').ok({ taken: false, name: 'answers_cache', value: '0' });
  await drawn();
  expect(button(/^Undo/)).toBeUndefined();
});

test('that could not be taken says why, where it stands', async () => {
  const { side, press, root } = await besideWork();
  await press(/^Look for advice/);
  side.last('inference.advice').ok(advice(tip('k1')));
  await drawn();
  await press(/^Do it/);
  side.last('inference.take').error({ message: 'It is locked.', hint: 'Ask whoever locked it.' });
  await drawn();
  expect(root.querySelector('[data-tip=k1] .hfnb-failed')?.textContent).toContain('It is locked.');
});

test('that is a change of code is inserted as a cell', async () => {
  const { press, inserted, button } = await shown({
    only: 'advice',
    advice: advice(tip('k1', { setting: false, cell: CELL }))
  });
  expect(button(/^Do it/)).toBeUndefined();
  await press(/^Insert as a cell/);
  expect(inserted).toEqual([CELL]);
});

test('in the output of its command stands alone, is there at once, and knows what was taken', async () => {
  const { side, root, text, button } = await shown({
    only: 'advice',
    advice: advice(tip('k1', { taken: true }))
  });
  expect(side.asked).toEqual([]);
  expect(root.querySelector('h2')?.textContent).toBe('Advice');
  expect(text()).not.toContain('Models in memory');
  expect(button(/^Undo/)).toBeDefined();
  side.channel.hangUp({ state: 'lost' });
  await drawn();
  expect(text()).toContain('saved ≈ 12.0 s');
  expect(button(/^(Undo|Do it|Look)/)).toBeUndefined();
});

test('before anything has run there is none to look for', async () => {
  const { side, button } = await shown();
  side.last('inference.watch').event(dashboard([]));
  await drawn();
  expect(button(/^Look for advice/)).toBeUndefined();
});
