/** Bringing into view what somebody has asked to see. */

/** Its beginning into the upper half of what scrolls, where it is below: the notebook around it stands still. */
export function reveal(box: HTMLElement | null): void {
  const around = box?.closest('.hfnb-scroll');
  if (!box || !around) return;
  const below = box.getBoundingClientRect().top - around.getBoundingClientRect().top;
  if (below > around.clientHeight * 0.7) around.scrollTop += below - around.clientHeight / 3;
}
