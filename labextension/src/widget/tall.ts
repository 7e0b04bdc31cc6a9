/** A panel that was dragged taller stays so, whatever it shows next: the height belongs to the cell, not to what it holds. */
import type { Host } from '../panel';

/** Milliseconds after a drag until its height is kept with the notebook. */
const KEEPS = 400;

/** Watches until the answer is called. */
export function keepsTall(root: HTMLElement, host: Pick<Host, 'options' | 'remember'>): () => void {
  let later: ReturnType<typeof setTimeout> | undefined;
  let kept = Number(host.options.tall);
  const put = (tall: number) => root.style.setProperty('--hfnb-tall', `${tall}px`);
  if (kept > 0 && Number.isFinite(kept)) put(kept);
  const observer = new ResizeObserver(() => {
    // a drag at its corner writes the height into what is dragged, and nothing else does
    const dragged = [...root.querySelectorAll<HTMLElement>('.hfnb-panel, .hfnb-exploring')].find(
      one => one.style.height
    );
    const tall = Math.round(Number.parseFloat(dragged?.style.height ?? ''));
    if (!(tall > 0) || tall === kept) return;
    kept = tall;
    put(tall);
    clearTimeout(later);
    later = setTimeout(() => host.remember('tall', tall), KEEPS);
  });
  observer.observe(root);
  return () => {
    clearTimeout(later);
    observer.disconnect();
  };
}
