import { act } from 'preact/test-utils';
import { expect, test, vi } from 'vitest';
import { Choice } from '../../src/parts/choice';
import { CodeBox } from '../../src/parts/codebox';
import { Progress } from '../../src/parts/progress';
import { Failed, Loading } from '../../src/parts/states';
import { hostOf, OtherSide } from '../answering';
import { button, click, draw } from './page';

test('loading shows nothing at first, then a shape, then a bar, then how long it has been', async () => {
  vi.useFakeTimers();
  try {
    const root = await draw(<Loading label="Asking the Hub" rows={2} />);
    const seen = () => [
      root.querySelectorAll('.hfnb-skeleton').length,
      root.querySelector('.hfnb-words')?.textContent
    ];
    expect(seen()).toEqual([0, undefined]);
    await act(() => void vi.advanceTimersByTime(200));
    expect(seen()).toEqual([2, undefined]);
    await act(() => void vi.advanceTimersByTime(900));
    expect(seen()).toEqual([2, 'Asking the Hub']);
    await act(() => void vi.advanceTimersByTime(3000));
    expect(seen()).toEqual([2, 'Asking the Hub 4.0 s so far']);
  } finally {
    vi.useRealTimers();
  }
});

test('a failure says what, why, and the next step as a button', async () => {
  const again = vi.fn();
  const pick = vi.fn();
  const wrong = {
    type: 'NotFound',
    message: 'No model "bert-bse".',
    hint: 'Try: `%hf search models bert`',
    retry: true,
    nearest: ['google-bert/bert-base-uncased']
  };
  const host = hostOf(new OtherSide());
  const root = await draw(<Failed wrong={wrong} onRetry={again} onPick={pick} />, host);
  expect(root.textContent).toContain('No model "bert-bse".');
  await click(button(root, 'Try again'));
  await click(button(root, 'google-bert/bert-base-uncased'));
  await click(button(root, 'Copy the command'));
  expect(again).toHaveBeenCalledOnce();
  expect(pick).toHaveBeenCalledWith('google-bert/bert-base-uncased');
  expect(host.copied).toEqual(['%hf search models bert']);
});

test('a message begins with a capital letter, and an id stays as it is', async () => {
  const said = async (message: string) => {
    const root = await draw(<Failed wrong={{ type: 'Broken', message, hint: '', retry: false }} />);
    return root.querySelector('.hfnb-failed')?.textContent;
  };
  expect(await said('the offline Hub is silent.')).toBe('The offline Hub is silent.');
  expect(await said('gpt2 is gated.')).toBe('gpt2 is gated.');
});

test('what a retry never heals offers none', async () => {
  const wrong = { type: 'BadInput', message: 'No.', hint: '', retry: false };
  const root = await draw(<Failed wrong={wrong} onRetry={() => undefined} />);
  expect(root.textContent).not.toContain('Try again');
});

test('progress is said in numbers, to those who listen too', async () => {
  const root = await draw(
    <Progress label="model.safetensors" done={50e6} total={200e6} rate={5e6} left={30} />
  );
  const bar = root.querySelector('[role=progressbar]');
  expect(bar?.getAttribute('aria-valuenow')).toBe('25');
  expect(bar?.getAttribute('aria-valuetext')).toBe('25 %, 50 MB of 200 MB, 5 MB/s, 30 s left');
});

test('progress without an end claims none', async () => {
  const root = await draw(<Progress label="Asking" />);
  expect(root.querySelector('[role=progressbar]')?.hasAttribute('aria-valuenow')).toBe(false);
});

test('a filter shows its groups, and a value that no list has', async () => {
  const choices = [
    { value: 'ner', label: 'Entities', group: 'Text' },
    { value: 'asr', label: 'Speech to text', group: 'Audio' },
    { value: 'qa', label: 'Answers', group: 'Text' }
  ];
  const chosen = vi.fn();
  const root = await draw(<Choice label="Task" value="strange" choices={choices} onChoose={chosen} />);
  const groups = [...root.querySelectorAll('optgroup')].map(group => [
    group.label,
    [...group.querySelectorAll('option')].map(one => one.value)
  ]);
  expect(groups).toEqual([
    ['Text', ['ner', 'qa']],
    ['Audio', ['asr']]
  ]);
  const select = root.querySelector('select');
  expect(select?.value).toBe('strange');
  if (select) select.value = 'asr';
  await act(() => void select?.dispatchEvent(new Event('change', { bubbles: true })));
  expect(chosen).toHaveBeenCalledWith('asr');
});

test('code keeps its heading when it is unfolded, and its buttons their words', async () => {
  const code = { magic: '%hf a', python: 'a()' };
  const root = await draw(<CodeBox code={code} />);
  expect(root.querySelector('details')?.open).toBe(false);
  await draw(<CodeBox code={code} folded={false} />);
  expect(root.querySelector('details')?.open).toBe(true);
  expect(root.querySelector('summary')?.textContent).toBe('The same in code');
  expect(button(root, 'Copy').title).toBe('Copy');
});

test('code is copied and inserted as it is shown, and the reader hears what became of it', async () => {
  const host = hostOf(new OtherSide());
  const inserted = vi.spyOn(host, 'insert').mockResolvedValue('copied');
  const root = await draw(<CodeBox code={{ magic: '%hf a', python: 'a()' }} folded={false} />, host);
  await click(button(root, 'Copy'));
  await click(button(root, 'Python'));
  expect(root.querySelector('pre')?.textContent).toBe('a()');
  await click(button(root, 'Insert below'));
  expect(host.copied).toEqual(['%hf a']);
  expect(inserted).toHaveBeenCalledWith('a()');
  expect(root.querySelector('[aria-live=polite]')?.textContent).toBe('Copied: paste it into a cell.');
});
