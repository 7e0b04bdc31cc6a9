/** The Datasets panel. */
import { render } from 'preact';
import type { Host, Panel } from '../../panel';
import { Datasets } from './view';

export const datasets: Panel = {
  name: 'datasets',
  title: 'Datasets',
  mount(element: HTMLElement, host: Host) {
    render(<Datasets host={host} />, element);
    return () => render(null, element);
  }
};
