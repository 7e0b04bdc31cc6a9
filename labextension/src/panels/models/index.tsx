/** The Models panel. */
import { render } from 'preact';
import type { Host, Panel } from '../../panel';
import { Models } from './view';

export const models: Panel = {
  name: 'models',
  title: 'Models',
  mount(element: HTMLElement, host: Host) {
    render(<Models host={host} />, element);
    return () => render(null, element);
  }
};
