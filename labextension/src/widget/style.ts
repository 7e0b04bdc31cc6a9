/** The style sheets of panels, once per document: a cell has no other way to bring them. */
import parts from '../../style/panels.css';

/** The parts' rules, and those of one panel. */
export function style(element: HTMLElement, panel: string, own: string): void {
  bring(element.ownerDocument, 'hfnb-panels-style', parts);
  if (own) bring(element.ownerDocument, `hfnb-${panel}-style`, own);
}

function bring(page: Document, id: string, css: string): void {
  if (page.getElementById(id)) return;
  const sheet = page.createElement('style');
  sheet.id = id;
  sheet.textContent = css;
  page.head.append(sheet);
}
