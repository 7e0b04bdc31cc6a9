"""A licence: its sentence, and an answer to each question people have."""

from urllib.parse import urlsplit

from hf_nb.render import page
from hf_nb.values import Licence


def text(licence: Licence) -> str:
    """Two lines, and one an answer."""
    lines = [f"{licence.id} · {licence.words} · {licence.name}", licence.sentence, *answers(licence)]
    return "\n".join([*lines, licence.link] if licence.link else lines)


def html(licence: Licence) -> str:
    """The same, with a link to the text where the card has one."""
    head = f'<span class="name">{page.escape(licence.id)}</span>'
    soft = f'<span class="soft">{page.escape(licence.words)} · {page.escape(licence.name)}</span>'
    facts = "".join(f"<div>{page.escape(answer)}</div>" for answer in answers(licence))
    link = ""
    if licence.link and urlsplit(licence.link).scheme in ("http", "https"):
        link = f'<a href="{page.escape(licence.link)}" target="_blank" rel="noopener noreferrer">Its text</a>'
    return page.frame(
        f'<div class="head">{head}{soft}</div><p>{page.escape(licence.sentence)} {link}</p>'
        f'<div class="facts">{facts}</div>',
        "card",
    )


def answers(licence: Licence) -> list[str]:
    """What people ask, each with yes, no or not said."""
    asked = {
        "commercial use": licence.commercial,
        "changes": licence.changes,
        "share alike": licence.share_alike,
        "name the author": licence.attribution,
    }
    return [
        f"{what}: {'not said' if said is None else 'yes' if said else 'no'}" for what, said in asked.items()
    ]
