/** The Compare panel. */
import { render } from 'preact';
import type { Host, Panel } from '../../panel';
import { Compare } from './view';

export const compare: Panel = {
  name: 'compare',
  title: 'Compare',
  mount(element: HTMLElement, host: Host) {
    render(<Compare host={host} />, element);
    return () => render(null, element);
  }
};
