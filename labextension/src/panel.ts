/** A panel and where it lives. `panels/<name>/index.tsx` exports one; a cell and the sidebar are its hosts. */
import type { Channel, State } from './channel';

export interface Host {
  readonly kind: 'cell' | 'sidebar';
  readonly channel: Channel;
  /** what Python or the layout asked for: a task, a text … */
  readonly options: Record<string, unknown>;
  /** kept with the layout (sidebar) or with the widget (cell), so that a reload finds it again */
  remember(name: string, value: unknown): void;
  /** Calls back when an option was changed elsewhere: by Python, or in another view; what it returns ends that. */
  heard?(name: string, then: (value: unknown) => void): () => void;
  /** A part of the panel's code that its bundle is without; nothing where such parts are imported. */
  part?<T>(name: string): Promise<T>;
  /** Puts code where the cursor is, or in a new cell below; says what became of it. */
  insert(code: string): Promise<'inserted' | 'copied'>;
  copy(text: string): Promise<boolean>;
  /** Opens an address of the Hub in a new tab. */
  open(url: string): void;
  /** Turns to another panel, which begins with these options; nothing where the host has one panel only. */
  hand?(panel: string, options: Record<string, unknown>): void;
  /** Makes an element draggable into a notebook as a cell; nothing where the host has no notebook. */
  draggable?(element: HTMLElement, code: () => string, label: string): () => void;
  /** What can be done about a state of the channel, where the host can do something: start a kernel, load hf_nb. */
  readonly next?: Partial<Record<State, { label: string; run(): unknown }>>;
  /** A word or sentence in the user's language. */
  readonly say: (text: string, ...values: unknown[]) => string;
}

export interface Panel {
  readonly name: string;
  readonly title: string;
  /** Draws itself into `element`; what it returns takes it away again. */
  mount(element: HTMLElement, host: Host): () => void;
}
