"""One repository of a list, as a row: read from what the Hub says, whatever of it is missing or odd."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from hf_nb import tasks
from hf_nb.hub.precision import BYTES
from hf_nb.values import Kind, Row

_DOMAIN = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")
# Asked for by name, so that a row costs a few hundred bytes and not a whole card.
_COMMON = ("createdAt", "lastModified", "likes", "private", "tags")
EXPAND: dict[Kind, tuple[str, ...]] = {
    "model": (*_COMMON, "gated", "downloads", "library_name", "pipeline_tag", "safetensors"),
    "dataset": (*_COMMON, "gated", "downloads", "mainSize"),
    "space": (*_COMMON, "sdk", "runtime", "cardData"),
}


class Tags:
    """A repository's tags, many of them `name:value`."""

    def __init__(self, tags: Sequence[str]) -> None:
        self.tags = tags

    def all(self, name: str) -> tuple[str, ...]:
        """The values of every `name:value`."""
        return tuple(tag.partition(":")[2] for tag in self.tags if tag.startswith(f"{name}:"))

    def first(self, name: str) -> str | None:
        """The first of `all`."""
        return next(iter(self.all(name)), None)

    def languages(self, kind: Kind) -> tuple[str, ...]:
        """Language codes: bare on models, prefixed on datasets."""
        if kind == "dataset":
            return self.all("language")
        return tuple(tag for tag in self.tags if tag in tasks.LANGUAGES)


def row(kind: Kind, item: Mapping[str, Any], mbit: float) -> Row:
    """What a list says of one repository; `mbit` is how fast files arrive here."""
    tags = tuple(tag for tag in _list(item.get("tags")) if isinstance(tag, str))
    tagged = Tags(tags)
    runtime = _dict(item.get("runtime"))
    hardware = _dict(runtime.get("hardware"))
    size = whole(item.get("mainSize"))
    rows, columns, download = described(item.get("cardData"))
    size = _weights(item) if kind == "model" else download if size is None else size
    return Row(
        kind=kind,
        id=str(item["id"]),
        task=_text(item.get("pipeline_tag")) or tagged.first("task_categories"),
        library=_text(item.get("library_name")),
        licence=tagged.first("license"),
        languages=tagged.languages(kind),
        parameters=_parameters(item),
        downloads=whole(item.get("downloads")),
        likes=whole(item.get("likes")),
        created=_moment(item.get("createdAt")),
        updated=_moment(item.get("lastModified")),
        gated=_text(item.get("gated")),
        private=item.get("private") is True,
        providers=_providers(item.get("inferenceProviderMapping")),
        size=tagged.first("size_categories"),
        rows=rows,
        columns=columns,
        bytes=size,
        seconds=None if kind == "model" else seconds(size, mbit),
        sdk=_text(item.get("sdk")),
        stage=_text(runtime.get("stage")),
        hardware=_text(hardware.get("current")) or _text(hardware.get("requested")),
        title=_text(_dict(item.get("cardData")).get("title")) if kind == "space" else None,
        app=_app(runtime) if kind == "space" else None,
        tags=tags,
    )


def described(card: object) -> tuple[int | None, tuple[str, ...], int | None]:
    """(rows, columns, bytes to download) as a dataset's card states them in `dataset_info`."""
    info = _dict(card).get("dataset_info")
    configs = [one for one in (info if isinstance(info, list) else [info]) if isinstance(one, dict)]
    splits = [split for one in configs for split in _list(one.get("splits")) if isinstance(split, dict)]
    counts = [count for split in splits if (count := whole(split.get("num_examples"))) is not None]
    sizes = [size for one in configs if (size := whole(one.get("download_size"))) is not None]
    names = [
        name
        for one in configs
        for feature in _list(one.get("features"))
        if (name := _text(_dict(feature).get("name")))
    ]
    return (
        sum(counts) if counts else None,
        tuple(dict.fromkeys(names)),
        sum(sizes) if sizes and len(sizes) == len(configs) else None,
    )


def seconds(size: int | None, mbit: float) -> float | None:
    """About how long so many bytes take to arrive."""
    return None if size is None else size * 8 / (mbit * 1e6)


def whole(value: object) -> int | None:
    """A count, or None where there is none (or nonsense)."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        return None
    return int(value)


def _parameters(item: Mapping[str, Any]) -> int | None:
    """Of the safetensors, else of the GGUF file (asked for only where it counts: it brings a chat template along)."""
    totals = (whole(_dict(item.get(name)).get("total")) for name in ("safetensors", "gguf"))
    return next((total for total in totals if total), None)


def _weights(item: Mapping[str, Any]) -> int | None:
    """What the weights take as they are stored, by the types of their numbers."""
    counted = _dict(_dict(item.get("safetensors")).get("parameters"))
    sizes = [number * BYTES.get(str(kind), 4) for kind, count in counted.items() if (number := whole(count))]
    return round(sum(sizes)) if sizes else None


def _app(runtime: Mapping[str, Any]) -> str | None:
    """Where a Space itself is served, if it is."""
    for one in _list(runtime.get("domains")):
        domain = _text(_dict(one).get("domain"))
        if domain and _dict(one).get("stage") == "READY" and _DOMAIN.fullmatch(domain):
            return f"https://{domain}"
    return None


def _providers(mapping: object) -> tuple[str, ...]:
    """Who serves a model now: the Hub writes a list, or a mapping by name."""
    entries = (
        [{"provider": name, **_dict(about)} for name, about in mapping.items()]
        if isinstance(mapping, dict)
        else _list(mapping)
    )
    names = (_text(_dict(one).get("provider")) for one in entries if _dict(one).get("status") == "live")
    return tuple(name for name in names if name)


def _moment(value: object) -> datetime | None:
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _dict(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
