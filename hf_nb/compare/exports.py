"""A comparison as other things: columns of a frame, JSON lines that can be read back, pairs for training.

JSON lines: the first one is the head (contenders, commits, parameters, templates, versions, votes), then a line for
each row with all answers. What `load` reads back is judged as the comparison itself was.
"""

from __future__ import annotations

import base64
import json
import math
import os
from array import array
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from hf_nb.compare import judging, slicing
from hf_nb.errors import BadInput, NotFound
from hf_nb.measure.judge import Judged, Judgement, Match
from hf_nb.measure.judge import judge as counted
from hf_nb.measure.votes import Vote
from hf_nb.plumbing import redact
from hf_nb.values.answers import Source
from hf_nb.values.base import Text
from hf_nb.values.batches import FailedRow, answer_of, score_of
from hf_nb.values.comparisons import Comparison, Contender, Forecast, Showing

KIND, VERSION = "comparison", 1
# Of a Source: what was measured, and who it was.
MEASURED = (
    "model", "revision", "method", "reason", "seconds", "device", "task", "first", "read", "written", "cost", "finish",
)  # fmt: skip


def columns(of: Comparison) -> dict[str, list[Any]]:
    """A column of inputs, one of labels, the slices, and some for each contender."""
    found: dict[str, list[Any]] = {"input": [_plain(one) for one in of.inputs]}
    if of.labels is not None:
        found["label"] = list(of.labels)
    found |= {name: list(values) for name, values in of.columns.items() if name not in found}
    for one in of.showings:
        found |= {f"{one.contender.name}{name}": values for name, values in _of(of, one).items()}
    return found


def _of(of: Comparison, one: Showing) -> dict[str, list[Any]]:
    made: dict[str, list[Any]] = {
        "": [None if out is None else _listed(answer_of(of.kind, out)) for out in one.outputs]
    }
    scores = [None if out is None else score_of(of.kind, out) for out in one.outputs]
    if any(score is not None for score in scores):
        made["_score"] = scores
    seconds = one.took("seconds")
    if any(took is not None for took in seconds):
        made["_seconds"] = seconds
    if one.failures:
        why: list[str | None] = [None] * of.rows
        for row in one.failures:
            why[row.row] = f"{row.error}: {row.problem}"
        made["_error"] = why
    return made


def told(of: Comparison) -> dict[str, Any]:
    """All of it, in types that JSON knows."""
    return {**_head(of), "verdict": str(of.verdict), "rows": [*_rows(of)]}


def to_jsonl(of: Comparison, path: str | os.PathLike[str], *, replace: bool = False) -> Text:
    """Written whole or not at all."""
    with_ends = (json.dumps(one, ensure_ascii=False, default=str) for one in (_head(of), *_rows(of)))
    written(path, (f"{redact.text(line)}\n" for line in with_ends), replace=replace)
    return Text(f"{of.rows:,} rows of {len(of.showings)} contenders: {path}")


def _head(of: Comparison) -> dict[str, Any]:
    return {
        "hf_nb": KIND,
        "version": VERSION,
        "task": of.task,
        "kind": of.kind,
        "contenders": [_showing(one) for one in of.showings],
        "metrics": list(of.metrics),
        "label_names": [[_plain(key), value] for key, value in of.label_names.items()],
        "slices": list(of.wanted),
        "labelled": of.labels is not None,
        "columns": list(of.columns),
        "votes": [[one.left, one.right, one.outcome, one.rater, one.item] for one in of.votes],
        "judged": _judged(of.judged),
        "estimate": None if of.estimate is None else of.estimate.to_dict(),
        "budget": of.budget,
        "seconds": of.seconds,
        "stopped": of.stopped,
        "notes": list(of.notes),
        "versions": dict(of.versions),
    }


def _showing(one: Showing) -> dict[str, Any]:
    return {
        **one.contender.to_dict(),
        "source": None if one.source is None else _source(one.source),
        "memory": one.memory,
        "cost": one.cost,
        "seconds": one.seconds,
        "there": one.there,
        "stopped": one.stopped,
        "wrong": None if one.wrong is None else one.wrong.to_dict(),
        "notes": list(one.notes),
    }


