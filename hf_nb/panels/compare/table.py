"""The rows of a run: a page of them, one by itself, parts of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from hf_nb.errors import BadInput
from hf_nb.panels.compare import meant, study
from hf_nb.panels.compare.judged import ends
from hf_nb.values.batches import answer_of, score_of

if TYPE_CHECKING:
    from hf_nb.panels.desk import Ask
    from hf_nb.values.comparisons import Comparison, Showing

SHORT, LONG = 300, 20_000  # characters of an answer in the table, and by itself
MOST = 200  # rows of a page


def page(
    ask: Ask,
    *,
    run: str,
    offset: int = 0,
    limit: int = 50,
    only: Literal["all", "differ", "failures"] = "all",
    sort: Literal["row", "difference"] = "row",
) -> dict[str, Any]:
    """`compare.page`: some of its rows, with everybody's answers in short."""
    if offset < 0 or not 1 <= limit <= MOST:
        raise BadInput(f"A page has from 1 to {MOST} rows, counted from 0.")
    made = study.find(run).so_far()
    order = _order(made, only, sort)
    differ = set(made.differing)
    return {
        "rows": [_row(made, at, SHORT, differ) for at in order[offset : offset + limit]],
        "total": len(order),
    }


def row(ask: Ask, *, run: str, row: int) -> dict[str, Any]:
    """`compare.row`: one of them, as whole as a page can show it."""
    made = study.find(run).so_far()
    if not 0 <= row < made.rows:
        raise BadInput(f"There is no row {row}.", f"Rows: 0 to {made.rows - 1}.")
    return _row(made, row, LONG, set(made.differing))


def slices(ask: Ask, *, run: str, names: list[str]) -> dict[str, Any]:
    """`compare.slices`: parts of the rows, and where the ranking turns over."""
    made = study.find(run).so_far()
    found = made.slices(*names)
    return {"pairs": [_sliced(first, second, one) for (first, second), one in found.items()]}


def _sliced(first: str, second: str, one: Any) -> dict[str, Any]:
    return {
        "first": first,
        "second": second,
        "metric": one.whole.metric.replace("_", " "),
        "scale": one.whole.scale,
        "whole": ends(one.whole.difference),
        "slices": [
            {
                "column": each.column,
                "slice": "" if each.value is None else str(each.value)[:80],
                **ends(each.paired.difference),
                "ahead": each.ahead,
                "unlike": each.unlike,
                "flips": each in one.flips,
            }
            for each in one.all
        ],
        "small": len(one.small),
    }


def _order(made: Comparison, only: str, sort: str) -> list[int]:
    differ = list(made.differing)
    if only == "failures":
        failed = {row.row for one in made.showings for row in one.failures}
        chosen = sorted(failed)
    elif only == "differ":
        chosen = sorted(differ)
    else:
        chosen = list(range(made.rows))
    if sort == "difference":
        kept = set(chosen)
        told = [one for one in differ if one in kept]
        return [*told, *(one for one in chosen if one not in set(told))]
    return chosen


def _row(made: Comparison, at: int, chars: int, differ: set[int]) -> dict[str, Any]:
    label = None if made.labels is None else made.labels[at]
    return {
        "row": at,
        "input": meant.words(made.inputs[at])[:chars],
        "label": None if label is None else str(label)[:chars],
        "differs": at in differ,
        "answers": [_cell(made, one, at, chars) for one in made.showings],
    }


def _cell(made: Comparison, one: Showing, at: int, chars: int) -> dict[str, Any]:
    output = one.outputs[at]
    failure = next((row for row in one.failures if row.row == at), None)
    scores = made.scores.get(one.contender.name)
    took = one.alone.get(at)
    return {
        "answer": None if output is None else answer(made.kind, output, chars),
        "score": None if output is None else score_of(made.kind, output),
        "worth": None if scores is None or output is None or not len(scores) else scores[0].values[at],
        "wrong": None if failure is None else f"{failure.problem} {failure.next_step}".strip(),
        "seconds": None if took is None else took.seconds,
    }


def answer(kind: str, output: Any, chars: int) -> dict[str, Any]:
    """An answer in short, as a column shows it."""
    if kind == "labels":
        pairs = sorted(output, key=lambda one: -one[1])
        labels = [{"label": str(label), "score": float(score)} for label, score in pairs]
        return {"kind": "labels", "text": labels[0]["label"], "html": "", "labels": labels}
    found = answer_of(kind, output)
    text = (
        found
        if isinstance(found, str)
        else ", ".join(map(_short, found))
        if _several(found)
        else _short(found)
    )
    return {"kind": "text", "text": text[:chars], "html": "", "labels": []}


def _several(found: Any) -> bool:
    return hasattr(found, "__len__") and not isinstance(found, (str, dict))


def _short(one: Any) -> str:
    if isinstance(one, float):
        return f"{one:.4g}"
    if isinstance(one, dict):
        said = [
            str(part) for name, part in one.items() if name in ("word", "entity_group", "answer", "label")
        ]
        return " ".join(said) or str(one)
    return str(one)
