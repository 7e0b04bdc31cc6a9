/**
 * A Channel to the Jupyter server, for what needs no kernel: `hf_nb/lab/routes.py` answers. A question is a POST, its
 * answer a stream of lines of JSON; to give a question up is to drop the connection.
 */
import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';
import { Conversation, type Transport } from '../channel';
import { PROTOCOL, type Reply, type Request } from '../protocol';

type Line = Reply & { buffers?: string[] };

export function serverChannel(settings: ServerConnection.ISettings): Conversation {
  const conversation = new Conversation();
  conversation.connect(new Route(settings, conversation));
  conversation.status.value = { state: 'ready' };
  return conversation;
}

class Route implements Transport {
  private readonly open = new Map<string, AbortController>();
  private readonly address: string;

  constructor(
    private readonly settings: ServerConnection.ISettings,
    private readonly conversation: Conversation
  ) {
    this.address = URLExt.join(settings.baseUrl, 'hf-nb', 'panel');
  }

  send(message: Request, buffers: ArrayBuffer[] = []): void {
    if (message.op === 'cancel') {
      this.open.get(String(message.args.id))?.abort();
      return;
    }
    const stop = new AbortController();
    this.open.set(message.id, stop);
    this.ask({ ...message, ...(buffers.length && { buffers: buffers.map(text) }) }, stop.signal)
      .catch(wrong => {
        if (!stop.signal.aborted) this.fail(message.id, reason(wrong));
      })
      .finally(() => this.open.delete(message.id));
  }

  dispose(): void {
    for (const one of this.open.values()) one.abort();
    this.open.clear();
  }

  private async ask(message: Request & { buffers?: string[] }, signal: AbortSignal): Promise<void> {
    const init = { method: 'POST', body: JSON.stringify(message), signal };
    const response = await ServerConnection.makeRequest(this.address, init, this.settings);
    if (!response.ok || !response.body) {
      const { error } = (await response.json().catch(() => ({}))) as Partial<Reply>;
      if (!error?.hint) throw new ServerConnection.ResponseError(response);
      this.conversation.receive({ v: PROTOCOL, id: message.id, error });
      return;
    }
    this.conversation.status.value = { state: 'ready' };
    let ended = false;
    for await (const line of lines(response.body)) {
      const { buffers, ...reply } = JSON.parse(line) as Line;
      ended ||= reply.event === undefined;
      this.conversation.receive(reply, (buffers ?? []).map(bytes));
    }
    if (!ended) this.fail(message.id, 'The Jupyter server broke off in the midst of an answer.');
  }

  private fail(id: string, message: string): void {
    const hint = 'Try again; if it stays so, restart the Jupyter server.';
    this.conversation.receive({
      v: PROTOCOL,
      id,
      error: { type: 'Unreachable', message, hint, retry: true }
    });
    this.conversation.status.value = { state: 'absent', detail: message };
  }
}

function reason(wrong: unknown): string {
  if (wrong instanceof ServerConnection.ResponseError) {
    const status = wrong.response.status;
    if (status === 404) return 'This Jupyter server does not know hf_nb.';
    if (status === 401 || status === 403) return 'This Jupyter server does not let you in any more.';
    return `The Jupyter server answered ${status}.`;
  }
  return 'The Jupyter server cannot be reached.';
}

async function* lines(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body
    .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
    .getReader();
  let begun = '';
  for (;;) {
    const { done, value } = await reader.read();
    const whole = (begun + (value ?? '')).split('\n');
    begun = done ? '' : (whole.pop() ?? '');
    for (const line of whole) if (line.trim()) yield line;
    if (done) return;
  }
}

function text(buffer: ArrayBuffer): string {
  return btoa(Array.from(new Uint8Array(buffer), byte => String.fromCharCode(byte)).join(''));
}

function bytes(text: string): ArrayBuffer {
  return Uint8Array.from(atob(text), letter => letter.charCodeAt(0)).buffer;
}
