"""An answer in short: what is kept of it in memory, and what stands of it in a line of JSON."""

from __future__ import annotations

import base64
from array import array
from typing import Any

from hf_nb.infer.remembered import Kept
from hf_nb.infer.shapes import Tally
from hf_nb.tasks import Out, Task


def short(task: Task, tally: Tally | Kept) -> Any:
    """What is kept: texts as they are, classes as pairs, vectors packed."""
    if task.output in (Out.TEXT, Out.CHAT):
        return tally.text
    if task.output is Out.LABELS:
        return tuple((str(one["label"]), float(one["score"])) for one in tally.output)
    if task.output is Out.VECTORS:
        return array("f", tally.output[0])
    return tally.output


def written(task: Task, answer: Any) -> Any:
    """The same for a line of JSON."""
    if task.output is Out.VECTORS:
        packed = array("f", answer)
        return base64.b64encode(packed.tobytes()).decode("ascii")
    return answer


def read(task: Task, said: Any) -> Any:
    """Back again; what is none of ours raises one of (KeyError, TypeError, ValueError)."""
    if task.output is Out.VECTORS:
        made = array("f")
        made.frombytes(base64.b64decode(said, validate=True))
        return made
    if task.output is Out.LABELS:
        return tuple((str(label), float(score)) for label, score in said)
    if task.output in (Out.TEXT, Out.CHAT) and not isinstance(said, str):
        raise TypeError(said)
    if said is None:
        raise ValueError(said)
    return said
