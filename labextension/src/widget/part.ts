/** Parts of a panel that come when they are needed: once per page, made of what the panel's bundle has already. */
import type { Channel } from '../channel';
import type { Model } from '../channels/widget';
import { fetched, TRIES } from './fetched';
import { style } from './style';

interface Made {
  css: string;
}

interface Given {
  el: HTMLElement;
  model: Model;
  channel: Channel;
}

/** What a part exports, by its name. */
export type Parts = <T>(name: string, given: Given) => Promise<T>;

/** `modules`: what the parts are made of, as build.mjs has counted it. */
export function parts(modules: readonly unknown[]): Parts {
  const kept = new Map<string, Promise<Made>>();

  /** Waits for a kernel that is busy, and not for one that is gone. */
  async function made(name: string, { model, channel }: Given): Promise<Made> {
    const whole = `${String(model.get('_bundle'))}/${name}`;
    for (let tries = 1; ; tries++) {
      try {
        const make = await fetched<(from: (at: number) => unknown) => Made>(model, whole);
        return make(at => modules[at]);
      } catch (wrong) {
        if (tries === TRIES || channel.status.peek().state === 'lost') throw wrong;
      }
    }
  }

  return async <T>(name: string, given: Given) => {
    let coming = kept.get(name);
    if (!coming) {
      coming = made(name, given);
      kept.set(name, coming);
      coming.catch(() => kept.delete(name));
    }
    const found = await coming;
    style(given.el, name, found.css);
    return found as T;
  };
}
