/** A Space's state in a word. */
import type { SpaceState } from './answers';

export function stateWord(state: SpaceState, say: (text: string) => string): string {
  const words: Record<SpaceState, string> = {
    running: say('Running'),
    starting: say('Starting'),
    building: say('Building'),
    sleeping: say('Asleep'),
    paused: say('Paused'),
    stopped: say('Stopped'),
    error: say('Failing')
  };
  return words[state];
}
