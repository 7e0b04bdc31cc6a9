/**
 * HTML that Python has cleaned: a card, a result. It is looked through once more here before it enters the page:
 * nothing runs, nothing is fetched, and links open in a tab of their own.
 */
import { useLayoutEffect, useRef } from 'preact/hooks';
import { useHere } from './here';

const OUT =
  'script, iframe, frame, object, embed, applet, link, meta, base, form, template, portal, noscript';
const FETCHES = ['src', 'srcset', 'poster', 'background', 'data', 'ping', 'action', 'formaction', 'manifest'];
const LINKS = ['href', 'xlink:href'];
const HERE = /^data:(image|audio|video)\/[\w.+-]+[;,]/i;

/** The nodes of a piece of HTML, with nothing in them that could do something. */
export function harmless(html: string): DocumentFragment {
  // an inert document: its images do not load, its handlers do not run
  const page = new DOMParser().parseFromString(`<!doctype html><body>${html}`, 'text/html');
  for (const element of page.querySelectorAll(OUT)) element.remove();
  for (const element of page.body.querySelectorAll('*')) clean(element);
  const pieces = document.createDocumentFragment();
  pieces.append(...page.body.childNodes);
  return pieces;
}

export function Foreign({ html, class: name = '', label }: { html: string; class?: string; label?: string }) {
  const { host } = useHere();
  const place = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    place.current?.replaceChildren(harmless(html));
  }, [html]);
  const follow = (event: MouseEvent) => {
    const link = (event.target as Element).closest?.('a[href]');
    if (!link) return;
    event.preventDefault();
    event.stopPropagation();
    const address = link.getAttribute('href') ?? '';
    if (/^https?:\/\//i.test(address)) host.open(address);
  };
  return (
    <div
      ref={place}
      class={`hfnb-foreign ${name}`}
      role={label ? 'region' : undefined}
      aria-label={label}
      onClick={follow}
    />
  );
}

function clean(element: Element): void {
  if (element.tagName.toLowerCase() === 'style' && fetches(element.textContent ?? '')) {
    element.remove();
    return;
  }
  for (const { name, value } of [...element.attributes]) {
    const bare = name.toLowerCase();
    if (
      bare.startsWith('on') ||
      (FETCHES.includes(bare) && !HERE.test(value)) ||
      (LINKS.includes(bare) && !/^(https?:\/\/|#)/i.test(value.trim())) ||
      (bare === 'style' && fetches(value)) ||
      bare === 'target' ||
      bare === 'autofocus' ||
      (bare === 'tabindex' && value !== '0') ||
      bare === 'accesskey'
    )
      element.removeAttribute(name);
  }
  // what may scroll can be reached with keys
  if (element.matches('pre, table')) element.setAttribute('tabindex', '0');
  if (element.matches('a[href]')) {
    element.setAttribute('target', '_blank');
    element.setAttribute('rel', 'noopener noreferrer');
  }
}

function fetches(css: string): boolean {
  return /@import|url\s*\(\s*["']?(?!data:image\/|#)|expression\s*\(|image-set|\\/i.test(css);
}
