/** Words that differ are marked, nothing is lost, and long texts take no longer than a blink. */
import { describe, expect, it } from 'vitest';
import { differing } from '../../src/panels/compare/differing';

const own = (pieces: { text: string; own: boolean }[]) => pieces.filter(one => one.own).map(one => one.text);
const whole = (pieces: { text: string }[]) => pieces.map(one => one.text).join('');

/** Numbers that are the same every time. */
function chance(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor((state / 2147483648) * below);
  };
}

describe('two texts', () => {
  it('that are the same differ in nothing', () => {
    expect(differing('The cat sat.', 'The cat sat.').map(own)).toEqual([[], []]);
    expect(differing('', '').map(whole)).toEqual(['', '']);
  });

  it('differ in the words that changed, were added or left out', () => {
    const [one, other] = differing('The black cat sat down.', 'The white cat sat very still down.');
    expect(own(one)).toEqual(['black']);
    expect(own(other)).toEqual(['white', 'very still']);
  });

  it('in other scripts are cut into words too', () => {
    const [one, other] = differing('Grüße aus Zürich 🌍', 'Grüße aus Genève 🌍');
    expect([own(one), own(other)]).toEqual([['Zürich'], ['Genève']]);
  });

  it('of which one is empty differ wholly', () => {
    const [one, other] = differing('', 'All of it');
    expect([own(one), own(other)]).toEqual([[], ['All of it']]);
  });

  it('keep every sign, whatever they hold', () => {
    const draw = chance(7);
    const words = ['a', 'b', ' ', '\n', 'ö', '’', '<b>', '日', '.', "it's"];
    for (let round = 0; round < 300; round++) {
      const text = () => Array.from({ length: draw(30) }, () => words[draw(words.length)]).join('');
      const [one, other] = [text(), text()];
      const [a, b] = differing(one, other);
      expect([whole(a), whole(b)]).toEqual([one, other]);
      const shared = (pieces: typeof a) =>
        pieces
          .filter(piece => !piece.own)
          .map(piece => piece.text.replace(/\s+/g, ''))
          .join('');
      expect(shared(a)).toBe(shared(b));
    }
  });

  it('that say the same words over and over are held beside each other still', () => {
    const words = (noun: string) => `the small ${noun} by the river was sold to a family. `.repeat(900);
    const [one, other] = differing(words('house'), words('barn'));
    expect(new Set(own(one))).toEqual(new Set(['house']));
    expect(own(other).length).toBe(900);
  });

  it('of 10,000 words are compared in a blink, alike or not', () => {
    const draw = chance(11);
    const long = Array.from({ length: 10_000 }, () => `w${draw(3000)}`);
    const edited = long.map((word, at) => (at % 97 === 0 ? `x${at}` : word));
    const other = Array.from({ length: 10_000 }, () => `w${draw(3000)}`);
    for (const [text, least] of [
      [edited, 100],
      [other, 1]
    ] as const) {
      const began = performance.now();
      const [a, b] = differing(long.join(' '), text.join(' '));
      expect(performance.now() - began).toBeLessThan(1500);
      expect(whole(a)).toBe(long.join(' '));
      expect(own(b).length).toBeGreaterThanOrEqual(least);
    }
  });
});
