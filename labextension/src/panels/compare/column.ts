/** What one contender has said so far, and how it went. Its text grows outside of signals: a page draws it once a frame. */
import { signal } from '@preact/signals';
import type { Wrong } from '../../protocol';
import type { Drawn, Figures, News, Target } from './answers';

export type ColumnState = 'idle' | 'waiting' | 'writing' | 'done' | 'failed' | 'stopped';

export class Column {
  readonly state = signal<ColumnState>('idle');
  readonly doing = signal('');
  readonly target = signal<Target | null>(null);
  readonly answer = signal<Drawn | null>(null);
  readonly figures = signal<Figures | null>(null);
  readonly wrong = signal<Wrong | null>(null);
  /** another number with every frame in which there was more to draw */
  readonly frame = signal(0);
  /** all that has come, and in how many parts: about as many tokens */
  text = '';
  parts = 0;
  /** milliseconds, by this page's clock */
  began = 0;
  first: number | null = null;
  ended: number | null = null;

  get underWay(): boolean {
    return this.state.value === 'waiting' || this.state.value === 'writing';
  }

  begin(): void {
    this.forget();
    this.began = performance.now();
    this.state.value = 'waiting';
  }

  forget(): void {
    this.text = '';
    this.parts = 0;
    this.first = null;
    this.ended = null;
    this.state.value = 'idle';
    this.doing.value = '';
    this.target.value = null;
    this.answer.value = null;
    this.figures.value = null;
    this.wrong.value = null;
    this.frame.value++;
  }

  hear(news: News): void {
    if (news.doing !== undefined) this.doing.value = news.doing;
    if (news.target) this.target.value = news.target;
    if (news.text) {
      this.first ??= performance.now();
      this.text += news.text;
      this.parts += news.parts ?? 1;
      if (this.state.peek() === 'waiting') this.state.value = 'writing';
    }
    if (news.wrong) this.wrong.value = news.wrong;
    if (news.answer) this.answer.value = news.answer;
    if (news.figures) this.figures.value = news.figures;
    if (news.state) this.end(news.state);
  }

  end(state: 'done' | 'failed' | 'stopped'): void {
    if (!this.underWay) return;
    this.ended = performance.now();
    this.state.value = state;
  }

  /** It is of another page's time, and took so many seconds. */
  lasted(seconds: number): void {
    this.first = null;
    this.ended = this.began + seconds * 1000;
  }

  /** Seconds until now, or until it ended. */
  get seconds(): number {
    return ((this.ended ?? performance.now()) - this.began) / 1000;
  }

  /** Tokens a second, about, while they come. */
  get rate(): number | null {
    if (this.first === null || this.parts < 2) return null;
    const passed = ((this.ended ?? performance.now()) - this.first) / 1000;
    return passed > 0.2 ? (this.parts - 1) / passed : null;
  }
}
