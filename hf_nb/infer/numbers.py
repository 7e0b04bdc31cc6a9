"""What the calls of this session came to: how many, how fast, what they cost, what went wrong.

stats()                       a value: a table; .to_pandas(), .plot(), .prometheus()
stats(reset=True)             the same, and counting begins anew
"""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from hf_nb.errors import Stopped
from hf_nb.plumbing.session import Session, current
from hf_nb.values.numbers import Stat, Stats

if TYPE_CHECKING:
    from hf_nb.infer.call import Call, Target
    from hf_nb.infer.remembered import Kept
    from hf_nb.infer.run import Asking
    from hf_nb.infer.shapes import Tally

MILLION = 1_000_000
KEPT = 1_000  # of each kind of number, for its percentiles
MOST = 500  # methods and models; then the one unused for longest is forgotten
SEVERAL = 3  # answers, before a place counts as seen
LATEST = 2_000  # answers remembered one by one, for advice
ASKED = 256  # of those, the latest whose question is remembered too, if it is short
SHORT = 20_000  # characters: 256 of them are five megabytes


def _numbers() -> deque[float]:
    return deque(maxlen=KEPT)


@dataclass(slots=True)
class Seen:
    """One answer to one question; `of`: of the question alone; `call`: the question, while it is among the latest.

    `batch`: a row of one; `named`: the place was the caller's choice; `finish`: how the answer ended.
    """

    key: Key
    of: int
    seconds: float
    cost: float | None
    read: int
    written: int
    call: Call | None
    target: Target
    batch: bool
    named: bool
    finish: str | None = None


@dataclass
class Counted:
    """One task at one method and model. `hits`: answers that were kept, and what asking anew would have taken."""

    answers: int = 0
    stopped: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    seconds: deque[float] = field(default_factory=_numbers)
    first: deque[float] = field(default_factory=_numbers)
    rate: deque[float] = field(default_factory=_numbers)
    total: float = 0.0
    read: int = 0
    written: int = 0
    sent: int = 0
    received: int = 0
    cost: float | None = None
    hits: int = 0
    saved: float = 0.0
    spared: float = 0.0
    rows: int = 0  # of `answers`, those that went through a model together
    rows_seconds: float = 0.0
    lost: float = 0.0  # seconds of tries that failed, where another answered


Key = tuple[str, str, str]  # method, model, task


class Numbers:
    """A session's; told by many threads."""

    def __init__(self) -> None:
        self.counted: dict[Key, Counted] = {}
        self.methods: dict[str, Counted] = {}  # the same, whatever the model and the task
        self.latest: deque[Seen] = deque(maxlen=LATEST)
        self.guard = threading.RLock()  # as that of the spans

    def of(self, key: Key) -> tuple[Counted, Counted]:
        """The counts of one key, and those of its method: both are then the last used. Called under the guard."""
        return _last(self.counted, key), _last(self.methods, key[0])


def _last(counted: dict[Any, Counted], key: Any) -> Counted:
    found = counted.pop(key, None) or Counted()
    counted[key] = found
    if len(counted) > MOST:
        del counted[next(iter(counted))]
    return found


_kept: WeakKeyDictionary[Session, Numbers] = WeakKeyDictionary()


def cost(target: Target, tally: Tally) -> float | None:
    """Dollars, where the price and the tokens are known."""
    if target.read is None or target.written is None or tally.read is None or tally.written is None:
        return None
    return (target.read * tally.read + target.written * tally.written) / MILLION


def note(asking: Asking, wrong: BaseException | None, seconds: float) -> None:
    """Remember how a call went: every failed try at its place, and the answer at the place that gave it."""
    numbers = _of(asking.session)
    tally, task, trail = asking.tally, asking.call.task, asking.terms.trail
    served = getattr(asking.backend, "served", None) or asking.choice.targets[0]
    method = served.method
    if method == "hf" and tally.provider:
        method = f"hf/{tally.provider}"
    with numbers.guard:
        if wrong is None and asking.kept is not None:
            for here in numbers.of((method, served.model, task)):
                here.hits += 1
                here.saved += asking.kept.seconds
                here.spared += asking.kept.dollars or 0.0
            return
        failed = False
        for one in trail:
            if one.error is not None and one.error != "Stopped":
                failed = True
                for here in numbers.of((one.method, one.model, task)):
                    here.errors[one.error] += 1
                    here.lost += 0.0 if wrong is not None else one.seconds + one.waited
        if wrong is not None and failed and not isinstance(wrong, Stopped):
            return
        paid = asking.cost(served) if wrong is None else None
        for here in numbers.of((method, served.model, task)):
            if wrong is None:
                _answered(here, asking, paid)
            elif isinstance(wrong, Stopped):
                here.stopped += 1
            else:
                here.errors[type(wrong).__name__] += 1
        if wrong is None:
            _remember(numbers, asking, (method, served.model, task), served, paid)


