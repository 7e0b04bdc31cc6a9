"""The datasets on this machine, as rows: read from their cards and file names, with nothing asked of anybody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hf_nb.hub.disk import shelf
from hf_nb.hub.finding import words
from hf_nb.hub.finding.filters import Wanted, plan
from hf_nb.hub.finding.rows import described
from hf_nb.hub.reading import licence
from hf_nb.hub.reading.card import listed
from hf_nb.panels import cards, in_code, pages
from hf_nb.panels.datasets import here
from hf_nb.panels.datasets.rows import rows
from hf_nb.panels.models.here import commit_of, files
from hf_nb.values import Row

if TYPE_CHECKING:
    from hf_nb.panels.desk import Ask
    from hf_nb.plumbing.session import Session

# What the Hub derives from names of files, and from what a card says its columns are.
FORMATS: dict[str, tuple[str, ...]] = {
    "parquet": (".parquet",),
    "csv": (".csv", ".csv.gz", ".tsv"),
    "json": (".json", ".jsonl", ".jsonl.gz", ".json.gz", ".jsonl.zst"),
    "arrow": (".arrow",),
    "webdataset": (".tar",),
    "text": (".txt",),
    "imagefolder": (".png", ".jpg", ".jpeg", ".webp"),
    "audiofolder": (".wav", ".mp3", ".flac", ".ogg"),
}
OF_FORMAT = {"imagefolder": "image", "audiofolder": "audio", "text": "text"}
OF_TYPE = {"image": "image", "audio": "audio", "video": "video", "string": "text", "large_string": "text"}
# Fields of a card that the Hub makes tags of, under the same name.
STATED = ("task_categories", "language", "size_categories")

Known = tuple[Row, str | None]


def search(ask: Ask, wanted: Wanted, text: str | None, sort: str, limit: int) -> dict[str, Any]:
    """Those that fit, the last used first unless they are to be sorted by size."""
    needed = set(plan("dataset", wanted).asked.get("filter", ()))
    parts = (text or "").lower().split()
    found = [
        (row, title)
        for row, title in _datasets(ask.session)
        if needed <= set(row.tags) and all(part in f"{row.id} {title or ''}".lower() for part in parts)
    ]
    by, upward = words.sort(sort, dict.fromkeys("trending downloads likes updated created size".split(), ""))
    if by == "size":
        found.sort(key=lambda one: one[0].bytes or 0, reverse=not upward)
    return _page(found, limit, ask.session)


def _page(found: Sequence[Known], limit: int, session: Session) -> dict[str, Any]:
    now, rest = found[:limit], found[limit:]
    titles = {row.id: title for row, title in now if title}
    return {
        "rows": rows([row for row, _ in now], session, titles),
        "more": pages.keep(lambda: _page(rest, limit, session)) if rest else None,
        "looked": None,
        "stopped": None,
        "note": None,
        "code": in_code.line("cache", "status", python=in_code.python("hf_nb.cache.status")),
    }


def _datasets(session: Session) -> Iterator[Known]:
    """Each once: a cache may hold several commits of one."""
    ids = dict.fromkeys(one.repo for one in shelf.scan(session).rows if one.kind == "dataset")
    stands = here.stands(ids)
    for id in ids:
        if stands[id].status != "available":
            yield _described(id, stands[id].bytes)


def _described(id: str, size: int | None) -> Known:
    """What its card and its files say."""
    snapshot = commit_of(here.folder_of(id))
    if snapshot is None:
        return Row("dataset", id, bytes=size), None
    card = cards.front(snapshot / "README.md")
    tags = list(dict.fromkeys([*listed(card.get("tags")), *_tags(card, files(snapshot))]))
    stated = licence.stated(dict(card))
    row = Row(
        "dataset",
        id,
        licence=stated.id if stated.id != "unknown" else None,
        languages=listed(card.get("language")),
        size=next(iter(listed(card.get("size_categories"))), None),
        rows=described(card)[0],
        bytes=size,
        tags=tuple(tags),
    )
    return row, cards.word(card.get("pretty_name"))


def _tags(card: Mapping[str, Any], paths: set[str]) -> Iterator[str]:
    for field in STATED:
        yield from (f"{field}:{word}" for word in listed(card.get(field)))
    yield from (f"license:{word}" for word in listed(card.get("license")))
    for format, ends in FORMATS.items():
        if any(path.lower().endswith(ends) for path in paths - here.READ):
            yield f"format:{format}"
            if format in OF_FORMAT:
                yield f"modality:{OF_FORMAT[format]}"
    yield from (f"modality:{OF_TYPE[one]}" for one in _types(card) if one in OF_TYPE)


def _types(card: Mapping[str, Any]) -> set[str]:
    """Types of the columns, as the card states them."""
    info = card.get("dataset_info")
    some = [one for one in (info if isinstance(info, list) else [info]) if isinstance(one, Mapping)]
    columns = [one for each in some if isinstance(each.get("features"), list) for one in each["features"]]
    kinds = [one.get("dtype") for one in columns if isinstance(one, Mapping)]
    return {str(word) for kind in kinds for word in (kind if isinstance(kind, Mapping) else [kind])}
