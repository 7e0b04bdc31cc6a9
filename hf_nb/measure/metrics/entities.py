"""Entities found in texts: right where the label, the start and the end are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hf_nb.errors import BadInput
from hf_nb.measure.figure import Sums
from hf_nb.measure.metrics.made import Asked, Made

if TYPE_CHECKING:
    import numpy

Entity = tuple[Any, Any, str]


def entity_f1(asked: Asked) -> Made:
    """F1 of all entities together (micro), as seqeval counts. Rows are entities, or tags such as B-PER, I-PER, O."""
    import numpy

    values: list[float | None] = []
    lines: list[Sequence[float]] = []
    for guess, truth in asked.pairs:
        if truth is None:
            values.append(None)
            lines.append((numpy.nan, numpy.nan))
            continue
        found, wanted = entities(guess or ()), entities(truth)
        right, both = len(found & wanted), len(found) + len(wanted)
        lines.append((2 * right, both))
        values.append(2 * right / both if both else 1.0)
    return Made(values, numpy.array(lines, float).reshape(-1, 2), Sums(_f1))


def _f1(sums: numpy.ndarray) -> numpy.ndarray:
    """2 x right over all found and all wanted: the F of precision and recall; 1 where there is nothing to find."""
    import numpy

    made: numpy.ndarray = numpy.ones(len(sums))
    numpy.divide(sums[:, 0], sums[:, 1], out=made, where=sums[:, 1] > 0)
    return made


def entities(row: Iterable[Any]) -> set[Entity]:
    """A row's entities: of mappings (start, end, entity_group or label), triples (start, end, label), or tags."""
    things = list(row)
    if things and all(isinstance(one, str) for one in things):
        return set(_tagged(things))
    return {_entity(one) for one in things}


def _entity(one: Any) -> Entity:
    if isinstance(one, Mapping):
        label = one.get("entity_group") or one.get("label") or one.get("entity")
        if "start" in one and "end" in one and label is not None:
            return one["start"], one["end"], str(label)
    elif isinstance(one, Sequence) and not isinstance(one, str) and len(one) == 3:
        return one[0], one[1], str(one[2])
    raise BadInput(
        f"{str(one)[:80]} is no entity.",
        'Give entities as {"start": 0, "end": 5, "label": "PER"}, or tags for each word.',
    )


def _tagged(tags: Sequence[str]) -> Iterable[Entity]:
    """Runs of tags. An I- that continues nothing of its kind begins an entity, as the first CoNLL script has it."""
    start, kind = 0, ""
    for at, tag in enumerate([*tags, "O"]):
        mark, _, label = tag.partition("-")
        label = label or ("" if mark in {"O", ""} else mark)
        if kind and (mark != "I" or label != kind):
            yield start, at, kind
            kind = ""
        if label and not kind:
            start, kind = at, label
