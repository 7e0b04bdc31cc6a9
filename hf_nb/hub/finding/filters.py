"""What a search may ask for: the part the Hub answers itself, and the part that is checked here, row by row.

Wanted(language="fr", min_likes=10)       as it was said
plan("model", wanted) -> Plan(            in the Hub's words
    asked={"filter": ["fr"]},             sent along
    tests=(Test("likes", ...),),          the Hub's list knows no such filter
)
"""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

from hf_nb.errors import BadInput
from hf_nb.hub import fits
from hf_nb.hub.finding import words
from hf_nb.plumbing import memory
from hf_nb.values import Kind, Row

_BOTH: tuple[Kind, ...] = ("model", "dataset")
_ALL: tuple[Kind, ...] = ("model", "dataset", "space")
# Which kinds a filter makes sense for.
FITS: dict[str, tuple[Kind, ...]] = {
    "author": _ALL,
    "task": _BOTH,
    "category": _BOTH,
    "domain": _BOTH,
    "library": _BOTH,
    "language": _BOTH,
    "licence": _ALL,
    "tags": _ALL,
    "dataset": ("model", "space"),
    "model": ("space",),
    "modality": ("dataset",),
    "file_format": ("dataset",),
    "size": ("dataset",),
    "max_bytes": ("dataset",),
    "sdk": ("space",),
    "hardware": ("space",),
    "status": ("space",),
    "min_parameters": ("model",),
    "max_parameters": ("model",),
    "fits": ("model",),
    "min_likes": _ALL,
    "min_downloads": _BOTH,
    "gated": _BOTH,
    "warm": ("model",),
    "provider": ("model",),
    "app": ("model",),
}
PLURALS: dict[Kind, str] = {"model": "models", "dataset": "datasets", "space": "Spaces"}
# Where the option of the command is spelled otherwise.
OPTIONS = {"tags": "tag", "app": "apps", "provider": "inference-provider", "max_bytes": "max-size"}


@dataclass(frozen=True)
class Wanted:
    """The filters of a search as they were said; None, False and () ask for nothing."""

    author: str | None = None
    task: str | None = None
    category: str | None = None
    domain: str | None = None
    library: str | None = None
    language: str | None = None
    licence: str | None = None
    tags: tuple[str, ...] = ()
    dataset: str | None = None
    model: str | None = None
    modality: str | None = None
    file_format: str | None = None
    size: str | None = None
    max_bytes: int | str | None = None
    sdk: str | None = None
    hardware: str | None = None
    status: str | None = None
    min_parameters: int | str | None = None
    max_parameters: int | str | None = None
    fits: bool = False
    min_likes: int | str | None = None
    min_downloads: int | str | None = None
    gated: bool | None = None
    warm: bool = False
    provider: str | None = None
    app: str | None = None

    def said(self) -> dict[str, Any]:
        """Those that ask for something, in their own words."""
        named = {one.name: getattr(self, one.name) for one in fields(self)}
        return {
            name: value
            for name, value in named.items()
            if value not in (None, "", ()) and (value is not False or name == "gated")
        }


@dataclass(frozen=True)
class Test:
    """A filter applied here. `least`: in a list sorted by this, the first row that fails it is the end."""

    what: str
    passes: Callable[[Row], bool]
    least: str | None = None


class Fitting(Test):
    """Whether there is room for a model in this machine's memory; one of unknown size is left out, and counted."""

    def __init__(self) -> None:
        free = memory.free()
        unknown = 0

        def passes(row: Row) -> bool:
            nonlocal unknown
            room = fits.room(row.parameters, row.bytes, free)
            if room is None:
                unknown += 1
                left = f"memory ({unknown:,} of unknown size left out)"
                object.__setattr__(self, "what", left)
                return False
            return room.verdict != "too large"

        super().__init__("memory", passes)


@dataclass(frozen=True)
class Plan:
    """A search in the Hub's words, and what is left to check."""

    asked: dict[str, Any]
    tests: tuple[Test, ...]

    def passes(self, row: Row) -> bool:
        """Whether a row the Hub listed is one that is wanted."""
        return all(test.passes(row) for test in self.tests)

    def ends(self, row: Row, sort: str) -> bool:
        """Whether nothing wanted can come after this row, in a list with the most first."""
        return any(test.least == sort and not test.passes(row) for test in self.tests)


def plan(kind: Kind, wanted: Wanted) -> Plan:
    """Every filter, each where it can be applied; one that does not fit the kind is refused."""
    _check_fits(kind, wanted)
    asked: dict[str, Any] = {"author": wanted.author, "filter": _tags(kind, wanted)}
    asked |= {"gated": wanted.gated}
    if kind == "model":
        asked |= {
            "pipeline_tag": wanted.task and words.task(wanted.task),
            "num_parameters": _parameters(wanted),
            "inference": "warm" if wanted.warm else None,
            "inference_provider": wanted.provider,
            "apps": wanted.app,
        }
    if kind == "space":
        asked |= {"models": wanted.model, "datasets": wanted.dataset}
    return Plan(
        {name: value for name, value in asked.items() if value not in (None, "", [])},
        tuple(_tests(kind, wanted)),
    )


