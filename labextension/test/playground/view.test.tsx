import { act } from 'preact/test-utils';
import { afterEach, expect, test, vi } from 'vitest';
import { playground } from '../../src/panels/playground';
import type { Run } from '../../src/panels/playground/history';
import { type Answers, drawn, hostOf, OtherSide, type TriedHost } from '../answering';
import { button, click, press, type } from '../parts/page';
import { placed, READY, ran } from './answers';

let place: HTMLElement;
let side: OtherSide;
let host: TriedHost;
let unmount: () => void = () => undefined;

async function open(
  options: Record<string, unknown> = {},
  answers: Answers = {},
  more: Partial<TriedHost> = {}
) {
  side = new OtherSide({ ...READY, ...answers });
  host = Object.assign(hostOf(side, options), more);
  place = document.body.appendChild(document.createElement('div'));
  await act(() => {
    unmount = playground.mount(place, host);
  });
  await drawn();
}

afterEach(() => {
  unmount();
  place.remove();
});

const text = () => place.querySelector('textarea') as HTMLTextAreaElement;
const said = () => place.querySelector('.hfnb-result-box')?.textContent ?? '';
const run = () => click(button(place, 'Run'));
const end = async (answer = ran()) => {
  await act(() => side.last('playground.run').ok(answer));
  await drawn();
};

test('before the first run it says what to try', async () => {
  await open();
  expect(place.textContent).toContain('Nothing was run yet.');
  expect(text().value).toBe('The room was small.');
});

test('who would answer stands there before anything is asked, and why is folded', async () => {
  await open();
  const why = place.querySelector('.hfnb-why');
  expect(why?.textContent).toContain('demo/model · this machine · cached');
  expect([(why as HTMLDetailsElement).open, why?.textContent?.includes('Why: the default.')]).toEqual([
    false,
    true
  ]);
  const method = [...place.querySelectorAll('select')].find(one => one.textContent?.includes('auto →'));
  expect([...(method?.options ?? [])].map(one => [one.textContent, one.disabled])).toEqual([
    ['auto → this machine', false],
    ['this machine', false],
    ["the Hub's providers (no token)", true]
  ]);
});

test('that something leaves this machine is said, with its price', async () => {
  const chosen = {
    ...placed().chosen,
    method: 'hf',
    label: "the Hub's providers",
    stands: '',
    remote: true,
    price: '$1 read'
  };
  await open({}, { 'playground.place': () => placed({ chosen } as never) });
  expect(place.querySelector('.hfnb-why')?.textContent).toContain(
    "What you write goes to the Hub's providers."
  );
  expect(place.querySelector('.hfnb-why')?.textContent).toContain('Price: $1 read.');
});

test('a run tells its numbers in one line, and the end is announced', async () => {
  await open();
  await run();
  await end();
  expect(place.querySelector('.hfnb-run-line')?.textContent).toBe(
    'first token 0.2 s · 38 tok/s · 96 tokens · 0.4 s · $0 · demo/model · local (cpu)'
  );
  expect(place.querySelector('.hfnb-unseen[role=status]')?.textContent).toBe('The result is there.');
});

test('Ctrl-Enter runs, and Escape stops', async () => {
  await open();
  await press(text(), 'Enter', { ctrlKey: true });
  await act(() => side.last('playground.run').event({ html: '<p>half</p>', said: 'half' }));
  expect(said()).toContain('half');
  await press(text(), 'Escape');
  await drawn();
  expect(side.last('playground.run').cancelled).toBe(true);
  expect(said()).toContain('Stopped. What had come stays.');
  expect(said()).toContain('half');
});

test('a slow start says what is done, and how far it is', async () => {
  await open();
  await run();
  const step = { what: 'model.safetensors', done: 1_000_000, total: 4_000_000, rate: 1_000_000, left: 3 };
  await act(() => side.last('playground.run').event({ step }));
  expect(said()).toContain('model.safetensors');
  expect(said()).toContain('25 %');
});

test('a wrong id offers the nearest, and one press takes it', async () => {
  const wrong = { type: 'NotFound', message: 'No model x.', hint: '', retry: false, nearest: ['who/right'] };
  await open(
    { model: 'who/wrogn' },
    {
      'playground.place': ({ model }) => (model === 'who/right' ? placed() : placed({ chosen: null, wrong }))
    }
  );
  expect(place.textContent).toContain('No model x.');
  await click(button(place, 'who/right'));
  await drawn();
  expect(place.textContent).not.toContain('No model x.');
  expect(host.kept.model).toBe('who/right');
});

test('a kept answer says so, and can be asked for again', async () => {
  await open();
  await run();
  await end(ran({ kept: '2026-01-01T12:00:00' }));
  await click(button(place, 'Ask again'));
  expect(side.last('playground.run').args.fresh).toBe(true);
});

test('a result that Python drew can do nothing in the page', async () => {
  await open();
  await run();
  await end(ran({ html: '<img src=x onerror="window.hurt=1"><script>window.hurt=2</script><b>plain</b>' }));
  const result = place.querySelector('.hfnb-result');
  expect(result?.querySelector('script, [onerror], [src]')).toBeNull();
  expect(result?.textContent).toBe('plain');
});

