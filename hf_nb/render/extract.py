"""The answer to a question, and the text it stands in with the answer marked."""

from __future__ import annotations

from hf_nb.render import excerpt, page, plain, source
from hf_nb.values import Extract

NONE = "This text holds no answer."
ROUND = 60


def text(found: Extract) -> str:
    """The answer, how sure, and the words round it."""
    if not found.answer:
        return f"{NONE}  {found.score:.1%}\n{source.text(found.source)}"
    where = ""
    if _in_place(found):
        before = " ".join(found.context[max(0, found.start - ROUND) : found.start].split(" "))
        after = " ".join(found.context[found.end : found.end + ROUND].split(" "))
        left = "… " if found.start > ROUND else ""
        right = " …" if found.end + ROUND < len(found.context) else ""
        where = "\n" + plain.clean(f"{left}{before}[{found.answer}]{after}{right}")
    return f"{found.answer}  {found.score:.1%}{where}\n{source.text(found.source)}"


def html(found: Extract) -> str:
    """The same, drawn."""
    answer = page.escape(found.answer) if found.answer else NONE
    places = [(found.start, found.end)] if _in_place(found) else []
    read = excerpt.html(
        found.context, places, lambda _: f'<mark class="found">{page.escape(found.answer)}</mark>'
    )
    return page.frame(
        f'<div class="answer">{answer}<span class="soft">{found.score:.1%}</span></div>'
        f"{read}{source.html(found.source)}",
        "spans",
    )


def _in_place(found: Extract) -> bool:
    """A model that writes its answer may use words the text does not have."""
    return bool(found.answer) and found.context[found.start : found.end] == found.answer
