/** What the sidebar finds again: what JupyterLab's state holds, or what the page before had not sent to it yet. */
import type { IStateDB } from '@jupyterlab/statedb';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Memory } from '../../src/lab/house/memory';
import { drop } from '../../src/lab/house/note';

/** A page is the time between two loads; what it saved may or may not have come to the server. */
class Page extends EventTarget {
  static saved: unknown;
  readonly save = vi.fn(async (_: string, value: unknown) => {
    if (this.sends) Page.saved = value;
  });

  constructor(private readonly sends = true) {
    super();
  }

  memory(place = 'here'): Promise<Memory> {
    const state = { fetch: async () => structuredClone(Page.saved), save: this.save } as unknown as IStateDB;
    return Memory.load(state, place, this);
  }

  hide(): void {
    this.dispatchEvent(new Event('pagehide'));
  }
}

const left = () => sessionStorage.getItem('hf-nb:sidebar');

beforeEach(() => {
  vi.useFakeTimers();
  sessionStorage.clear();
  Page.saved = undefined;
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A page that writes a text, and is gone before the server has heard of it. */
async function hurried(text = 'new', place = 'here'): Promise<void> {
  const page = new Page(false);
  const memory = await page.memory(place);
  memory.tab = 'playground';
  memory.keep('playground', 'text', text);
  await vi.advanceTimersByTimeAsync(300);
  page.hide();
}

test('a page that is loaded at once finds what the one before had not sent', async () => {
  Page.saved = { tab: 'models', panels: { playground: { text: 'old' } }, at: Date.now() - 60_000 };
  await hurried();
  const memory = await new Page().memory();
  expect([memory.tab, memory.of('playground')]).toEqual(['playground', { text: 'new' }]);
});

test('what was found that way is sent, and left no second time', async () => {
  await hurried();
  const page = new Page();
  await page.memory();
  expect(left()).toBeNull();
  await vi.advanceTimersByTimeAsync(300);
  expect(Page.saved).toMatchObject({ tab: 'playground', panels: { playground: { text: 'new' } } });
});

test('a page that changed nothing of late leaves nothing, and takes away what lay there', async () => {
  const page = new Page();
  const memory = await page.memory();
  memory.keep('playground', 'text', 'long ago');
  await vi.advanceTimersByTimeAsync(10_000);
  sessionStorage.setItem('hf-nb:sidebar', 'older still');
  page.hide();
  expect(left()).toBeNull();
});

test('another page that changed something later is believed', async () => {
  await hurried();
  Page.saved = { tab: 'spaces', panels: {}, at: Date.now() + 1000 };
  expect((await new Page().memory()).tab).toBe('spaces');
});

test('what another workspace has left in this tab is none of ours', async () => {
  await hurried('theirs', 'elsewhere');
  expect((await new Page().memory()).of('playground')).toEqual({});
});

test('a state of a time before there were times is older than what was left', async () => {
  Page.saved = { tab: 'models', panels: {} };
  await hurried();
  expect((await new Page().memory()).tab).toBe('playground');
});

test.each(['{"place": "here", "kept"', '7', '{"place": "here", "kept": {"panels": 3, "at": 1e15}}', '[]'])(
  'what is broken is passed over: %s',
  async text => {
    sessionStorage.setItem('hf-nb:sidebar', text);
    Page.saved = { tab: 'spaces', panels: {} };
    expect((await new Page().memory()).tab).toBe('spaces');
    expect(left()).toBeNull();
  }
);

test('a browser that keeps nothing is no reason to fail', async () => {
  const no = () => {
    throw new DOMException('denied', 'SecurityError');
  };
  vi.stubGlobal('sessionStorage', { getItem: no, setItem: no, removeItem: no });
  Page.saved = { tab: 'spaces', panels: {} };
  await hurried();
  expect((await new Page().memory()).tab).toBe('spaces');
});

test('what has no room takes an older one away', async () => {
  const page = new Page(false);
  const memory = await page.memory();
  memory.keep('playground', 'text', 'huge');
  const full = () => {
    throw new DOMException('full', 'QuotaExceededError');
  };
  const removeItem = vi.fn();
  vi.stubGlobal('sessionStorage', { setItem: full, removeItem });
  page.hide();
  expect(removeItem).toHaveBeenCalledWith('hf-nb:sidebar');
});

test('what JupyterLab was told to forget is not left, nor sent', async () => {
  const page = new Page();
  const memory = await page.memory();
  memory.keep('playground', 'text', 'secret');
  drop();
  memory.forget();
  await vi.advanceTimersByTimeAsync(300);
  page.hide();
  expect([left(), Page.saved]).toEqual([null, undefined]);
});

test('a JupyterLab without a state keeps nothing across pages', async () => {
  const page = new Page();
  const memory = await Memory.load(null, 'here', page);
  memory.tab = 'spaces';
  page.hide();
  expect(left()).toBeNull();
});
