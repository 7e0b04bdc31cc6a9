/**
 * What two texts do not share, word by word. The words that stand nowhere in the other one are marked; those that only
 * moved are not searched for. Long texts are cut at words that both hold once, so that it stays quick.
 */

/** A stretch of a text: shared, or this one's own. */
export interface Piece {
  text: string;
  own: boolean;
}

/** Words of a stretch that is searched as it is; a longer one is cut first. */
const SHORT = 600;
/** Words by which two stretches differ, before what was found so far is taken and the search goes on from there. */
const STEPS = 250;
const WORDS = /[\p{L}\p{N}\p{M}]+(?:['’][\p{L}\p{N}]+)*|\s+|[^\s]/gu;

/** What was compared last: both columns ask for the same pair. */
const known: { one: string; other: string; found: [Piece[], Piece[]] }[] = [];
const KNOWN = 4;

/** The pieces of one text, held against another. */
export function against(one: string, other: string): Piece[] {
  for (const pair of known) {
    if (pair.one === one && pair.other === other) return pair.found[0];
    if (pair.one === other && pair.other === one) return pair.found[1];
  }
  const found = differing(one, other);
  known.unshift({ one, other, found });
  known.length = Math.min(known.length, KNOWN);
  return found[0];
}

/** Both texts in pieces, whose texts together are the texts. */
export function differing(one: string, other: string): [Piece[], Piece[]] {
  const a = one.match(WORDS) ?? [];
  const b = other.match(WORDS) ?? [];
  const shared = new Uint8Array(a.length);
  const also = new Uint8Array(b.length);
  match(a, b, [0, a.length, 0, b.length], shared, also);
  return [pieces(a, shared), pieces(b, also)];
}

type Range = [fromA: number, toA: number, fromB: number, toB: number];

function match(a: string[], b: string[], whole: Range, inA: Uint8Array, inB: Uint8Array): void {
  const open: Range[] = [whole];
  const mark = (i: number, j: number) => {
    inA[i] = 1;
    inB[j] = 1;
  };
  for (let range = open.pop(); range; range = open.pop()) {
    let [a0, a1, b0, b1] = range;
    while (a0 < a1 && b0 < b1 && a[a0] === b[b0]) mark(a0++, b0++);
    while (a0 < a1 && b0 < b1 && a[a1 - 1] === b[b1 - 1]) mark(--a1, --b1);
    if (a0 === a1 || b0 === b1) continue;
    const anchors = a1 - a0 + b1 - b0 > SHORT ? once(a, b, [a0, a1, b0, b1]) : [];
    if (!anchors.length) {
      const { pairs, to } = shortest(a, b, [a0, a1, b0, b1]);
      for (const [i, j] of pairs) mark(i, j);
      open.push([a0 + to[0], a1, b0 + to[1], b1]);
      continue;
    }
    let [i0, j0] = [a0, b0];
    for (const [i, j] of anchors) {
      mark(i, j);
      open.push([i0, i, j0, j]);
      [i0, j0] = [i + 1, j + 1];
    }
    open.push([i0, a1, j0, b1]);
  }
}

/** Words that each side holds exactly once, in the longest order that both keep. */
function once(a: string[], b: string[], [a0, a1, b0, b1]: Range): [number, number][] {
  const places = (words: string[], from: number, to: number) => {
    const found = new Map<string, number>();
    for (let at = from; at < to; at++) {
      const word = words[at] as string;
      if (word.trim()) found.set(word, found.has(word) ? -1 : at);
    }
    return found;
  };
  const inB = places(b, b0, b1);
  const pairs: [number, number][] = [];
  for (const [word, i] of places(a, a0, a1)) {
    const j = inB.get(word);
    if (i >= 0 && j !== undefined && j >= 0) pairs.push([i, j]);
  }
  return rising(pairs.sort((x, y) => x[0] - y[0]));
}

/** The longest run of pairs whose second places rise too. */
function rising(pairs: [number, number][]): [number, number][] {
  const tops: number[] = [];
  const before: number[] = [];
  for (const [at, [, j]] of pairs.entries()) {
    let low = 0;
    let high = tops.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((pairs[tops[middle] as number] as [number, number])[1] < j) low = middle + 1;
      else high = middle;
    }
    before[at] = low > 0 ? (tops[low - 1] as number) : -1;
    tops[low] = at;
  }
  const found: [number, number][] = [];
  for (let at = tops.at(-1) ?? -1; at >= 0; at = before[at] as number)
    found.push(pairs[at] as [number, number]);
  return found.reverse();
}

interface Found {
  pairs: [number, number][];
  /** how much of each was searched */
  to: [number, number];
}

/** Myers' shortest edit of two stretches; of long ones that are unlike, as far as it comes in so many steps. */
function shortest(a: string[], b: string[], [a0, a1, b0, b1]: Range): Found {
  const n = a1 - a0;
  const m = b1 - b0;
  const most = Math.min(n + m, STEPS);
  // how far along `a` each diagonal has come; the diagonal k stands at k + most + 1
  const reached = new Int32Array(2 * most + 3);
  const trail: Int32Array[] = [];
  for (let d = 0; d <= most; d++) {
    trail.push(reached.slice());
    for (let k = -d; k <= d; k += 2) {
      let x = stepped(reached, k, d, most);
      while (x < n && x - k < m && a[a0 + x] === b[b0 + x - k]) x++;
      reached[k + most + 1] = x;
      if (x >= n && x - k >= m) return { pairs: back(trail, [n, m], [a0, b0], most), to: [n, m] };
    }
  }
  const to = furthest(reached, n, m, most);
  return { pairs: back(trail, to, [a0, b0], most), to };
}

/** The place that is furthest along both. */
function furthest(reached: Int32Array, n: number, m: number, most: number): [number, number] {
  let best: [number, number] = [0, 0];
  for (let k = -most; k <= most; k += 2) {
    const x = reached[k + most + 1] as number;
    const y = x - k;
    if (x <= n && y >= 0 && y <= m && x + y > best[0] + best[1]) best = [x, y];
  }
  return best;
}

/** Whether a diagonal is entered from the one above it, by a word of `b`; else from the left, by one of `a`. */
function fromAbove(reached: Int32Array, k: number, d: number, most: number): boolean {
  return k === -d || (k !== d && (reached[k + most] as number) < (reached[k + most + 2] as number));
}

function stepped(reached: Int32Array, k: number, d: number, most: number): number {
  return fromAbove(reached, k, d, most)
    ? (reached[k + most + 2] as number)
    : (reached[k + most] as number) + 1;
}

function back(
  trail: Int32Array[],
  [n, m]: [number, number],
  [a0, b0]: [number, number],
  most: number
): [number, number][] {
  const pairs: [number, number][] = [];
  let [x, y] = [n, m];
  for (let d = trail.length - 1; d >= 0; d--) {
    const k = x - y;
    const reached = trail[d] as Int32Array;
    const entered = d === 0 ? 0 : stepped(reached, k, d, most);
    for (; x > entered; y--) pairs.push([a0 + --x, b0 + y - 1]);
    if (d === 0) break;
    if (fromAbove(reached, k, d, most)) y--;
    else x--;
  }
  return pairs;
}

/** Words put together again, shared ones and own ones in turn; a blank between two own words is own. */
function pieces(words: string[], shared: Uint8Array): Piece[] {
  const made: Piece[] = [];
  for (const [at, text] of words.entries()) {
    const blank = !text.trim();
    const own = blank ? shared[at - 1] === 0 && shared[at + 1] === 0 : shared[at] === 0;
    const last = made.at(-1);
    if (last && last.own === own) last.text += text;
    else made.push({ text, own });
  }
  return made;
}
