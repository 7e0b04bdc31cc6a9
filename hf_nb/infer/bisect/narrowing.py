"""Finding what makes the difference with the fewest questions. Nothing here knows what is asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Found:
    """`at`: the first that answers as the last one does; `before`: the last that does not, -1 where all do.

    `untried` lie between them: nobody could ask them.
    """

    before: int
    at: int
    untried: tuple[int, ...] = ()


def first(count: int, ask: Callable[[int], bool | None]) -> Found:
    """Of `count` in a row, whose last one is known, the first that `ask` calls like it; None: it cannot be asked.

    Nothing is taken for granted of the other end: of 64 it takes six questions, and they tell as well where all of
    them are alike. Where the answer changed more than once, one of the changes is found.
    """
    before, at = -1, count - 1
    out: set[int] = set()
    while left := [one for one in range(before + 1, at) if one not in out]:
        middle = left[len(left) // 2]
        said = ask(middle)
        if said is None:
            out.add(middle)
        elif said:
            at = middle
        else:
            before = middle
    return Found(before, at, tuple(one for one in sorted(out) if before < one < at))


def fewest(things: Sequence[Thing], does: Callable[[Sequence[Thing]], bool]) -> list[Thing]:
    """Of things that do it together some that do, none of which can be left out (Zeller's ddmin)."""
    kept, parts = list(things), 2
    while len(kept) > 1:
        size = -(-len(kept) // parts)
        pieces = [kept[at : at + size] for at in range(0, len(kept), size)]
        rest = [[one for other in pieces if other is not piece for one in other] for piece in pieces]
        smaller = next((some for some in [*pieces, *(rest if len(pieces) > 2 else [])] if does(some)), None)
        if smaller is not None:
            parts = 2 if smaller in pieces else max(2, parts - 1)
            kept = smaller
        elif len(pieces) == len(kept):
            break
        else:
            parts = min(len(kept), parts * 2)
    return kept
