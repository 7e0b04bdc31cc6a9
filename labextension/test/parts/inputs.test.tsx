import { useState } from 'preact/hooks';
import { act } from 'preact/test-utils';
import { expect, test } from 'vitest';
import type { InputKind } from '../../src/panels/answers';
import { carried, type Given, Inputs, wordsOf } from '../../src/parts/inputs';
import { parsed } from '../../src/parts/tabular';
import { button, click, draw, press, type } from './page';

let now: Given;
let sent = 0;

function Form({ kind, begin }: { kind: InputKind; begin: Given }) {
  const [value, set] = useState(begin);
  now = value;
  return <Inputs kind={kind} value={value} onInput={set} onSend={() => sent++} />;
}

const field = (root: Element, label: string) => {
  const found = [...root.querySelectorAll('label')].find(one => one.textContent === label);
  return root.querySelector<HTMLInputElement>(`[id="${found?.htmlFor}"]`) as HTMLInputElement;
};

test('a text, sent with Ctrl-Enter', async () => {
  sent = 0;
  const root = await draw(<Form kind="text" begin="" />);
  await type(field(root, 'Text'), 'I love it');
  await press(field(root, 'Text'), 'Enter', { ctrlKey: true });
  expect([now, sent]).toEqual(['I love it', 1]);
});

test('labels are words between commas, and a comma that was just typed stays', async () => {
  const root = await draw(<Form kind="labelled" begin={{ text: 'a', candidate_labels: ['x'] }} />);
  const box = field(root, 'Labels, one or more');
  await type(box, 'x, ');
  expect([box.value, now]).toEqual(['x, ', { text: 'a', candidate_labels: ['x'] }]);
  await type(box, 'x, y');
  expect(now).toEqual({ text: 'a', candidate_labels: ['x', 'y'] });
});

test('sentences stand a line each', async () => {
  const root = await draw(<Form kind="sentences" begin={{ source_sentence: 'a', sentences: [] }} />);
  await type(field(root, 'Compared with'), 'one, two\n\nthree\n');
  expect(now).toEqual({ source_sentence: 'a', sentences: ['one, two', 'three'] });
});

test('a conversation has a system prompt, what was said before, and the next message', async () => {
  const messages = [
    { role: 'user', content: 'one' },
    { role: 'assistant', content: 'two' },
    { role: 'user', content: 'three' }
  ];
  const root = await draw(<Form kind="chat" begin={{ messages }} />);
  await type(field(root, 'What the model is told beforehand'), 'Be brief.');
  await type(field(root, 'Message'), 'four');
  expect(now).toEqual({
    messages: [
      { role: 'system', content: 'Be brief.' },
      ...messages.slice(0, 2),
      { role: 'user', content: 'four' }
    ]
  });
  await click(button(root, 'Leave out from here: two'));
  expect(now).toEqual({
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'one' },
      { role: 'user', content: 'four' }
    ]
  });
});

test('a table is typed in, grows, and keeps columns with numbers for names in their order', async () => {
  const root = await draw(
    <Form kind="table" begin={{ query: '', table: { columns: ['city'], rows: [['Bern']] } }} />
  );
  await click(button(root, 'Column'));
  const name = root.querySelector('[aria-label="Name of column 2"]');
  await type(name, '2020');
  await type(root.querySelector('[aria-label="2020, row 1"]'), '134000');
  await click(button(root, 'Row'));
  expect(now).toEqual({
    query: '',
    table: {
      columns: ['city', '2020'],
      rows: [
        ['Bern', '134000'],
        ['', '']
      ]
    }
  });
  await click(button(root, 'Take away row 2'));
  await click(button(root, 'Take away the column city'));
  expect(now).toEqual({ query: '', table: { columns: ['2020'], rows: [['134000']] } });
});

test('pasted CSV becomes the table, and one press takes it back', async () => {
  const begin = { query: 'q', table: { columns: ['a'], rows: [['1']] } };
  const root = await draw(<Form kind="table" begin={begin} />);
  const event = new Event('paste', { bubbles: true, cancelable: true });
  Object.assign(event, { clipboardData: { getData: () => 'x,y\n1,"two, 2"' } });
  await act(() => void root.querySelector('td input')?.dispatchEvent(event));
  expect(now).toEqual({ query: 'q', table: { columns: ['x', 'y'], rows: [['1', 'two, 2']] } });
  await click(button(root, 'Undo'));
  expect(now).toEqual(begin);
});

test.each([
  [
    'a,b\r\n1,2\r\n',
    [
      ['a', 'b'],
      ['1', '2']
    ]
  ],
  [
    'a\tb\n1\t2,5',
    [
      ['a', 'b'],
      ['1', '2,5']
    ]
  ],
  [
    'a;b\n1,5;2',
    [
      ['a', 'b'],
      ['1,5', '2']
    ]
  ],
  [
    'a,b\n"say ""hi""","two\nlines"',
    [
      ['a', 'b'],
      ['say "hi"', 'two\nlines']
    ]
  ],
  [
    'a,b\n1',
    [
      ['a', 'b'],
      ['1', '']
    ]
  ]
])('%j is read as a table', (text, rows) => {
  expect(parsed(text)).toEqual(rows);
});

test('the words go along to another kind of input', () => {
  expect(carried('hello', 'chat')).toEqual({ messages: [{ role: 'user', content: 'hello' }] });
  expect(carried({ messages: [{ role: 'user', content: 'hello' }] }, 'question')).toEqual({
    question: 'hello'
  });
  expect(carried({ question: 'who?', context: 'c' }, 'text')).toBe('who?');
  expect(carried({ question: 'who?', context: 'c' }, 'question')).toEqual({ question: 'who?', context: 'c' });
  expect(wordsOf({ query: 'q', table: {} })).toBe('q');
});
