/** The conversations of tests/protocol, which Python's side is tried with too; and what only this side knows. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BUSY_AFTER, type Call, Conversation, type State } from '../src/channel';
import { type Model, widgetChannel } from '../src/channels/widget';
import { Dropped, HfNbError, PROTOCOL, type Request } from '../src/protocol';

const FOLDER = join(import.meta.dirname, '../../tests/protocol');

interface Step {
  only?: 'panel' | 'kernel';
  call?: string;
  drops?: string;
  sends?: Request[];
  hears?: unknown;
  buffers?: string[];
  'hangs up'?: State;
}
type End = 'Dropped' | { ok?: unknown; error?: unknown; events?: unknown[]; buffers?: string[] };
interface Transcript {
  about: string;
  steps: Step[];
  ends: Record<string, End>;
  status?: State;
}

const bytes = (text: string): ArrayBuffer => Uint8Array.from(atob(text), one => one.charCodeAt(0)).buffer;
const text = (raw: ArrayBuffer): string => btoa(String.fromCharCode(...new Uint8Array(raw)));

/** A conversation and what it sends; ids as a transcript writes them. */
function spoken() {
  const sent: Request[] = [];
  const buffers: (ArrayBuffer[] | undefined)[] = [];
  const conversation = new Conversation();
  conversation.connect({
    send(message, beside) {
      sent.push(message);
      buffers.push(beside);
    },
    dispose() {}
  });
  const own = () => sent[0]?.id.split('-')[0] ?? 'p';
  const written = (message: unknown) => JSON.parse(JSON.stringify(message).replaceAll(`"${own()}-`, '"p-'));
  const here = (message: unknown) => JSON.parse(JSON.stringify(message).replaceAll('"p-', `"${own()}-`));
  return { conversation, sent, buffers, written, here };
}

class Told {
  readonly events: unknown[] = [];
  buffers: string[] = [];
  readonly end: Promise<End>;

  constructor(ask: (call: Call) => Promise<unknown>, buffers: string[] = []) {
    const call: Call = {
      onEvent: event => this.events.push(event),
      onBuffers: beside => {
        this.buffers = beside.map(text);
      }
    };
    if (buffers.length) call.buffers = buffers.map(bytes);
    this.end = ask(call).then(
      ok => ({
        ok,
        ...(this.events.length && { events: this.events }),
        ...(this.buffers.length && { buffers: this.buffers })
      }),
      wrong => (wrong instanceof Dropped ? 'Dropped' : { error: (wrong as HfNbError).wrong })
    );
  }
}

describe('the transcripts', () => {
  for (const file of readdirSync(FOLDER).filter(name => name.endsWith('.json'))) {
    const { about, steps, ends, status }: Transcript = JSON.parse(readFileSync(join(FOLDER, file), 'utf-8'));
    it(`${file}: ${about}`, async () => {
      const { conversation, sent, buffers, written, here } = spoken();
      const told = new Map<string, Told>();
      const aborts = new Map<string, AbortController>();
      for (const step of steps) {
        if (step.only === 'kernel') continue;
        const before = sent.length;
        if (step.call) {
          const asked = step.sends?.at(-1);
          if (!asked) throw new Error('a call sends something');
          const abort = new AbortController();
          aborts.set(step.call, abort);
          const each = asked.generation === 0;
          const ask = (call: Call) =>
            conversation.call(asked.op, asked.args, { ...call, each, signal: abort.signal });
          told.set(step.call, new Told(ask, step.buffers));
          expect((buffers.at(-1) ?? []).map(text)).toEqual(step.buffers ?? []);
        }
        if (step.drops) aborts.get(step.drops)?.abort();
        if (step.sends) expect(sent.slice(before).map(written)).toEqual(step.sends);
        if ('hears' in step)
          conversation.receive(here(step.hears), (step.call ? [] : (step.buffers ?? [])).map(bytes));
        if (step['hangs up']) conversation.hangUp({ state: step['hangs up'] });
      }
      const ended = await Promise.all([...told].map(async ([name, one]) => [name, await one.end]));
      expect(Object.fromEntries(ended)).toEqual(ends);
      if (status) expect(conversation.status.value.state).toBe(status);
    });
  }
});

