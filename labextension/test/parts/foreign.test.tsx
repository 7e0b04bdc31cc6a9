import { beforeEach, expect, test } from 'vitest';
import { Foreign, harmless } from '../../src/parts/foreign';
import { hostOf, OtherSide } from '../answering';
import { click, draw } from './page';

// happy-dom would follow links and frames; a browser parses in a document that does nothing
beforeEach(() => {
  const { settings } = (window as unknown as { happyDOM: { settings: Record<string, unknown> } }).happyDOM;
  settings.handleDisabledFileLoadingAsSuccess = true;
  (settings.navigation as Record<string, boolean>).disableChildPageNavigation = true;
});

function cleaned(html: string): string {
  const place = document.createElement('div');
  place.append(harmless(html));
  return place.innerHTML;
}

test('nothing that runs, loads or sends stays', () => {
  const left = cleaned(`
    <script>alert(1)</script><iframe srcdoc="alert(1)"></iframe><object data="x"></object>
    <form action="https://evil.test"><input name="a"></form><base href="https://evil.test"><link rel="stylesheet" href="https://evil.test">
    <img src="https://evil.test/a.png" onerror="alert(1)" srcset="https://evil.test/b.png 2x" alt="a cat">
    <video poster="https://evil.test/p.png" src="https://evil.test/v.mp4"></video>
    <p style="background:url(https://evil.test)" onclick="alert(1)">text</p>
    <style>p{background:url("https://evil.test/c.png")}</style><style>@import "https://evil.test";</style>
    <a href="javascript:alert(1)">one</a><a href=" java&#10;script:alert(1)">two</a><a href="data:text/html,x">three</a>`);
  expect(left).not.toMatch(/evil|alert|script|<form|<iframe|<object|<base|<link|on\w+=/i);
  expect(left).toContain('a cat');
  expect(left).toContain('text');
});

test('what a result brings in itself stays', () => {
  const left = cleaned(
    '<style>.x{color:red}</style><img src="data:image/png;base64,AAAA"><audio controls src="data:audio/wav;base64,AAAA"></audio><b class="x">ok</b>'
  );
  expect(left).toContain('data:image/png;base64,AAAA');
  expect(left).toContain('data:audio/wav;base64,AAAA');
  expect(left).toContain('color:red');
});

test('links are opened by the host, in a tab of their own', async () => {
  const host = hostOf(new OtherSide());
  const root = await draw(<Foreign html={'<a href="http://127.0.0.1:9/x"><b>x</b></a>'} />, host);
  const link = root.querySelector('a');
  expect([link?.target, link?.rel]).toEqual(['_blank', 'noopener noreferrer']);
  await click(root.querySelector('b'));
  expect(host.opened).toEqual(['http://127.0.0.1:9/x']);
});
