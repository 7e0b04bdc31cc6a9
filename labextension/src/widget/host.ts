/** A cell as the host of a panel. Where the JupyterLab extension is there too, it lends its hands. */
import { type Model, widgetChannel } from '../channels/widget';
import type { Host, Panel } from '../panel';
import { style } from './style';

/** What the extension puts into the page for the panels in cells (lab/hands.ts). */
export interface Hands {
  insert(code: string): Promise<boolean>;
  draggable(element: HTMLElement, code: () => string, label: string): () => void;
  say(text: string, ...values: unknown[]): string;
}

const HANDS = Symbol.for('hf_nb.hands');

export function hands(): Hands | undefined {
  return (globalThis as unknown as Record<symbol, Hands | undefined>)[HANDS];
}

export function lend(given: Hands | undefined): void {
  (globalThis as unknown as Record<symbol, Hands | undefined>)[HANDS] = given;
}

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

/** A panel as what anywidget wants: `export default widget(models)`. */
export function widget(panel: Panel) {
  return {
    render({ model, el }: { model: Model; el: HTMLElement }): () => void {
      style(el);
      const channel = widgetChannel(model);
      const lent = hands();
      const host: Host = {
        kind: 'cell',
        channel,
        options: (model.get('options') as Record<string, unknown>) ?? {},
        remember(name, value) {
          model.set('options', { ...(model.get('options') as object), [name]: value });
          model.save_changes();
        },
        async insert(code) {
          if (await lent?.insert(code)) return 'inserted';
          await copied(code);
          return 'copied';
        },
        copy: copied,
        open: url => void window.open(url, '_blank', 'noopener'),
        ...(lent && { draggable: lent.draggable }),
        say: lent?.say ?? plainly
      };
      const root = document.createElement('div');
      root.className = 'hfnb hfnb-in-cell';
      root.dataset.hfnbPanel = panel.name;
      // typing and arrows belong to the panel, not to the notebook's shortcuts
      root.dataset.lmSuppressShortcuts = 'true';
      el.append(root);
      const unmount = panel.mount(root, host);
      return () => {
        unmount();
        channel.dispose();
        root.remove();
      };
    }
  };
}
