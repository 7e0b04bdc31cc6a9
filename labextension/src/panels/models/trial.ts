/** One try of a model: what is put in, what comes out as it comes, and how it ended. */
import { signal } from '@preact/signals';
import type { Channel } from '../../channel';
import { Asked } from '../../parts/asked';
import type { Ran } from './answers';

export class Trial {
  readonly input = signal('');
  /** what has come so far, drawn by Python */
  readonly html = signal('');
  readonly stopped = signal(false);
  readonly ran: Asked<Ran>;
  /** the reader has written something: an example that arrives later does not replace it */
  touched = false;

  constructor(channel: Channel) {
    this.ran = new Asked<Ran>(channel, 'models.run');
  }

  write(input: string): void {
    this.touched = true;
    this.input.value = input;
  }

  async run(id: string, task: string | null): Promise<void> {
    this.stopped.value = false;
    this.ran.forget();
    this.html.value = '';
    const args = { id, input: this.input.peek(), ...(task && { task }) };
    const ran = await this.ran.ask(args, event => {
      if (typeof event?.html === 'string') this.html.value = event.html;
    });
    if (ran) this.html.value = ran.html;
  }

  /** What has come stays. */
  stop(): void {
    if (!this.ran.waiting.peek()) return;
    this.ran.stop();
    this.stopped.value = true;
  }

  forget(): void {
    this.ran.forget();
    this.html.value = '';
    this.input.value = '';
    this.stopped.value = false;
    this.touched = false;
  }
}
