"""A text a model wrote, as text; code as code."""

from __future__ import annotations

from hf_nb.render import code, page, plain, source
from hf_nb.values import Written

CODE = "code-generation"
# Tasks that go on where the input ends: what was written reads on from there.
GOES_ON = (CODE, "text-generation")
GIVEN = 600  # characters of the input shown before what follows it


def text(written: Written) -> str:
    """What was written, and who wrote it."""
    return f"{lines(written.text)}\n{source.text(written.source)}"


def html(written: Written) -> str:
    """The same; before it, in grey, the text it goes on from."""
    before = given(written)
    if written.source.task == CODE:
        coloured = code.html(written.text, code.guessed(f"{written.input}{written.text}"))
        body = f'<pre class="wrote">{before}{coloured}</pre>'
    else:
        body = f'<div class="wrote">{before}{page.escape(written.text)}</div>'
    return page.frame(body + source.html(written.source), "texts", "code")


def given(written: Written) -> str:
    """In grey, the end of the text that this one goes on from; nothing, where the task is another."""
    if written.source.task not in GOES_ON or not isinstance(written.input, str):
        return ""
    cut = "… " if len(written.input) > GIVEN else ""
    return f'<span class="soft">{page.escape(cut + written.input[-GIVEN:])}</span>'


def lines(text: str) -> str:
    """The text's own lines, as a terminal may have them: tabs become spaces, nothing else in them acts."""
    return "\n".join(plain.clean(line) for line in text.expandtabs(4).split("\n"))