def _check_fits(kind: Kind, wanted: Wanted) -> None:
    for name, value in wanted.said().items():
        if kind in FITS[name]:
            continue
        problem = f"{PLURALS[kind].capitalize()} cannot be filtered by {_option(name).replace('-', ' ')}"
        fitting = " and ".join(PLURALS[one] for one in FITS[name])
        if len(FITS[name]) == 1:
            said = "" if value is True else f" {shlex.quote(str(value))}"
            step = f"%hf search {FITS[name][0]}s --{_option(name)}{said}"
        else:
            own = [_option(one) for one, kinds in FITS.items() if kind in kinds]
            step = f"Filters of {PLURALS[kind]}: --{', --'.join(own)}"
        raise BadInput(f"{problem}; {fitting} can.", step)


def _option(name: str) -> str:
    return OPTIONS.get(name, name).replace("_", "-")


def _tags(kind: Kind, wanted: Wanted) -> list[str]:
    """The Hub filters by tag; datasets name the kind of tag, models mostly do not."""
    named = {
        "license": wanted.licence and words.licence(wanted.licence),
        "modality": wanted.modality and words.modality(wanted.modality),
        "format": wanted.file_format and words.file_format(wanted.file_format),
        "size_categories": wanted.size and words.size_class(wanted.size),
    }
    bare = {
        "domain": wanted.domain and words.domain(wanted.domain),
        "sdk": wanted.sdk and words.sdk(wanted.sdk),
    }
    some = {
        "language": wanted.language and words.language(wanted.language),
        "library": wanted.library and words.library(wanted.library),
    }
    if kind == "dataset":
        named |= {"task_categories": wanted.task and words.task(wanted.task), **some}
    else:
        bare |= some
        named |= {"dataset": wanted.dataset if kind == "model" else None}
    return [
        *wanted.tags,
        *[word for word in bare.values() if word],
        *[f"{name}:{word}" for name, word in named.items() if word],
    ]


def _parameters(wanted: Wanted) -> str | None:
    """The range in whole millions or billions, which the Hub takes; where that is too wide, rows are checked."""
    low, high = _range(wanted)
    ends = (
        f"min:{_millions(low, upward=False)}" if low and low >= 10**6 else None,
        f"max:{_millions(high, upward=True)}" if high is not None else None,
    )
    return ",".join(end for end in ends if end) or None


def _millions(count: int, *, upward: bool) -> str:
    if count and count % 10**9 == 0:
        return f"{count // 10**9}B"
    return f"{max(1, -(-count // 10**6)) if upward else count // 10**6}M"


def _range(wanted: Wanted) -> tuple[int | None, int | None]:
    low = words.number(wanted.min_parameters, "min_parameters")
    high = words.number(wanted.max_parameters, "max_parameters")
    if low is not None and high is not None and low > high:
        raise BadInput(
            f"No model has at least {wanted.min_parameters} and at most {wanted.max_parameters} parameters.",
            f"--min-parameters {wanted.max_parameters} --max-parameters {wanted.min_parameters}",
        )
    return low, high


def _tests(kind: Kind, wanted: Wanted) -> list[Test]:
    found: list[Test] = []
    if likes := words.number(wanted.min_likes, "min_likes"):
        found.append(Test("likes", lambda row: (row.likes or 0) >= likes, "likes"))
    if downloads := words.number(wanted.min_downloads, "min_downloads"):
        found.append(Test("downloads", lambda row: (row.downloads or 0) >= downloads, "downloads"))
    if (most := words.bytes_of(wanted.max_bytes, "max_bytes")) is not None:
        found.append(Test("size", lambda row: row.bytes is not None and row.bytes <= most))
    if wanted.category:
        some = frozenset(words.CATEGORIES[words.category(wanted.category)])
        found.append(Test("category", lambda row: not some.isdisjoint(_tasks(kind, row))))
    if wanted.hardware:
        flavours = words.hardware(wanted.hardware)
        found.append(Test("hardware", lambda row: row.hardware in flavours))
    if wanted.status:
        stages = words.status(wanted.status)
        found.append(Test("status", lambda row: row.stage in stages))
    if wanted.fits:
        found.append(Fitting())
    low, high = _range(wanted)
    if not (_exact(low) and _exact(high)):
        found.append(Test("parameters", lambda row: _within(row.parameters, low, high)))
    return found


def _exact(count: int | None) -> bool:
    """Whether the Hub's own filter says precisely this."""
    return count is None or (count > 0 and count % 10**6 == 0)


def _within(count: int | None, low: int | None, high: int | None) -> bool:
    return count is not None and (low or 0) <= count and (high is None or count <= high)


def _tasks(kind: Kind, row: Row) -> list[str]:
    if kind == "model":
        return [row.task] if row.task else []
    start = "task_categories:"
    return [tag.removeprefix(start) for tag in row.tags if tag.startswith(start)]
