import { describe, expect, test } from 'vitest';
import type { Column } from '../../src/panels/explorer/answers';
import {
  type Bars,
  barAt,
  barLabel,
  between,
  brushed,
  lengthened,
  lengthIn,
  lengthOf,
  ranged,
  toggled
} from '../../src/panels/explorer/brushing';
import { distinctIn } from '../../src/panels/explorer/covering';
import { exampleQuery, exampleWhere } from '../../src/panels/explorer/examples';
import { charsOf, Lanes, lanesIn } from '../../src/panels/explorer/lanes';
import { bringing, EXACT, rowsIn, Squeeze, TALLEST } from '../../src/panels/explorer/scrolling';
import { column, summary } from './tables';

const TABLES: [string, number][] = [
  ['few rows', 100],
  ['10 million rows', 10_000_000],
  ['a billion rows', 1_000_000_000]
];

describe.each(TABLES)('a scroll bar of %s', (_, rows) => {
  const squeeze = new Squeeze(rows, 28, 500);

  test('is never taller than a browser can draw', () => {
    expect(squeeze.given).toBeLessThanOrEqual(TALLEST);
  });

  test('reaches the first row and the last', () => {
    expect(squeeze.place(0)).toBe(0);
    expect(squeeze.place(squeeze.end)).toBe(squeeze.last);
    expect(squeeze.bar(squeeze.last)).toBe(squeeze.end);
  });

  test('stands where the place that it means is', () => {
    for (const share of [0, 1e-6, 0.001, 0.25, 0.5, 0.9999, 1]) {
      const place = share * squeeze.last;
      expect(squeeze.place(squeeze.bar(place)) / Math.max(1, squeeze.last)).toBeCloseTo(
        place / Math.max(1, squeeze.last),
        6
      );
    }
  });

  test('is always moved onwards by going on', () => {
    let before = -1;
    for (let step = 0; step <= 1000; step++) {
      const place = squeeze.place((step / 1000) * squeeze.end);
      expect(place).toBeGreaterThanOrEqual(before);
      before = place;
    }
  });

  test('moves by as many pixels as the wheel, everywhere', () => {
    for (const top of [0, 0.3 * squeeze.last, 0.7 * squeeze.last]) {
      const place = Math.round(top);
      const bar = Math.round(squeeze.bar(place));
      if (squeeze.squeezed) expect(squeeze.moved(place, bar, bar + 112)).toBe(place + 112);
      else expect(squeeze.moved(place, bar, bar + 112)).toBe(Math.min(squeeze.last, bar + 112));
    }
  });
});

test('a bar that is dragged means the place under it', () => {
  const squeeze = new Squeeze(10_000_000, 28, 500);
  const place = squeeze.moved(0, 0, squeeze.end / 2);
  expect(Math.floor(place / 28)).toBe(Math.floor(squeeze.last / 2 / 28));
  expect(squeeze.moved(place, squeeze.end / 2, squeeze.end)).toBe(squeeze.last);
});

test('a bar that comes to its end before the table does has strayed', () => {
  const squeeze = new Squeeze(10_000_000, 28, 500);
  expect(squeeze.strayed(5000, 5000)).toBe(false);
  expect(squeeze.strayed(5_000_000, 0)).toBe(true);
  expect(squeeze.strayed(squeeze.last / 2, squeeze.bar(squeeze.last / 2) + EXACT)).toBe(true);
  expect(squeeze.strayed(squeeze.last, squeeze.end)).toBe(false);
});

test('a table without rows has nowhere to go', () => {
  const squeeze = new Squeeze(0, 28, 500);
  expect([squeeze.place(100), squeeze.bar(100), squeeze.moved(0, 0, 50)]).toEqual([0, 0, 0]);
  expect(rowsIn(0, 500, 28, 0, 6)).toEqual([0, 0]);
});

test('rows in sight are those whose pixels are, and a few around them', () => {
  expect(rowsIn(0, 280, 28, 1000)).toEqual([0, 10]);
  expect(rowsIn(14, 280, 28, 1000)).toEqual([0, 11]);
  expect(rowsIn(2800, 280, 28, 1000, 6)).toEqual([94, 116]);
  expect(rowsIn(2800, 280, 28, 105, 6)).toEqual([94, 105]);
});

