"""A model and its copies at the same pieces, turn by turn: who is quicker, and whether they say the same.

Asked for by a user, all copies are measured to the end. In a batch one is tried only where the rows there are and those
there were would have earned it back, and left as soon as it is seen not to be taken.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
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
TRIED = (
    4  # times the measured rows that one copy takes: once to see what it says, then rounds beside the model
)
SAVED = 1 / 3  # of the rows' time: what a copy that is taken saves at least, and most save more
EXPORTED = 5.0  # seconds until a model is in ONNX Runtime
SLOW, WARM = 3.0, 0.1  # times the model's seconds, and seconds to warm up in, before it is left
NOISE = 1.2  # between two rounds
FEW, LITTLE = "too few rows to try it", "not quick enough"


def due(known: Parity | None, pieces: Sequence[Any], before: kept.Before) -> bool:
    """Whether these pieces, and what was read before, are so many that trying a copy can be earned back with them."""
    if known is None:
        tried = tokens(_some(pieces))
        return SAVED * (tokens(pieces) + before.tokens - tried) >= (1 + TRIED) * tried
    waits = any(one.why == FEW for one in known.ways)
    return waits and before.tokens + tokens(pieces) >= before.enough > 0


def compare(
    loaded: Loaded,
    task: str,
    pieces: Sequence[Any],
    terms: Terms,
    *,
    before: kept.Before | None = None,
) -> tuple[Parity, Copy | None, int]:
    """What came of it, the copy that is to be taken, and after how many tokens what was left out is worth trying.

    `before`: what was read without a copy; only what that and these pieces can earn back is tried.
    """
    groups = _groups(loaded, _some(pieces))
    best: Copy | None = None
    gain = GAIN
    ways = []
    loaded.quicken()
    first = _answered(loaded.passed, groups, terms)
    pace = first.seconds / sum(map(tokens, groups))
    earned = before is not None
    read = pace * (tokens(pieces) + before.tokens) if before is not None else float("inf")
    enough = 0
    for name in copies.NAMES:
        terms.check()
        costs = TRIED * first.seconds + (EXPORTED if name == "onnx" else 0.0)
        needed = costs * (gain if best else 1.0) / SAVED
        if read < needed:
            ways.append(Way(name, why=FEW))
            enough = max(enough, round(needed / pace))
            continue
        try:
            copy = copies.make(loaded, name, task)
        except Exception as wrong:  # noqa: BLE001 -- a model it was not made for
            ways.append(Way(name, why=f"cannot be made: {type(wrong).__name__}"))
            continue
        if copy is None:
            ways.append(Way(name, why="not installed, or too large"))
            continue
        try:
            way = _way(loaded, copy, groups, first, terms, earned=earned)
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
    return kept.headed(loaded, task, sum(map(len, groups)), tuple(taken)), best, enough


@dataclass
class Answered:
    """What one of them said of each group, and the seconds each took."""

    said: list[Any]
    took: list[float]

    @property
    def seconds(self) -> float:
        """All of them."""
        return sum(self.took)


def _answered(
    passed: Callable[[list[Any]], Any],
    groups: list[list[Any]],
    terms: Terms,
    beside: Answered | None = None,
) -> Answered:
    """No further than it is seen to be far slower than another one."""
    found = Answered([], [])
    for group in groups:
        terms.check()
        began = time.process_time()
        found.said.append(passed(group))
        found.took.append(time.process_time() - began)
        if beside is not None and found.seconds > SLOW * sum(beside.took[: len(found.took)]) + WARM:
            break
    return found


def _way(
    loaded: Loaded, copy: Copy, groups: list[list[Any]], first: Answered, terms: Terms, *, earned: bool
) -> Way:
    """One copy beside the model. The first time is not timed: engines prepare themselves for a shape."""
    rows: list[tuple[float, bool, float]] = []
    margins: list[float] = []
    theirs = _answered(lambda some: copy.passed(loaded, some), groups, terms, first if earned else None)
    if len(theirs.said) < len(groups):
        return Way(copy.name, why=LITTLE)
    for group, ours, said in zip(groups, first.said, theirs.said, strict=True):
        lengths = [len(one.ids) for one in group]
        rows += sureness.difference(ours, said, lengths, copy.task)
        margins += sureness.margins(said, lengths, copy.task)
    apart = max(one[0] for one in rows)
    copy.doubt = sureness.SURE * apart if copy.task in sureness.CLASSES else 0.0
    again = sum(one < copy.doubt for one in margins) / len(margins)
    way = Way(
        copy.name,
        same=sum(one[1] for one in rows) / len(rows),
        difference=apart,
        cosine=min(one[2] for one in rows),
        again=again,
    )
    why = _off(way, copy.task)
    if why and earned:
        return replace(way, why=why)
    ours, others = _rounds(loaded, copy, groups, terms, least=GAIN / NOISE if earned else HOPELESS)
    return replace(way, speed=ours / (others + again * ours), why=why)


def _rounds(
    loaded: Loaded, copy: Copy, groups: list[list[Any]], terms: Terms, *, least: float
) -> tuple[float, float]:
    """The least seconds of the model and of the copy; one round where the copy has not this part of its pace."""
    seconds = [float("inf"), float("inf")]
    for turn in range(ROUNDS):
        for at, passed in enumerate((loaded.passed, lambda some: copy.passed(loaded, some))):
            terms.check()
            seconds[at] = min(seconds[at], _timed(passed, groups))
        if turn == 0 and seconds[0] / seconds[1] < least:
            break
    return seconds[0], seconds[1]


def _said(way: Way, *, taken: bool) -> Way:
    """With why it is not taken."""
    if taken:
        return replace(way, taken=True)
    if way.why:
        return way
    return replace(way, why="another is quicker" if way.speed >= GAIN else LITTLE)


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


def tokens(pieces: Sequence[Any]) -> int:
    """Of all of them."""
    return sum(len(one.ids) for one in pieces)


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
