/** The Spaces panel's own words: what it lists, and how a Space stands. */
import type { Words } from '../../parts/words';
import type { SpaceState } from './answers';

export const WORDS: Words = {
  title: 'Spaces',
  search: 'Search Spaces',
  counted: ['1 Space', '%1 Spaces'],
  shows: ['Show 1 Space', 'Show %1 Spaces'],
  none: 'No Space fits.',
  nothing: 'The Hub has no Space that your token may see.'
};

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