test('a row is brought into sight by the shortest way', () => {
  expect(bringing(5, 0, 280, 28)).toBe(0);
  expect(bringing(10, 0, 280, 28)).toBe(28);
  expect(bringing(3, 280, 280, 28)).toBe(84);
});

describe('columns', () => {
  const lanes = (count: number, kept = {}) => {
    const all = new Lanes();
    all.set(
      Array.from({ length: count }, (_, at) => column(`c${at}`, 'number')),
      kept
    );
    return all;
  };
  const names = (all: Lanes) => all.shown.value.map(lane => lane.column.name);

  test('of two thousand only those in sight are drawn, wherever one is', () => {
    const all = lanes(2000);
    for (const left of [0, 1000, 128 * 1500, all.wide.value - 800]) {
      const seen = lanesIn(all.shown.value, left, 800, 0);
      expect(seen.length).toBeLessThanOrEqual(8);
      expect(seen[0]?.left).toBeLessThanOrEqual(left);
      const last = seen.at(-1);
      expect((last?.left ?? 0) + (last?.width ?? 0)).toBeGreaterThanOrEqual(
        Math.min(all.wide.value, left + 800)
      );
    }
  });

  test('that are pinned stand first and stay', () => {
    const all = lanes(50);
    all.pin(30);
    expect(names(all).slice(0, 3)).toEqual(['c30', 'c0', 'c1']);
    const seen = lanesIn(all.shown.value, 3000, 500, all.pinnedWide.value);
    expect(seen[0]?.column.name).toBe('c30');
    expect(seen[1]?.left).toBeGreaterThan(3000);
  });

  test('are moved, hidden, made wider, and found so again by their names', () => {
    const all = lanes(4);
    all.move(3, 0);
    all.hide(1);
    all.resize(2, 333);
    all.resize(0, 5);
    expect(names(all)).toEqual(['c3', 'c0', 'c2']);
    const again = lanes(4, JSON.parse(JSON.stringify(all.kept())));
    expect(again.shown.value.map(lane => [lane.column.name, lane.width])).toEqual(
      all.shown.value.map(lane => [lane.column.name, lane.width])
    );
    expect(again.shown.value.find(lane => lane.column.name === 'c2')?.width).toBe(333);
    expect(again.shown.value.find(lane => lane.column.name === 'c0')?.width).toBe(48);
  });

  test('go one place at a time with the keys, past those that are hidden', () => {
    const all = lanes(4);
    all.hide(1);
    expect(all.step(0, 1)).toBe(true);
    expect(names(all)).toEqual(['c2', 'c0', 'c3']);
    expect(all.step(0, 1)).toBe(true);
    expect(names(all)).toEqual(['c2', 'c3', 'c0']);
    expect(all.step(0, 1)).toBe(false);
    expect(all.step(0, -1)).toBe(true);
    expect(names(all)).toEqual(['c2', 'c0', 'c3']);
  });

  test('with the same name twice are two columns', () => {
    const all = new Lanes();
    all.set([column('a', 'text'), column('a', 'number')]);
    expect(all.shown.value.map(lane => lane.at)).toEqual([0, 1]);
    all.hide(0);
    expect(all.shown.value.map(lane => lane.at)).toEqual([1]);
  });

  test('what was kept may be anything', () => {
    const strange = { widths: { c0: 'wide', zz: 3 }, hidden: 'c0', order: [7, null, 'c1'], pinned: [{}] };
    expect(names(lanes(2, strange as never))).toEqual(['c1', 'c0']);
  });

  test('of long whole numbers are as wide as the first of them', () => {
    const all = new Lanes();
    all.set([column('id', 'number'), column('x', 'number', { stored: 'double' }), column('t', 'text')]);
    const widths = () => all.shown.value.map(lane => lane.width);
    const before = widths();
    for (const at of [0, 1, 2]) all.suit(at, ['7', null, '4611686018427387904']);
    expect(widths()[0]).toBeGreaterThan(19 * 7.5);
    expect(widths().slice(1)).toEqual(before.slice(1));
    all.suit(0, ['9'.repeat(300)]);
    expect(widths()[0]).toBeLessThan(200);
    all.resize(0, 60);
    expect(widths()[0]).toBe(60);
    expect(all.kept().widths).toEqual({ id: 60 });
  });

  test('ask for no other characters with every pixel', () => {
    const all = lanes(1);
    all.set([column('t', 'text')]);
    const chars = () => charsOf(all.shown.value[0] as never);
    const before = chars();
    all.resize(0, 236);
    expect(chars()).toBe(before);
    all.resize(0, 600);
    expect(chars()).toBeGreaterThan(before);
  });

  test('of floats ask for a few digits, however long the name, and for all where they are drawn wider', () => {
    const all = new Lanes();
    const float = { stored: 'double' };
    all.set([column('x', 'number', float), column('a long name of a number', 'number', float)]);
    const chars = (at: number) => charsOf(all.shown.value[at] as never);
    expect([chars(0), chars(1)]).toEqual([10, 10]);
    all.resize(0, 150);
    expect(chars(0)).toBe(16);
    all.resize(0, 400);
    expect(chars(0)).toBeGreaterThan(24);
    all.set([column('id', 'number')]);
    expect(chars(0)).toBeGreaterThan(20);
  });
});

