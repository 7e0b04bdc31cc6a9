"""What a session did, as far as it matters for advice."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hf_nb.infer import numbers
from hf_nb.infer.numbers import Counted, Key, Seen

if TYPE_CHECKING:
    from hf_nb.plumbing.session import Session


@dataclass(frozen=True)
class Habits:
    """`latest`: single answers, oldest first; `loads`: seconds of each time a model was loaded."""

    counted: dict[Key, Counted]
    latest: tuple[Seen, ...]
    loads: dict[str, list[float]]

    @property
    def answers(self) -> int:
        """Altogether."""
        return sum(one.answers for one in self.counted.values())

    @property
    def seconds(self) -> float:
        """Spent on answers."""
        return sum(one.total for one in self.counted.values())

    @property
    def dollars(self) -> float:
        """Spent."""
        return sum(one.cost or 0.0 for one in self.counted.values())

    def all(self) -> dict[Key, list[Seen]]:
        """The latest, whoever asked."""
        found: dict[Key, list[Seen]] = defaultdict(list)
        for one in self.latest:
            found[one.key].append(one)
        return found

    def alone(self) -> dict[Key, list[Seen]]:
        """The latest that were asked one by one, and not by a batch."""
        found: dict[Key, list[Seen]] = defaultdict(list)
        for one in self.latest:
            if not one.batch:
                found[one.key].append(one)
        return found


def read(session: Session) -> Habits:
    """As it is now."""
    counted, latest = numbers.counted(session)
    loads: dict[str, list[float]] = defaultdict(list)
    for span in session.spans.recent():
        if span.name == "infer.load" and span.error is None and span.seconds is not None:
            loads[str(span.attributes.get("gen_ai.request.model"))].append(span.seconds)
    return Habits(counted, tuple(latest), dict(loads))


def middle(one: Counted) -> float:
    """Seconds of the usual answer."""
    return numbers.quantile(one.seconds, 0.5) if one.seconds else 0.0
