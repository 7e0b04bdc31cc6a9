"""Batches through a model of which a quicker copy gives the same answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hf_nb.errors import HfNbError
from hf_nb.infer.advice.habits import Habits
from hf_nb.infer.parity import ROWS, parity
from hf_nb.values.advice import Tip

if TYPE_CHECKING:
    from hf_nb.plumbing.session import Session

MANY = 256  # rows: fewer are not worth making a copy for
SECONDS = 30.0  # that comparing may take, about
PASSES = 24  # through all rows, by the model and its copies together
DO = frozenset({"text-classification", "token-classification", "feature-extraction", "sentence-similarity"})


def look(habits: Habits, session: Session, *, measure: bool) -> Iterator[Tip]:
    """For the model that most time went to."""
    many = {
        key: one
        for key, one in habits.counted.items()
        if key[0] == "local" and key[2] in DO and one.rows >= MANY
    }
    if not measure or not many or session.settings.accel != "off":
        return
    (_, model, task), most = max(many.items(), key=lambda pair: pair[1].rows_seconds)
    if most.rows_seconds / most.rows * ROWS * PASSES > SECONDS:
        return
    try:
        found = parity(model, task, session=session)
    except HfNbError:
        return
    taken = found.taken
    if taken is not None:
        yield Tip(
            "accel",
            f"{most.rows:,} rows went through {model} in batches.",
            f"Let its {taken.name} copy answer what it answers alike: {taken.speed:.1f} times as quick here.",
            "%hf settings accel=auto",
            f"both on {found.rows} texts: every decision the same, {taken.again:.0%} asked of the model again",
            seconds=most.rows_seconds * (1 - 1 / taken.speed),
            measured=True,
            undo="%hf settings accel=off",
            setting=("accel", "auto"),
        )