describe('bars', () => {
  const number: Column = column('n', 'number');
  const ranges: Bars = {
    kind: 'ranges',
    edges: [0, 10, 20, 30],
    labels: ['0', '10', '20', '30'],
    counts: [1, 2, 3],
    all: null
  };
  const values: Bars = {
    kind: 'values',
    values: ['a', 'b', null],
    labels: ['a', 'b', 'null'],
    counts: [3, 2, 1],
    all: null,
    others: 4
  };

  test('that were drawn over become a range, to either side', () => {
    const filter = { column: 'n', is: 'between', values: [0, 20], closed: false };
    expect(ranged(number, ranges, [0, 1])).toEqual(filter);
    expect(ranged(number, ranges, [1, 0])).toEqual(filter);
  });

  test('the last one holds its upper end', () => {
    expect(ranged(number, ranges, [2, 2])).toEqual({
      column: 'n',
      is: 'between',
      values: [20, 30],
      closed: true
    });
  });

  test('all of them are no filter', () => {
    expect(ranged(number, ranges, [0, 2])).toBeNull();
  });

  test('a range is shown as the bars it came from', () => {
    for (const brush of [
      [0, 0],
      [0, 1],
      [1, 2],
      [2, 2]
    ] as const)
      expect(brushed(ranges, ranged(number, ranges, [...brush]) ?? undefined)).toEqual(brush);
    expect(brushed(ranges, { column: 'n', is: 'null', values: [] })).toBeNull();
  });

  test('are found under the mouse, also at the edges', () => {
    expect([
      barAt(-5, 90, 3),
      barAt(0, 90, 3),
      barAt(45, 90, 3),
      barAt(90, 90, 3),
      barAt(900, 90, 3)
    ]).toEqual([0, 0, 1, 2, 2]);
  });

  test('of values are taken one by one, and null is a value', () => {
    const a = toggled(number, values, 0, undefined);
    expect(a).toEqual({ column: 'n', is: 'in', values: ['a'] });
    const both = toggled(number, values, 1, a ?? undefined);
    expect(both?.values).toEqual(['a', 'b']);
    expect(toggled(number, values, 0, both ?? undefined)?.values).toEqual(['b']);
    expect(toggled(number, values, 0, a ?? undefined)).toBeNull();
    expect(toggled(number, values, 2, undefined)).toEqual({ column: 'n', is: 'null', values: [] });
  });

  test('say what they stand for', () => {
    expect(barLabel(ranges, 1)).toBe('10 – 20');
    expect(barLabel(values, 2)).toBe('null');
    expect(barLabel({ ...ranges, labels: ['low', 'mid', 'high'] }, 1)).toBe('mid');
    expect(barLabel({ ...ranges, labels: [], edges: [0, 0.1 + 0.2, 20, 30] }, 0)).toBe('0 – 0.3');
  });

  test('are said as they filter: whole numbers to the last one that fits, others up to it', () => {
    const say = (text: string, ...values: unknown[]) =>
      text.replace(/%(\d)/g, (_, at) => `${values[at - 1]}`);
    const said = (of: Column, values: (number | string | null)[], closed = false) =>
      between({ column: of.name, is: 'between', values, closed }, ranges, of, say);
    const price = column('price', 'number', { stored: 'double' });
    expect(said(number, [3, 6])).toBe('n from 3 to 5');
    expect(said(number, [3, 6], true)).toBe('n from 3 to 6');
    expect(said(number, [3, 4])).toBe('n is 3');
    expect(said(number, [null, 6])).toBe('n up to 5');
    expect(said(number, [3, null])).toBe('n from 3');
    expect(said(price, [3, 6])).toBe('price from 3 up to 6');
    expect(said(price, [3, 6], true)).toBe('price from 3 to 6');
    expect(said(price, [null, 6])).toBe('price below 6');
    expect(said(column('day', 'time', { stored: 'date32[day]' }), [0, 10])).toBe('day from 0 up to 10');
  });

  test('of lengths become a condition, beside what was written there', () => {
    const length = lengthOf(column('a "b" (c)', 'text')) ?? '';
    expect(length).toBe('length("a ""b"" (c)")');
    expect(lengthOf(column('n', 'number'))).toBeNull();
    const range = ranged(number, ranges, [0, 1]);
    const one = lengthened('x = 1 or y = 2', length, range);
    expect(one).toBe(`(x = 1 or y = 2) AND ${length} >= 0 AND ${length} < 20`);
    expect(lengthIn(one, length)).toMatchObject({ values: [0, 20], closed: false });
    const other = lengthened(one, length, ranged(number, ranges, [2, 2]));
    expect(other).toBe(`(x = 1 or y = 2) AND ${length} >= 20 AND ${length} <= 30`);
    expect(lengthened(other, length, null)).toBe('(x = 1 or y = 2)');
    expect(lengthened(lengthened('', length, range), length, null)).toBe('');
  });
});

