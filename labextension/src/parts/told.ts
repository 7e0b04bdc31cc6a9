/** What a catalogue tells by itself: that a search has ended, and what became of a download. */
import { effect } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Catalogue, Kind } from './catalogue';
import { bytes, many } from './format';
import { isHere } from './get';
import { type Toast, useHere } from './here';
import type { CatalogueWords } from './words';

export function useTold<K extends Kind>(model: Catalogue<K>, words: CatalogueWords): void {
  const { say, announce, toast } = useHere();
  useEffect(() => {
    let first = true;
    return effect(() => {
      const page = model.listing.page.value;
      const rows = model.listing.rows.peek().length;
      if (page && !first) announce(rows ? many(rows, ...words.told, say) : say(words.none));
      first = false;
    });
  }, [model, words, say, announce]);
  useEffect(() => {
    // what ended before the list was shown again has been told
    let before = model.fetches.ended.peek();
    return effect(() => {
      const ended = model.fetches.ended.value;
      if (!ended || ended === before) return;
      before = ended;
      toast(ending(model, words, say, ended));
    });
  }, [model, words, say, toast]);
}

type Ended = NonNullable<Catalogue<Kind>['fetches']['ended']['value']>;
type Say = ReturnType<typeof useHere>['say'];

function ending<K extends Kind>(model: Catalogue<K>, words: CatalogueWords, say: Say, ended: Ended): Toast {
  const { id, end, pulled } = ended;
  const begin = () => void model.fetches.begin(id);
  const again = { label: say('Go on'), run: begin };
  if (end === 'failed') {
    const heals = model.fetches.all.peek()[id]?.wrong?.retry;
    const text = say(words.failed, id);
    return { text, kind: 'wrong', ...(heals && { action: { label: say('Try again'), run: begin } }) };
  }
  if (end === 'stopped') return { text: say('Stopped. What has come of %1 stays.', id), action: again };
  const row = [...model.listing.rows.peek(), model.details.answer.peek()?.row].find(one => one?.id === id);
  // believed only once the disk says so; of what is shown no more, its own last word is all there is
  const standing = row ?? pulled;
  if (!standing || isHere(standing)) return { text: say(words.arrived, id, bytes(pulled?.bytes ?? 0)) };
  return { text: say('Only a part of %1 is on this machine.', id), kind: 'wrong', action: again };
}
