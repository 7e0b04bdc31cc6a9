/** The explorer: a table of any size. */
import { render } from 'preact';
import type { Host, Panel } from '../../panel';
import { Explorer } from './view';

export const explorer: Panel = {
  name: 'explorer',
  title: 'Explorer',
  mount(element: HTMLElement, host: Host) {
    render(<Explorer host={host} />, element);
    return () => render(null, element);
  }
};
