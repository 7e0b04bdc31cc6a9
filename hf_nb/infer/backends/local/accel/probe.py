"""A model and its copies at the same pieces, turn by turn: who is quicker, and whether they say the same."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hf_nb.errors import HfNbError
from hf_nb.infer.backends.local.accel import copies, kept, sureness
from hf_nb.infer.backends.local.accel.copies import Copy
from hf_nb.values.parity import Parity, Way

if TYPE_CHECKING:
    from hf_nb.infer.backends.local.model import Loaded
    from hf_nb.infer.call import Terms

ROWS = 64
ROUNDS = 3
GAIN = 1.3
HOPELESS = 0.7  # of the model's pace in the first round


def compare(loaded: Loaded, task: str, pieces: Sequence[Any], terms: Terms) -> tuple[Parity, Copy | None]:
    """What came of it, and the copy that is to be taken; the others are gone."""
    groups = _groups(loaded, _some(pieces))
    best: Copy | None = None
    gain = GAIN
    ways = []
    for name in copies.NAMES:
        terms.check()
        try:
            copy = copies.make(loaded, name, task)
        except Exception as wrong:  # noqa: BLE001 -- a model it was not made for
            ways.append(Way(name, why=f"cannot be made: {type(wrong).__name__}"))
            continue
        if copy is None:
            ways.append(Way(name, why="not installed, or too large"))
            continue
        try:
            way = _way(loaded, copy, groups, terms)
        except HfNbError:
            raise
        except Exception as wrong:  # noqa: BLE001 -- whatever torch raises
            way = Way(name, why=f"fails: {type(wrong).__name__}")
        ways.append(way)
        if not way.why and way.speed >= gain:
            best, gain = copy, way.speed
        del copy
        gc.collect()
    taken = [_said(one, taken=best is not None and one.name == best.name) for one in ways]
    return kept.headed(loaded, task, sum(map(len, groups)), tuple(taken)), best


def _way(loaded: Loaded, copy: Copy, groups: list[list[Any]], terms: Terms) -> Way:
    """One copy beside the model."""
    rows: list[tuple[float, bool, float]] = []
    margins: list[float] = []
    for group in groups:  # the first time is not timed: engines prepare themselves for a shape
        terms.check()
        lengths = [len(one.ids) for one in group]
        theirs = copy.passed(loaded, group)
        rows += sureness.difference(loaded.passed(group), theirs, lengths, copy.task)
        margins += sureness.margins(theirs, lengths, copy.task)
    apart = max(one[0] for one in rows)
    copy.doubt = sureness.SURE * apart if copy.task in sureness.CLASSES else 0.0
    again = sum(one < copy.doubt for one in margins) / len(margins)
    seconds = [float("inf"), float("inf")]
    for turn in range(ROUNDS):
        for at, passed in enumerate((loaded.passed, lambda some: copy.passed(loaded, some))):
            terms.check()
            seconds[at] = min(seconds[at], _timed(passed, groups))
        if turn == 0 and seconds[0] / seconds[1] < HOPELESS:
            break
    way = Way(
        copy.name,
        speed=seconds[0] / (seconds[1] + again * seconds[0]),
        same=sum(one[1] for one in rows) / len(rows),
        difference=apart,
        cosine=min(one[2] for one in rows),
        again=again,
    )
    return replace(way, why=_off(way, copy.task))


def _said(way: Way, *, taken: bool) -> Way:
    """With why it is not taken."""
    if taken:
        return replace(way, taken=True)
    if way.why:
        return way
    return replace(way, why="another is quicker" if way.speed >= GAIN else "not quick enough")


def _off(way: Way, task: str) -> str:
    """Why its answers are not good enough, or nothing. What is not a number is never near."""
    if way.same < 1.0:
        return "decides otherwise"
    return "" if task in sureness.CLASSES or way.difference <= sureness.CLOSE else "too far off"


def _timed(passed: Callable[[list[Any]], Any], groups: list[list[Any]]) -> float:
    """Seconds of processor time: whoever else works on this machine does not count."""
    began = time.process_time()
    for group in groups:
        passed(group)
    return time.process_time() - began


def _some(pieces: Sequence[Any]) -> list[Any]:
    """Some of all lengths, the longest first."""
    ordered = sorted(pieces, key=lambda one: -len(one.ids))
    if len(ordered) <= ROWS:
        return ordered
    step = len(ordered) / ROWS
    return [ordered[int((at + 0.5) * step)] for at in range(ROWS)]


def _groups(loaded: Loaded, pieces: list[Any]) -> list[list[Any]]:
    groups: list[list[Any]] = []
    for one in pieces:
        if groups and len(groups[-1][0].ids) * (len(groups[-1]) + 1) <= loaded.at_once:
            groups[-1].append(one)
        else:
            groups.append([one])
    return groups
