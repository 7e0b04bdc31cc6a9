/** Where a part stands: its panel's host, and how it says something to the reader. The frame provides it. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Host } from '../panel';

export interface Toast {
  text: string;
  kind?: 'done' | 'wrong';
  /** one thing to do about it: Undo, Try again … */
  action?: { label: string; run: () => void };
}

export interface Here {
  host: Host;
  /** a sentence in the reader's language */
  say: Host['say'];
  /** for those who listen instead of looking: results, never every step */
  announce: (text: string) => void;
  /** a line that goes away by itself; it is announced too */
  toast: (toast: Toast) => void;
}

export const HereContext = createContext<Here | null>(null);

export function useHere(): Here {
  const here = useContext(HereContext);
  if (!here) throw new Error('A part of a panel outside of its Frame.');
  return here;
}

/** 0 where a control takes part in Tab's round, -1 in a card that is not the current one. */
export const TabContext = createContext<0 | -1>(0);
