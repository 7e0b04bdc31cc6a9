/** Our mark: cards on a shelf. JupyterLab colours it with its theme. */
import { LabIcon } from '@jupyterlab/ui-components';

export const icon = new LabIcon({
  name: 'hf-nb:cards',
  svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 24 24">
  <g class="jp-icon3" fill="#616161"><path d="M5 3h14a2 2 0 0 1 2 2v1.5H3V5a2 2 0 0 1 2-2z" opacity=".45"/>
  <path fill-rule="evenodd" d="M3 8.5h18V19a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2zM5.5 11v2h7v-2zm0 4v1.5h4.5V15zm9.75-.75a2.25 2.25 0 1 0 4.5 0 2.25 2.25 0 1 0-4.5 0z"/></g></svg>`
});
