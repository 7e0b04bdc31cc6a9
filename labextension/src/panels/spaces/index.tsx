/** The Spaces panel. */
import { render } from 'preact';
import type { Host, Panel } from '../../panel';
import { Spaces } from './view';

export const spaces: Panel = {
  name: 'spaces',
  title: 'Spaces',
  mount(element: HTMLElement, host: Host) {
    render(<Spaces host={host} />, element);
    return () => render(null, element);
  }
};