describe('a silent kernel', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const ready = () => {
    const all = spoken();
    all.conversation.status.value = { state: 'ready' };
    return all;
  };
  const caught = (asked: Promise<unknown>) => asked.catch(() => undefined);
  const state = (all: ReturnType<typeof spoken>) => all.conversation.status.value.state;

  it('is said to be busy after 300 ms, although somebody types all the while', () => {
    const all = ready();
    for (let time = 0; time < BUSY_AFTER; time += 50) {
      caught(all.conversation.call('search', { time }));
      vi.advanceTimersByTime(50);
    }
    expect(state(all)).toBe('busy');
  });

  it('is ready again with the first thing it says', () => {
    const all = ready();
    caught(all.conversation.call('search'));
    vi.advanceTimersByTime(BUSY_AFTER);
    expect(state(all)).toBe('busy');
    const knock = all.sent.find(message => message.op === 'hello');
    all.conversation.receive({ v: PROTOCOL, id: knock?.id, ok: {} });
    expect(state(all)).toBe('ready');
  });

  it('is not busy where only the Hub is slow: it answers a knock', () => {
    const all = ready();
    caught(all.conversation.call('search'));
    vi.advanceTimersByTime(BUSY_AFTER / 2);
    const knock = all.sent.find(message => message.op === 'hello');
    all.conversation.receive({ v: PROTOCOL, id: knock?.id, ok: {} });
    vi.advanceTimersByTime(10 * BUSY_AFTER);
    expect(state(all)).toBe('ready');
  });

  it('is asked once, however long a question that watches goes on', () => {
    const all = ready();
    caught(all.conversation.call('watch'));
    for (let time = 0; time < 10; time++) {
      vi.advanceTimersByTime(BUSY_AFTER);
      const knock = all.sent.findLast(message => message.op === 'hello');
      all.conversation.receive({ v: PROTOCOL, id: knock?.id, ok: {} });
    }
    expect(all.sent.filter(message => message.op === 'hello')).toHaveLength(1);
  });

  it('is noticed by a question that follows an answered one', () => {
    const all = ready();
    caught(all.conversation.call('search'));
    vi.advanceTimersByTime(BUSY_AFTER / 2 - 20);
    all.conversation.receive({ v: PROTOCOL, id: all.sent[0]?.id, ok: {} });
    caught(all.conversation.call('search'));
    vi.advanceTimersByTime(2 * BUSY_AFTER);
    expect(state(all)).toBe('busy');
  });
});

describe('a signal', () => {
  it('is listened to no longer than its question lasts', async () => {
    const { conversation, sent } = spoken();
    const abort = new AbortController();
    const left = vi.spyOn(abort.signal, 'removeEventListener');
    const asked = conversation.call('search', {}, { signal: abort.signal });
    conversation.receive({ v: PROTOCOL, id: sent[0]?.id, ok: 1 });
    expect(await asked).toBe(1);
    expect(left).toHaveBeenCalledOnce();
    abort.abort();
    expect(sent).toHaveLength(1);
  });
});

describe('a transport that breaks', () => {
  it('ends the question that it could not carry, and leaves nothing behind', async () => {
    const conversation = new Conversation();
    conversation.connect({
      send() {
        throw new Error('closed');
      },
      dispose() {}
    });
    await expect(conversation.call('search')).rejects.toBeInstanceOf(HfNbError);
    await expect(conversation.call('search')).rejects.toBeInstanceOf(HfNbError);
  });

  it('is not asked at all before there is one, or after it has gone', async () => {
    const conversation = new Conversation();
    await expect(conversation.call('search')).rejects.toThrow('The kernel was restarted.');
    conversation.hangUp({ state: 'unloaded' });
    await expect(conversation.call('search')).rejects.toThrow('This kernel has not loaded hf_nb.');
  });
});

describe('a widget model', () => {
  class Heard implements Model {
    readonly sent: unknown[][] = [];
    private readonly heard = new Map<string, Set<(...args: never[]) => void>>();
    get = () => undefined;
    set = () => {};
    save_changes = () => {};
    send = (...all: unknown[]) => void this.sent.push(all);
    on(event: string, heard: (...args: never[]) => void) {
      this.heard.set(event, (this.heard.get(event) ?? new Set()).add(heard));
    }
    off(event: string, heard: (...args: never[]) => void) {
      this.heard.get(event)?.delete(heard);
    }
    trigger(event: string, ...args: unknown[]) {
      for (const one of [...(this.heard.get(event) ?? [])]) one(...(args as never[]));
    }
    listeners() {
      return [...this.heard.values()].reduce((sum, one) => sum + one.size, 0);
    }
  }

  it('carries bytes in both directions, a part of a larger buffer too', async () => {
    const model = new Heard();
    const channel = widgetChannel(model);
    let came: ArrayBuffer[] = [];
    const onBuffers = (all: ArrayBuffer[]) => {
      came = all;
    };
    const asked = channel.call('turned', {}, { buffers: [bytes('AAEC')], onBuffers });
    const [message, , beside] = model.sent[0] as [Request, undefined, ArrayBuffer[]];
    expect(beside.map(text)).toEqual(['AAEC']);
    const whole = new Uint8Array([9, 9, 2, 1, 0]).buffer;
    model.trigger('msg:custom', { v: PROTOCOL, id: message.id, ok: 1 }, [new DataView(whole, 2)]);
    expect(await asked).toBe(1);
    expect(came.map(text)).toEqual(['AgEA']);
  });

  it('that lost its kernel ends what was asked, and is listened to no longer', async () => {
    const model = new Heard();
    const channel = widgetChannel(model);
    const asked = channel.call('search');
    model.trigger('comm_live_update');
    await expect(asked).rejects.toThrow('The kernel was restarted.');
    expect(channel.status.value.state).toBe('lost');
    expect(model.listeners()).toBe(0);
  });
});
