import { expect, test } from 'vitest';
import { plainly } from '../../src/hands';
import { ago, bytes, count, exact, moment, rate, seconds, share } from '../../src/parts/format';

test('numbers are said in three digits or so', () => {
  expect([0, 7, 999, 1000, 1234, 9949, 9950, 48_123, 1_200_000, 67e6, 494e6, 1.236e9].map(count)).toEqual([
    '0',
    '7',
    '999',
    '1 k',
    '1.2 k',
    '9.9 k',
    '10 k',
    '48 k',
    '1.2 M',
    '67 M',
    '494 M',
    '1.2 B'
  ]);
});

test('what rounding lifts to the next unit is said in that unit', () => {
  expect([999_499, 999_500, 999_960].map(count)).toEqual(['999 k', '1 M', '1 M']);
  expect(bytes(999_999_999)).toBe('1 GB');
});

test('bytes are said in thousands', () => {
  expect([0, 12, 1500, 438e6, 2.6e9].map(bytes)).toEqual(['0 B', '12 B', '1.5 kB', '438 MB', '2.6 GB']);
});

test('times are said in the unit that fits', () => {
  expect([0.0001, 0.012, 0.0996, 2.43, 9.96, 59.4, 59.6, 60, 72, 3600, 5400].map(seconds)).toEqual([
    '1 ms',
    '12 ms',
    '0.1 s',
    '2.4 s',
    '10 s',
    '59 s',
    '1 min',
    '1 min',
    '1 min 12 s',
    '1 h',
    '1 h 30 min'
  ]);
});

test('rates carry their unit', () => {
  expect([rate(31.24, 'rows'), rate(4.26, 'tok'), rate(5e6, 'bytes')]).toEqual([
    '31 rows/s',
    '4.3 tok/s',
    '5 MB/s'
  ]);
});

test('a share is never said to be whole before it is', () => {
  expect([share(0.996), share(1), share(1.2), share(-1)]).toEqual(['99 %', '100 %', '100 %', '0 %']);
});

test('every digit is there on hover', () => {
  expect(exact(1_234_567)).toBe('1,234,567');
  expect(moment(0)).toBe('1970-01-01 00:00 UTC');
  expect(moment('rubbish')).toBe('');
});

test('dates are said as how long ago', () => {
  const now = Date.parse('2026-06-15T12:00:00Z');
  const said = (when: string | number) => ago(when, plainly, now);
  expect(said('2026-06-15T11:59:00Z')).toBe('just now');
  expect(said('2026-06-15T10:30:00Z')).toBe('1 hour ago');
  expect(said('2026-06-12T11:00:00Z')).toBe('3 days ago');
  expect(said('2026-02-15')).toBe('4 months ago');
  expect(said('2023-02-15')).toBe('3 years ago');
  expect(said(now / 1000 - 7300)).toBe('2 hours ago');
  expect(said('rubbish')).toBe('');
});
