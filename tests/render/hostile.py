# ruff: noqa: E501 -- a corpus is read case by case
"""Cards that try something, each in its own way: whatever runs calls `hfnbHacked`, whatever loads asks 127.0.0.1:9."""

CALL = "hfnbHacked()"
AWAY = "http://127.0.0.1:9/leak"

CORPUS: dict[str, str] = {
    "script": f"<script>{CALL}</script>",
    "script in pieces": f"<scr<script>ipt>{CALL}</scr</script>ipt>",
    "script from away": f'<script src="{AWAY}.js"></script><script type=module src={AWAY}.mjs></script>',
    "picture": f"![shown]({AWAY}.png) <img src={AWAY}.gif> <img srcset='{AWAY}.webp 2x'>",
    "picture that fails": f"<img src=x onerror={CALL}><img src='x' onerror=\"{CALL}\"><image src=x onerror={CALL}>",
    "linked picture": f"[![badge]({AWAY}.svg)](javascript:{CALL})",
    "alt text": f'![" onerror="{CALL}" x="]({AWAY}.png) ![<script>{CALL}</script>]({AWAY}.png)',
    "svg": f"<svg onload={CALL}><script>{CALL}</script><image href={AWAY}.svg /><animate onbegin={CALL} /></svg>",
    "math": f'<math><maction actiontype="statusline" xlink:href="javascript:{CALL}">x</maction><mtext><img src=x onerror={CALL}></mtext></math>',
    "mutation": f'<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror={CALL}&gt;">',
    "noscript": f'<noscript><p title="</noscript><img src=x onerror={CALL}>"></noscript>',
    "javascript link": f"[x](javascript:{CALL}) [y](JaVaScRiPt:{CALL}) <a href=' javascript:{CALL}'>z</a> <a href='java\nscript:{CALL}'>z</a> <javascript:{CALL}>",
    "entities in a link": f"[x](&#x6A&#x61&#x76&#x61script:{CALL}) <a href='&#106;avascript:{CALL}'>y</a> <a href='javascript&colon;{CALL}'>z</a>",
    "data link": f"[x](data:text/html;base64,PHNjcmlwdD5oZm5iSGFja2VkKCk8L3NjcmlwdD4=) <a href='data:text/html,<script>{CALL}</script>'>y</a> [v](vbscript:{CALL}) [f](file:///etc/passwd)",
    "reference link": f"[x][a]\n\n[a]: javascript:{CALL}\n",
    "frame": f"<iframe src='{AWAY}' srcdoc='<script>{CALL}</script>'></iframe><object data={AWAY}></object><embed src={AWAY}><frameset onload={CALL}>",
    "form": f"<form action={AWAY}><input autofocus onfocus={CALL}><button formaction=javascript:{CALL}>x</button></form><isindex action=javascript:{CALL}>",
    "style": f"<style>*{{background:url({AWAY}.css)}} @import '{AWAY}.css';</style><p style=\"background:url({AWAY}.p);position:fixed;inset:0;z-index:9999\">x</p><link rel=stylesheet href={AWAY}.css>",
    "style in a cell": f'<table><tr><td style="text-align:right;background:url({AWAY}.td);position:fixed">x</td></tr></table>',
    "handlers": f"<p onclick={CALL} onmouseover={CALL} onfocus={CALL} tabindex=1 contenteditable>x</p><details open ontoggle={CALL}><summary onclick={CALL}>s</summary>x</details>",
    "media": f"<video src={AWAY}.mp4 poster={AWAY}.jpg autoplay onerror={CALL}></video><audio src={AWAY}.mp3 autoplay></audio><source src={AWAY}>",
    "page": f'<base href="{AWAY}/"><meta http-equiv=refresh content="0;url={AWAY}"><body onload={CALL}><html onclick={CALL}>',
    "names": '<p id="jp-main-dock-panel" name="hfnb" class="jp-mod-accept">x</p><a id=main></a><form name=jupyterapp></form>',
    "a command of the host": f'<a data-commandlinker-command="runmenu:run-all" data-commandlinker-args="{{}}" href="#">x</a><p data-mime-type=x jp-data={CALL}>y</p>',
    "comment": f"<!--><script>{CALL}</script>--> <!--[if gte IE 4]><script>{CALL}</script><![endif]--> <![CDATA[<script>{CALL}</script>]]> <?php {CALL} ?>",
    "code": f"`<script>{CALL}</script>` ``` <img src=x onerror={CALL}> ```\n\n    <script>{CALL}</script>\n\n```html\n<script>{CALL}</script>\n```\n",
    "fence": f'```"><script>{CALL}</script>\nx\n```\n\n~~~ onclick={CALL} class="x\ny\n~~~\n',
    "details": f"<details><summary>more</summary>\n\n<script>{CALL}</script>\n\n**bold** [x](javascript:{CALL})\n\n</details>",
    "unfinished": f'<div><a href="x"><img src="y" onerror="{CALL}',
    "closing tags": f"</div></div></div></details></pre></style></script><script>{CALL}</script>",
    "formula": f"$\\href{{javascript:{CALL}}}{{x}}$ $$\\def\\x{{\\x\\x}}\\x$$ \\(\\style{{background:url({AWAY})}}{{x}}\\)",
    "template": f"<template><script>{CALL}</script></template><slot onslotchange={CALL}></slot><x-y onclick={CALL}>z</x-y>",
    "table": f"| <script>{CALL}</script> | [x](javascript:{CALL}) |\n|--|--|\n| <img src=x onerror={CALL}> | `|` |\n",
    "heading": f"# <script>{CALL}</script> {{#x onclick={CALL}}}\n\n<h1 onclick={CALL}>y</h1>\n",
    "escapes": f"\\<script\\>{CALL}\\</script\\> &lt;script&gt;{CALL}&lt;/script&gt; &amp;lt;script&amp;gt;",
    "control characters": f"\x00\x1b[31m\x7f\u202e<scr\x00ipt>{CALL}</scr\x00ipt> \ufeff<a href='\x01javascript:{CALL}'>x</a>",
    "plaintext": f"<plaintext><script>{CALL}</script>",
    "xmp": f"<xmp><script>{CALL}</script></xmp><noembed><img src={AWAY}></noembed><textarea></textarea><script>{CALL}</script>",
}
# Long and deep: each must end in a moment, and not grow.
HEAVY: dict[str, str] = {
    "a line of ten million characters": "x" * 10_000_000,
    "ten million of words": "word " * 2_000_000,
    "quotes in quotes": ">" * 50_000 + " x",
    "lists in lists": "\n".join("  " * depth + "- x" for depth in range(1000)),
    "brackets": "[" * 60_000,
    "pictures begun": "![" * 40_000,
    "links begun": "[a](" * 30_000,
    "stars": "*a **b " * 20_000,
    "backticks": "`" * 30_000 + "x" + "`" * 29_999,
    "bold in bold": "<b>" * 60_000,
    "blocks in blocks": "<div>" * 60_000,
    "tables in tables": "<table><tr><td>" * 20_000,
    "folds in folds": "<details><summary>x</summary>" * 10_000,
    "entities": "&amp;" * 60_000,
    "angle brackets": "<" * 100_000,
    "comments begun": "<!--" * 50_000,
    "a table of many columns": "|a" * 20_000 + "|\n" + "|-" * 20_000 + "|\n" + "|b" * 20_000,
    "references": "".join(f"[{n}]: /x\n" for n in range(10_000)) + "[1]" * 10_000,
    "headings": "# x\n" * 50_000,
    "empty lines": "\n" * 400_000,
}
CARD = "---\nlicense: mit\n---\n# Hostile\n\n" + "\n\n".join(
    text for name, text in CORPUS.items() if name not in ("plaintext", "unfinished")
)
