/** What the ops of `spaces.*` answer (hf_nb/panels/spaces.py). */
import type { Choice, Fact } from '../answers';

/** The Hub's stages, in seven words. */
export type SpaceState = 'running' | 'starting' | 'building' | 'sleeping' | 'paused' | 'stopped' | 'error';

export interface SpaceRow {
  id: string;
  author: string;
  name: string;
  title: string;
  sdk: string | null;
  hardware: string | null;
  /** the Hub's own word, shown on hover */
  stage: string;
  state: SpaceState;
  likes: number | null;
  updated: string | null;
  private: boolean;
  /** whether the token in use may restart it; false where that is not known */
  mayRestart: boolean;
  /** its page, and the app itself */
  url: string;
  app: string | null;
}

/** spaces.facets {} */
export interface SpaceFacets {
  sdks: Choice[];
  states: Choice[];
  hardware: Choice[];
  sorts: Choice[];
}

/** spaces.search {text, sdk, state, hardware, sort, limit, more} -> Page<SpaceRow> */

/** spaces.details {id} */
export interface SpaceDetails {
  row: SpaceRow;
  facts: Fact[];
  card: string;
  cardShortened: boolean;
  models: string[];
  datasets: string[];
  /** what went wrong, where its state is error */
  problem: string | null;
}

/** spaces.watch {ids}: events, one whenever something changed, until it is cancelled */
export interface SpaceNews {
  states: Record<string, { state: SpaceState; stage: string; hardware: string | null }>;
  /** why the news are old: the Hub does not answer; null once it does again */
  trouble?: string | null;
}

/** spaces.restart {id}: events {state, stage} as the Hub says them, answer the state in which it came to rest */
export interface Restarted {
  state: SpaceState;
  stage: string;
}
