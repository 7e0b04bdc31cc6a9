/** The sidebar and its settings. What is in it comes when it is first shown. */
import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { IStateDB } from '@jupyterlab/statedb';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { Signal } from '@lumino/signaling';
import type { House } from './house';
import { drop } from './house/note';
import { Sidebar } from './sidebar';
import { Extension, isPanel, type PanelName, type Settings, type Watched } from './token';

const ID = 'hf-nb:plugin';

class Ours implements Extension {
  settings: Settings = { questions: 'auto', statusItem: true, panel: 'models' };
  readonly settingsChanged: Signal<Extension, void> = new Signal<Extension, void>(this);
  readonly sidebar: Sidebar;
  private coming: Promise<House> | undefined;

  constructor(
    private readonly app: JupyterFrontEnd,
    private readonly tracker: INotebookTracker,
    private readonly state: IStateDB | null,
    readonly say: Extension['say']
  ) {
    this.sidebar = new Sidebar(say, () => this.house());
  }

  house(): Promise<House> {
    this.coming ??= import('./house').then(({ House }) =>
      House.build({ app: this.app, tracker: this.tracker, state: this.state, extension: this })
    );
    return this.coming;
  }

  async open(panel?: PanelName, options?: Record<string, unknown>): Promise<void> {
    this.app.shell.activateById(this.sidebar.id);
    (await this.house()).show(panel ?? this.settings.panel, options);
  }

  async load(): Promise<string> {
    return (await this.house()).wake.load();
  }

  async running(): Promise<Watched> {
    return (await this.house()).running;
  }

  /** What this tab holds of a state that JupyterLab is told to forget. */
  forget(): void {
    drop();
    void this.coming?.then(house => house.forget());
  }

  set(settings: ISettingRegistry.ISettings): void {
    const given = settings.composite as Partial<Settings>;
    const questions = given.questions === 'kernel' || given.questions === 'server' ? given.questions : 'auto';
    const panel = isPanel(given.panel) ? given.panel : 'models';
    this.settings = { questions, statusItem: given.statusItem !== false, panel };
    this.settingsChanged.emit();
  }
}

export const plugin: JupyterFrontEndPlugin<Extension> = {
  id: ID,
  description: 'Models, Spaces and running inference in the sidebar.',
  autoStart: true,
  provides: Extension,
  requires: [INotebookTracker],
  optional: [ISettingRegistry, ILayoutRestorer, IStateDB, ITranslator],
  async activate(
    app: JupyterFrontEnd,
    tracker: INotebookTracker,
    registry: ISettingRegistry | null,
    restorer: ILayoutRestorer | null,
    state: IStateDB | null,
    translator: ITranslator | null
  ) {
    const words = (translator ?? nullTranslator).load('hf_nb');
    const ours = new Ours(app, tracker, state, (text, ...values) => words.__(text, ...values.map(String)));
    // before the router has taken it out of the address
    if (/[?&](reset|clone)\b/.test(location.search)) ours.forget();
    app.commands.commandExecuted.connect((_, { id }) => {
      if (id === 'apputils:reset') ours.forget();
    });
    app.shell.add(ours.sidebar, 'left', { rank: 650, type: 'Hugging Face' });
    restorer?.add(ours.sidebar, ours.sidebar.id);
    registry?.load(ID).then(
      settings => {
        ours.set(settings);
        settings.changed.connect(changed => ours.set(changed));
      },
      () => undefined // an installation without our schema keeps the defaults
    );
    return ours;
  }
};
