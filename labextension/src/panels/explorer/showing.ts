/**
 * Pictures and sounds, fetched when they come into sight and let go again: the last hundred are kept, as addresses of
 * this page that are revoked with them.
 */
import { type Signal, signal } from '@preact/signals';
import type { Channel } from '../../channel';
import { wrongOf } from '../../parts/asked';
import { Dropped, type Wrong } from '../../protocol';
import type { Media, Of } from './answers';

export const KEPT = 120;
const AT_ONCE = 4;
const REAL = /^(image|audio|video)\/[\w.+-]+$/;

export interface Shown {
  media: Media | null;
  /** an address of this page; null where there is nothing to show */
  url: string | null;
  wrong: Wrong | null;
}

interface Wish {
  key: string;
  args: Record<string, unknown>;
  to: Signal<Shown | null>;
  waiting: number;
  asked: AbortController | null;
}

export class Showing {
  private readonly wishes = new Map<string, Wish>();
  private going = 0;

  constructor(
    private readonly channel: Channel,
    private readonly of: () => Of
  ) {}

  /** Wanted by somebody who can be seen; `release` when not any more. */
  want(
    row: number,
    column: string,
    side: number,
    allow?: number
  ): { shown: Signal<Shown | null>; release: () => void } {
    const key = JSON.stringify([row, column, side]);
    let wish = this.wishes.get(key);
    if (wish) this.wishes.delete(key);
    // what failed is tried again by whoever comes next
    if (!wish || (wish.to.peek()?.wrong && wish.waiting === 0)) {
      const args = { of: this.of(), row, column, side, ...(allow !== undefined && { allow }) };
      wish = { key, args, to: signal<Shown | null>(null), waiting: 0, asked: null };
    }
    this.wishes.set(key, wish);
    const mine = wish;
    mine.waiting++;
    this.next();
    let released = false;
    return {
      shown: mine.to,
      release: () => {
        if (released) return;
        released = true;
        mine.waiting--;
        if (mine.waiting === 0 && mine.to.peek() === null) {
          this.wishes.delete(key);
          mine.asked?.abort();
        }
        this.tidy();
      }
    };
  }

  end(): void {
    for (const wish of this.wishes.values()) {
      wish.asked?.abort();
      revoke(wish);
    }
    this.wishes.clear();
  }

  private next(): void {
    if (this.going >= AT_ONCE) return;
    for (const wish of this.wishes.values()) {
      if (wish.to.peek() !== null || wish.asked || wish.waiting === 0) continue;
      void this.fetch(wish);
      if (this.going >= AT_ONCE) return;
    }
  }

  private async fetch(wish: Wish): Promise<void> {
    wish.asked = new AbortController();
    this.going++;
    try {
      let bytes: ArrayBuffer | undefined;
      const media = await this.channel.call<Media>('data.media', wish.args, {
        each: true,
        signal: wish.asked.signal,
        onBuffers: buffers => {
          bytes = buffers[0];
        }
      });
      if (!this.wishes.has(wish.key)) return;
      const real = bytes && REAL.test(media.mime);
      const url = real ? URL.createObjectURL(new Blob([bytes as BlobPart], { type: media.mime })) : null;
      wish.to.value = { media, url, wrong: null };
    } catch (error) {
      if (!(error instanceof Dropped)) wish.to.value = { media: null, url: null, wrong: wrongOf(error) };
    } finally {
      this.going--;
      wish.asked = null;
      this.tidy();
      this.next();
    }
  }

  private tidy(): void {
    let over = this.wishes.size - KEPT;
    for (const [key, wish] of this.wishes) {
      if (over <= 0) return;
      if (wish.waiting > 0) continue;
      revoke(wish);
      this.wishes.delete(key);
      over--;
    }
  }
}

function revoke(wish: Wish): void {
  const url = wish.to.peek()?.url;
  if (url) URL.revokeObjectURL(url);
}
