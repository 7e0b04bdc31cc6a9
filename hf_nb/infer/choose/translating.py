"""Which model translates: for both languages, or two of them with a language in between."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hf_nb.errors import BadInput
from hf_nb.infer.choose import defaults as table
from hf_nb.infer.choose import languages
from hf_nb.infer.choose.wish import Wish

if TYPE_CHECKING:
    from hf_nb.plumbing.session import Session

MIDDLE = "en"  # the language tried first when one is needed in between


@dataclass(frozen=True)
class Route:
    """The models one after the other, and the languages each of them is told."""

    models: tuple[table.Default, ...]
    params: tuple[Mapping[str, Any], ...]
    reason: str


def route(wish: Wish, session: Session) -> Route:
    """From the language of the text, or the one named, to the one asked for."""
    layers = table.layers(session)
    pairs = table.pairs(layers)
    plain = table.find(["translation"], layers)
    if plain and plain.own and not _has_its_own(wish, pairs):
        return Route((plain,), (dict(wish.params),), "")
    target = _language(wish, "tgt_lang")
    source = _language(wish, "src_lang")
    said = source is not None
    if source is None and isinstance(wish.input, str):
        source = languages.detect(wish.input)
    source, target = _completed(source, target, pairs)
    if source == target:
        raise BadInput(
            f"The text is in {languages.name(target)} already.",
            "" if said else "If it is not: --from LANGUAGE",
        )
    if one := pairs.get((source, target)):
        return Route((one,), (_told(source, target),), _between(source, target))
    for middle in sorted({pair[0] for pair in pairs}, key=lambda one: (one != MIDDLE, one)):
        if (first := pairs.get((source, middle))) and (second := pairs.get((middle, target))):
            reason = f"{_between(source, target)} by way of {languages.name(middle)}"
            return Route((first, second), (_told(source, middle), _told(middle, target)), reason)
    raise _none(source, target)


def _completed(
    source: str | None, target: str | None, pairs: Mapping[tuple[str, str], Any]
) -> tuple[str, str]:
    """What was not said, filled in from the table: the first line that fits."""
    fits = [
        pair
        for pair in pairs
        if (source is None or pair[0] == source) and (target is None or pair[1] == target)
    ]
    if fits:
        return fits[0]
    if source and target:
        return source, target
    if target:  # nobody translates into it
        raise _none(MIDDLE, target)
    raise _none(source or MIDDLE, None)


def _has_its_own(wish: Wish, pairs: Mapping[tuple[str, str], table.Default]) -> bool:
    """The user named a model for just these two languages."""
    source, target = (languages.code(str(wish.params.get(name, ""))) for name in ("src_lang", "tgt_lang"))
    one = pairs.get((source or "", target or ""))
    return one is not None and one.own


def _language(wish: Wish, name: str) -> str | None:
    given = wish.params.get(name)
    if given is None:
        return None
    if (found := languages.code(str(given))) is None:
        raise BadInput(
            f"There is no language {given!r} in the table.", "For example: --to French, or --to fr"
        )
    return found


def _told(source: str, target: str) -> dict[str, str]:
    return {"src_lang": source, "tgt_lang": target}


def _between(source: str, target: str) -> str:
    return f"{languages.name(source)} to {languages.name(target)}"


def _none(source: str, target: str | None) -> BadInput:
    to = f" to {languages.name(target)}" if target else ""
    line = f'"translation:{source}-{target or "xx"}" = "owner/name"'
    return BadInput(
        f"No default model translates from {languages.name(source)}{to}.",
        f"Name one: -m owner/name, or add to models.toml: {line}",
    )
