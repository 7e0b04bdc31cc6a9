/** Getting a kernel ready for us: start one, load hf_nb in it. What became of it is told in the sidebar. */
import type { KernelMessage } from '@jupyterlab/services';
import { effect, signal } from '@preact/signals';
import type { KernelLine } from '../../channels/kernel';
import type { Following } from './following';
import type { Say } from './host';

/** Under way, or how it ended. */
export interface Waking {
  text: string;
  state: 'working' | 'done' | 'failed';
}

const CODE = '%load_ext hf_nb';
/** Milliseconds for which a good end is told. */
const TOLD = 8000;

export class Wake {
  readonly waking = signal<Waking | null>(null);

  constructor(
    private readonly following: Following,
    private readonly line: KernelLine,
    private readonly newNotebook: () => Promise<unknown>,
    private readonly say: Say
  ) {
    // what was said of one kernel is not true of the next
    let before: unknown;
    effect(() => {
      const { kernel } = following.seen.value;
      const gone = line.status.value.state === 'lost';
      if ((gone || kernel !== before) && this.waking.peek()?.state !== 'working') this.waking.value = null;
      before = kernel;
    });
  }

  /** A notebook to work in. */
  async notebook(): Promise<void> {
    await this.tell(this.say('Making a notebook …'), async () => {
      await this.newNotebook();
      return '';
    });
  }

  /** A kernel for the notebook in front, of the kind it had. */
  async start(): Promise<void> {
    await this.tell(this.say('Starting a kernel …'), async () => {
      const notebook = this.following.seen.value.notebook;
      if (!notebook) throw new Error(this.say('No notebook is open.'));
      const session = notebook.sessionContext;
      const named = notebook.model?.getMetadata('kernelspec') as { name?: string } | undefined;
      await session.specsManager.ready;
      const specs = session.specsManager.specs;
      const known = named?.name && specs?.kernelspecs[named.name] ? named.name : specs?.default;
      if (!known) throw new Error(this.say('This Jupyter server has no kernels.'));
      await session.changeKernel({ name: known });
      return '';
    });
  }

  /** `%load_ext hf_nb` in the kernel; the line it printed. */
  async load(): Promise<string> {
    return this.tell(this.say('Loading hf_nb …'), async () => {
      const kernel = this.following.seen.value.kernel;
      if (!kernel) throw new Error(this.say('No kernel is running.'));
      let printed = '';
      let wrong = '';
      const future = kernel.requestExecute({ code: CODE, store_history: false, allow_stdin: false });
      future.onIOPub = message => {
        const { content } = message;
        if (message.header.msg_type === 'stream')
          printed += (content as KernelMessage.IStreamMsg['content']).text;
        if (message.header.msg_type === 'error')
          wrong = this.failure(content as KernelMessage.IErrorMsg['content']);
      };
      await future.done;
      if (wrong) throw new Error(wrong);
      await this.line.reopen();
      await this.ready();
      return printed.trim().split('\n')[0] ?? '';
    });
  }

  /** Whatever is missing before a kernel can run a model; rejects where that is not possible. */
  async whole(): Promise<void> {
    if (!this.following.seen.value.kernel) await this.start();
    if (this.line.status.value.state === 'connecting') await this.settled();
    if (this.line.status.value.state === 'unloaded') await this.load();
  }

  dismiss(): void {
    this.waking.value = null;
  }

  private failure({ ename, evalue }: KernelMessage.IErrorMsg['content']): string {
    if (ename === 'ModuleNotFoundError' && /hf_nb/.test(evalue))
      return this.say('hf_nb is not installed where this kernel runs. In a cell: %pip install hf_nb');
    return `${ename}: ${evalue}`;
  }

  private settled(): Promise<void> {
    return this.until(state => state !== 'connecting' && state !== 'lost');
  }

  private ready(): Promise<void> {
    return this.until(state => state === 'ready' || state === 'unloaded' || state === 'absent');
  }

  private until(fits: (state: string) => boolean): Promise<void> {
    return new Promise(resolve => {
      const stop = this.line.status.subscribe(({ state }) => {
        if (!fits(state)) return;
        resolve();
        queueMicrotask(() => stop());
      });
    });
  }

  private async tell(text: string, work: () => Promise<string>): Promise<string> {
    this.waking.value = { text, state: 'working' };
    try {
      const said = await work();
      const told: Waking | null = said ? { text: said, state: 'done' } : null;
      this.waking.value = told;
      setTimeout(() => {
        if (this.waking.value === told) this.waking.value = null;
      }, TOLD);
      return said;
    } catch (wrong) {
      this.waking.value = { text: wrong instanceof Error ? wrong.message : String(wrong), state: 'failed' };
      throw wrong;
    }
  }
}
