"""What a licence allows, in plain words; and the list of licences a team lets in.

explain("cc-by-nc-4.0").sentence         'Use and change it, naming the author, but not commercially.'
check("owner/name")                      before first use: refused by the list, or noted once a session

A setting, `allowed_licences`, holds ids (apache-2.0) or sorts (open, conditions, non-commercial, custom, unknown);
empty, everything is let in. What is read is what a card states: nobody here knows whether the card is right.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args
from weakref import WeakKeyDictionary

from hf_nb.errors import BadInput, Passing, Refused
from hf_nb.hub.client import api, kind_of
from hf_nb.hub.reading.terms import TERMS, Terms
from hf_nb.hub.translate import translated
from hf_nb.plumbing import progress
from hf_nb.plumbing.session import Session, current
from hf_nb.values.licence import Licence, Sort

if TYPE_CHECKING:
    from hf_nb.values import Kind

SORTS: tuple[Sort, ...] = get_args(Sort)
# From the freest to the one that needs most thought: of several, the last one counts.
_SEVERITY: dict[Sort, int] = {"open": 0, "conditions": 1, "custom": 2, "non-commercial": 3, "unknown": 4}
# What an `expand` must name so that `stated` can read the answer.
EXPAND = ["cardData", "gated", "tags"]
_CARD_BYTES = 400_000

# session -> (kind, id) -> licence: checked once, noted once
_known: WeakKeyDictionary[Session, dict[tuple[str, str], Licence]] = WeakKeyDictionary()


def explain(id: str) -> Licence:
    """A licence by the id the Hub has for it.

    >>> explain("cc-by-nc-4.0").commercial
    False
    """
    key = id.strip().lower()
    if key not in TERMS:
        close = difflib.get_close_matches(key, TERMS, n=3, cutoff=0.5)
        raise BadInput(f"The Hub has no licence {id!r}.", f"Nearest: {', '.join(close)}" if close else "")
    return _licence(key)


def stated(card: Mapping[str, Any], tags: Sequence[str] = ()) -> Licence:
    """The licence a repository states, in its card or its tags."""
    ids = _words(card.get("license")) or [tag[8:] for tag in tags if tag.startswith("license:")]
    ids = list(dict.fromkeys(one.lower() for one in ids))
    if not ids:
        return _licence("unknown")
    name, link = (_word(card.get(f"license_{key}")) for key in ("name", "link"))
    found = [_licence(one, name, link) for one in ids]
    worst = max(found, key=lambda one: _SEVERITY[one.sort])
    if len(found) == 1:
        return worst
    return Licence(
        ", ".join(ids),
        " and ".join(one.name for one in found),
        worst.sort,
        f"Several licences are stated; the strictest says: {worst.sentence}",
        worst.commercial,
        worst.changes,
        worst.share_alike,
        worst.attribution,
        worst.link,
    )


def of(found: Any) -> Licence:
    """The licence in what the official client said of a repository (asked for with `EXPAND`, or in full)."""
    card = found.card_data.to_dict() if getattr(found, "card_data", None) else {}
    return stated(card, found.tags or ())


def check(
    repo: str,
    *,
    kind: str = "model",
    revision: str | None = None,
    found: Any = None,
    known: Licence | None = None,
    session: Session | None = None,
) -> Licence:
    """Before first use of a repository: its licence, refused where the team's list lacks it, else noted once.

    `found` is what the Hub said of it, `known` its licence, where either is at hand; without, the Hub is asked, and
    where that fails the cached card is read.
    """
    session = session or current()
    wanted = kind_of(kind)
    kept = _known.setdefault(session, {})
    key = (wanted, repo)
    if key in kept:
        return _allowed(repo, kept[key], session)
    gated: object = None
    if known is not None:
        licence = known
    elif found is None:
        licence, gated = _ask(repo, wanted, revision, session)
    else:
        licence, gated = of(found), getattr(found, "gated", None)
    _allowed(repo, licence, session)
    kept[key] = licence
    if gated or not licence.open:
        own = " It is gated: its owner's own terms apply, too." if gated else ""
        progress.say(f"{repo}: {licence.id} ({licence.words}). {licence.sentence}{own}")
    return licence


def allowed(licence: Licence, list_: Sequence[str]) -> bool:
    """Does the list let this licence in? All of several must be on it."""
    words = {word.strip().lower() for word in list_ if word.strip()}
    return not words or licence.sort in words or {one.strip() for one in licence.id.split(",")} <= words


def _allowed(repo: str, licence: Licence, session: Session) -> Licence:
    list_ = session.settings.allowed_licences
    if allowed(licence, list_):
        return licence
    lock = session.settings.lock_of("allowed_licences")
    more = ",".join([*list_, *(one.strip() for one in licence.id.split(","))])
    step = f"Ask whoever keeps {lock}" if lock else f"To let it in: %hf settings allowed_licences={more}"
    raise Refused(
        f"{repo} is under {licence.id} ({licence.words}); allowed here: {', '.join(list_)}.",
        f"What it says: {licence.sentence}\n{step}",
    )


def _ask(repo: str, kind: Kind, revision: str | None, session: Session) -> tuple[Licence, object]:
    expand = EXPAND if kind != "space" else [one for one in EXPAND if one != "gated"]
    try:
        with translated(f"{kind} {repo}", session.settings), session.ledger.looking():
            found = getattr(api(session), f"{kind}_info")(repo, revision=revision, expand=expand)
    except Passing:
        return cached(repo, kind, revision), None
    return of(found), getattr(found, "gated", None)


def cached(repo: str, kind: Kind, revision: str | None = None) -> Licence:
    """The licence in the card that was downloaded before; unknown where there is none. Nothing is asked."""
    from huggingface_hub import metadata_load, try_to_load_from_cache

    path = try_to_load_from_cache(repo, "README.md", repo_type=kind, revision=revision)
    if not isinstance(path, str) or Path(path).stat().st_size > _CARD_BYTES:
        return _licence("unknown")
    try:
        front = metadata_load(path)
    except Exception:  # noqa: BLE001 -- a card may hold anything, and its YAML reader raises what it likes
        front = None
    return stated(front if isinstance(front, dict) else {})


def _licence(id: str, name: str | None = None, link: str | None = None) -> Licence:
    entry = TERMS.get(id)
    if id == "other" and name:
        known = TERMS.get(name.lower())
        if known is None or name.lower() in ("other", "unknown"):
            return _filled(name, name, TERMS["other"].terms, link)
        return _filled(name.lower(), known.name, known.terms, link)
    if entry is None:
        return _filled(id, id, TERMS["other"].terms, link)
    return _filled(id, entry.name, entry.terms, link)


def _filled(id: str, name: str, terms: Terms, link: str | None) -> Licence:
    return Licence(id, name, link=link, **terms._asdict())


def _words(value: Any) -> list[str]:
    given = value if isinstance(value, (list, tuple)) else [value]
    return [word for word in map(_word, given) if word]


def _word(value: Any) -> str | None:
    """A card may hold anything in any place; only a short text counts."""
    return value.strip() if isinstance(value, str) and 0 < len(value.strip()) <= 300 else None
