"""A repository's card: its text, the results it states, a dataset's subsets and columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hf_nb.errors import HfNbError, Unauthorized
from hf_nb.hub.translate import translated
from hf_nb.plumbing.session import Session
from hf_nb.values import Kind
from hf_nb.values.info import Score, Split, Subset

if TYPE_CHECKING:
    from huggingface_hub import HfApi

BYTES = 400_000  # of a card are read
LARGEST = 5_000_000  # a card above this is not downloaded
MOST_SUBSETS = 500
MOST_COLUMNS = 1000
_DEEPEST = 4


def text(hub: HfApi, session: Session, kind: Kind, found: Any) -> tuple[str, str | None]:
    """The card's text without its YAML, or why it cannot be had: that does not spoil the rest."""
    sizes = {one.rfilename: one.size for one in found.siblings or ()}
    if "README.md" not in sizes:
        return "", "This repository has no card."
    if (sizes["README.md"] or 0) > LARGEST:
        return "", f"The card is {(sizes['README.md'] or 0) / 1e6:.0f} MB of text: it was not read."
    try:
        with translated(f"{kind} {found.id}", session.settings):
            path = hub.hf_hub_download(
                found.id, "README.md", repo_type=kind, revision=found.sha, tqdm_class=_no_bar()
            )
        with Path(path).open(encoding="utf-8", errors="replace") as file:
            raw = file.read(BYTES)
    except Unauthorized:
        return "", "The card's text can be read by those who have access."
    except (HfNbError, OSError) as wrong:
        return "", f"The card could not be read: {getattr(wrong, 'problem', wrong)}"
    return re.sub(
        r"\A\ufeff?---[ \t]*\r?\n.*?\r?\n---[ \t]*(?:\r?\n|\Z)", "", raw, flags=re.DOTALL
    ).strip(), None


def scores(found: Any) -> Iterator[Score]:
    """The results in a model's card. `verified` is the Hub's word, not the author's."""
    for result in getattr(found.card_data, "eval_results", None) or ():
        value = result.metric_value
        yield Score(
            str(result.task_type),
            str(result.dataset_name),
            str(result.metric_name or result.metric_type),
            value if isinstance(value, (int, float)) else str(value)[:200],
            verified=result.verified if isinstance(result.verified, bool) else None,
            split=_text(result.dataset_split),
            source=_text(result.source_name),
        )


def subsets(card: Mapping[str, Any]) -> tuple[Subset, ...]:
    """A dataset's subsets: from `dataset_info`, else only their names from `configs`."""
    described = [_subset(one) for one in _dicts(card.get("dataset_info"))[:MOST_SUBSETS]]
    known = {one.name for one in described}
    named = [_named(one) for one in _dicts(card.get("configs"))[:MOST_SUBSETS]]
    return tuple(described + [one for one in named if one.name not in known])


def listed(value: Any) -> tuple[str, ...]:
    """A text, or a list of texts; a card may hold anything else, which is left out."""
    if isinstance(value, str):
        return (value,)
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, (list, tuple)) else ()


def _subset(one: Mapping[str, Any]) -> Subset:
    columns = {
        str(column.get("name")): type_of(column) for column in _dicts(one.get("features"))[:MOST_COLUMNS]
    }
    return Subset(
        _text(one.get("config_name")) or "default",
        tuple(
            Split(str(split.get("name")), _number(split.get("num_examples")), _number(split.get("num_bytes")))
            for split in _dicts(one.get("splits"))
        ),
        columns,
        _number(one.get("dataset_size")),
        _number(one.get("download_size")),
    )


def _named(one: Mapping[str, Any]) -> Subset:
    given = _dicts(one.get("data_files"))
    names = dict.fromkeys(_text(file.get("split")) or "train" for file in given)
    return Subset(
        _text(one.get("config_name")) or "default", tuple(Split(name, None, None) for name in names)
    )


def type_of(feature: Any, depth: int = 0) -> str:
    """A column's type in a few words: string, class of 3, list of int64, {start, end}."""
    if isinstance(feature, str):
        return feature
    if not isinstance(feature, dict) or depth > _DEEPEST:
        return "…"
    for key in ("list", "sequence"):
        if key in feature:
            return f"list of {type_of(feature[key], depth + 1)}"
    if "struct" in feature:
        names = [str(one.get("name")) for one in _dicts(feature["struct"])]
        return "{" + ", ".join(names[:6]) + (", …" if len(names) > 6 else "") + "}"
    kind = feature.get("dtype")
    if isinstance(kind, dict):
        if "class_label" in kind:
            label = kind["class_label"]
            classes = label.get("names") if isinstance(label, dict) else None
            return f"class of {len(classes)}" if isinstance(classes, (dict, list)) else "class"
        return next(iter(map(str, kind)), "…")
    return str(kind) if kind else "…"


def _dicts(value: Any) -> list[dict[str, Any]]:
    given = value if isinstance(value, list) else [value]
    return [one for one in given if isinstance(one, dict)]


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _number(value: Any) -> int | None:
    return (
        int(value) if isinstance(value, (int, float)) and not isinstance(value, bool) and value >= 0 else None
    )


def _no_bar() -> type:
    """A card is a few kilobytes: a bar that fills at once is noise."""
    from tqdm import tqdm

    class NoBar(tqdm):  # type: ignore[type-arg]
        # each class of bars has a thread that watches it, for as long as the process lives
        monitor_interval = 0

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(
                *args, **{key: value for key, value in kwargs.items() if key != "name"} | {"disable": True}
            )

    return NoBar
