/** What the sidebar showed last: the tab, and what each panel wants to find again. Kept in JupyterLab's own state. */
import type { IStateDB } from '@jupyterlab/statedb';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import { drop, leave, take } from './note';

const KEY = 'hf-nb:sidebar';
const PAUSE = 200;
/** Milliseconds after a change in which it may not have reached the server yet. */
const UNSENT = 5000;

type Options = Record<string, unknown>;

interface Kept {
  tab?: string;
  panels: Record<string, Options>;
  /** when it was changed last */
  at?: number;
}

export class Memory {
  private saving: ReturnType<typeof setTimeout> | undefined;
  /** when this page changed something last */
  private changed = 0;

  private constructor(
    private readonly state: IStateDB | null,
    private readonly kept: Kept
  ) {}

  /** As it was left, by whichever page changed it last. `place`: the server and the workspace. */
  static async load(state: IStateDB | null, place = '', page: EventTarget = window): Promise<Memory> {
    const saved = whole(await state?.fetch(KEY).catch(() => undefined));
    const left = take() as { place?: unknown; kept?: unknown } | null;
    const late = state && left?.place === place ? whole(left.kept) : null;
    const newer = late && (late.at ?? 0) > (saved?.at ?? 0);
    const memory = new Memory(state, (newer ? late : saved) ?? { panels: {} });
    if (newer) memory.save();
    if (state) page.addEventListener('pagehide', () => memory.leave(place));
    return memory;
  }

  get tab(): string | undefined {
    return this.kept.tab;
  }

  set tab(name: string | undefined) {
    if (name === undefined) delete this.kept.tab;
    else this.kept.tab = name;
    this.save();
  }

  of(panel: string): Options {
    return { ...this.kept.panels[panel] };
  }

  keep(panel: string, name: string, value: unknown): void {
    this.kept.panels[panel] = { ...this.kept.panels[panel], [name]: value };
    this.save();
  }

  /** Begin a panel with these options and nothing else. */
  begin(panel: string, options: Options): void {
    this.kept.panels[panel] = { ...options };
    this.save();
  }

  /** JupyterLab forgets its state: what is not saved yet stays unsaved. */
  forget(): void {
    clearTimeout(this.saving);
    this.changed = 0;
  }

  private save(): void {
    this.changed = Date.now();
    this.kept.at = this.changed;
    clearTimeout(this.saving);
    this.saving = setTimeout(() => {
      const plain = JSON.parse(JSON.stringify(this.kept)) as ReadonlyPartialJSONObject;
      void this.state?.save(KEY, plain).catch(() => undefined);
    }, PAUSE);
  }

  private leave(place: string): void {
    if (Date.now() - this.changed < UNSENT) leave(JSON.stringify({ place, kept: this.kept }));
    else drop();
  }
}

/** Nothing of what is not of our making. */
function whole(found: unknown): Kept | null {
  const kept = found as Partial<Kept> | null | undefined;
  const real = typeof kept === 'object' && kept !== null && typeof kept.panels === 'object' && kept.panels;
  return real ? (kept as Kept) : null;
}
