/**
 * What a page can do for the panels in it: put code into a notebook, let a card be dragged there, translate. In JupyterLab
 * the extension lends its hands to the panels in cells too (lab/hands.ts); elsewhere there are none.
 */
export interface Hands {
  /** false: there is no notebook to put it into */
  insert(code: string): Promise<boolean>;
  draggable(element: HTMLElement, code: () => string, label: string): () => void;
  say(text: string, ...values: unknown[]): string;
}

// A panel in a cell comes as a bundle of its own and shares nothing with the extension but the page.
const HANDS = Symbol.for('hf_nb.hands');
const page = globalThis as unknown as Record<symbol, Hands | undefined>;

export function hands(): Hands | undefined {
  return page[HANDS];
}

export function lend(given: Hands | undefined): void {
  page[HANDS] = given;
}

/** A sentence with its values, where nobody translates. */
export function plainly(text: string, ...values: unknown[]): string {
  return text.replace(/%(\d)/g, (_, place) => String(values[Number(place) - 1] ?? ''));
}

export async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** Code into the notebook where it can be put there, else copied. Rejects where neither can be done. */
export async function inserted(
  code: string,
  insert?: (code: string) => boolean | Promise<boolean>
): Promise<'inserted' | 'copied'> {
  try {
    if (await insert?.(code)) return 'inserted';
  } catch {
    // a notebook that is going away: the code is not lost with it
  }
  if (await copied(code)) return 'copied';
  throw new Error('neither inserted nor copied');
}

/** An address in a new tab that knows nothing of this one. What a stranger wrote may not be run: only pages are opened. */
export function opened(url: string): void {
  try {
    if (!/^https?:$/.test(new URL(url).protocol)) return;
    window.open(url, '_blank', 'noopener');
  } catch {
    // no address; or VS Code, which opens it by itself and throws all the same
  }
}
