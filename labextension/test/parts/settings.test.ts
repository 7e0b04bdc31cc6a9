import { expect, test } from 'vitest';
import { read, Settings, written } from '../../src/parts/settings';
import { control } from './parameters';

const TEMPERATURE = control('temperature', {
  kind: 'slider',
  least: 0,
  most: 100,
  low: 0,
  high: 2,
  step: 0.05
});
const TOKENS = control('max_tokens', { kind: 'whole', least: 1 });
const STOP = control('stop', { kind: 'words' });
const SAMPLE = control('do_sample', { kind: 'switch' });
const FORM = control('response_format', { kind: 'json' });
const HOW = control('strategy', { kind: 'choice', choices: ['none', 'simple'] });

function settings(): Settings {
  const made = new Settings();
  made.change([TEMPERATURE, TOKENS, STOP, SAMPLE, FORM, HOW]);
  return made;
}

test('only what was changed is sent, each in its own type', () => {
  const made = settings();
  expect(made.values.value).toEqual({});
  made.write('temperature', '0,7');
  made.write('max_tokens', '128');
  made.write('do_sample', 'false');
  made.write('response_format', '{"type": "json_object"}');
  made.write('strategy', 'simple');
  made.write('stop', '\\n\nEND');
  expect(made.values.value).toEqual({
    temperature: 0.7,
    max_tokens: 128,
    do_sample: false,
    response_format: { type: 'json_object' },
    strategy: 'simple',
    stop: ['\n', 'END']
  });
  expect(made.problems.value).toEqual({});
});

test('what cannot be read is a problem and not sent', () => {
  const made = settings();
  for (const [name, draft] of Object.entries({
    temperature: 'warm',
    max_tokens: '1.5',
    response_format: '{"type"',
    strategy: 'other'
  }))
    made.write(name, draft);
  expect(made.values.value).toEqual({});
  expect(Object.keys(made.problems.value)).toEqual([
    'temperature',
    'max_tokens',
    'response_format',
    'strategy'
  ]);
  expect(read(TEMPERATURE, '101').problem).toEqual(['%1 at most.', 100]);
  expect(read(TOKENS, '0').problem).toEqual(['%1 at least.', 1]);
  expect(read(TEMPERATURE, '3').value).toBe(3); // beyond the slider's end, and let through
});

test('an emptied box is the model’s own again, and so is all of it', () => {
  const made = settings();
  made.write('temperature', '1');
  made.write('temperature', ' ');
  expect([made.values.value, made.problems.value]).toEqual([{}, {}]);
  made.write('max_tokens', '5');
  made.forget();
  expect(made.values.value).toEqual({});
});

test('values are written as they are read', () => {
  const values = {
    temperature: 0.3,
    max_tokens: 9,
    stop: ['a\nb', 'c\\n', '\t'],
    do_sample: true,
    response_format: { a: [1] },
    strategy: 'none'
  };
  const made = settings();
  made.fill({ ...values, unknown: 5 });
  expect(made.values.value).toEqual(values);
  expect(written(STOP, 'one')).toBe('one');
});

test('another task keeps what both know', () => {
  const made = settings();
  made.fill({ temperature: 0.5, strategy: 'none' });
  made.change([TEMPERATURE]);
  expect(made.values.value).toEqual({ temperature: 0.5 });
});
