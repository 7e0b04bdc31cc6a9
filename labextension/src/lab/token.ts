/** What the plugins of the extension know of each other. */
import { Token } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';
import type { Way } from '../channels/lab';
import type { Say } from './house/host';

export const PANELS = ['models', 'datasets', 'spaces', 'playground', 'compare', 'inference'] as const;
export type PanelName = (typeof PANELS)[number];

export function isPanel(name: unknown): name is PanelName {
  return PANELS.includes(name as PanelName);
}

/** schema/plugin.json */
export interface Settings {
  questions: Way;
  statusItem: boolean;
  panel: PanelName;
}

/** What runs in the active notebook's kernel. */
export interface Running {
  count: number;
  /** tokens a second, all together */
  tokens: number | null;
}

export interface Extension {
  readonly say: Say;
  readonly settings: Settings;
  readonly settingsChanged: ISignal<Extension, void>;
  /** Shows a panel in the sidebar; `options` begin it anew. */
  open(panel?: PanelName, options?: Record<string, unknown>): Promise<void>;
  /** Loads hf_nb in the active notebook's kernel; what it printed. */
  load(): Promise<string>;
  /** What runs; null: no kernel that knows us. The first call connects. */
  running(): Promise<Watched>;
}

export interface Watched {
  readonly now: Running | null;
  readonly changed: ISignal<unknown, void>;
}

export const Extension = new Token<Extension>('hf-nb:Extension', 'The sidebar of hf_nb.');
