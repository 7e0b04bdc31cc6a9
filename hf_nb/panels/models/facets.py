"""What models may be filtered by, in the words people use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hf_nb.hub.finding import words
from hf_nb.hub.reading import licence
from hf_nb.panels.models.names import CATEGORIES, LIBRARIES, language, task
from hf_nb.render import repos

if TYPE_CHECKING:
    from hf_nb.panels.desk import Ask

# What is asked for most stands first; the order of the rest is the table's own.
SORTS = "trending downloads likes updated created parameters parameters:asc".split()
# value: (its label, at least, at most), in parameters
SIZES: dict[str, tuple[str, str | None, str | None]] = {
    "<100M": ("under 100 M", None, "100M"),
    "100M-1B": ("100 M to 1 B", "100M", "1B"),
    "1B-8B": ("1 B to 8 B", "1B", "8B"),
    "8B-40B": ("8 B to 40 B", "8B", "40B"),
    ">40B": ("over 40 B", "40B", None),
}


def facets(ask: Ask) -> dict[str, Any]:
    """`models.facets`: from tables of our own; nothing is asked."""
    return {
        "tasks": [
            {"value": one, "label": task(one), "group": CATEGORIES[group]}
            for group, some in words.CATEGORIES.items()
            for one in sorted(some, key=task)
        ],
        "libraries": [{"value": one, "label": label} for one, label in LIBRARIES.items()],
        "languages": languages(),
        "licences": licences(),
        "sizes": [{"value": one, "label": label} for one, (label, _, _) in SIZES.items()],
        "sorts": [{"value": one, "label": order(one)} for one in SORTS],
    }


def languages() -> list[dict[str, str]]:
    """Those that have a name, by it."""
    codes = dict.fromkeys(words.LANGUAGE_NAMES.values())
    return sorted(({"value": code, "label": language(code)} for code in codes), key=lambda one: one["label"])


def licences() -> list[dict[str, str]]:
    """By what they allow, the freest first."""
    found = [(licence.stated({"license": one}), one) for one in words.LICENCES]
    order = {sort: place for place, sort in enumerate(licence.SORTS)}
    return [
        {"value": id, "label": id, "group": one.words}
        for one, id in sorted(found, key=lambda pair: (order[pair[0].sort], pair[1]))
    ]


def order(sort: str) -> str:
    """A sort in words."""
    label = repos.ORDERS[sort]
    return (label[:1].upper() + label[1:]).removeprefix("By ").capitalize()
