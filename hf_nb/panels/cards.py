"""A repository's card for a panel: cleaned, and no longer than a message should be."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hf_nb.render import facts, markdown, page, sheet
from hf_nb.values import RepoInfo

# Characters of HTML.
MOST = 200_000
LONGEST_FACT = 400
LARGEST_CARD = 400_000


def card(repo: RepoInfo) -> dict[str, Any]:
    """`card` and `cardShortened`."""
    if not repo.card:
        return {"card": "", "cardShortened": False}
    most = MOST
    while True:
        made = markdown.rendered(repo.card, sheet.base(repo), most)
        if len(made.encode()) <= MOST or most < 1_000:
            break
        most //= 2
    short = len(repo.card) > most
    if short:
        made += page.foot("The card goes on, on its page.")
    return {"card": made, "cardShortened": short}


def shown(repo: RepoInfo) -> list[dict[str, str]]:
    """The facts of a sheet."""
    return [
        {"name": one.name, "value": clipped(one.value)} | ({"exact": clipped(one.exact)} if one.exact else {})
        for one in facts.facts(repo)
    ]


def clipped(words: str) -> str:
    """A line that stays one."""
    return words if len(words) <= LONGEST_FACT else f"{words[: LONGEST_FACT - 1]}…"


def front(path: Path) -> Mapping[str, Any]:
    """The top of a card on the disk, whatever is in it."""
    from huggingface_hub import metadata_load

    try:
        if path.stat().st_size > LARGEST_CARD:
            return {}
        found = metadata_load(path)
    except Exception:  # noqa: BLE001 -- a card may hold anything, and its YAML reader raises what it likes
        return {}
    return found if isinstance(found, dict) else {}


def word(value: object) -> str | None:
    """A text that says something."""
    return value if isinstance(value, str) and value else None
