/** Pictures and sounds in cells: fetched once they stay in sight, never before. */
import { useSignal } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Button } from '../../parts/button';
import { exact } from '../../parts/format';
import { useHere } from '../../parts/here';
import type { Shown as Got, Showing } from './showing';

/** Milliseconds in sight before a picture is fetched: rows that fly past are not. */
const STAYS = 120;
/** Longest side, in pixels of the screen. */
const SIDE = 128;

interface MediaProps {
  showing: Showing;
  row: number;
  column: string;
  text: string;
}

/** What was fetched; null while it is coming. */
export function useMedia(
  showing: Showing,
  row: number,
  column: string,
  side: number,
  wanted: boolean,
  wait = 0,
  allow?: number
): Got | null {
  const got = useSignal<Got | null>(null);
  useEffect(() => {
    got.value = null;
    if (!wanted) return undefined;
    let release: (() => void) | undefined;
    const timer = setTimeout(() => {
      const wish = showing.want(row, column, side, allow);
      const end = wish.shown.subscribe(value => {
        got.value = value;
      });
      release = () => {
        end();
        wish.release();
      };
    }, wait);
    return () => {
      clearTimeout(timer);
      release?.();
    };
  }, [showing, row, column, side, wanted, wait, allow]);
  return got.value;
}

export function Thumbnail({ showing, row, column, text }: MediaProps) {
  const { say } = useHere();
  const got = useMedia(showing, row, column, SIDE, true, STAYS);
  const [broken, setBroken] = useState(false);
  if (got?.url && !broken)
    return (
      <img
        src={got.url}
        alt={got.media?.text || text || say('Picture')}
        title={got.media?.text}
        draggable={false}
        onError={() => setBroken(true)}
      />
    );
  return (
    <span class={got ? 'hfnb-soft' : 'hfnb-soft hfnb-hole'} title={got?.wrong?.message}>
      {got ? (got.wrong ? say('not shown') : text || say('Picture')) : text}
    </span>
  );
}

/** A sound is fetched when it is to be heard. */
export function Sound({ showing, row, column, text }: MediaProps) {
  const { say, toast } = useHere();
  const [wanted, want] = useState(false);
  const [plays, setPlays] = useState(false);
  const got = useMedia(showing, row, column, 0, wanted);
  const player = useRef<HTMLAudioElement>(null);
  useEffect(() => {
    if (got?.url) player.current?.play().catch(() => setPlays(false));
    if (got?.wrong) {
      toast({ text: got.wrong.message, kind: 'wrong' });
      want(false);
    }
  }, [got]);
  return (
    <>
      <Button
        kind="plain"
        icon={plays ? 'pause' : 'play'}
        busy={wanted && !got}
        label={plays ? say('Pause') : say('Play the sound of row %1', exact(row))}
        onClick={() => {
          if (!wanted) want(true);
          else if (plays) player.current?.pause();
          else player.current?.play().catch(() => setPlays(false));
        }}
      />
      <span>{text}</span>
      {got?.url && (
        <audio
          ref={player}
          src={got.url}
          onPlay={() => setPlays(true)}
          onPause={() => setPlays(false)}
          onEnded={() => setPlays(false)}
        />
      )}
    </>
  );
}
