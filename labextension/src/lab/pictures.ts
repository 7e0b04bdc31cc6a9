/**
 * A saved panel shows its picture until the live one has drawn itself.
 *
 * The output carries three things: the live widget, `text/html` (the picture), and a type of ours which JupyterLab asks
 * us to draw, since our rank is before the widget's. What we hand back is the notebook's own widget renderer, with the
 * picture in front of it: so the live panel is found, restored and restarted by the widget manager as if we were not here.
 */
import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { INotebookTracker } from '@jupyterlab/notebook';
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { Widget } from '@lumino/widgets';
import { Extension } from './token';

const PANEL = 'application/vnd.hf-nb.panel+json';
const WIDGET = 'application/vnd.jupyter.widget-view+json';
const RANK = -20;
/** Milliseconds after which a picture says that it is one. */
const PATIENCE = 2500;
const WAITING = 'hfnb-waiting';
const LIVE = '[data-hfnb-panel]';

/** Nothing but the picture: for pages that have no widgets. */
class Still extends Widget implements IRenderMime.IRenderer {
  async renderModel(_: IRenderMime.IMimeModel): Promise<void> {}
}

export const pictures: JupyterFrontEndPlugin<void> = {
  id: 'hf-nb:pictures',
  description: 'Shows the picture of a saved panel until the live one is there.',
  autoStart: true,
  requires: [Extension, INotebookTracker],
  activate(_, extension: Extension, tracker: INotebookTracker) {
    tracker.widgetAdded.connect((_, panel) => {
      const registry = panel.content.rendermime;
      registry.addFactory(
        {
          // what an untrusted notebook gets from us is its sanitized picture
          safe: true,
          mimeTypes: [PANEL],
          createRenderer: options => {
            const live = registry.getFactory(WIDGET)?.createRenderer({ ...options, mimeType: WIDGET });
            return pictured(live ?? new Still(), registry, extension.say);
          }
        },
        RANK
      );
    });
  }
};

function pictured(live: IRenderMime.IRenderer, registry: IRenderMimeRegistry, say: Extension['say']) {
  const draw = live.renderModel.bind(live);
  const picture = new Picture(live.node, registry, say);
  live.disposed.connect(() => picture.dispose());
  let drawnOf = '';
  live.renderModel = (model: IRenderMime.IMimeModel) => {
    const may = model.trusted && model.data[WIDGET] !== undefined && !(live instanceof Still);
    const of = JSON.stringify(model.data[WIDGET]) ?? '';
    // its picture came late: the panel that stands there stays
    if (may && of === drawnOf && live.node.querySelector(LIVE)) return Promise.resolve();
    drawnOf = of;
    const drawn = may ? draw(model) : undefined;
    const shown = picture.show(model, !may);
    // not awaited: an error of the widget manager's would be told with our names in its stack
    return drawn?.then(() => picture.settle()) ?? shown;
  };
  return live;
}

class Picture {
  private readonly node = document.createElement('div');
  private readonly line = document.createElement('p');
  private readonly seen: MutationObserver;
  private still: IRenderMime.IRenderer | undefined;
  private late: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly stage: HTMLElement,
    private readonly registry: IRenderMimeRegistry,
    private readonly say: Extension['say']
  ) {
    this.node.className = 'hfnb-picture';
    this.line.className = 'hfnb-asleep';
    this.seen = new MutationObserver(() => this.settle());
  }

  /** The picture instead of whatever is there. The widget manager may draw several times before it gives up. */
  async show(model: IRenderMime.IMimeModel, asleep: boolean): Promise<void> {
    this.stage.classList.add(WAITING);
    this.stage.replaceChildren(this.node);
    this.seen.observe(this.stage, { childList: true, subtree: true });
    if (asleep) this.sleep();
    else this.late ??= setTimeout(() => this.sleep(), PATIENCE);
    const html = model.data['text/html'];
    if (html === undefined || this.still) return;
    // never trusted: a picture needs no scripts
    const untrusted = this.registry.createModel({ data: { 'text/html': html }, trusted: false });
    this.still = this.registry.createRenderer('text/html');
    this.node.prepend(this.still.node);
    await this.still.renderModel(untrusted);
  }

  /** The live panel stands there, or is on its way, or will not come. */
  settle(): void {
    const drawn = this.stage.querySelector(LIVE);
    if (drawn && !this.node.contains(drawn)) {
      this.dispose();
      this.node.remove();
      this.stage.classList.remove(WAITING);
    } else if (this.node.parentElement !== this.stage) {
      // whether the stage is in the page does not matter: JupyterLab takes cells out that are out of sight
      for (const left of [...this.stage.childNodes]) if (left.nodeType === Node.TEXT_NODE) left.remove();
      this.stage.classList.remove('jupyter-widgets');
      this.stage.classList.add(WAITING);
      this.stage.prepend(this.node);
      if (this.stage.childElementCount === 1) this.sleep();
    }
  }

  dispose(): void {
    clearTimeout(this.late);
    this.seen.disconnect();
    this.still?.dispose();
    this.still = undefined;
  }

  private sleep(): void {
    clearTimeout(this.late);
    this.line.textContent = this.stage.querySelector(':scope > .lm-Widget')
      ? this.say('Waiting for the kernel …')
      : this.say('A saved picture. Run the cell to use the panel.');
    this.node.append(this.line);
  }
}
