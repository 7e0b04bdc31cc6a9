/** Running work of the kernel in front, for the status bar: the same events that the Inference panel watches. */

import { Signal } from '@lumino/signaling';
import { effect } from '@preact/signals';
import type { Conversation } from '../../channel';
import type { Dashboard } from '../../panels/inference/answers';
import type { Running, Watched } from '../token';

export class Work implements Watched {
  now: Running | null = null;
  readonly changed = new Signal<unknown, void>(this);

  constructor(line: Conversation) {
    let stop: AbortController | undefined;
    effect(() => {
      const here = line.status.value.state === 'ready' || line.status.value.state === 'busy';
      if (here && !stop) {
        stop = new AbortController();
        const watch = {
          each: true,
          signal: stop.signal,
          onEvent: (event: Dashboard) => this.tell(counted(event))
        };
        this.tell({ count: 0, tokens: null });
        line.call('inference.watch', {}, watch).catch(() => undefined);
      } else if (!here && stop) {
        stop.abort();
        stop = undefined;
        this.tell(null);
      }
    });
  }

  private tell(now: Running | null): void {
    if (JSON.stringify(now) === JSON.stringify(this.now)) return;
    this.now = now;
    this.changed.emit();
  }
}

function counted(event: Dashboard): Running {
  const running = event.jobs.filter(job => job.state === 'running');
  const rates = running.flatMap(job => (job.unit === 'tokens' && job.rate !== null ? [job.rate] : []));
  return {
    count: event.counts.running + event.counts.queued,
    tokens: rates.length ? rates.reduce((all, rate) => all + rate, 0) : null
  };
}
