/**
 * A Channel over a comm of the active notebook's kernel; `hf_nb/lab/comm.py` answers once `%load_ext hf_nb` has run.
 *
 *   no kernel           absent        the kernel closes the comm at once    unloaded, until a cell of hf_nb has run
 *   restarted, or gone  lost          then open again, and usually unloaded
 */
import type { Kernel, KernelMessage } from '@jupyterlab/services';
import { signal } from '@preact/signals';
import { BUSY_AFTER, Conversation } from '../channel';
import { MENTIONS } from '../mentions';
import type { Request } from '../protocol';

const TARGET = 'hf_nb';
/** JupyterLab's comms have a subshell of their own; its interface does not say so yet. */
type Comm = Kernel.IComm & { subshellStarted?: Promise<void> };

export class KernelLine {
  readonly conversation = new Conversation();
  /** A cell runs. The kernel's own status says idle as soon as a comm was answered meanwhile. */
  readonly running = signal(false);
  private kernel: Kernel.IKernelConnection | null = null;
  private comm: Kernel.IComm | null = null;
  private asked = '';
  private cell = '';
  private attempt = 0;

  get status() {
    return this.conversation.status;
  }

  /** Speak to this kernel from now on. `why`: what to say where it cannot be one of ours. */
  follow(kernel: Kernel.IKernelConnection | null, why?: string): void {
    if (kernel === this.kernel && kernel) return;
    this.kernel?.statusChanged.disconnect(this.changed, this);
    this.kernel?.iopubMessage.disconnect(this.overheard, this);
    this.hangUp();
    this.kernel = kernel;
    this.running.value = kernel?.status === 'busy';
    this.conversation.hangUp(why ? { state: 'absent', detail: why } : { state: 'absent' });
    if (!kernel) return;
    kernel.statusChanged.connect(this.changed, this);
    kernel.iopubMessage.connect(this.overheard, this);
    void this.reopen();
  }

  /** Ask the kernel (again) whether it knows us. */
  async reopen(): Promise<void> {
    const kernel = this.kernel;
    const attempt = ++this.attempt;
    if (!kernel || kernel.isDisposed || kernel.status === 'dead') return;
    this.hangUp();
    this.conversation.hangUp({ state: 'connecting' });
    setTimeout(() => {
      if (attempt === this.attempt && this.status.value.state === 'connecting')
        this.status.value = { state: 'busy' };
    }, BUSY_AFTER);
    // Opened before its subshell is there, a comm would wait for the running cell like everybody else.
    const comm = kernel.createComm(TARGET);
    await kernel.info;
    if (attempt === this.attempt && kernel.supportsSubshells && comm.commsOverSubshells !== 'disabled')
      await (comm as Comm).subshellStarted?.catch(() => undefined);
    if (attempt !== this.attempt || kernel.isDisposed || comm.isDisposed) {
      comm.dispose();
      return;
    }
    this.comm = comm;
    this.speak(comm);
  }

  dispose(): void {
    this.follow(null);
    this.conversation.dispose();
  }

  private speak(comm: Kernel.IComm): void {
    let heard = false;
    comm.onMsg = message => {
      heard = true;
      this.conversation.receive(message.content.data, (message.buffers ?? []).map(whole));
    };
    comm.onClose = () => {
      if (this.comm !== comm) return;
      this.comm = null;
      this.conversation.hangUp({ state: heard ? 'lost' : 'unloaded' });
      if (heard) void this.reopen();
    };
    const busy = this.status.value.state === 'busy';
    this.conversation.connect({
      send: (message: Request, buffers?: ArrayBuffer[]) => {
        if (!comm.isDisposed) comm.send(message as never, undefined, buffers);
      },
      dispose: () => undefined
    });
    if (busy) this.status.value = { state: 'busy' };
    comm.open();
    this.conversation.call('hello', {}, { each: true }).catch(() => undefined);
  }

  private hangUp(): void {
    const comm = this.comm;
    this.comm = null;
    if (!comm || comm.isDisposed) return;
    if (this.kernel?.status === 'dead' || this.kernel?.isDisposed) comm.dispose();
    else comm.close();
  }

  private changed(kernel: Kernel.IKernelConnection, status: Kernel.Status): void {
    if (status !== 'idle' && status !== 'busy') this.running.value = false;
    if (status === 'dead') {
      this.conversation.hangUp({ state: 'absent' });
    } else if (status === 'restarting' || status === 'autorestarting') {
      this.attempt++;
      this.comm = null; // JupyterLab has thrown it away with everything else of this kernel
      this.conversation.hangUp({ state: 'lost' });
    } else if ((status === 'idle' || status === 'busy') && this.status.value.state === 'lost') {
      if (kernel === this.kernel) void this.reopen();
    }
  }

  /** Somebody runs a cell: `%load_ext hf_nb`, maybe. */
  private overheard(_: Kernel.IKernelConnection, message: KernelMessage.IIOPubMessage): void {
    const { header, content } = message;
    const asked = (message.parent_header as Partial<KernelMessage.IHeader>).msg_id ?? '';
    if (header.msg_type === 'execute_input') {
      const { code } = content as KernelMessage.IExecuteInputMsg['content'];
      this.cell = asked;
      this.running.value = true;
      if (MENTIONS.test(code)) this.asked = asked;
    } else if (
      header.msg_type === 'status' &&
      (content as { execution_state?: string }).execution_state === 'idle'
    ) {
      if (asked === this.cell) this.running.value = false;
      if (asked !== this.asked) return;
      this.asked = '';
      if (this.status.value.state === 'unloaded') void this.reopen();
    }
  }
}

function whole(buffer: ArrayBuffer | ArrayBufferView): ArrayBuffer {
  if (buffer instanceof ArrayBuffer) return buffer;
  return buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + buffer.byteLength) as ArrayBuffer;
}
