/** The extension: the list of its plugins. */
import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { commands } from './lab/commands';
import { hands } from './lab/hands';
import { launcher } from './lab/launcher';
import { pictures } from './lab/pictures';
import { plugin } from './lab/plugin';
import { running } from './lab/running';

// biome-ignore lint/suspicious/noExplicitAny: each plugin provides what it says
const plugins: JupyterFrontEndPlugin<any>[] = [plugin, commands, hands, launcher, pictures, running];

export default plugins;
