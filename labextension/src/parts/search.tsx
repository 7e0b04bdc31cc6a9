/** A search box. It speaks when typing pauses, or at once with Enter; `/` brings the cursor here (frame.tsx). */
import { useEffect, useRef, useState } from 'preact/hooks';
import { useHere } from './here';
import { Icon } from './icons';

/** Milliseconds without a key after which the text counts as meant. */
const PAUSE = 250;

export interface SearchProps {
  /** what is searched: "Search models" */
  label: string;
  value: string;
  onSearch: (text: string) => void;
  /** Arrow down goes from here into the results */
  onDown?: () => void;
}

export function Search({ label, value, onSearch, onDown }: SearchProps) {
  const { say } = useHere();
  const [text, setText] = useState(value);
  const pause = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const asked = useRef(value);
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // changed from outside ("clear all"), not by typing
    if (value !== asked.current) {
      asked.current = value;
      setText(value);
    }
  }, [value]);
  useEffect(() => () => clearTimeout(pause.current), []);
  const ask = (wanted: string) => {
    clearTimeout(pause.current);
    if (wanted.trim() === asked.current) return;
    asked.current = wanted.trim();
    onSearch(asked.current);
  };
  const type = (wanted: string) => {
    setText(wanted);
    clearTimeout(pause.current);
    pause.current = setTimeout(() => ask(wanted), PAUSE);
  };
  return (
    <div class="hfnb-search" role="search">
      <Icon name="search" />
      <input
        ref={box}
        type="text"
        inputMode="search"
        enterKeyHint="search"
        autocomplete="off"
        spellcheck={false}
        data-hfnb-search
        aria-label={label}
        aria-keyshortcuts="/"
        placeholder={label}
        value={text}
        onInput={event => type(event.currentTarget.value)}
        onKeyDown={event => {
          if (event.isComposing) return;
          if (event.key === 'Enter') ask(text);
          if (event.key === 'ArrowDown' && onDown) {
            event.preventDefault();
            ask(text);
            onDown();
          }
          if (event.key === 'Escape' && text) {
            event.stopPropagation();
            setText('');
            ask('');
          }
        }}
      />
      {text ? (
        <button
          type="button"
          class="hfnb-button hfnb-as-plain hfnb-only-icon"
          aria-label={say('Clear the search')}
          title={say('Clear the search')}
          onClick={() => {
            setText('');
            ask('');
            box.current?.focus();
          }}
        >
          <Icon name="close" />
        </button>
      ) : (
        <kbd aria-hidden="true">/</kbd>
      )}
    </div>
  );
}