def _rows(of: Comparison) -> Iterator[dict[str, Any]]:
    failures = [{row.row: row for row in one.failures} for one in of.showings]
    for at in range(of.rows):
        line: dict[str, Any] = {"row": at, "input": of.inputs[at]}
        if of.labels is not None:
            line["label"] = _plain(of.labels[at])
        if of.columns:
            line["columns"] = {name: _plain(values[at]) for name, values in of.columns.items()}
        line["answers"] = [
            _cell(one, at, wrong.get(at)) for one, wrong in zip(of.showings, failures, strict=True)
        ]
        yield line


def _cell(one: Showing, at: int, wrong: FailedRow | None) -> dict[str, Any]:
    cell: dict[str, Any] = {}
    if one.outputs[at] is not None:
        cell["output"] = _packed(one.outputs[at])
    if wrong is not None:
        cell["failure"] = wrong.to_dict()
    if at in one.alone:
        cell["alone"] = _source(one.alone[at])
    return cell


def _source(source: Source) -> dict[str, Any]:
    return {name: getattr(source, name) for name in MEASURED if getattr(source, name) is not None}


def _judged(made: Judgement | None) -> list[Any] | None:
    if made is None:
        return None
    return [
        [one.match.item, one.match.left, one.match.right, one.as_shown, one.swapped, one.failed]
        for one in made.all
    ]


def preferences(of: Comparison, path: str | os.PathLike[str], *, replace: bool = False) -> Text:
    """By votes; else by labels, where one answer was right and the other wrong."""
    pairs = [*_voted(of)] if of.votes or of.judged is not None else [*_labelled(of)]
    if not pairs:
        raise BadInput(
            "No answer is preferred to another.",
            "Votes are needed, or labels where one is right and another wrong.",
        )
    written(path, (f"{redact.text(json.dumps(one, ensure_ascii=False))}\n" for one in pairs), replace=replace)
    return Text(f"{len(pairs):,} pairs: {path}")


def _voted(of: Comparison) -> Iterator[dict[str, Any]]:
    votes = of.votes or (of.judged.votes if of.judged is not None else ())
    for vote in votes:
        if vote.winner is None or not isinstance(vote.item, int):
            continue
        loser = vote.right if vote.winner == vote.left else vote.left
        yield from _pair(of, vote.item, vote.winner, loser)


def _labelled(of: Comparison) -> Iterator[dict[str, Any]]:
    for at in range(of.rows):
        values = {name: found[0].values[at] for name, found in of.scores.items()}
        right = [name for name, value in values.items() if value == 1]
        wrong = [name for name, value in values.items() if value == 0]
        seen: set[tuple[str, str]] = set()
        for chosen in right:
            for rejected in wrong:
                for pair in _pair(of, at, chosen, rejected):
                    key = (pair["chosen"], pair["rejected"])
                    if key not in seen:
                        seen.add(key)
                        yield pair


def _pair(of: Comparison, at: int, chosen: str, rejected: str) -> Iterator[dict[str, Any]]:
    good, bad = of[chosen].outputs[at], of[rejected].outputs[at]
    if good is None or bad is None:
        return
    yield {
        "prompt": slicing.text(of.inputs[at]),
        "chosen": str(answer_of(of.kind, good)),
        "rejected": str(answer_of(of.kind, bad)),
    }


def load(path: str | os.PathLike[str]) -> Comparison:
    """What `to_jsonl` wrote."""
    try:
        with Path(path).expanduser().open(encoding="utf-8") as file:
            head = _line(file.readline(), path)
            if head.get("hf_nb") != KIND or head.get("version") != VERSION:
                raise BadInput(f"{path} is no comparison.", "One that .to_jsonl(path) wrote.")
            rows = [_line(one, path) for one in file if one.strip()]
    except FileNotFoundError:
        raise NotFound(f"There is no file {path}.") from None
    except (OSError, UnicodeDecodeError) as wrong:
        raise BadInput(f"{path} cannot be read: {type(wrong).__name__}.") from None
    try:
        return _read(head, rows)
    except (KeyError, TypeError, ValueError, IndexError) as wrong:
        raise BadInput(
            f"{path} is no comparison: {type(wrong).__name__}.", "One that .to_jsonl(path) wrote."
        ) from None


def _line(text: str, path: Any) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise BadInput(f"{path} is no comparison, or it was cut off.", "One that .to_jsonl(path) wrote.")
    return found


