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
