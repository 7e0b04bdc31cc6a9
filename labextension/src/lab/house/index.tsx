/** What the sidebar shows, fetched when it is first seen: the line to the kernel, a panel in each tab. */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import { PageConfig } from '@jupyterlab/coreutils';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { IStateDB } from '@jupyterlab/statedb';
import { effect, signal, untracked } from '@preact/signals';
import { render } from 'preact';
import '../../../style/panels.css';
import '../../../style/models.css';
import '../../../style/datasets.css';
import '../../../style/explorer.css';
import '../../../style/spaces.css';
import '../../../style/inference.css';
import '../../../style/asking.css';
import '../../../style/playground.css';
import '../../../style/compare.css';
import '../../../style/compare-more.css';
import { KernelLine } from '../../channels/kernel';
import { LabChannel, type Way } from '../../channels/lab';
import { serverChannel } from '../../channels/server';
import type { Host } from '../../panel';
import type { Extension } from '../token';
import { isPanel, type PanelName } from '../token';
import { Following } from './following';
import { type Say, sidebarHost } from './host';
import { Memory } from './memory';
import { Work } from './running';
import { Tabs } from './tabs';
import { Wake } from './wake';

/** Panels that are of no use without a kernel. */
const KERNEL: ReadonlySet<PanelName> = new Set(['inference']);

interface Given {
  app: JupyterFrontEnd;
  tracker: INotebookTracker;
  state: IStateDB | null;
  extension: Extension;
}

export class House {
  readonly say: Say;
  readonly line = new KernelLine();
  readonly following: Following;
  readonly wake: Wake;
  readonly running: Work;
  readonly tab = signal<PanelName>('models');
  /** counts how often a panel was begun anew */
  readonly begun = signal<Record<string, number>>({});
  private readonly channels: { hub: LabChannel; kernel: LabChannel };
  private readonly way = signal<Way>('auto');

  static async build(given: Given): Promise<House> {
    const place = `${PageConfig.getBaseUrl()} ${PageConfig.getOption('workspace')}`;
    return new House(given, await Memory.load(given.state, place));
  }

  private constructor(
    private readonly given: Given,
    private readonly memory: Memory
  ) {
    const { app, tracker, extension } = given;
    this.say = extension.say;
    this.following = new Following(tracker);
    this.wake = new Wake(
      this.following,
      this.line,
      () => app.commands.execute('hf-nb:new-notebook'),
      this.say
    );
    this.running = new Work(this.line.conversation);
    this.way.value = extension.settings.questions;
    extension.settingsChanged.connect(() => {
      this.way.value = extension.settings.questions;
    });
    const sides = {
      kernel: this.line.conversation,
      server: serverChannel(app.serviceManager.serverSettings),
      way: this.way,
      wake: () => this.wake.whole()
    };
    this.channels = { hub: new LabChannel(sides), kernel: new LabChannel(sides, true) };
    const tab = this.memory.tab;
    this.tab.value = isPanel(tab) ? tab : extension.settings.panel;
    effect(() => {
      const { kernel, stranger } = this.following.seen.value;
      const why = stranger && this.say('This notebook speaks %1, and hf_nb is for Python.', stranger);
      untracked(() => this.line.follow(why ? null : kernel, why ?? undefined));
    });
    let before = this.following.seen.value.kernel;
    effect(() => {
      const { kernel } = this.following.seen.value;
      // what another kernel did is no business of this one's panel
      if (kernel && before && kernel !== before) untracked(() => this.again('inference'));
      before = kernel ?? before;
    });
  }

  draw(element: HTMLElement): void {
    render(<Tabs house={this} />, element);
  }

  /** Turn to a panel; with options it begins anew. */
  show(panel: PanelName, options?: Record<string, unknown>): void {
    this.tab.value = panel;
    this.memory.tab = panel;
    if (!options) return;
    this.memory.begin(panel, options);
    this.again(panel);
  }

  /** What a panel gives to another one. `add`: beside what that one has; else it begins anew with it. */
  hand(panel: string, options: Record<string, unknown>): void {
    if (!isPanel(panel)) return;
    if (options.add === undefined) {
      this.show(panel, options);
      return;
    }
    this.memory.keep(panel, 'add', options.add);
    this.show(panel);
    this.again(panel);
  }

  private again(panel: PanelName): void {
    const begun = this.begun.peek();
    this.begun.value = { ...begun, [panel]: (begun[panel] ?? 0) + 1 };
  }

  /** JupyterLab was told to forget its state. */
  forget(): void {
    this.memory.forget();
  }

  /** What can be done where something is missing. */
  next() {
    const { say, wake } = this;
    const quietly = (work: Promise<unknown>) => work.catch(() => undefined); // the sidebar tells what went wrong
    return {
      absent: this.following.seen.value.notebook
        ? { label: say('Start a kernel'), run: () => quietly(wake.start()) }
        : { label: say('New notebook'), run: () => quietly(wake.notebook()) },
      unloaded: { label: say('Load hf_nb'), run: () => quietly(wake.load()) }
    };
  }

  host(panel: PanelName): Host {
    const channel = KERNEL.has(panel) ? this.channels.kernel : this.channels.hub;
    const { memory, say } = this;
    return sidebarHost({
      panel,
      channel,
      memory,
      tracker: this.given.tracker,
      say,
      hand: (to, options) => this.hand(to, options),
      next: () => this.next()
    });
  }
}
