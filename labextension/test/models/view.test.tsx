import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, expect, test } from 'vitest';
import { models } from '../../src/panels/models';
import type { ModelRow } from '../../src/panels/models/answers';
import { type Answers, hostOf, OtherSide, settled, type TriedHost } from '../answering';
import { button, click, focused, press, type } from '../parts/page';
import { CODE, details, FACETS, page, row } from './rows';

const A = 'who/a';
let place: HTMLElement;
let side: OtherSide;
let host: TriedHost;
let unmount: () => void = () => undefined;

async function open(rows: ModelRow[], answers: Answers = {}, options: Record<string, unknown> = {}) {
  side = new OtherSide({
    hello: () => ({ hub: 'offline Hub', endpoint: 'http://127.0.0.1:9', token: 'mine' }),
    'models.facets': () => FACETS,
    'models.search': () => page(rows),
    'models.details': ({ id }) => details(String(id)),
    'models.code': () => CODE,
    'models.status': () => ({ [A]: { status: 'cached', cachedBytes: 268 } }),
    ...answers
  });
  host = hostOf(side, options);
  place = document.body.appendChild(document.createElement('div'));
  await act(() => {
    unmount = models.mount(place, host);
  });
  await rest();
}

const rest = () => act(async () => void (await settled()));

afterEach(() => {
  unmount();
  render(null, place);
  place.remove();
});

test('a card says what a model is, what it weighs, how it stands and what it may be used for', async () => {
  await open([
    row(A, {
      about: true,
      speed: { calls: 3, seconds: 0.31, tokens: 41.7 },
      providers: ['one'],
      status: 'cached'
    })
  ]);
  const card = place.querySelector('.hfnb-card');
  for (const words of [
    'who/a',
    'Text classification',
    '67 M params · ≈ 268 MB',
    '1.2 M',
    '3 k',
    'On this machine',
    'apache-2.0'
  ])
    expect(card?.textContent).toContain(words);
  expect(card?.textContent).toContain('0.3 s · 42 tok/s');
  expect(card?.textContent).toContain('Callable now');
  expect(
    card?.querySelector('[title="67,000,000 parameters, about 268,000,000 bytes, reckoned"]')
  ).not.toBeNull();
});

test('it says which Hub is asked, and whose token is in use', async () => {
  await open([row(A)]);
  const hub = place.querySelector('.hfnb-title [title]');
  expect([hub?.textContent, hub?.getAttribute('title')]).toEqual([
    'offline Hub',
    'http://127.0.0.1:9 · token: mine'
  ]);
});

test('gated, restricted and missing licences are said in words', async () => {
  await open([
    row('who/g', { gated: 'manual' }),
    row('who/n', { licence: 'cc-by-nc-4.0', licenceKind: 'non-commercial' }),
    row('who/u', { licence: null, licenceKind: 'unknown' })
  ]);
  const cards = [...place.querySelectorAll('.hfnb-card')].map(card => card.textContent);
  expect(cards[0]).toContain('Gated');
  expect(cards[1]).toContain('cc-by-nc-4.0');
  expect(cards[2]).toContain('No licence');
});

test('each state has its word', async () => {
  const states = ['available', 'loading', 'partial', 'cached', 'loaded', 'error'] as const;
  const rows = states.map(status => row(`who/${status}`, { status, downloads: null, likes: null }));
  await open(rows, { 'models.status': () => ({}) });
  const words = [...place.querySelectorAll('.hfnb-card')].map(
    card => card.querySelectorAll('.hfnb-facts-line')[2]?.firstElementChild?.textContent
  );
  expect(words).toEqual([
    'On the Hub',
    'Downloading',
    'Partly here',
    'On this machine',
    'In memory',
    'Failed'
  ]);
});

test('how many there are stands beside the order, and whether there are more', async () => {
  await open([], {
    'models.search': ({ more }) => (more ? page([row('who/b')]) : page([row(A)], { more: 'rest' }))
  });
  const shown = () => place.querySelector('.hfnb-choice + .hfnb-shown')?.textContent;
  expect(shown()).toBe('1 model, more below');
  await click(button(place, 'Show more'));
  await rest();
  expect(shown()).toBe('2 models');
});

test('after a search that failed, what stands below is said to be of the search before', async () => {
  await open([], { 'models.search': ({ task }) => (task ? undefined : page([row(A)])) });
  expect(place.textContent).not.toContain('From the search before');
  const task = place.querySelector('select');
  if (task) task.value = 'text-generation';
  await act(() => void task?.dispatchEvent(new Event('change', { bubbles: true })));
  await act(async () => {
    side.last('models.search').error({ message: 'Slow.', retry: true });
    await settled();
  });
  expect(place.querySelector('.hfnb-list')?.textContent).toContain('From the search before');
  expect(place.querySelector('.hfnb-before .hfnb-card')).not.toBeNull();
  expect(place.querySelector('.hfnb-shown')).toBeNull();
  await click(button(place, 'Try again'));
  await act(async () => {
    side.last('models.search').ok(page([row('who/b')]));
    await settled();
  });
  expect(place.textContent).not.toContain('From the search before');
});

