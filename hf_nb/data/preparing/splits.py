"""Rows dealt out to splits, one after another, the same way every time.

Of each class the rows are dealt out in rounds: with 90 and 10 percent one of ten goes to the test, which one is drawn
by lot from `seed`, the class and the round. So shares are kept in every class to within one round, in one pass, and a
run that broke off goes on with a count per class. Groups go as a whole, by lot; their shares are only about right.
"""

from __future__ import annotations

import hashlib
import math
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from hf_nb.errors import BadInput
from hf_nb.values.rows import plain, python

if TYPE_CHECKING:
    import pyarrow

CLASSES = 1_000
NAMED = re.compile(r"(?=.{1,60}\Z)\w+(\.\w+)*")  # as `datasets` names splits
ROUND = 100  # rows, where no smaller number keeps the shares


class Splits:
    """`state`: rows dealt out so far, by class."""

    def __init__(
        self,
        shares: Mapping[str, float] | None,
        seed: int = 0,
        stratify: str | None = None,
        group: str | None = None,
    ) -> None:
        self.given = shares is not None
        self.shares = _checked(shares)
        if shares is None and (stratify or group):
            raise BadInput("Into which splits?", 'split={"train": 0.9, "test": 0.1}')
        if stratify and group:
            raise BadInput(
                "Classes in equal shares and groups as a whole cannot both be had.", "stratify, or group"
            )
        self.names = list(self.shares)
        self.seed, self.stratify, self.group = seed, stratify, group
        self.state: dict[str, int] = {}
        ends, total = [], 0.0
        for share in self.shares.values():
            total += share
            ends.append(total)
        self._ends = [*ends[:-1], 1.0]
        self._round = _round(self._ends)
        self._places = lru_cache(CLASSES)(self._drawn)

    def keep(self, name: str | None) -> None:
        """Where nothing is dealt out, the rows stay in the split they are of; a table without splits is `train`."""
        if not self.given and name and NAMED.fullmatch(name):
            self.shares, self.names = {name: 1.0}, [name]

    def said(self) -> str:
        """To be compared with what a run that broke off did."""
        return f"{self.shares} {self.seed} {self.stratify!r} {self.group!r}"

    @property
    def column(self) -> str | None:
        """The column it looks at."""
        return self.stratify or self.group

    def dealt(self, table: pyarrow.Table) -> Iterator[tuple[str, pyarrow.Table]]:
        """The rows of each split, in order."""
        import pyarrow

        if len(self.names) == 1:
            yield self.names[0], table
            return
        places = pyarrow.array(list(self._each(table)), pyarrow.int32())
        from pyarrow import compute

        for at, name in enumerate(self.names):
            yield name, table.filter(compute.equal(places, at))

    def _each(self, table: pyarrow.Table) -> Iterator[int]:
        if self.group is not None:
            for value in python(table.column(self.group)):
                yield self._next("") if value is None else self._by_lot(value)  # without a group: by itself
            return
        values = python(table.column(self.stratify)) if self.stratify else [None] * table.num_rows
        for value in values:
            yield self._next(_key(value) if self.stratify else "")

    def _by_lot(self, value: Any) -> int:
        drawn = hashlib.blake2b(
            f"{self.seed} {_key(value)}".encode("utf-8", "replace"), digest_size=8
        ).digest()
        return bisect_right(self._ends, int.from_bytes(drawn) / 2**64, hi=len(self._ends) - 1)

    def _next(self, key: str) -> int:
        count = self.state.get(key, 0)
        if not count and len(self.state) >= CLASSES:
            raise BadInput(
                f"{self.stratify!r} has more than {CLASSES:,} values: it names no classes.",
                "Keep groups whole: group=…",
            )
        self.state[key] = count + 1
        return self._places(key, count // self._round)[count % self._round]

    def _drawn(self, key: str, number: int) -> list[int]:
        """The splits of one round, in an order drawn by lot."""
        first, last = number * self._round, (number + 1) * self._round
        made: list[int] = []
        for at, end in enumerate(self._ends):
            until = _near(end * last) - _near(end * first)
            made += [at] * (until - len(made))

        def lot(place: int) -> bytes:
            said = f"{self.seed} {key} {number} {place}"
            return hashlib.blake2b(said.encode("utf-8", "replace"), digest_size=8).digest()

        return [made[place] for place in sorted(range(len(made)), key=lot)]


def _near(number: float) -> int:
    return math.floor(number + 0.5 + 1e-9)


def _round(ends: list[float]) -> int:
    """The smallest number of rows that can be dealt out in just these shares."""
    return next(
        (size for size in range(1, ROUND) if all(abs(end * size - round(end * size)) < 1e-9 for end in ends)),
        ROUND,
    )


def _checked(shares: Mapping[str, float] | None) -> dict[str, float]:
    if shares is None:
        return {"train": 1.0}
    if not shares or not all(NAMED.fullmatch(str(name)) for name in shares):
        raise BadInput("A split has a name of letters and digits.", 'split={"train": 0.9, "test": 0.1}')
    if any(not isinstance(one, (int, float)) or not 0 < one <= 1 for one in shares.values()):
        raise BadInput("A share lies between 0 and 1.", 'split={"train": 0.9, "test": 0.1}')
    if abs(sum(shares.values()) - 1) > 1e-6:
        raise BadInput(
            f"The shares come to {sum(shares.values()):g}, not to 1.", 'split={"train": 0.9, "test": 0.1}'
        )
    return {str(name): float(one) for name, one in shares.items()}


def _key(value: Any) -> str:
    return repr(plain(value))[:2_000]
