/**
 * Choosing a model: a box to type in, under it what fits. Used lately, in memory, on this machine, callable, on the Hub.
 * What is on this machine comes at once, the Hub's answer after it; any id or folder may be typed as well.
 */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Channel } from '../channel';
import type { ModelChoice, ModelChoices } from '../panels/answers';
import { Asked } from './asked';
import { type Here, useHere } from './here';
import { Icon } from './icons';
import { useUnique } from './use';

/** Milliseconds without a key after which it is looked for. */
const PAUSE = 200;
const RECENT = 5;

export interface ModelPickerProps {
  channel: Channel;
  /** its name: "Model", "Model A" */
  label: string;
  value: string;
  task: string | null;
  /** what was used here before, the latest first */
  recent?: string[];
  onPick: (id: string) => void;
  placeholder?: string;
  /** `/` brings the cursor here (frame.tsx) */
  search?: boolean;
}

interface Offer {
  id: string;
  group: ModelChoice['group'] | 'recent';
  said: string;
}

export function ModelPicker(props: ModelPickerProps) {
  const { channel, label, value, task, recent = [], onPick, placeholder } = props;
  const { say } = useHere();
  const id = useUnique();
  const asked = useMemo(() => new Asked<ModelChoices>(channel, 'models.choices', true), [channel]);
  const [text, setText] = useState<string | null>(null); // null: nobody types
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(-1);
  const [found, setFound] = useState<ModelChoices | null>(null);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return undefined;
    const look = () =>
      void asked
        .ask({ ...(task && { task }), text: text ?? '' }, event => setFound(event as ModelChoices))
        .then(answer => answer && setFound(answer));
    const pause = setTimeout(look, text ? PAUSE : 0);
    return () => {
      clearTimeout(pause);
      asked.stop();
    };
  }, [asked, open, task, text]);
  const offers = offered(found, recent, text ?? '', say);
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView?.({ block: 'nearest' });
  }, [at]);

  const close = () => {
    setOpen(false);
    setAt(-1);
    setText(null);
  };
  const pick = (chosen: string) => {
    close();
    if (chosen && chosen !== value) onPick(chosen);
  };
  const move = (to: number) => {
    setOpen(true);
    setAt(offers.length ? (to + offers.length) % offers.length : -1);
  };
  const press = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    const taken = keyed(event.key);
    if (taken) {
      event.preventDefault();
      event.stopPropagation();
    }
  };
  const keyed = (key: string): boolean => {
    switch (key) {
      case 'ArrowDown':
        move(at + 1);
        return true;
      case 'ArrowUp':
        move(at < 0 ? offers.length - 1 : at - 1);
        return true;
      case 'Enter':
        if (!open) move(0);
        else pick(offers[at]?.id ?? (text?.trim() || offers[0]?.id || ''));
        return true;
      case 'Escape':
        if (!open) return false;
        close();
        return true;
      default:
        return false;
    }
  };
  return (
    <div class="hfnb-picker">
      <label class="hfnb-choice" for={id}>
        <span>{label}</span>
        <input
          id={id}
          type="text"
          role="combobox"
          autocomplete="off"
          spellcheck={false}
          aria-expanded={open}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          data-hfnb-search={props.search || undefined}
          aria-activedescendant={open && at >= 0 ? `${id}-${at}` : undefined}
          placeholder={placeholder ?? say('Search, or owner/name')}
          title={value}
          value={text ?? value}
          onFocus={event => event.currentTarget.select()}
          onClick={() => setOpen(true)}
          onInput={event => {
            setText(event.currentTarget.value);
            setOpen(true);
            setAt(-1);
          }}
          onKeyDown={press}
          onBlur={() => (typed(text) ? pick(text?.trim() ?? '') : close())}
        />
        <Icon name="chevron" />
      </label>
      {open && (
        <div
          ref={list}
          id={`${id}-list`}
          role="listbox"
          aria-label={say('Models that fit')}
          class="hfnb-picks"
          onPointerDown={event => event.preventDefault()} // the box keeps the focus
        >
          <Offers id={id} offers={offers} at={at} onPick={pick} />
          <Told asked={asked} found={found} empty={!offers.length} />
        </div>
      )}
    </div>
  );
}

interface OffersProps {
  id: string;
  offers: Offer[];
  at: number;
  onPick: (id: string) => void;
}

function Offers({ id, offers, at, onPick }: OffersProps) {
  const { say } = useHere();
  const names: Record<Offer['group'], string> = {
    recent: say('Used lately'),
    loaded: say('In memory'),
    cached: say('On this machine'),
    callable: say('Callable now'),
    hub: say('On the Hub')
  };
  const groups = [...new Set(offers.map(one => one.group))];
  return (
    <>
      {groups.map(group => (
        <div key={group} role="group" aria-label={names[group]}>
          <div class="hfnb-picks-head" aria-hidden="true">
            {names[group]}
          </div>
          {offers.map(
            (one, index) =>
              one.group === group && (
                <div
                  key={one.id}
                  id={`${id}-${index}`}
                  role="option"
                  aria-selected={index === at}
                  class="hfnb-pick"
                  onClick={() => onPick(one.id)}
                >
                  <span>{one.id}</span>
                  <span class="hfnb-soft hfnb-numbers">{one.said}</span>
                </div>
              )
          )}
        </div>
      ))}
    </>
  );
}

/** What is said under the list: that the Hub is still asked, or that it could not be. */
function Told({
  asked,
  found,
  empty
}: {
  asked: Asked<ModelChoices>;
  found: ModelChoices | null;
  empty: boolean;
}) {
  const { say } = useHere();
  const wrong = asked.wrong.value?.message ?? found?.wrong;
  const text = asked.waiting.value
    ? say('Asking the Hub …')
    : wrong
      ? say('The Hub could not be asked: %1', wrong)
      : empty
        ? say('Nothing fits. Any id may be typed: owner/name')
        : '';
  return text ? <div class="hfnb-picks-head hfnb-picks-told">{text}</div> : null;
}

/** The offers in their order, each model once. */
function offered(found: ModelChoices | null, recent: string[], text: string, say: Here['say']): Offer[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (id: string) => words.every(word => id.toLowerCase().includes(word));
  const known = new Map((found?.choices ?? []).map(one => [one.id, one]));
  const lately = recent.filter(fits).slice(0, RECENT);
  const rest = (found?.choices ?? []).filter(one => !lately.includes(one.id) && fits(one.id));
  return [
    ...lately.map(id => ({ id, group: 'recent' as const, said: facts(known.get(id), say) })),
    ...rest.map(one => ({ id: one.id, group: one.group, said: facts(one, say) }))
  ];
}

function facts(one: ModelChoice | undefined, say: Here['say']): string {
  return [one?.size, one?.note && say(one.note)].filter(Boolean).join(' · ');
}

/** An id or a folder, which counts as chosen when the box is left. */
const typed = (text: string | null) => !!text && /^[.~]?[\w.-]*\/\S+$/.test(text.trim());