describe('different values', () => {
  const bars: Bars = {
    kind: 'values',
    values: ['a', 'b', null, 'c'],
    labels: [],
    counts: [3, 2, 1, 0],
    all: null,
    others: 0
  };
  const said = (more: Parameters<typeof summary>[1]) => distinctIn(summary('n', more), String);

  test('are counted where all of them are known, though the count was an estimate', () => {
    expect(said({ distinct: 5, distinctAbout: true, bars })).toBe('2');
    expect(said({ distinct: 5, distinctAbout: true, bars: { ...bars, others: 7 } })).toBe('≈ 5');
    expect(said({ distinct: 5, distinctAbout: true })).toBe('≈ 5');
  });

  test('of a sample are at least so many, of all rows exactly so many', () => {
    expect(said({ distinct: 5, from: 'sample', bars })).toBe('≥ 5');
    expect(said({ distinct: 5 })).toBe('5');
    expect(said({ distinct: null })).toBeNull();
  });
});

describe('examples', () => {
  const text = column('text', 'text');

  test('name columns that the table has', () => {
    const columns = [column('id', 'number'), text, column('label', 'label'), column('score', 'number')];
    expect(exampleQuery(columns)).toBe('SELECT label, count(*), avg(score) FROM t GROUP BY label');
    expect(exampleWhere(columns)).toBe('length(text) > 100');
    expect(exampleQuery([column('id', 'number')])).toBe('SELECT count(*), avg(id) FROM t');
    expect(exampleWhere([column('id', 'number')])).toBe('id > 10');
    expect([exampleQuery([]), exampleWhere([])]).toEqual(['SELECT count(*) FROM t', '']);
  });

  test('have names as SQL wants them, and none that is no name at all', () => {
    expect(exampleWhere([column('a "b"', 'text')])).toBe('length("a ""b""") > 100');
    expect(exampleQuery([column('x'.repeat(99), 'text'), text])).toBe(
      'SELECT text, count(*) FROM t GROUP BY text'
    );
  });
});
