/** Running work in the status bar: how much, how fast; a click opens the Inference panel. Hidden where nothing runs. */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { INotebookTracker, NotebookActions, type NotebookPanel } from '@jupyterlab/notebook';
import { IStatusBar } from '@jupyterlab/statusbar';
import { Signal } from '@lumino/signaling';
import { Widget } from '@lumino/widgets';
import { MENTIONS } from '../mentions';
import { OPEN } from './commands';
import { Extension, type Running, type Watched } from './token';

class Item extends Widget {
  readonly changed = new Signal<this, void>(this);
  private readonly button = document.createElement('button');
  private watched: Watched | undefined;

  constructor(
    private readonly extension: Extension,
    open: () => void
  ) {
    super();
    this.addClass('hfnb-status');
    this.button.type = 'button';
    this.button.title = extension.say('Models at work in this kernel: open the Inference panel');
    this.button.addEventListener('click', open);
    this.node.append(this.button);
  }

  get now(): Running | null {
    return this.extension.settings.statusItem ? (this.watched?.now ?? null) : null;
  }

  watch(watched: Watched): void {
    this.watched = watched;
    watched.changed.connect(this.tell, this);
    this.tell();
  }

  tell(): void {
    const { say } = this.extension;
    const now = this.now;
    const speed = now?.tokens
      ? say(' · %1 tok/s', now.tokens < 10 ? now.tokens.toFixed(1) : Math.round(now.tokens))
      : '';
    this.button.textContent = now ? say('%1 running', now.count) + speed : '';
    this.changed.emit();
  }
}

export const running: JupyterFrontEndPlugin<void> = {
  id: 'hf-nb:running',
  description: 'Running work in the status bar.',
  autoStart: true,
  requires: [Extension, INotebookTracker],
  optional: [IStatusBar], // Notebook 7 has none
  activate(app: JupyterFrontEnd, extension: Extension, tracker: INotebookTracker, bar: IStatusBar | null) {
    if (!bar) return;
    const item = new Item(extension, () => void app.commands.execute(OPEN, { panel: 'inference' }));
    bar.registerStatusItem('hf-nb:running', {
      item,
      align: 'left',
      rank: 100,
      isActive: () => (item.now?.count ?? 0) > 0,
      activeStateChanged: item.changed
    });
    extension.settingsChanged.connect(() => item.tell());
    let connected = false;
    const connect = () => {
      if (connected || !extension.settings.statusItem) return;
      connected = true;
      void extension.running().then(watched => item.watch(watched));
    };
    // Nothing of ours is fetched for a notebook that has nothing to do with us.
    const look = (panel: NotebookPanel | null) => {
      void panel?.context.ready.then(() => {
        for (const cell of panel.model?.sharedModel.cells ?? []) if (MENTIONS.test(cell.source)) connect();
      });
    };
    tracker.currentChanged.connect((_, panel) => look(panel));
    look(tracker.currentWidget);
    NotebookActions.executionScheduled.connect((_, { cell }) => {
      if (MENTIONS.test(cell.model.sharedModel.source)) connect();
    });
  }
};
