/**
 * VS Code around the outputs: it alone speaks to the kernel, runs the cells, says the theme and opens links.
 *
 *   editor -> frame   {kernel} {heard} {draw} {forget} {theme}
 *   editor <- frame   {ready} {say} {open}
 */
import { ServerConnection } from '@jupyterlab/services';
import { KernelConnection } from '@jupyterlab/services/lib/kernel/default';

const WIDGET = 'application/vnd.jupyter.widget-view+json';
const frame = document.getElementById('active-frame');
const tell = message => frame.contentWindow.postMessage(message, location.origin);

let socket;
let kernel;
let drawn;
let cells = 0;
let ready;
const opened = [];

/** What the kernel says is heard in the outputs too. */
class Socket extends WebSocket {
  constructor(...given) {
    super(...given);
    socket = this;
    this.addEventListener('message', event => tell({ heard: event.data }));
  }
}

window.addEventListener('message', ({ data, source }) => {
  if (source !== frame.contentWindow) return;
  if (data.say !== undefined) socket.send(data.say);
  if (data.open !== undefined) opened.push(data.open);
  if (data.ready) ready?.();
});

const listening = new Promise(resolve => {
  // its module has run by then
  if (frame.contentDocument?.readyState === 'complete' && frame.contentWindow.isListening) resolve();
  else frame.addEventListener('load', resolve, { once: true });
});

/** Connect to a kernel, here and in the outputs. */
async function connect({ server, token, model }) {
  await listening;
  const serverSettings = ServerConnection.makeSettings({
    baseUrl: server,
    wsUrl: server.replace(/^http/, 'ws'),
    token,
    appendToken: true,
    WebSocket: Socket
  });
  // comms are the outputs' matter
  kernel = new KernelConnection({ model, serverSettings, handleComms: false });
  await kernel.info;
  await introduce();
}

/** The outputs get the same kernel, by the same name. */
async function introduce() {
  const there = new Promise(resolve => {
    ready = resolve;
  });
  const { model, clientId } = kernel;
  tell({ kernel: { model, clientId, protocol: socket.protocol } });
  await there;
}

/** Run a cell and draw its widgets; what else it said, as text. An error in it is an error here. */
async function run(code) {
  const said = [];
  let wrong;
  const future = kernel.requestExecute({ code, allow_stdin: false });
  future.onIOPub = ({ header, content }) => {
    if (header.msg_type === 'stream') said.push(content.text);
    if (header.msg_type === 'error') wrong = `${content.ename}: ${content.evalue}`;
    if (!content.data) return;
    if (content.data[WIDGET]) {
      drawn = { id: `output-${++cells}`, model: content.data[WIDGET] };
      tell({ draw: drawn });
    } else {
      said.push(content.data['text/plain']);
    }
  };
  await future.done;
  if (wrong) throw new Error(wrong);
  return said.join('');
}

/** It came back into view: drawn anew from the same model. */
const redraw = () => tell({ draw: drawn });

/** Begin again with a kernel that was restarted. */
async function restarted() {
  tell({ forget: true });
  // what is sent while the connection turns to the new kernel may be lost: ask until it answers
  const patience = () => new Promise(done => setTimeout(() => done(false), 3000));
  const answers = () => kernel.requestKernelInfo().then(() => true, patience);
  while (!(await Promise.race([answers(), patience()])));
  await introduce();
}

window.vscode = { connect, run, redraw, restarted, opened, theme: theme => tell({ theme }) };
