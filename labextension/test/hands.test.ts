/** What both hosts do for a panel: open an address, put code somewhere. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Conversation } from '../src/channel';
import type { Model } from '../src/channels/widget';
import { lend, plainly } from '../src/hands';
import { sidebarHost } from '../src/lab/house/host';
import { Memory } from '../src/lab/house/memory';
import type { Host } from '../src/panel';
import { widget } from '../src/widget/host';

const notebook = vi.hoisted(() => ({ insert: vi.fn() }));
// the notebook itself, whose own modules want a whole JupyterLab
vi.mock('../src/lab/hands', () => ({ insert: notebook.insert, draggable: () => () => undefined }));

function cell(): Host {
  lend({ insert: async code => notebook.insert(code), draggable: () => () => undefined, say: plainly });
  const model: Model = { get: () => ({}), set() {}, save_changes() {}, send() {}, on() {}, off() {} };
  let given: Host | undefined;
  const panel = {
    name: 'tried',
    title: 'Tried',
    mount: (_: HTMLElement, host: Host) => {
      given = host;
      return () => undefined;
    }
  };
  widget(panel).render({ model, el: document.createElement('div') })();
  return given as Host;
}

async function sidebar(): Promise<Host> {
  return sidebarHost({
    panel: 'tried',
    channel: new Conversation(),
    memory: await Memory.load(null),
    tracker: {} as never,
    say: plainly,
    hand: () => undefined,
    next: () => ({})
  });
}

let pages: string[];
let clipboard: string[];

beforeEach(() => {
  pages = [];
  clipboard = [];
  vi.spyOn(window, 'open').mockImplementation((url, where, how) => {
    pages.push([url, where, how].join(' '));
    return null;
  });
  vi.spyOn(navigator.clipboard, 'writeText').mockImplementation(async text => void clipboard.push(text));
  notebook.insert.mockReset();
});
afterEach(() => lend(undefined));

describe.each([
  ['a cell', cell],
  ['the sidebar', sidebar]
])('in %s', (_, made) => {
  test('a page opens beside this one, and knows nothing of it', async () => {
    const host = await made();
    host.open('https://huggingface.co/who/a');
    host.open('HTTP://127.0.0.1:9/who/a');
    expect(pages).toEqual([
      'https://huggingface.co/who/a _blank noopener',
      'HTTP://127.0.0.1:9/who/a _blank noopener'
    ]);
  });

  test.each([
    'javascript:alert(1)',
    ' JaVaScRiPt:alert(1)',
    '\u0001javascript:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'file:///etc/passwd',
    'blob:https://huggingface.co/1',
    'vbscript:x',
    '//huggingface.co/who/a',
    'who/a',
    ''
  ])('%j is no page, and is not opened', async url => {
    (await made()).open(url);
    expect(pages).toEqual([]);
  });

  test('a window that cannot be opened is no error of the panel', async () => {
    vi.spyOn(window, 'open').mockImplementation(() => {
      throw new Error('not here');
    });
    const host = await made();
    expect(() => host.open('https://huggingface.co')).not.toThrow();
  });

  test('code goes into the notebook', async () => {
    notebook.insert.mockReturnValue(true);
    expect(await (await made()).insert('1 + 1')).toBe('inserted');
    expect(notebook.insert.mock.lastCall?.at(-1)).toBe('1 + 1');
    expect(clipboard).toEqual([]);
  });

  test('code is copied where there is no notebook, or where it is going away', async () => {
    const host = await made();
    notebook.insert.mockReturnValue(false);
    expect(await host.insert('1 + 1')).toBe('copied');
    notebook.insert.mockImplementation(() => {
      throw new Error('disposed');
    });
    expect(await host.insert('2 + 2')).toBe('copied');
    expect(clipboard).toEqual(['1 + 1', '2 + 2']);
  });

  test('code that can go nowhere is said to', async () => {
    notebook.insert.mockReturnValue(false);
    vi.spyOn(navigator.clipboard, 'writeText').mockRejectedValue(new Error('not allowed'));
    await expect((await made()).insert('1 + 1')).rejects.toThrow('neither inserted nor copied');
  });
});
