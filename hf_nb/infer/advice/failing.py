"""A place that is asked first and fails, again and again, before another one answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from hf_nb.infer.advice.habits import Habits
from hf_nb.values.advice import Tip

if TYPE_CHECKING:
    from hf_nb.plumbing.session import Session

OFTEN = 3


def look(habits: Habits, session: Session, *, measure: bool) -> Iterator[Tip]:  # nothing to measure
    """Where it could be asked last."""
    lost: Counter[str] = Counter()
    failed: Counter[str] = Counter()
    answers: Counter[str] = Counter()
    words: dict[str, Counter[str]] = {}
    for (method, _, _), one in habits.counted.items():
        place = method.partition("/")[0]
        lost[place] += one.lost  # type: ignore[assignment]  # seconds
        failed[place] += one.errors.total()
        answers[place] += one.answers
        words.setdefault(place, Counter()).update(one.errors)
    methods = list(session.settings.methods)
    for place, number in failed.items():
        if number < OFTEN or answers[place] >= number or not lost[place]:
            continue
        after = methods[methods.index(place) + 1 :] if place in methods else []
        if not any(answers[one] for one in after):
            continue
        order = [*(one for one in methods if one != place), place]
        kind = words[place].most_common(1)[0][0]
        yield Tip(
            "order",
            f"{place} failed {number:,} times ({kind}) before another answered.",
            f"Ask {place} last.",
            f"%hf settings methods={','.join(order)}",
            "the seconds of its failed tries and of the waits for them",
            seconds=lost[place],
            undo=f"%hf settings methods={','.join(methods)}",
            setting=("methods", order),
        )
