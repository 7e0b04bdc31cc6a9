/** The panels' style sheet, once per document: a cell has no other way to bring one. */
import css from '../../style/panels.css';

const ID = 'hfnb-panels-style';

export function style(element: HTMLElement): void {
  const page = element.ownerDocument;
  if (page.getElementById(ID)) return;
  const sheet = page.createElement('style');
  sheet.id = ID;
  sheet.textContent = css;
  page.head.append(sheet);
}
