/** The Inference panel. */
import { render } from 'preact';
import type { Host, Panel } from '../../panel';
import { Inference } from './view';

export const inference: Panel = {
  name: 'inference',
  title: 'Inference',
  mount(element: HTMLElement, host: Host) {
    render(<Inference host={host} />, element);
    return () => render(null, element);
  }
};
