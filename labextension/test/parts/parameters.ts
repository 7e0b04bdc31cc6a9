/** A parameter, as the other side would describe it. */
import type { Control } from '../../src/panels/answers';

export function control(name: string, more: Partial<Control> = {}): Control {
  return {
    name,
    kind: 'number',
    label: name.replaceAll('_', ' '),
    help: '',
    first: true,
    least: null,
    most: null,
    low: null,
    high: null,
    step: null,
    choices: [],
    unused: {},
    ...more
  };
}
