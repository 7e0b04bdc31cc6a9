/** The Playground. */
import { render } from 'preact';
import type { Host, Panel } from '../../panel';
import { PlaygroundView } from './view';

export const playground: Panel = {
  name: 'playground',
  title: 'Playground',
  mount(element: HTMLElement, host: Host) {
    render(<PlaygroundView host={host} />, element);
    return () => render(null, element);
  }
};