def _read(head: Mapping[str, Any], rows: list[dict[str, Any]]) -> Comparison:
    showings = tuple(_shown(at, one, head, rows) for at, one in enumerate(head["contenders"]))
    made = Comparison(
        head["task"],
        head["kind"],
        [one["input"] for one in rows],
        showings,
        [one["label"] for one in rows] if head["labelled"] else None,
        {name: [one["columns"][name] for one in rows] for name in head["columns"]},
        tuple(head["slices"]),
        tuple(head["metrics"]),
        {_key(key): value for key, value in head["label_names"]},
        [Vote(*one) for one in head["votes"]],
        None,
        None if head["estimate"] is None else Forecast(**head["estimate"]),
        head["budget"],
        head["seconds"],
        head["stopped"],
        tuple(head["notes"]),
        head["versions"],
    )
    if head["judged"] is None:
        return made
    from dataclasses import replace

    return replace(made, judged=_judgement(made, head["judged"]))


def _shown(at: int, one: Mapping[str, Any], head: Mapping[str, Any], rows: list[dict[str, Any]]) -> Showing:
    fields = ("name", "model", "task", "provider", "revision", "params", "template", "system", "copy")
    cells = [row["answers"][at] for row in rows]
    return Showing(
        Contender(**{name: one[name] for name in fields}),
        tuple(_unpacked(head["kind"], cell["output"]) if "output" in cell else None for cell in cells),
        tuple(FailedRow(**cell["failure"]) for cell in cells if "failure" in cell),
        {row: Source(**_whole(cell["alone"])) for row, cell in enumerate(cells) if "alone" in cell},
        None if one["source"] is None else Source(**_whole(one["source"])),
        one["memory"],
        one["cost"],
        one["seconds"],
        one["there"],
        one["stopped"],
        None if one["wrong"] is None else FailedRow(**one["wrong"]),
        tuple(one["notes"]),
    )


def _whole(said: Mapping[str, Any]) -> dict[str, Any]:
    return {"revision": None, **said}


def _judgement(of: Comparison, said: list[Any]) -> Judgement:
    """The judge's own words, counted again."""
    kept = iter([(one[3], one[4]) for one in said])
    matches = [Match(item, of.inputs[item], left, right, "left", "right") for item, left, right, *_ in said]
    words: dict[int, Any] = {}

    def ask(question: Any, first: Any, second: Any) -> Any:
        if first == "left":
            words["now"] = next(kept)  # type: ignore[index]
            return words["now"][0]  # type: ignore[index]
        return words["now"][1]  # type: ignore[index]

    made = counted(matches, ask)
    return Judgement(
        tuple(
            Judged(one.match, one.as_shown, one.swapped, str(was[5])) for one, was in zip(made.all, said, strict=True)
        ),
        made.votes, made.first, made.p, made.steady, made.unanswered,
    )  # fmt: skip


def written(path: str | os.PathLike[str], lines: Iterator[str], *, replace: bool) -> Path:
    """A file beside its place first, so that one that breaks off is never seen."""
    target = Path(path).expanduser()
    if target.exists() and not replace:
        raise BadInput(f"{path} is there already.", "Over it: replace=True")
    if target.is_dir() or not target.parent.is_dir():
        raise BadInput(f"{path} is no place for a file.", "Name a file in a folder that is there.")
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with beside.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            file.writelines(lines)
        beside.replace(target)
    except OSError as wrong:
        raise BadInput(f"{path} cannot be written: {wrong.strerror or type(wrong).__name__}.") from None
    finally:
        beside.unlink(missing_ok=True)
    return target


def _packed(output: Any) -> Any:
    return base64.b64encode(output.tobytes()).decode("ascii") if isinstance(output, array) else output


def _unpacked(kind: str, said: Any) -> Any:
    if kind == "vectors":
        made = array("f")
        made.frombytes(base64.b64decode(said, validate=True))
        return made
    if kind == "labels":
        return tuple((str(label), float(score)) for label, score in said)
    return said


def _key(key: Any) -> Any:
    return tuple(key) if isinstance(key, list) else key


def _plain(value: Any) -> Any:
    """What JSON and a frame know: no array's own number, nothing for what is no number."""
    if type(value).__module__ == "numpy" and hasattr(value, "item") and getattr(value, "ndim", 1) == 0:
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, array) else value


__all__ = ["columns", "judging", "load", "preferences", "to_jsonl", "told", "written"]
