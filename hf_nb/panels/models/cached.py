"""The models on this machine, as rows: read from their cards and files, with nothing asked of anybody."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hf_nb.hub.disk import shelf
from hf_nb.hub.finding import words
from hf_nb.hub.finding.filters import Wanted
from hf_nb.hub.reading import licence
from hf_nb.hub.reading.card import listed
from hf_nb.infer.architectures import task_of_config
from hf_nb.panels import cards, in_code, pages
from hf_nb.panels.models import here
from hf_nb.panels.models.rows import rows
from hf_nb.tasks import LANGUAGES
from hf_nb.values import Row

if TYPE_CHECKING:
    from hf_nb.panels.desk import Ask
    from hf_nb.plumbing.session import Session

# Parameters of so many files are counted; a header is read for each.
MOST_PARTS = 200


def search(ask: Ask, wanted: Wanted, text: str | None, sort: str, limit: int) -> dict[str, Any]:
    """Those that fit, the last used first unless they are to be sorted by size."""
    session = ask.session
    found = [row for row in models(session) if _fits(row, wanted, text)]
    by, upward = words.sort(
        sort, {"trending": "", "downloads": "", "likes": "", "updated": "", "created": "", "parameters": ""}
    )
    if by == "parameters":
        found.sort(key=lambda row: row.parameters or 0, reverse=not upward)
    if wanted.warm:  # whether anybody serves it, only the Hub knows
        found = []
    return _page(found, limit, session)


def _page(found: Sequence[Row], limit: int, session: Session) -> dict[str, Any]:
    rest = found[limit:]
    return {
        "rows": rows(found[:limit], session),
        "more": pages.keep(lambda: _page(rest, limit, session)) if rest else None,
        "looked": None,
        "stopped": None,
        "note": None,
        "code": in_code.line("cache", "status", python=in_code.python("hf_nb.cache.status")),
    }


def models(session: Session) -> list[Row]:
    """Each that is here, once: a cache may hold several commits of one."""
    ids = dict.fromkeys(one.repo for one in shelf.scan(session).rows if one.kind == "model")
    stands = here.stands(ids, session)
    return [_described(id) for id in ids if stands[id].status != "available"]


def _fits(row: Row, wanted: Wanted, text: str | None) -> bool:
    least = words.number(wanted.min_parameters, "min_parameters")
    most = words.number(wanted.max_parameters, "max_parameters")
    known = row.parameters
    return (
        all(word in row.id.lower() for word in (text or "").lower().split())
        and (not wanted.task or row.task == words.task(wanted.task))
        and (not wanted.library or row.library == words.library(wanted.library) or wanted.library in row.tags)
        and (not wanted.language or words.language(wanted.language) in row.languages)
        and (not wanted.licence or row.licence == words.licence(wanted.licence))
        and (least is None or (known is not None and known >= least))
        and (most is None or (known is not None and known <= most))
    )


def _described(id: str) -> Row:
    """What its card and its files say."""
    snapshot = here.commit_of(here.folder_of(id))
    if snapshot is None:
        return Row("model", id)
    card = cards.front(snapshot / "README.md")
    config = snapshot / "config.json"
    library = card.get("library_name")
    tags = listed(card.get("tags"))
    terms = licence.stated(card)
    return Row(
        "model",
        id,
        task=cards.word(card.get("pipeline_tag")) or task_of_config(config),
        library=cards.word(library) or ("transformers" if config.is_file() else None),
        licence=terms.id if terms.id != "unknown" else None,
        languages=tuple(one for one in listed(card.get("language")) if one in LANGUAGES),
        parameters=sum(filter(None, map(_parameters, _weights(snapshot)))) or None,
        tags=tags,
    )


def _weights(snapshot: Path) -> list[Path]:
    # one content under several names is one content
    return list({path.resolve(): path for path in sorted(snapshot.glob("*.safetensors"))[:MOST_PARTS]})


@functools.lru_cache(maxsize=2_000)
def _parameters(content: Path) -> int | None:
    """Numbers in one file, by its header; a content of the cache never changes."""
    from huggingface_hub import parse_local_safetensors_file_metadata

    try:
        return sum(parse_local_safetensors_file_metadata(content).parameter_count.values())
    except Exception:  # noqa: BLE001 -- anybody's bytes: what cannot be read is not counted
        return None
