import { describe, expect, test, vi } from 'vitest';
import { Finding, PAUSE } from '../../src/panels/spaces/model';
import { type Answers, hostOf, OtherSide, settled } from '../answering';
import { page, space } from './rows';

const FACETS = { sdks: [], states: [], hardware: [], sorts: [] };

function begun(answers: Answers = {}, options: Record<string, unknown> = {}) {
  const side = new OtherSide({
    'spaces.search': () => page([space('a/one'), space('a/two')]),
    'spaces.facets': () => FACETS,
    ...answers
  });
  const host = hostOf(side, options);
  const finding = new Finding(host);
  const stop = finding.start();
  return { side, host, finding, stop };
}

const ids = (finding: Finding) => finding.rows.value.map(row => row.id);

describe('searching', () => {
  test('begins with what was kept, and asks for filters after the rows', async () => {
    const { side, finding } = begun({}, { text: 'digits', sdk: 'static', unrelated: 1 });
    await settled();
    expect(side.asked.map(one => one.op)).toEqual(['spaces.search', 'spaces.facets']);
    expect(side.asked[0]?.args).toMatchObject({ text: 'digits', sdk: 'static', state: null, limit: 24 });
    expect(ids(finding)).toEqual(['a/one', 'a/two']);
    expect(finding.said.value).toBe('2 Spaces');
  });

  test('rows that came with it are shown without asking, until something is looked for', async () => {
    const first = page([space('a/first')], { more: 'next' });
    const { side, host, finding } = begun({}, { text: 'dig', first });
    await settled();
    expect(ids(finding)).toEqual(['a/first']);
    expect(side.asked.map(one => one.op)).toEqual(['spaces.facets']);
    void finding.further();
    expect(side.last('spaces.search').args).toMatchObject({ text: 'dig', limit: 24, more: 'next' });
    finding.choose({ sdk: 'gradio' });
    await settled();
    expect(host.kept).toEqual({ first: null, sdk: 'gradio' });
    expect(side.last('spaces.search').args).toMatchObject({ text: 'dig', sdk: 'gradio' });
    expect(ids(finding)).toEqual(['a/one', 'a/two']);
  });

  test('filters that could not be asked for come once somebody is there', async () => {
    const side = new OtherSide({ 'spaces.facets': () => FACETS }, false);
    const finding = new Finding(hostOf(side, { first: page([space('a/first')]) }));
    finding.start();
    await settled();
    side.connect();
    await settled();
    await settled();
    expect(finding.facets.answer.value).toEqual(FACETS);
    expect(side.of('spaces.search')).toHaveLength(0);
  });

  test('a choice is kept and asked for; a later one takes the place of an earlier', async () => {
    const { side, host, finding } = begun({ 'spaces.search': () => undefined });
    finding.choose({ sdk: 'gradio' });
    finding.choose({ state: 'running' });
    await settled();
    expect(host.kept).toEqual({ sdk: 'gradio', state: 'running' });
    const [first, second, third] = side.of('spaces.search');
    expect([first?.cancelled, second?.cancelled, third?.cancelled]).toEqual([true, true, false]);
    third?.ok(page([space('a/three')]));
    second?.ok(page([space('a/wrong')]));
    await settled();
    expect(ids(finding)).toEqual(['a/three']);
    expect(finding.list.waiting.value).toBeNull();
  });

  test('more goes on where it ended and shows nothing twice', async () => {
    const { side, finding } = begun({
      'spaces.search': ({ more }) =>
        more
          ? page([space('a/two'), space('a/three')])
          : page([space('a/one'), space('a/two')], { more: 'x' })
    });
    await settled();
    await finding.further();
    expect(side.last('spaces.search').args.more).toBe('x');
    expect(ids(finding)).toEqual(['a/one', 'a/two', 'a/three']);
    expect(finding.said.value).toBe('1 more Spaces');
    await finding.further();
    expect(side.of('spaces.search')).toHaveLength(2);
  });

  test('what failed while nobody was there is asked again once somebody is', async () => {
    const side = new OtherSide(
      { 'spaces.search': () => page([space('a/one')]), 'spaces.facets': () => FACETS },
      false
    );
    const finding = new Finding(hostOf(side));
    finding.start();
    await settled();
    expect(finding.list.wrong.value?.type).toBe('Unreachable');
    side.connect();
    await settled();
    await settled();
    expect(ids(finding)).toEqual(['a/one']);
    expect(finding.list.wrong.value).toBeNull();
  });

  test('an error keeps the rows that are there', async () => {
    const { side, finding } = begun({
      'spaces.search': ({ more }) => (more ? undefined : page([space('a/one')], { more: 'x' }))
    });
    await settled();
    const asking = finding.further();
    side.last('spaces.search').error({ message: 'The Hub stopped answering.', retry: true });
    await asking;
    expect(finding.list.wrong.value?.message).toBe('The Hub stopped answering.');
    expect(ids(finding)).toEqual(['a/one']);
  });
});

