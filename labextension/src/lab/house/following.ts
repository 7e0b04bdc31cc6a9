/** Which notebook is in front, and how its kernel is. */
import type { ISessionContext } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { Kernel } from '@jupyterlab/services';
import { type ReadonlySignal, signal } from '@preact/signals';

export interface Seen {
  notebook: NotebookPanel | null;
  /** the file's name */
  name: string;
  kernel: Kernel.IKernelConnection | null;
  /** the kernel as its list shows it: Python 3 (ipykernel) */
  kernelName: string;
  /** not known yet: the page has just been opened */
  waiting: boolean;
  /** the language of the kernel, where it is not Python */
  stranger: string | null;
}

const NOTHING: Seen = {
  notebook: null,
  name: '',
  kernel: null,
  kernelName: '',
  waiting: false,
  stranger: null
};

export class Following {
  private readonly state = signal<Seen>(NOTHING);
  private session: ISessionContext | null = null;
  private readonly met = new WeakSet<ISessionContext>();

  constructor(private readonly tracker: INotebookTracker) {
    tracker.currentChanged.connect(this.turn, this);
    this.turn();
  }

  get seen(): ReadonlySignal<Seen> {
    return this.state;
  }

  private turn(): void {
    const old = this.session;
    if (old && !old.isDisposed) {
      old.kernelChanged.disconnect(this.look, this);
      old.statusChanged.disconnect(this.look, this);
      old.propertyChanged.disconnect(this.look, this);
    }
    this.session = this.tracker.currentWidget?.sessionContext ?? null;
    this.session?.kernelChanged.connect(this.look, this);
    this.session?.statusChanged.connect(this.look, this);
    this.session?.propertyChanged.connect(this.look, this);
    this.look();
    const now = this.session;
    void now?.ready.then(() => {
      this.met.add(now);
      if (now === this.session) this.look();
    });
  }

  private look(): void {
    const notebook = this.tracker.currentWidget;
    const session = this.session;
    if (!notebook || !session || session.isDisposed) {
      this.state.value = NOTHING;
      return;
    }
    const kernel = session.session?.kernel ?? null;
    const stranger = kernel === this.state.value.kernel ? this.state.value.stranger : null;
    this.state.value = {
      notebook,
      name: PathExt.basename(notebook.context.path),
      kernel,
      kernelName: kernel ? session.kernelDisplayName : '',
      waiting: !kernel && !this.met.has(session),
      stranger
    };
    if (kernel) void this.languageOf(kernel);
  }

  private async languageOf(kernel: Kernel.IKernelConnection): Promise<void> {
    const language = (await kernel.spec.catch(() => undefined))?.language.toLowerCase();
    const stranger = language && language !== 'python' ? language : null;
    const now = this.state.value;
    if (now.kernel === kernel && now.stranger !== stranger) this.state.value = { ...now, stranger };
  }
}
