"""What a failure means for the rest of a call: one table, looked up by the error's class and its parents'.

STOP    no target would answer otherwise
WIDER   this target is out, and so is every one whose window is not known to be larger; no other model may stand in
EQUAL   this target is out; the same weights elsewhere may answer, another model may not stand in
GONE    this target is out; when no equal one answers, another model may stand in
AGAIN   this target may answer later, another at once
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum, auto
from types import MappingProxyType
from typing import TYPE_CHECKING

from hf_nb.errors import (
    BadInput,
    Filtered,
    HfNbError,
    NotFound,
    OutOfMemory,
    Passing,
    Timeout,
    TooLarge,
)

if TYPE_CHECKING:
    from hf_nb.infer.call import Target


class Then(Enum):
    """What comes after a failure."""

    STOP = auto()
    WIDER = auto()
    EQUAL = auto()
    GONE = auto()
    AGAIN = auto()


# Unauthorized, Spent, MissingExtra and Refused are EQUAL, as is every other lasting error.
THEN: Mapping[type[HfNbError], Then] = MappingProxyType(
    {
        BadInput: Then.STOP,
        Filtered: Then.STOP,
        TooLarge: Then.WIDER,
        OutOfMemory: Then.EQUAL,
        NotFound: Then.GONE,
        Passing: Then.AGAIN,
        HfNbError: Then.EQUAL,
    }
)


def then(wrong: HfNbError) -> Then:
    """What comes after this one."""
    if isinstance(wrong, Timeout) and wrong.stage == "total":
        return Then.STOP
    return next(THEN[kind] for kind in type(wrong).__mro__ if kind in THEN)


def wider(target: Target, than: Target) -> bool:
    """Whether it is known to read more at once; what is not known of either is no reason to ask."""
    return target.window is not None and than.window is not None and target.window > than.window


def substitutable(equal: Sequence[HfNbError | None]) -> bool:
    """Whether another model may stand in, after what the equal targets said (None: nothing yet)."""
    return all(wrong is not None and then(wrong) in (Then.GONE, Then.AGAIN) for wrong in equal)


def most_useful(wrong: Sequence[HfNbError]) -> HfNbError:
    """The one to tell: what lasts before what passes, for something can be done about it; else the first target's."""
    return min(wrong, key=lambda one: then(one) is Then.AGAIN)
