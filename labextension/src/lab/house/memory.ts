/** What the sidebar showed last: the tab, and what each panel wants to find again. Kept in JupyterLab's own state. */
import type { IStateDB } from '@jupyterlab/statedb';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

const KEY = 'hf-nb:sidebar';
const PAUSE = 200;

type Options = Record<string, unknown>;

export class Memory {
  private saving: ReturnType<typeof setTimeout> | undefined;

  private constructor(
    private readonly state: IStateDB | null,
    private kept: { tab?: string; panels: Record<string, Options> }
  ) {}

  static async load(state: IStateDB | null): Promise<Memory> {
    const found = (await state?.fetch(KEY).catch(() => undefined)) as Memory['kept'] | undefined;
    const whole = typeof found === 'object' && found !== null && typeof found.panels === 'object';
    return new Memory(state, whole ? found : { panels: {} });
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

  private save(): void {
    clearTimeout(this.saving);
    this.saving = setTimeout(() => {
      const plain = JSON.parse(JSON.stringify(this.kept)) as ReadonlyPartialJSONObject;
      void this.state?.save(KEY, plain).catch(() => undefined);
    }, PAUSE);
  }
}
