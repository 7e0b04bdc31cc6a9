/** A cell as the host of a panel. Where the JupyterLab extension is there too, it lends its hands. */
import { type Model, widgetChannel } from '../channels/widget';
import { copied, hands, inserted, opened, plainly } from '../hands';
import type { Host, Panel } from '../panel';
import type { Parts } from './part';
import { style } from './style';
import { keepsTall } from './tall';

/** A panel, its style sheet and where its parts come from, as what anywidget wants: `export default widget(models, css)`. */
export function widget(panel: Panel, css = '', parts?: Parts) {
  return {
    render({ model, el }: { model: Model; el: HTMLElement }): () => void {
      style(el, panel.name, css);
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
        heard: (name, then) => heard(model, name, then),
        insert: code => inserted(code, lent?.insert),
        copy: copied,
        open: opened,
        ...(lent && { draggable: lent.draggable }),
        ...(parts && { part: name => parts(name, { el, model, channel }) }),
        say: lent?.say ?? plainly
      };
      const root = document.createElement('div');
      // not `hfnb`: the outputs that Python draws style that class in the whole page
      root.className = 'hfnb-in-cell';
      root.dataset.hfnbPanel = panel.name;
      // Typing and arrows belong to the panel: the notebook's own "x" would cut a cell. JupyterLab asks what has the
      // focus first, and only then what is around it.
      root.dataset.lmSuppressShortcuts = 'true';
      root.addEventListener('focusin', event => {
        (event.target as HTMLElement).dataset.lmSuppressShortcuts = 'true';
      });
      // JupyterLab listens at whatever a key is pressed in, and takes Enter from every form in a cell: it is not told.
      const ours = (event: InputEvent) => {
        if (event.inputType === 'insertLineBreak' && event.target instanceof HTMLInputElement)
          event.stopPropagation();
      };
      root.addEventListener('beforeinput', ours, { capture: true });
      el.append(root);
      const unmount = panel.mount(root, host);
      const forget = keepsTall(root, host);
      return () => {
        forget();
        unmount();
        channel.dispose();
        root.remove();
      };
    }
  };
}

/** An option that was changed by Python, or by another view of the same panel. */
function heard(model: Model, name: string, then: (value: unknown) => void): () => void {
  const now = () => (model.get('options') as Record<string, unknown> | undefined)?.[name];
  let before = JSON.stringify(now());
  const look = () => {
    const written = JSON.stringify(now());
    if (written === before) return;
    before = written;
    then(now());
  };
  model.on('change:options', look);
  return () => model.off('change:options', look);
}
