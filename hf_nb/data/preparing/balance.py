"""The classes of a column: how many rows each has, and how uneven that is."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

from hf_nb.data.preparing.walking import through
from hf_nb.data.rows import picked
from hf_nb.errors import BadInput
from hf_nb.plumbing.session import Session
from hf_nb.values.balance import Balance, ClassCount

MOST = 10_000  # classes
SIGNS = 200


def balance(
    what: Any,
    column: str,
    *,
    config: str | None = None,
    split: str | None = None,
    revision: str | None = None,
    limit: int | None = None,
    allow: int | str | None = None,
    session: Session | None = None,
) -> Balance:
    """How many rows each value of `column` has; from all rows, or from the first `limit`.

    >>> balance("hfnb-demo/digits", "label", split="test")[0].rows
    37
    """
    with through(
        what,
        verb="balance",
        config=config,
        split=split,
        revision=revision,
        limit=limit,
        allow=allow,
        session=session,
    ) as walk:
        (name,) = picked([column], walk.source) or [column]
        labels = next((one.labels for one in walk.source.columns if one.name == name), ())
        counted: Counter[Any] = Counter()
        for _, table in walk.steps([name]):
            counted.update(_values(table.column(0), name))
            if len(counted) > MOST:
                raise BadInput(
                    f"{name!r} has more than {MOST:,} different values: it names no classes.",
                    "What it holds, in numbers: %hf describe",
                )
        missing = counted.pop(None, 0)
        rows = counted.total()
        classes = tuple(
            ClassCount(_called(value, labels), count, count / rows)
            for value, count in sorted(counted.items(), key=lambda one: (-one[1], str(one[0])))
        )
        return Balance(name, classes, missing, _even(classes), said(classes), walk.looked([name]))


def _values(column: Any, name: str) -> Counter[Any]:
    """Each value of a stretch, and how often; NaN is one value."""
    from pyarrow import types

    if types.is_nested(column.type):
        raise BadInput(
            f"{name!r} holds {column.type}, which names no classes.", "A column of texts, numbers or labels"
        )
    if types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    found: Counter[Any] = Counter()
    for one in column.value_counts().to_pylist():
        value = one["values"]
        found["NaN" if isinstance(value, float) and math.isnan(value) else value] += one["counts"]
    return found


def _called(value: Any, labels: tuple[str, ...]) -> str:
    if labels and isinstance(value, int) and 0 <= value < len(labels):
        return labels[value]
    if isinstance(value, bytes):
        return value[:SIGNS].hex()
    return str(value)[:SIGNS] if value != "" else "(empty)"


def _even(classes: tuple[ClassCount, ...]) -> float:
    """How many classes of one size would be as mixed: two to the power of the entropy."""
    return 2 ** -sum(one.share * math.log2(one.share) for one in classes) if classes else 0.0


def said(classes: tuple[ClassCount, ...]) -> str:
    """The imbalance in a sentence."""
    if not classes:
        return "No row has a class."
    most, least = classes[0], classes[-1]
    if len(classes) == 1:
        return f"There is one class: {most.name}."
    times = most.rows / least.rows
    how = (
        "even"
        if times < 1.5
        else "a little uneven"
        if times < 3
        else "uneven"
        if times < 10
        else "very uneven"
    )
    always = f"who always says {most.name} is right in {100 * most.share:.0f} %"
    return (
        f"The {len(classes):,} classes are {how}: {most.name} has {times:,.1f} times as many rows as {least.name}; "
        f"{always}."
    )