test('what ran can be inserted, copied and shared', async () => {
  const inserted: string[] = [];
  const insert = async (code: string) => {
    inserted.push(code);
    return 'inserted' as const;
  };
  await open({}, {}, { insert });
  await run();
  await end();
  for (const name of ['Insert as cell below', 'Copy as Python', 'Copy as %hf', 'Share']) {
    await click(button(place, name));
    await drawn();
  }
  expect(inserted).toEqual(['%%hf infer']);
  expect(host.copied.slice(0, 2)).toEqual(['hf_nb.infer.run()', '%%hf infer']);
  expect(JSON.parse(host.copied[2] as string)).toMatchObject({
    task: 'text-classification',
    said: 'positive'
  });
});

test('a shared run that is pasted anywhere is restored, and can be undone', async () => {
  await open();
  const run = {
    hf_nb: 'hf_nb playground 1',
    task: 'text-classification',
    input: 'theirs',
    params: { max_tokens: 4 }
  };
  const event = new Event('paste', { bubbles: true, cancelable: true });
  Object.assign(event, { clipboardData: { getData: () => JSON.stringify(run) } });
  await act(() => void text().dispatchEvent(event));
  await drawn();
  expect(text().value).toBe('theirs');
  await click(button(place, 'Undo'));
  await drawn();
  expect(text().value).toBe('The room was small.');
});

test('Compare hands the question over, or puts a cell there', async () => {
  const handed: unknown[] = [];
  await open({ model: 'who/a' }, {}, { hand: (panel, options) => void handed.push([panel, options]) });
  await run();
  await end();
  await click(button(place, 'Compare …'));
  expect(handed).toEqual([
    [
      'compare',
      {
        contenders: [{ model: 'who/a', task: 'text-classification' }],
        input: 'The room was small.',
        task: 'text-classification'
      }
    ]
  ]);
});

test('the history is kept, seen again, run again, deleted and brought back', async () => {
  await open();
  await type(text(), 'first');
  await run();
  await end(ran({ said: 'one', html: '<p>one</p>' }));
  await type(text(), 'second');
  await run();
  await end(ran({ said: 'two', html: '<p>two</p>' }));
  const lines = () => [...place.querySelectorAll('.hfnb-run .hfnb-head')].map(one => one.textContent);
  expect(lines()).toEqual(['second', 'first']);
  await click(place.querySelectorAll('.hfnb-run .hfnb-head')[1]);
  await drawn();
  expect([text().value, place.querySelector('.hfnb-result')?.textContent]).toEqual(['first', 'one']);
  await click(button(place, 'Delete: second'));
  expect(lines()).toEqual(['first']);
  await click(button(place, 'Undo'));
  expect(lines()).toEqual(['second', 'first']);
  await click(button(place, 'Run again: second'));
  await drawn();
  expect(side.last('playground.run').args).toMatchObject({ input: 'second', fresh: true });
  await end();
  await click(button(place, 'Clear the history'));
  expect([lines(), host.kept.history]).toEqual([[], []]);
});

test('a run that Python made appears by itself', async () => {
  let tell: (value: unknown) => void = () => undefined;
  const heard = (name: string, then: (value: unknown) => void) => {
    if (name === 'history') tell = then;
    return () => undefined;
  };
  await open({}, {}, { heard });
  const one: Run = {
    ...question(),
    id: 'p',
    at: '2026-01-01T00:00:00Z',
    end: 'done',
    html: '',
    said: 'x',
    numbers: null,
    wrong: ''
  };
  await act(() => tell([one]));
  expect(place.querySelector('.hfnb-run .hfnb-head')?.textContent).toBe('from Python');
});

const question = () => ({ task: 'chat', model: '', provider: 'auto', input: 'from Python', params: {} });

test('what is written can be kept as an example, and taken away again', async () => {
  await open();
  await type(text(), 'My own example');
  await click(button(place, 'Save as example'));
  const examples = place.querySelector('.hfnb-examples select') as HTMLSelectElement;
  expect([...examples.options].map(one => one.textContent)).toEqual([
    'choose …',
    'My own example',
    'The soup',
    'The room'
  ]);
  await act(() => {
    examples.value = '2';
    examples.dispatchEvent(new Event('change', { bubbles: true }));
  });
  expect([text().value, (host.kept.saved as unknown[]).length]).toEqual(['The room was small.', 1]);
});

test('tasks that cannot be asked for are told, with a way on', async () => {
  vi.useRealTimers();
  await open({}, { 'playground.tasks': () => undefined });
  await act(() => side.last('playground.tasks').error({ message: 'No way.' }));
  await drawn();
  expect(place.textContent).toContain('No way.');
  await click(button(place, 'Try again'));
  expect(side.of('playground.tasks')).toHaveLength(2);
});

test('a conversation goes on with the cursor in the next message', async () => {
  await open({ task: 'chat', input: { messages: [{ role: 'user', content: 'hi' }] } });
  await run();
  await end(ran({ said: 'hello' }));
  await click(button(place, 'Go on from here'));
  await drawn();
  const message = [...place.querySelectorAll('textarea')].at(-1);
  expect([document.activeElement, message?.value]).toEqual([message, '']);
});
