/**
 * The outputs of a notebook, where VS Code's renderer draws widgets. A kernel is out of reach here: what it says and
 * what is said to it goes through the page around.
 */
import { CommsOverSubshells, ServerConnection } from '@jupyterlab/services';
import { KernelConnection } from '@jupyterlab/services/lib/kernel/default';

const WIDGET = 'application/vnd.jupyter.widget-view+json';
const NOWHERE = 'http://kernel.invalid/';
const container = document.getElementById('container');
let hear;
let kernel;
let manager;
const widgets = new Map();
const shown = new Map();

/** Settled when the kernel has shown this widget here: by then its model is there too. */
function whenShown(id) {
  if (!shown.has(id)) {
    let settle;
    const promise = new Promise(resolve => {
      settle = resolve;
    });
    shown.set(id, { promise, settle });
  }
  return shown.get(id);
}

/** Looks like a socket to the kernel's connection. */
function socket(protocol) {
  return class {
    protocol = protocol;
    readyState = 1;

    constructor() {
      hear = data => this.onmessage?.({ target: this, data, type: 'message' });
      queueMicrotask(() => this.onopen?.({ target: this }));
    }

    send(data) {
      tellVSCode({ say: data });
    }

    close() {}
  };
}

/** A module of widgets is looked for in the environment's nbextensions, and loaded by require.js. */
function scripts() {
  const registered = new Set();
  return {
    widgetsRegisteredInRequireJs: registered,
    async loadWidgetScript(name) {
      requirejs.config({ paths: { [name]: `/nbextensions/${name}/index` } });
      registered.add(name);
    },
    errorHandler: (name, module, version, error) =>
      console.error(`hfnb: no ${name} of ${module} ${version}: ${error}`),
    successHandler() {}
  };
}

async function begin({ model, clientId, protocol }) {
  if (!window.vscIPyWidgets8) {
    const { activate } = await import('/renderer/ipywidgets.js');
    activate();
    window.vscIPyWidgets8.load();
  }
  kernel = new KernelConnection({
    model,
    clientId,
    handleComms: true,
    // as in VS Code: what a panel asks waits for the cell that runs
    commsOverSubshells: CommsOverSubshells.Disabled,
    serverSettings: ServerConnection.makeSettings({
      baseUrl: NOWHERE,
      wsUrl: NOWHERE.replace('http', 'ws'),
      WebSocket: socket(protocol)
    })
  });
  await kernel.info;
  kernel.iopubMessage.connect((_, { content }) => {
    const widget = content.data?.[WIDGET];
    if (widget) whenShown(widget.model_id).settle();
  });
  manager = new window.vscIPyWidgets.WidgetManager(kernel, undefined, scripts(), () => {});
  tellVSCode({ ready: true });
}

/** The kernel was restarted: what spoke to it goes, what was drawn stays where it is. */
function forget() {
  manager.dispose();
  kernel.dispose();
}

async function draw({ id, model }) {
  let output = document.getElementById(id);
  if (!output) {
    output = document.createElement('div');
    output.id = id;
    output.className = 'output';
    container.append(output);
  }
  widgets.get(id)?.dispose();
  output.replaceChildren();
  const element = document.createElement('div');
  element.className = 'cell-output-ipywidget-background';
  output.append(element);
  const inner = document.createElement('div');
  inner.className = 'cell-output-ipywidget-background';
  element.append(inner);
  await whenShown(model.model_id).promise;
  const known = await manager.get_model(model.model_id);
  const view = await manager.create_view(known, { el: inner });
  widgets.set(id, await manager.display_view(model, view, { node: inner }));
}

function theme({ kind, variables }) {
  document.body.classList.remove('vscode-light', 'vscode-dark', 'vscode-high-contrast');
  document.body.classList.add(kind);
  document.body.dataset.vscodeThemeKind = kind;
  for (const [name, value] of Object.entries(variables))
    document.documentElement.style.setProperty(`--vscode-${name}`, value);
}

window.addEventListener('message', ({ data }) => {
  if (data.heard !== undefined) hear?.(data.heard);
  if (data.kernel) begin(data.kernel);
  if (data.draw) draw(data.draw);
  if (data.forget) forget();
  if (data.theme) theme(data.theme);
});

// An output opens nothing by itself: VS Code is told, and the caller gets an error.
window.open = url => {
  tellVSCode({ open: String(url) });
  throw new Error('window.open is not supported here');
};
window.alert = () => {
  throw new Error('window.alert is not supported here');
};
document.addEventListener('click', event => {
  const link = event.composedPath().find(node => node.tagName?.toLowerCase() === 'a' && node.href);
  if (!link) return;
  if (!link.getAttribute('href').startsWith('#')) tellVSCode({ open: link.href });
  event.preventDefault();
});
window.isListening = true;
