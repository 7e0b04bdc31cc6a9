/** What the command palette offers under "Hugging Face". */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, InputDialog, Notification } from '@jupyterlab/apputils';
import { INotebookTracker, NotebookActions, NotebookPanel } from '@jupyterlab/notebook';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import { insert } from './hands';
import { icon } from './icon';
import { Extension, isPanel, type PanelName } from './token';

export const OPEN = 'hf-nb:open';
const SEARCH = 'hf-nb:search';
const LOAD = 'hf-nb:load';
const INSERT = 'hf-nb:insert';
export const NOTEBOOK = 'hf-nb:new-notebook';

const LOADING = '%load_ext hf_nb';

export const commands: JupyterFrontEndPlugin<void> = {
  id: 'hf-nb:commands',
  description: 'The commands of hf_nb, and their place in the palette.',
  autoStart: true,
  requires: [Extension, INotebookTracker],
  optional: [ICommandPalette],
  activate(
    app: JupyterFrontEnd,
    extension: Extension,
    tracker: INotebookTracker,
    palette: ICommandPalette | null
  ) {
    const { say } = extension;
    const titles: Record<PanelName, string> = {
      models: say('Models'),
      datasets: say('Datasets'),
      spaces: say('Spaces'),
      playground: say('Playground'),
      compare: say('Compare'),
      inference: say('Inference')
    };
    const panel = (args: ReadonlyPartialJSONObject) => (isPanel(args.panel) ? args.panel : undefined);

    app.commands.addCommand(OPEN, {
      label: args => {
        const name = panel(args);
        if (!name) return say('Open the Sidebar');
        return args.isLauncher ? titles[name] : say('Open %1 in the Sidebar', titles[name]);
      },
      caption: args => {
        if (panel(args) === 'datasets') return say('Find a dataset, look at its rows, get it');
        if (panel(args) === 'spaces') return say('See which Spaces run, and open them');
        if (panel(args) === 'playground') return say('Try any model: write, set, run');
        if (panel(args) === 'compare') return say('Let models answer side by side, and see which is better');
        if (panel(args) === 'inference') return say('See what models do in this kernel');
        return say('Find a model, try it, put its code into a notebook');
      },
      icon: args => (args.isPalette ? undefined : icon),
      execute: args => extension.open(panel(args), args.options as Record<string, unknown> | undefined)
    });

    app.commands.addCommand(SEARCH, {
      label: say('Search Models …'),
      caption: say('Search the Hub for models'),
      async execute(args) {
        const given = typeof args.text === 'string' ? args.text : await ask(say('Search models'));
        if (given !== null) await extension.open('models', { text: given });
      }
    });

    app.commands.addCommand(LOAD, {
      label: say('Load hf_nb in This Kernel'),
      caption: say('Run %1 in the kernel of the notebook in front', LOADING),
      isEnabled: () => !!tracker.currentWidget?.sessionContext.session?.kernel,
      async execute() {
        try {
          const printed = await extension.load();
          Notification.success(printed || say('hf_nb is loaded.'), { autoClose: 4000 });
        } catch (wrong) {
          Notification.error(wrong instanceof Error ? wrong.message : String(wrong), { autoClose: false });
        }
      }
    });

    app.commands.addCommand(INSERT, {
      label: args => say('Insert %1', String(args.label ?? args.code ?? '')),
      isEnabled: () => !!tracker.currentWidget,
      execute: args => insert(tracker, String(args.code ?? ''))
    });

    app.commands.addCommand(NOTEBOOK, {
      label: args => (args.isLauncher ? say('Notebook with hf_nb') : say('New Notebook with hf_nb')),
      caption: say('A new notebook that begins with %1', LOADING),
      icon: args => (args.isPalette ? undefined : icon),
      async execute(args) {
        const names = app.serviceManager.kernelspecs;
        await names.ready;
        const made = await app.commands.execute('notebook:create-new', {
          ...(typeof args.cwd === 'string' && { cwd: args.cwd }),
          kernelName: names.specs?.default ?? '',
          isLauncher: true,
          activate: true
        });
        if (made instanceof NotebookPanel) void begin(made);
        return made;
      }
    });

    if (!palette) return;
    const category = say('Hugging Face');
    const add = (command: string, args: ReadonlyPartialJSONObject = {}) =>
      palette.addItem({ command, category, args: { ...args, isPalette: true } });
    for (const name of Object.keys(titles)) add(OPEN, { panel: name });
    add(SEARCH);
    add(LOAD);
    add(NOTEBOOK);
    add(INSERT, { code: LOADING, label: LOADING });
    add(INSERT, { code: '%hf panel models', label: say('a Models Panel') });
    add(INSERT, { code: '%hf panel datasets', label: say('a Datasets Panel') });
    add(INSERT, { code: '%hf panel playground', label: say('a Playground') });
    add(INSERT, { code: '%hf panel compare', label: say('a Compare Panel') });
    add(INSERT, { code: '%hf panel inference', label: say('an Inference Panel') });
    add(INSERT, { code: '%%hf infer\n', label: say('a Question to a Model') });
  }
};

async function ask(title: string): Promise<string | null> {
  const answer = await InputDialog.getText({ title, placeholder: 'sentiment, whisper, owner/name …' });
  return answer.button.accept ? (answer.value ?? '') : null;
}

/** hf_nb loaded in the first cell, the cursor in the second. */
async function begin(panel: NotebookPanel): Promise<void> {
  await panel.context.ready;
  await panel.sessionContext.ready;
  const first = panel.content.model?.sharedModel.cells[0];
  if (!first || first.source) return;
  first.setSource(LOADING);
  panel.content.activeCellIndex = 0;
  await NotebookActions.runAndAdvance(panel.content, panel.sessionContext);
}