test('a panel whose kernel was restarted shows its rows dimmed', async () => {
  await open([row(A)]);
  expect(place.querySelector('.hfnb-before')).toBeNull();
  await act(() => {
    side.channel.status.value = { state: 'lost' };
  });
  expect(place.querySelector('.hfnb-before .hfnb-card')).not.toBeNull();
});

test('filters ask the other side and can be cleared', async () => {
  await open([row(A)]);
  const task = [...place.querySelectorAll('select')].find(one =>
    one.closest('label')?.textContent?.startsWith('Task')
  );
  if (task) task.value = 'text-generation';
  await act(() => void task?.dispatchEvent(new Event('change', { bubbles: true })));
  expect(side.last('models.search').args).toMatchObject({ task: 'text-generation' });
  await click(button(place, 'Clear all'));
  expect(side.last('models.search').args).toEqual({ limit: 24 });
});

test('nothing found says what to try', async () => {
  await open([], {}, { text: 'zzz', task: 'text-generation' });
  expect(place.textContent).toContain('No model fits.');
  await click(button(place, 'Clear 1 filter'));
  await rest();
  await click(button(place, 'Clear the search'));
  expect(side.last('models.search').args).toEqual({ limit: 24 });
});

test('a list that stopped short says so, how old a copy is, and goes on from there', async () => {
  await open([], {
    'models.search': ({ more }) =>
      more
        ? page([row('who/b')])
        : page([row(A)], {
            more: 'rest',
            looked: 40,
            stopped: 'The Hub stopped answering.',
            note: 'A copy, 2 h old.'
          })
  });
  expect(place.textContent).toContain('1 model so far, 40 looked at. The Hub stopped answering.');
  expect(place.textContent).toContain('A copy, 2 h old.');
  await click(button(place, 'Try again'));
  await rest();
  expect([...place.querySelectorAll('.hfnb-card')]).toHaveLength(2);
});

test('a further page that fails says so at the end of the list', async () => {
  await open([], { 'models.search': ({ more }) => (more ? undefined : page([row(A)], { more: 'rest' })) });
  await click(button(place, 'Show more'));
  await act(async () => {
    side.last('models.search').error({ message: 'Slow.', retry: true });
    await settled();
  });
  expect(place.querySelector('.hfnb-foot .hfnb-failed')?.textContent).toContain('Slow.');
  expect(place.querySelectorAll('.hfnb-failed')).toHaveLength(1);
  await click(button(place, 'Try again'));
  expect(side.last('models.search').args).toMatchObject({ more: 'rest' });
});

test('an error stands where the rows would, and the nearest name opens', async () => {
  await open([], { 'models.search': () => undefined });
  await act(async () => {
    side
      .last('models.search')
      .error({ type: 'NotFound', message: 'No such one.', nearest: [A], retry: true });
    await settled();
  });
  expect(place.querySelector('.hfnb-failed')?.textContent).toContain('No such one.');
  await click(button(place, A));
  expect(side.last('models.details').args).toEqual({ id: A });
});

test('filters that did not come are said to be missing', async () => {
  await open([row(A)], { 'models.facets': () => undefined });
  await act(async () => {
    side.last('models.facets').error({ message: 'Broken.' });
    await settled();
  });
  expect(place.textContent).toContain('The filters did not come. Broken.');
});

test('details show facts, memory, licence, files and card, and what to do', async () => {
  await open([row(A)]);
  await click(place.querySelector('[data-hfnb-head]'));
  await rest();
  const drawer = place.querySelector('[role=dialog]');
  for (const words of ['67 M', 'fp32', '67 MB', 'use it freely', '3 files', 'A card.', 'I love it', '2 more'])
    expect((drawer?.textContent ?? '') + (drawer?.querySelector('textarea')?.value ?? '')).toContain(words);
  await click(button(drawer as Element, 'Open on the Hub'));
  await click(button(drawer as Element, 'Copy the id'));
  expect([host.opened, host.copied]).toEqual([[`http://127.0.0.1:9/${A}`], [A]]);
});

test('Try opens the details with the cursor in the input, and Ctrl-Enter runs', async () => {
  await open([row(A)]);
  const tried = button(place, `Try ${A}`);
  tried.focus();
  await click(tried);
  await rest();
  expect(focused().tagName).toBe('TEXTAREA');
  await type(focused(), 'So good');
  await press(focused(), 'Enter', { ctrlKey: true });
  expect(side.last('models.run').args).toEqual({ id: A, task: 'text-classification', input: 'So good' });
  await act(async () => {
    side.last('models.run').ok({
      html: '<b onclick="x()">positive</b>',
      text: 'positive',
      seconds: 0.4,
      source: 'local',
      code: { magic: '%%hf infer', python: 'run()' }
    });
    await settled();
  });
  expect(place.querySelector('.hfnb-result')?.innerHTML).toBe('<b>positive</b>');
  expect(place.textContent).toContain('0.4 s · local');
  expect(place.textContent).toContain('%%hf infer');
});