def note_many(session: Session, target: Target, task: str, answers: int, seconds: float) -> None:
    """Rows of a batch that went through a model together; each took its share of the time."""
    numbers = _of(session)
    with numbers.guard:
        for here in numbers.of((target.method, target.model, task)):
            here.answers += answers
            here.total += seconds
            here.seconds.append(seconds / answers)
            here.rows += answers
            here.rows_seconds += seconds


def note_kept(session: Session, target: Target, task: str, kept: Collection[Kept]) -> None:
    """Rows of a batch whose answers were kept from before."""
    numbers = _of(session)
    with numbers.guard:
        for here in numbers.of((target.method, target.model, task)):
            here.hits += len(kept)
            here.saved += sum(one.seconds for one in kept)
            here.spared += sum(one.dollars or 0.0 for one in kept)


def _remember(numbers: Numbers, asking: Asking, key: Key, served: Target, paid: float | None) -> None:
    """The answer among the latest."""
    call, tally, latest = asking.call, asking.tally, numbers.latest
    said = call.input if isinstance(call.input, str) else repr(call.input)
    of = hash((said, repr(call.params)))
    latest.append(
        Seen(
            key,
            of,
            tally.seconds,
            paid,
            tally.read or 0,
            tally.written or 0,
            call if len(said) <= SHORT else None,
            served,
            asking.followed.job.kind == "batch",
            asking.named,
            tally.finish,
        )
    )
    if len(latest) > ASKED:
        latest[-ASKED - 1].call = None


def counted(session: Session) -> tuple[dict[Key, Counted], list[Seen]]:
    """All of it, for advice: by method, model and task; and the latest answers, oldest first."""
    numbers = _of(session)
    with numbers.guard:
        made = {key: replace(one, seconds=one.seconds.copy()) for key, one in numbers.counted.items()}
        return made, list(numbers.latest)


def _answered(here: Counted, asking: Asking, paid: float | None) -> None:
    tally = asking.tally
    here.answers += 1
    here.seconds.append(tally.seconds)
    here.total += tally.seconds
    here.read += tally.read or 0
    here.written += tally.written or 0
    here.sent += tally.sent
    here.received += tally.received
    if tally.first is not None and asking.task.streams:
        here.first.append(tally.first)
        if tally.written is not None and tally.written > 1 and tally.seconds > tally.first:
            here.rate.append((tally.written - 1) / (tally.seconds - tally.first))
    if paid is not None:
        here.cost = (here.cost or 0.0) + paid


def stats(*, reset: bool = False, session: Session | None = None) -> Stats:
    """The numbers of this session, by method, model and task. `reset`: counting begins anew afterwards."""
    numbers = _of(session or current())
    with numbers.guard:
        rows = tuple(_stat(key, one) for key, one in sorted(numbers.counted.items()))
        if reset:
            numbers.counted.clear()
            numbers.methods.clear()
            numbers.latest.clear()
    return Stats(rows)


def methods(session: Session, latest: int) -> list[tuple[Stat, list[float]]]:
    """The same by method alone, the last used first, each with the seconds of its `latest` answers, oldest first."""
    numbers = _of(session)
    with numbers.guard:
        return [
            (_stat((name, "", ""), one), list(one.seconds)[max(0, len(one.seconds) - latest) :])
            for name, one in reversed(numbers.methods.items())
        ]


def median(target: Target, task: str, session: Session) -> float | None:
    """Seconds an answer of this place took, once it was seen a few times."""
    numbers = _of(session)
    with numbers.guard:
        if target.method == "hf":  # whoever the router took
            seen = [
                second
                for (method, model, which), one in numbers.counted.items()
                if (model, which) == (target.model, task) and method.partition("/")[0] == "hf"
                for second in one.seconds
            ]
        else:
            found = numbers.counted.get((target.method, target.model, task))
            seen = list(found.seconds) if found else []
    return quantile(seen, 0.5) if len(seen) >= SEVERAL else None


def quantile(values: Sequence[float], share: float) -> float:
    """Of sorted values the one at `share` of the way, between two of them where it falls between."""
    inside = sorted(values)
    at = share * (len(inside) - 1)
    low = int(at)
    high = min(low + 1, len(inside) - 1)
    return inside[low] + (inside[high] - inside[low]) * (at - low)


def _of(session: Session) -> Numbers:
    found = _kept.get(session)
    return found if found is not None else _kept.setdefault(session, Numbers())


def _stat(key: Key, one: Counted) -> Stat:
    def at(values: Sequence[float], share: float) -> float | None:
        return quantile(values, share) if values else None

    failed = one.errors.total()
    tried = one.answers + failed
    return Stat(
        *key,
        calls=tried + one.stopped,
        answers=one.answers,
        stopped=one.stopped,
        success=one.answers / tried if tried else None,
        p50=at(one.seconds, 0.5),
        p95=at(one.seconds, 0.95),
        p99=at(one.seconds, 0.99),
        first=at(one.first, 0.5),
        rate=at(one.rate, 0.5),
        seconds=one.total,
        read=one.read,
        written=one.written,
        sent=one.sent,
        received=one.received,
        cost=one.cost,
        errors=dict(one.errors),
        hits=one.hits,
        saved=one.saved,
        spared=one.spared,
    )
