import { render } from 'preact';
import { afterEach, describe, expect, test } from 'vitest';
import { Curve, mark, Strips } from '../../src/parts/plot';
import { scale } from '../../src/parts/scale';

describe('a scale', () => {
  test('is linear where values lie near each other, with round ticks from nothing on', () => {
    const measure = scale([0.2, 0.9]);
    expect(measure.log).toBe(false);
    expect(measure.ticks).toEqual([0, 0.5, 1]);
    expect(measure.at(0.5)).toBeCloseTo(0.5);
  });

  test('is logarithmic where they span decades, with a tick for each power', () => {
    const measure = scale([0.012, 0.4, 9]);
    expect(measure.log).toBe(true);
    expect(measure.ticks).toEqual([0.01, 0.1, 1, 10]);
    expect(measure.at(0.1)).toBeCloseTo(1 / 3);
  });

  test('keeps what is nothing, or nonsense, inside the picture', () => {
    for (const values of [[], [0], [0, 0.001, 900], [Number.NaN, 3]]) {
      const measure = scale(values);
      for (const value of [...values, 0]) {
        const at = measure.at(Number.isNaN(value) ? 0 : value);
        expect(at).toBeGreaterThanOrEqual(0);
        expect(at).toBeLessThanOrEqual(1);
      }
    }
  });

  test('never has more ticks than there is room for', () => {
    for (const greatest of [0.0003, 0.07, 3, 86, 999, 12345])
      for (const most of [3, 4, 6]) {
        expect(scale([greatest, greatest / 2], most).ticks.length).toBeLessThanOrEqual(most + 1);
        expect(scale([greatest, greatest / 1e7], most).ticks.length).toBeLessThanOrEqual(most + 1);
      }
  });
});

describe('a strip plot', () => {
  afterEach(() => render(null, document.body));

  const drawn = (strips: Parameters<typeof Strips>[0]['strips']) => {
    render(
      <Strips
        title="Time of a call"
        strips={strips}
        tick={value => `${value} s`}
        legend={{ median: 'half within', tail: '95 of 100 within', slowest: 'the slowest' }}
        log="log scale"
        summary="local: 3 calls."
      />,
      document.body
    );
    return document.body;
  };

  test('has a name, a point for each value, both marks, units and a sentence for all', () => {
    const page = drawn([
      { name: 'local', values: [0.1, 0.2, 0.4], p50: 0.2, p95: 0.4, slowest: null, note: 'p50 0.2 s' }
    ]);
    expect(page.querySelector('svg[role=img]')?.getAttribute('aria-label')).toBe('Time of a call');
    // three, and the one beside the name
    expect(page.querySelectorAll('.hfnb-plot-point')).toHaveLength(4);
    expect(page.querySelectorAll('figure > svg .hfnb-plot-median')).toHaveLength(1);
    expect(page.querySelectorAll('figure > svg .hfnb-plot-tail')).toHaveLength(1);
    expect([...page.querySelectorAll('.hfnb-plot-axis text')].map(tick => tick.textContent)).toContain(
      '0.2 s'
    );
    expect(page.querySelector('figcaption')?.textContent).toBe('local: 3 calls.');
  });

  test('tells in its legend only the marks that are drawn', () => {
    const legend = (page: Element) => page.querySelector('.hfnb-plot-legend')?.textContent?.trim();
    const page = drawn([{ name: 'a', values: [1, 2], p50: 1.5, p95: null, slowest: 2 }]);
    expect(legend(page)).toBe('half within the slowest');
    expect(page.querySelectorAll('figure > svg .hfnb-plot-slowest')).toHaveLength(1);
    expect(page.querySelectorAll('figure > svg .hfnb-plot-tail')).toHaveLength(0);
  });

  test('says at its axis where that is logarithmic, and only there', () => {
    const axis = (values: number[]) =>
      drawn([{ name: 'a', values, p50: 1, p95: null, slowest: null }]).querySelector('figure > svg')
        ?.textContent;
    expect(axis([0.01, 90])).toContain('log scale');
    expect(axis([1, 2])).not.toContain('log scale');
  });

  test('stands still when a value comes: the points of before keep their height', () => {
    const places = (count: number) => {
      const page = drawn([{ name: 'a', values: Array(count).fill(1), p50: 1, p95: 1, slowest: null }]);
      return [...page.querySelectorAll('.hfnb-plot-point')].map(point => point.getAttribute('d'));
    };
    const before = places(3);
    expect(places(4).slice(0, before.length)).toEqual(before);
  });

  test('tells its series apart by shape as well as by colour', () => {
    const marks = Array.from({ length: 20 }, (_, index) => mark(index));
    expect(new Set(marks.map(one => `${one.hue} ${one.shape}`)).size).toBe(20);
    expect(new Set(marks.slice(0, 7).map(one => one.shape)).size).toBe(7);
  });
});

test('a small curve of nothing, or of one value, is drawn all the same', () => {
  for (const values of [[], [3], [0, 0]]) {
    render(<Curve values={values} label="speed" />, document.body);
    expect(document.querySelector('svg')?.outerHTML).not.toMatch(/NaN|Infinity/);
    render(null, document.body);
  }
});
