/**
 * What a page leaves for the one that is loaded in its place. JupyterLab sends its state to the server half a second
 * after a change, and not at all from a page that is gone by then; the tab's own storage is written at once.
 */
const KEY = 'hf-nb:sidebar';

export function leave(text: string): void {
  try {
    sessionStorage.setItem(KEY, text);
  } catch {
    drop(); // no room for it; an older one is of no use
  }
}

/** What was left, once. */
export function take(): unknown {
  try {
    const text = sessionStorage.getItem(KEY);
    drop();
    return JSON.parse(text ?? 'null');
  } catch {
    return null; // broken, or a browser that keeps nothing
  }
}

export function drop(): void {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // nothing is kept where nothing may be
  }
}
