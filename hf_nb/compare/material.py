"""What contenders are compared on: the inputs, their labels, and the columns that templates and slices name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from hf_nb.compare import asking
from hf_nb.errors import BadInput
from hf_nb.infer.many.inputs import Column
from hf_nb.infer.many.inputs import inputs as read

if TYPE_CHECKING:
    from hf_nb.plumbing.session import Session
    from hf_nb.values.comparisons import Contender

MADE = ("length", "language")  # slices that are made of the inputs themselves
MOST = 1_000_000  # rows: they are all held, with an answer for each contender


@dataclass
class Material:
    """`cells`: columns that a template names; `columns`: those that slices name."""

    inputs: list[Any]
    labels: list[Any] | None = None
    cells: dict[str, list[Any]] = field(default_factory=dict)
    columns: dict[str, list[Any]] = field(default_factory=dict)

    def question(self, contender: Contender, row: int) -> Any:
        """What this contender is asked about a row."""
        named = {name: values[row] for name, values in self.cells.items()}
        return asking.question(contender, self.inputs[row], named)


def material(
    given: Any,
    *,
    labels: Any = None,
    column: Column = None,
    limit: int | None = None,
    slices: Sequence[str] = (),
    templates: Sequence[str] = (),
    split: str | None = None,
    config: str | None = None,
    session: Session | None = None,
) -> Material:
    """`given`: one prompt, several, a column or a table with `column`, a dataset's id with `split` or `column`."""
    table, alone = _table(given, column, split, config, session)
    wanted = _holes(templates) if not alone else []
    if column is None and not alone:
        column = _only(table, labels, wanted)
    found = _all(table, column, limit)
    if not found:
        raise BadInput(
            "There is nothing to ask.", "Give a prompt, a list of texts, or a table with a row or more."
        )
    rows = len(found)
    named = [one for one in slices if one not in MADE or _has(table, one)]
    return Material(
        found,
        _labels(table, labels, limit, rows),
        {name: _all(table, name, limit) for name in wanted},
        {name: _cells(table, name, limit) for name in named},
    )


def _table(
    given: Any, column: Column, split: str | None, config: str | None, session: Session | None
) -> tuple[Any, bool]:
    """What is read; True where it is prompts alone, without columns."""
    if given is None:
        raise BadInput(
            "What should they be asked?", 'inputs="a prompt", a list of texts, or a table with column='
        )
    if isinstance(given, str):
        if split is None and config is None and column is None:
            return [given], True
        from hf_nb.data.finding import open as opened

        return opened(given, split=split, config=config, session=session), False
    if isinstance(given, Mapping) and not any(isinstance(one, (list, tuple)) for one in given.values()):
        return [given], True  # one question with several fields
    if isinstance(given, (list, tuple)):
        return list(given), column is None
    if hasattr(given, "column_names") or hasattr(given, "schema") or hasattr(given, "columns"):
        return given, False
    if isinstance(given, Mapping):
        return given, False
    return (given if hasattr(given, "to_list") or hasattr(given, "tolist") else [*islice(given, MOST)]), True


def _only(table: Any, labels: Any, wanted: Sequence[str]) -> str | None:
    """The column of the inputs, where nobody named it: a template's first, or the only one that is no label."""
    if wanted:
        return wanted[0]
    names = [one for one in _names(table) if one != labels]
    return names[0] if len(names) == 1 else None


def _all(table: Any, column: Column, limit: int | None) -> list[Any]:
    made = read(table, column, limit)
    if made.total is not None and made.total > MOST:
        raise BadInput(f"{made.total:,} rows are more than can be compared at once.", f"limit={MOST}")
    return [*islice(made.rows, MOST)]


def _cells(table: Any, name: str, limit: int | None) -> list[Any]:
    if not _has(table, name):
        near = ", ".join([*_names(table), *MADE])
        raise BadInput(f"There is no column {name} to slice by.", f"Slices: {near}")
    return _all(table, name, limit)


def _labels(table: Any, labels: Any, limit: int | None, rows: int) -> list[Any] | None:
    if labels is None:
        return None
    if isinstance(labels, str):
        if not _has(table, labels):
            raise BadInput(
                f"There is no column {labels} with labels.",
                f"Columns: {', '.join(_names(table)) or 'none'}. Or a list: labels=[…]",
            )
        found = _all(table, labels, limit)
        return _spelled(table, labels, found)
    found = [*(labels.to_list() if hasattr(labels, "to_list") else labels)][:limit]
    if len(found) != rows:
        raise BadInput(
            f"{len(found):,} labels for {rows:,} inputs.", "Give one for each, None where there is none."
        )
    return found


def _spelled(table: Any, name: str, found: list[Any]) -> list[Any]:
    """A column of classes by their names, where the table says them and its cells are numbers."""
    features = getattr(table, "features", None)
    feature = features.get(name) if isinstance(features, Mapping) else None
    names = feature.get("names") if isinstance(feature, Mapping) else getattr(feature, "names", None)
    if not names:
        return found
    return [names[one] if isinstance(one, int) and 0 <= one < len(names) else one for one in found]


def _names(table: Any) -> list[str]:
    if isinstance(table, Mapping):
        return [str(one) for one in table]
    if isinstance(table, list):
        return [str(one) for one in table[0]] if table and isinstance(table[0], Mapping) else []
    if hasattr(table, "schema") and hasattr(table, "read"):
        return list(table.schema.names)
    names = getattr(table, "column_names", None) or getattr(table, "columns", None)
    return [str(one) for one in names] if names is not None else []


def _has(table: Any, name: str) -> bool:
    return name in _names(table)


def _holes(templates: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(hole for one in templates for hole in asking.holes(one) if hole != asking.ONLY))
