/** A conversation to write: what the model is told beforehand, what was said, and what is said next. */
import { Button } from './button';
import { Field } from './field';
import { useHere } from './here';

export interface Message {
  role: string;
  content: string;
}

export interface ConversationProps {
  messages: Message[];
  onInput: (messages: Message[]) => void;
  onSend?: () => void;
  eager: boolean;
}

export function Conversation({ messages, onInput, onSend, eager }: ConversationProps) {
  const { say } = useHere();
  const system = messages[0]?.role === 'system' ? messages[0] : null;
  const said = messages.slice(system ? 1 : 0);
  const last = said.at(-1)?.role === 'user' ? (said.at(-1) as Message) : null;
  const before = last ? said.slice(0, -1) : said;
  const made = (told: string, earlier: Message[], next: string) =>
    onInput([
      ...(told ? [{ role: 'system', content: told }] : []),
      ...earlier,
      { role: 'user', content: next }
    ]);
  const told = system?.content ?? '';
  const next = last?.content ?? '';
  return (
    <>
      <details class="hfnb-fold" open={!!told || undefined}>
        <summary>{told ? say('System prompt') : say('System prompt: none')}</summary>
        <Field
          label={say('What the model is told beforehand')}
          lines={2}
          value={told}
          onInput={text => made(text, before, next)}
          {...(onSend && { onSend })}
        />
      </details>
      {before.length > 0 && (
        <ol class="hfnb-said" aria-label={say('Said before')}>
          {before.map((one, index) => (
            <li key={index}>
              <span class="hfnb-soft">{one.role === 'user' ? say('You') : say('Model')}</span>
              <span>{one.content}</span>
              <Button
                kind="plain"
                icon="close"
                label={say('Leave out from here: %1', one.content.slice(0, 40))}
                title={say('Leave out from here')}
                onClick={() => made(told, before.slice(0, index), one.role === 'user' ? one.content : next)}
              />
            </li>
          ))}
        </ol>
      )}
      <Field
        label={say('Message')}
        lines={3}
        value={next}
        eager={eager}
        onInput={text => made(told, before, text)}
        {...(onSend && { onSend })}
      />
    </>
  );
}
