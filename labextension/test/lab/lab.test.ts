/** Who is asked from the sidebar: the kernel, the Jupyter server, or both. */
import { signal } from '@preact/signals';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { BUSY_AFTER, Conversation } from '../../src/channel';
import { LabChannel, type Way } from '../../src/channels/lab';
import { PROTOCOL, type Request, type Wrong } from '../../src/protocol';

class Side {
  readonly conversation = new Conversation();
  readonly asked: Request[] = [];

  constructor() {
    this.conversation.connect({ send: request => void this.asked.push(request), dispose: () => undefined });
    this.conversation.status.value = { state: 'ready' };
  }

  ops(): string[] {
    return this.asked.map(one => one.op);
  }

  say(op: string, said: { ok?: unknown; error?: Wrong }): void {
    const id = this.asked.findLast(one => one.op === op)?.id;
    this.conversation.receive({ v: PROTOCOL, id, ...said });
  }
}

let kernel: Side;
let server: Side;
const way = signal<Way>('auto');

beforeEach(() => {
  vi.useFakeTimers();
  kernel = new Side();
  server = new Side();
  way.value = 'auto';
});
afterEach(() => {
  vi.useRealTimers();
});

function channel(wake?: () => Promise<void>): LabChannel {
  return new LabChannel({
    kernel: kernel.conversation,
    server: server.conversation,
    way,
    ...(wake && { wake })
  });
}

test('a kernel that answers is the only one asked', async () => {
  const answer = channel().call('models.search', { text: 'bert' });
  kernel.say('models.search', { ok: 'from the kernel' });
  expect(await answer).toBe('from the kernel');
  expect(server.asked).toEqual([]);
});

test('where the kernel is silent, the server is asked too and the kernel is told to stop', async () => {
  const answer = channel().call('models.search', { text: 'bert' });
  await vi.advanceTimersByTimeAsync(BUSY_AFTER + 10);
  server.say('models.search', { ok: 'from the server' });
  expect(await answer).toBe('from the server');
  expect(kernel.ops()).toContain('cancel');
});

test('the kernel may still be the first to answer', async () => {
  const answer = channel().call('models.search');
  await vi.advanceTimersByTimeAsync(BUSY_AFTER + 10);
  kernel.say('models.search', { ok: 'late' });
  expect(await answer).toBe('late');
  expect(server.ops()).toEqual(['models.search', 'cancel']);
});

test('what changes something is never asked twice', async () => {
  void channel()
    .call('spaces.restart', { id: 'a/b' })
    .catch(() => undefined);
  await vi.advanceTimersByTimeAsync(BUSY_AFTER * 4);
  expect(kernel.ops()).toContain('spaces.restart');
  expect(server.asked).toEqual([]);
});

test('what went wrong at the Hub is told, and nobody else is asked', async () => {
  const answer = channel().call('models.details', { id: 'a/b' });
  kernel.say('models.details', { error: { type: 'NotFound', message: 'No a/b.', hint: '', retry: false } });
  await expect(answer).rejects.toThrow('No a/b.');
  expect(server.asked).toEqual([]);
});

test('a kernel that goes away in the midst of a question leaves it to the server', async () => {
  const answer = channel().call('models.search');
  kernel.conversation.hangUp({ state: 'lost' });
  await vi.advanceTimersByTimeAsync(0);
  server.say('models.search', { ok: 'from the server' });
  expect(await answer).toBe('from the server');
});

test('a question given up is given up on both sides', async () => {
  const stop = new AbortController();
  const answer = channel().call('models.search', {}, { signal: stop.signal });
  await vi.advanceTimersByTimeAsync(BUSY_AFTER + 10);
  stop.abort();
  await expect(answer).rejects.toThrow('dropped');
  expect(kernel.ops()).toContain('cancel');
  expect(server.ops()).toContain('cancel');
});

test('running a model gets a kernel ready first', async () => {
  kernel.conversation.hangUp({ state: 'unloaded' });
  const wake = vi.fn(async () => {
    kernel = Object.assign(kernel, { asked: [] });
    kernel.conversation.connect({
      send: request => void kernel.asked.push(request),
      dispose: () => undefined
    });
    kernel.conversation.status.value = { state: 'ready' };
  });
  const answer = channel(wake).call('models.run', { id: 'a/b' });
  await vi.advanceTimersByTimeAsync(0);
  kernel.say('models.run', { ok: 'ran' });
  expect(await answer).toBe('ran');
  expect(wake).toHaveBeenCalledOnce();
});

test('where no kernel can be had, running says what to do', async () => {
  kernel.conversation.hangUp({ state: 'absent' });
  const answer = channel(() => Promise.reject(new Error('No notebook is open.'))).call('models.run');
  await expect(answer).rejects.toMatchObject({
    message: 'No notebook is open.',
    wrong: { hint: 'Open a notebook with a Python kernel, then try again.' }
  });
});

test('the setting decides', () => {
  way.value = 'server';
  void channel()
    .call('models.search')
    .catch(() => undefined);
  expect([kernel.ops(), server.ops()]).toEqual([[], ['models.search']]);
  way.value = 'kernel';
  void channel()
    .call('models.search')
    .catch(() => undefined);
  expect(kernel.ops()).toEqual(['models.search']);
});
