/** The sidebar as the host of a panel. */

import type { INotebookTracker } from '@jupyterlab/notebook';
import type { Channel } from '../../channel';
import { copied, inserted, opened } from '../../hands';
import type { Host } from '../../panel';
import { draggable, insert } from '../hands';
import type { Memory } from './memory';

export type Say = Host['say'];

export interface Given {
  panel: string;
  channel: Channel;
  memory: Memory;
  tracker: INotebookTracker;
  say: Say;
  /** turns to another panel */
  hand: (panel: string, options: Record<string, unknown>) => void;
  /** what can be done about a state of the channel, now */
  next: () => NonNullable<Host['next']>;
}

export function sidebarHost({ panel, channel, memory, tracker, say, hand, next }: Given): Host {
  return {
    kind: 'sidebar',
    channel,
    options: memory.of(panel),
    remember: (name, value) => memory.keep(panel, name, value),
    insert: code => inserted(code, text => insert(tracker, text)),
    copy: copied,
    open: opened,
    hand,
    draggable,
    get next() {
      return next();
    },
    say
  };
}