describe('live states', () => {
  test('only the Spaces in sight are watched, and anew where others come into sight', async () => {
    vi.useFakeTimers();
    const { side, finding } = begun();
    await vi.advanceTimersByTimeAsync(0);
    finding.see('a/one', true);
    await vi.advanceTimersByTimeAsync(PAUSE);
    expect(side.last('spaces.watch').args).toEqual({ ids: ['a/one'] });
    side
      .last('spaces.watch')
      .event({ states: { 'a/one': { state: 'sleeping', stage: 'SLEEPING', hardware: null } } });
    expect(finding.rows.value[0]).toMatchObject({ state: 'sleeping', stage: 'SLEEPING', hardware: null });
    finding.see('a/two', true);
    finding.see('a/one', true);
    await vi.advanceTimersByTimeAsync(PAUSE);
    expect(side.of('spaces.watch').map(one => one.cancelled)).toEqual([true, false]);
    expect(side.last('spaces.watch').args).toEqual({ ids: ['a/one', 'a/two'] });
    finding.see('a/two', true);
    await vi.advanceTimersByTimeAsync(PAUSE);
    expect(side.of('spaces.watch')).toHaveLength(2);
    vi.useRealTimers();
  });
});

describe('a restart', () => {
  test('shows each stage as it comes, and the one in which it came to rest', async () => {
    const { side, finding } = begun();
    await settled();
    const pressed = finding.restart('a/one');
    const asked = side.last('spaces.restart');
    asked.event({ state: 'building', stage: 'BUILDING' });
    asked.event({ state: 'starting', stage: 'APP_STARTING' });
    expect(finding.restarts.value.get('a/one')?.stages.map(one => one.stage)).toEqual([
      'BUILDING',
      'APP_STARTING'
    ]);
    expect(finding.rows.value[0]?.state).toBe('starting');
    void finding.restart('a/one');
    expect(side.of('spaces.restart')).toHaveLength(1);
    asked.ok({ state: 'running', stage: 'RUNNING' });
    await pressed;
    expect(finding.restarts.value.get('a/one')?.ended?.stage).toBe('RUNNING');
    expect(finding.rows.value[0]?.state).toBe('running');
    expect(finding.said.value).toBe('a/one: Running');
  });

  test('that is refused says why, and can be tried again', async () => {
    const { side, finding } = begun();
    await settled();
    const pressed = finding.restart('a/one');
    side.last('spaces.restart').error({ message: 'You may not.', hint: 'Ask its owner.' });
    await pressed;
    expect(finding.restarts.value.get('a/one')?.wrong?.hint).toBe('Ask its owner.');
    void finding.restart('a/one');
    expect(side.of('spaces.restart')).toHaveLength(2);
  });
});

describe('details', () => {
  test('those of a Space that was closed or replaced come to nothing', async () => {
    const { side, finding } = begun();
    await settled();
    finding.open('a/one');
    const [first] = side.of('spaces.details');
    finding.open('a/two');
    first?.ok({ row: space('a/one') });
    await settled();
    expect([finding.opened.value, finding.details.answer.value]).toEqual(['a/two', null]);
    finding.close();
    side.last('spaces.details').ok({ row: space('a/two') });
    await settled();
    expect([finding.opened.value, finding.details.answer.value]).toEqual([null, null]);
  });
});
