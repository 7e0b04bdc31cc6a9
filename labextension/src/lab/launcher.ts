/** Tiles for who begins with nothing open: a panel beside, or a notebook in which hf_nb is loaded. */
import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ILauncher } from '@jupyterlab/launcher';
import { NOTEBOOK, OPEN } from './commands';
import { Extension } from './token';

export const launcher: JupyterFrontEndPlugin<void> = {
  id: 'hf-nb:launcher',
  description: 'Tiles in the launcher.',
  autoStart: true,
  requires: [Extension],
  optional: [ILauncher], // Notebook 7 has none
  activate(_, { say }: Extension, tiles: ILauncher | null) {
    if (!tiles) return;
    const category = say('Hugging Face');
    tiles.add({ command: NOTEBOOK, category, rank: 0, args: { isLauncher: true } });
    tiles.add({ command: OPEN, category, rank: 1, args: { isLauncher: true, panel: 'models' } });
    tiles.add({ command: OPEN, category, rank: 2, args: { isLauncher: true, panel: 'datasets' } });
    tiles.add({ command: OPEN, category, rank: 3, args: { isLauncher: true, panel: 'spaces' } });
    tiles.add({ command: OPEN, category, rank: 4, args: { isLauncher: true, panel: 'playground' } });
    tiles.add({ command: OPEN, category, rank: 5, args: { isLauncher: true, panel: 'compare' } });
  }
};
