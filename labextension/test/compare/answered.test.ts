/** What was answered last is found again by the next page, and what is no such thing is left alone. */
import { describe, expect, test } from 'vitest';
import { found, kept } from '../../src/panels/compare/answered';
import type { Drawn, Figures } from '../../src/panels/compare/answers';
import { Column } from '../../src/panels/compare/column';
import { Comparing } from '../../src/panels/compare/model';
import { hostOf, OtherSide, settled } from '../answering';

const WHO = [{ model: 'owner/one' }, { model: 'owner/two' }];
const DRAWN: Drawn = { kind: 'text', text: 'Paris.', html: '', labels: [] };
const CODE = { cell: '%%hf compare', python: 'compare.run()' } as never;

function columns(): Column[] {
  const [one, two] = [new Column(), new Column()];
  for (const column of [one, two]) column.begin();
  one.hear({ at: 0, text: 'Par' });
  one.hear({ at: 0, text: 'is.', answer: DRAWN, figures: { marks: [], seconds: 1.5 } as unknown as Figures });
  one.hear({ at: 0, state: 'done' });
  two.hear({ at: 1, text: 'Pa' });
  two.hear({ at: 1, state: 'failed', wrong: { type: 'Busy', message: 'no', hint: 'wait', retry: true } });
  return [one, two];
}

/** As a notebook holds it. */
const written = (value: unknown) => JSON.parse(JSON.stringify(value)) as Record<string, never>;
const lanes = () => written(kept(WHO, columns(), null)).lanes as unknown as object[];

describe('answers of before', () => {
  test('stand there again as they ended', () => {
    const before = columns();
    const again = found(written(kept(WHO, before, CODE)));
    expect(again?.asked).toEqual(WHO);
    expect(again?.code).toEqual(CODE);
    const [one, two] = again?.columns ?? [];
    expect(one?.state.value).toBe('done');
    expect(one?.answer.value).toEqual(DRAWN);
    expect(one?.figures.value?.seconds).toBe(1.5);
    expect(one?.seconds).toBeCloseTo(before[0]?.seconds ?? -1);
    expect(one?.rate).toBe(null);
    expect(two?.state.value).toBe('failed');
    expect(two?.text).toBe('Pa');
    expect(two?.wrong.value?.message).toBe('no');
  });

  test('are not kept while something is under way, nor where they are large', () => {
    const [one, two] = columns();
    const going = new Column();
    going.begin();
    expect(kept(WHO, [one as Column, going], null)).toBe(null);
    two?.hear({ at: 1, text: 'x'.repeat(50_000) });
    expect(kept(WHO, [one as Column, two as Column], null)).toBe(null);
    expect(kept([], [], null)).toBe(null);
  });

  test.each([
    null,
    'x',
    [],
    { asked: WHO },
    { asked: WHO, lanes: [] },
    { asked: [WHO[0]], lanes: lanes() },
    { asked: [{}, {}], lanes: lanes() },
    { asked: WHO, lanes: [{}, {}] },
    { asked: WHO, lanes: [{ state: 'waiting', text: '', seconds: 1 }, null] },
    { asked: WHO, lanes: lanes().map(one => ({ ...one, answer: 7 })) }
  ])('of another making are left alone: %j', value => {
    expect(found(value)).toBe(null);
  });

  test('are with the host once all have ended, and a panel begins with them', async () => {
    const side = new OtherSide({ 'compare.live': () => undefined });
    const host = hostOf(side, { contenders: WHO, input: 'Hello' });
    const comparing = new Comparing(host);
    const asked = comparing.ask();
    const live = side.last('compare.live');
    for (const at of [0, 1]) live.event({ run: 'c1', columns: [{ at, answer: DRAWN, state: 'done' }] });
    live.ok({ code: CODE });
    await asked;
    await settled();
    const next = new Comparing(hostOf(side, written({ contenders: WHO, answered: host.kept.answered })));
    expect(next.columns.value.map(one => one.answer.value?.text)).toEqual(['Paris.', 'Paris.']);
    expect(next.code.value).toEqual(CODE);
    expect(next.running.value).toBe(false);
    expect(next.named(1)).toBe('B two');
  });
});
