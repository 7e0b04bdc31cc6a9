/** What goes into a task: a field for a text, and for every task that takes more a field for each part of it. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { InputKind } from '../panels/answers';
import { Field } from './field';
import { useHere } from './here';
import { Conversation, type Message } from './messages';
import { TableField } from './tabular';

/** A text, or the fields of a task by name. */
export type Given = string | Record<string, unknown>;

export interface InputsProps {
  kind: InputKind;
  value: Given;
  onInput: (value: Given) => void;
  /** Ctrl-Enter */
  onSend?: () => void;
  /** the cursor goes there as soon as it is there */
  eager?: boolean;
}

export function Inputs({ kind, value, onInput, onSend, eager = false }: InputsProps) {
  const { say } = useHere();
  const fields = fieldsOf(kind, value);
  const text = (name: string) => String(fields[name] ?? '');
  const put = (name: string) => (one: unknown) => onInput({ ...fields, [name]: one });
  const sends = onSend && { onSend };
  switch (kind) {
    case 'labelled':
      return (
        <>
          <Field
            label={say('Text')}
            lines={3}
            value={text('text')}
            eager={eager}
            onInput={put('text')}
            {...sends}
          />
          <Words
            label={say('Labels, one or more')}
            hint={say('Separated by commas.')}
            value={fields.candidate_labels}
            by=", "
            onInput={put('candidate_labels')}
            {...sends}
          />
        </>
      );
    case 'question':
      return (
        <>
          <Field
            label={say('Question')}
            value={text('question')}
            eager={eager}
            onInput={put('question')}
            {...sends}
          />
          <Field
            label={say('The text that holds the answer')}
            lines={4}
            value={text('context')}
            onInput={put('context')}
            {...sends}
          />
        </>
      );
    case 'sentences':
      return (
        <>
          <Field
            label={say('Sentence')}
            value={text('source_sentence')}
            eager={eager}
            onInput={put('source_sentence')}
            {...sends}
          />
          <Words
            label={say('Compared with')}
            hint={say('One sentence per line.')}
            value={fields.sentences}
            by={'\n'}
            onInput={put('sentences')}
            {...sends}
          />
        </>
      );
    case 'table':
      return (
        <>
          <Field
            label={say('Question')}
            value={text('query')}
            eager={eager}
            onInput={put('query')}
            {...sends}
          />
          <TableField value={fields.table} onInput={put('table')} {...sends} />
        </>
      );
    case 'chat':
      return (
        <Conversation
          messages={messagesOf(value)}
          eager={eager}
          onInput={messages => onInput({ messages })}
          {...sends}
        />
      );
    default:
      return (
        <Field
          label={say('Text')}
          lines={4}
          value={typeof value === 'string' ? value : ''}
          eager={eager}
          onInput={onInput}
          {...sends}
        />
      );
  }
}

/** The same input for another kind: the words that were written go along. */
export function carried(value: Given, kind: InputKind): Given {
  const words = wordsOf(value);
  const first: Partial<Record<InputKind, string>> = {
    labelled: 'text',
    question: 'question',
    sentences: 'source_sentence',
    table: 'query'
  };
  if (kind === 'text') return words;
  if (kind === 'chat') return { messages: [{ role: 'user', content: words }] };
  const name = first[kind] as string;
  return typeof value === 'object' && name in value ? value : { [name]: words };
}

/** The words of an input that a reader would call it by. */
export function wordsOf(value: Given): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value.messages)) return messagesOf(value).at(-1)?.content ?? '';
  for (const name of ['text', 'question', 'source_sentence', 'query'])
    if (typeof value[name] === 'string') return value[name];
  return '';
}

function fieldsOf(kind: InputKind, value: Given): Record<string, unknown> {
  const fitting = carried(value, kind);
  return typeof fitting === 'object' ? fitting : {};
}

function messagesOf(value: Given): Message[] {
  if (typeof value === 'string') return [{ role: 'user', content: value }];
  return Array.isArray(value.messages) ? (value.messages as Message[]) : [];
}

/** A list of texts as one text. What is typed stays as it was typed: "a, " is on the way to "a, b". */
function Words({
  label,
  hint,
  value,
  by,
  onInput,
  onSend
}: {
  label: string;
  hint: string;
  value: unknown;
  by: ', ' | '\n';
  onInput: (words: string[]) => void;
  onSend?: () => void;
}) {
  const words = Array.isArray(value) ? value.map(String) : [];
  const parsed = (text: string) =>
    text
      .split(by.trim() || '\n')
      .map(one => one.trim())
      .filter(Boolean);
  const [draft, setDraft] = useState(words.join(by));
  const now = useRef(draft);
  now.current = draft;
  const outside = JSON.stringify(words);
  useEffect(() => {
    if (JSON.stringify(parsed(now.current)) !== outside) setDraft(words.join(by));
  }, [outside]);
  return (
    <Field
      label={label}
      hint={hint}
      lines={by === '\n' ? 3 : 1}
      value={draft}
      onInput={text => {
        setDraft(text);
        onInput(parsed(text));
      }}
      {...(onSend && { onSend })}
    />
  );
}
