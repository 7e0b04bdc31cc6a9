"""Parts of the rows: by the length of the input, by its language, by a column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hf_nb.errors import BadInput
from hf_nb.infer.choose import languages
from hf_nb.measure.slices import MOST, bands
from hf_nb.values.comparisons import Comparison

BANDS = 3
SEVERAL = 12  # different numbers: with more they are put into bands


def column(of: Comparison, name: str) -> list[Any]:
    """The values that rows are parted by."""
    if name in of.columns:
        return _banded(of.columns[name])
    if name == "length":
        return bands([float(len(text(one).split())) for one in of.inputs], BANDS)
    if name == "language":
        return [languages.detect(text(one)) or "unknown" for one in of.inputs]
    known = ", ".join(["length", "language", *of.columns])
    raise BadInput(
        f"There is no slice called {name}.", f"Slices: {known}. A column: slices=[{name!r}] of the run"
    )


def text(given: Any) -> str:
    """The words of an input."""
    if isinstance(given, str):
        return given
    if isinstance(given, dict):
        return " ".join(text(one) for one in given.values())
    if isinstance(given, (list, tuple)):
        return " ".join(text(one) for one in given)
    return "" if given is None else str(given)


def _banded(values: Sequence[Any]) -> list[Any]:
    """Numbers with many values in bands; anything else as it is."""
    plain = [one.item() if hasattr(one, "item") else one for one in values]
    known = [one for one in plain if one is not None and one == one]  # noqa: PLR0124  NaN
    numeric = bool(known) and all(
        isinstance(one, (int, float)) and not isinstance(one, bool) for one in known
    )
    if numeric and len(set(known)) > SEVERAL:
        return bands([None if one is None else float(one) for one in plain], BANDS)
    if len(set(map(str, known))) > MOST and not numeric:
        raise BadInput(
            f"That column has {len(set(map(str, known))):,} values: too many parts.",
            "Another column, or fewer values.",
        )
    return plain
