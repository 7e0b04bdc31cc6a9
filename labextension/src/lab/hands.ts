/** Code into a notebook: at the cursor, in a new cell, or dragged there. Panels in cells are lent the same hands. */
import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { INotebookTracker, type NotebookPanel } from '@jupyterlab/notebook';
import { MimeData } from '@lumino/coreutils';
import { Drag } from '@lumino/dragdrop';
import { lend } from '../hands';
import { Extension } from './token';

const CELLS = 'application/vnd.jupyter.cells';
/** Pixels after which a press is a drag and no click. */
const MOVED = 5;

/**
 * Into the notebook in front: where the cursor is, if its line is empty, else into a new cell below. One step to undo.
 * False: there is no notebook.
 */
export function insert(tracker: INotebookTracker, code: string): boolean {
  const panel = tracker.currentWidget;
  const notebook = panel?.content;
  const model = notebook?.model;
  if (!panel || !notebook || !model || model.readOnly) return false;
  const cell = notebook.activeCell;
  const editor = cell?.model.type === 'code' ? cell.editor : null;
  if (editor && !editor.getLine(editor.getCursorPosition().line)?.trim()) {
    editor.replaceSelection?.(code);
    attend(panel);
  } else {
    const below = model.sharedModel.cells.length ? notebook.activeCellIndex + 1 : 0;
    model.sharedModel.insertCell(below, { cell_type: 'code', source: code, metadata: { trusted: true } });
    notebook.activeCellIndex = below;
    notebook.deselectAll();
    attend(panel);
    const last = code.split('\n');
    const end = { line: last.length - 1, column: last.at(-1)?.length ?? 0 };
    notebook.activeCell?.editor?.setCursorPosition(end);
  }
  return true;
}

/** Look there, and type there. */
function attend({ content: notebook }: NotebookPanel): void {
  const cell = notebook.activeCell;
  if (!cell) return;
  notebook.mode = 'edit';
  // a new cell may not be drawn yet
  void cell.ready.then(async () => {
    await notebook.scrollToCell(cell, 'smart');
    if (notebook.activeCell === cell) cell.editor?.focus();
  });
}

/** A press that moves takes the element's code along, as a cell; what it returns undoes that. */
export function draggable(element: HTMLElement, code: () => string, label: string): () => void {
  let from: { x: number; y: number } | undefined;
  const press = (event: PointerEvent) => {
    const target = event.target as Element;
    const typed = target.closest('input, textarea, select, [contenteditable=true]');
    from = event.button === 0 && !typed ? { x: event.clientX, y: event.clientY } : undefined;
    if (from) listen(true);
  };
  const move = (event: PointerEvent) => {
    if (!from || Math.hypot(event.clientX - from.x, event.clientY - from.y) < MOVED) return;
    from = undefined;
    listen(false);
    drag(event, code(), label);
  };
  const leave = () => listen(false);
  const listen = (on: boolean) => {
    const change = on ? document.addEventListener : document.removeEventListener;
    change.call(document, 'pointermove', move as EventListener);
    change.call(document, 'pointerup', leave);
  };
  element.addEventListener('pointerdown', press);
  return () => {
    listen(false);
    element.removeEventListener('pointerdown', press);
  };
}

function drag(event: PointerEvent, code: string, label: string): void {
  const cell = {
    cell_type: 'code',
    source: code,
    metadata: { trusted: true },
    outputs: [],
    execution_count: null
  };
  const data = new MimeData();
  data.setData(CELLS, [cell]);
  data.setData('text/plain', code);
  const image = document.createElement('div');
  image.className = 'hfnb-dragged';
  image.textContent = label;
  getSelection()?.removeAllRanges();
  const moving = new Drag({
    mimeData: data,
    dragImage: image,
    supportedActions: 'copy',
    proposedAction: 'copy',
    source: 'hf_nb'
  });
  // the release is a click to the page, on whatever lies beneath
  const swallow = (click: Event) => click.stopPropagation();
  document.addEventListener('click', swallow, { capture: true, once: true });
  void moving.start(event.clientX, event.clientY).then(() => {
    setTimeout(() => document.removeEventListener('click', swallow, { capture: true }));
    moving.dispose();
  });
}

export const hands: JupyterFrontEndPlugin<void> = {
  id: 'hf-nb:hands',
  description: 'Lends the panels in cells what the sidebar can do.',
  autoStart: true,
  requires: [Extension, INotebookTracker],
  activate(_, extension: Extension, tracker: INotebookTracker) {
    lend({ insert: async code => insert(tracker, code), draggable, say: extension.say });
  }
};