test('a model that cannot be run says why', async () => {
  await open([row(A)], {
    'models.details': () => details(A, { example: null, notRunnable: 'It wants an image.' })
  });
  await click(place.querySelector('[data-hfnb-head]'));
  await rest();
  expect(place.querySelector('[role=dialog]')?.textContent).toContain('It wants an image.');
  expect(place.querySelector('textarea')).toBeNull();
});

test('getting a model shows how far it is, can be stopped, and ends with what the other side says', async () => {
  await open([row(A)]);
  await click(button(place, `Get ${A}`));
  await act(async () =>
    side
      .last('models.pull')
      .event({ what: 'model.safetensors', done: 67e6, total: 268e6, rate: 10e6, left: 20 })
  );
  const card = () => place.querySelector('.hfnb-card');
  expect(card()?.textContent).toContain('25 % · 67 MB of 268 MB · 10 MB/s · 20 s left');
  expect(card()?.textContent).toContain('Downloading');
  expect(() => button(place, `Stop getting ${A}`)).not.toThrow();
  await act(async () => {
    side.last('models.pull').ok({ path: '/x', files: 1, bytes: 268e6, status: 'cached' });
    await settled();
  });
  expect(card()?.textContent).toContain('On this machine');
  expect(place.querySelector('.hfnb-toast')?.textContent).toContain(`${A} is on this machine: 268 MB.`);
  expect(() => button(place, `Get ${A}`)).toThrow();
});

test('a pull that failed offers one way on, in the same words on the card and in the line below', async () => {
  await open([row(A)], { 'models.status': () => ({ [A]: { status: 'partial', cachedBytes: 1 } }) });
  await click(button(place, `Get ${A}`));
  await act(async () => {
    side.last('models.pull').error({ message: 'Gone.', retry: true });
    await settled();
  });
  const words = (within: string) =>
    [...place.querySelectorAll(`${within} button`)].map(one => one.textContent).filter(Boolean);
  expect(words('.hfnb-card .hfnb-failed')).toEqual(['Try again']);
  expect(words('.hfnb-card > .hfnb-actions')).toEqual(['Try', 'Compare']);
  expect(words('.hfnb-toast')).toEqual(['Try again']);
  await click(button(place.querySelector('.hfnb-toast') as Element, 'Try again'));
  expect(side.of('models.pull')).toHaveLength(2);
});

test('a pull that no retry heals can be begun anew, when what it wants was done', async () => {
  await open([row(A)], { 'models.status': () => ({ [A]: { status: 'available', cachedBytes: null } }) });
  await click(button(place, `Get ${A}`));
  await act(async () => {
    side.last('models.pull').error({ message: 'Gated.', retry: false });
    await settled();
  });
  expect(place.querySelector('.hfnb-toast')?.textContent).not.toContain('Try again');
  expect(() => button(place, `Get ${A}`)).not.toThrow();
});

test('a pull that answers although the model is not whole is not believed', async () => {
  await open([row(A)], { 'models.status': () => ({ [A]: { status: 'partial', cachedBytes: 1 } }) });
  await click(button(place, `Get ${A}`));
  await act(async () => {
    side.last('models.pull').ok({ path: '/x', files: 1, bytes: 268e6, status: 'cached' });
    await settled();
  });
  expect(place.querySelector('.hfnb-toast')?.textContent).toContain('Only a part');
  expect(button(place, `Go on getting ${A}`).textContent).toBe('Go on');
});

test('the code of a model is inserted from its card', async () => {
  await open([row(A)]);
  const inserted: string[] = [];
  host.insert = async code => {
    inserted.push(code);
    return 'inserted';
  };
  await click(button(place, `Insert code for ${A}`));
  await rest();
  expect(inserted).toEqual([CODE.python]);
  expect(place.querySelector('.hfnb-toast')?.textContent).toContain('Inserted');
});

test('the code that the details insert asks what was written', async () => {
  await open([row(A)]);
  await click(button(place, `Try ${A}`));
  await rest();
  await type(place.querySelector('textarea'), 'Mine');
  await click(button(place.querySelector('[role=dialog]') as Element, 'Insert code'));
  expect(side.last('models.code').args).toEqual({ id: A, task: 'text-classification', input: 'Mine' });
});

test('what was found is announced', async () => {
  await open([row(A)]);
  const region = place.querySelector('[aria-live=polite]');
  expect(region?.textContent).toBe('1 model shown');
});

test('a card says whether the model has room in this memory, with the reason on hover', async () => {
  await open([
    row(A, { fits: { verdict: 'too large', reason: 'too large: at most ≈ 30 GB, 16 GB are free' } }),
    row('who/b', { fits: { verdict: 'fits', reason: 'fits, at most ≈ 1.2 GB' } }),
    row('who/c', { fits: null })
  ]);
  const [large, small, unknown] = [...place.querySelectorAll('.hfnb-model')];
  const mark = [...(large?.querySelectorAll('.hfnb-mark') ?? [])].find(
    one => one.textContent === 'Too large'
  );
  expect(mark?.getAttribute('title')).toContain('30 GB');
  expect(small?.textContent).toContain('Fits');
  expect(unknown?.textContent).not.toMatch(/Fits|Tight|Too large/);
});
