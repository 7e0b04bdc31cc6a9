"""A quicker copy of a model, where this machine was seen to gain by it and the answers stay the same.

copies     what can be made of a model: bf16, int8, ONNX Runtime
sureness   what a copy decided, how clearly, and whether it is what the model decides
probe      both at the same pieces: seconds and answers beside each other, a `Parity`
kept       the verdict on the disk, for this model, processor and these versions; and what was read without a copy

A trial costs time. It is made when what was read so far, this time included, would have earned it back: whoever comes
again with as many texts gains by it, and whoever comes once has not lost much.

Nothing is taken by rule: bf16 is four times as quick as fp32 on one processor and takes four times as long on another.
What the copy decides by less than a few times its own error, the model itself is asked again.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from hf_nb.infer.backends.local import matmul
from hf_nb.infer.backends.local.accel import copies, kept, probe, sureness
from hf_nb.infer.backends.local.accel.copies import Copy

if TYPE_CHECKING:
    from hf_nb.infer.backends.local.model import Loaded
    from hf_nb.infer.call import Terms
    from hf_nb.values.parity import Parity

__all__ = ["DOUBTFUL", "Copy", "cannot", "chosen", "measured"]

DOUBTFUL: Any = object()  # stands for what is kept of a piece that is asked again
SOME = 64  # pieces, before a copy that was measured is made
_guard = threading.Lock()


def chosen(loaded: Loaded, task: str, pieces: Sequence[Any], terms: Terms) -> Copy | None:
    """The copy these pieces should go through, if any. Made once, and it stays with the model."""
    if cannot(loaded, task):
        return None
    with _guard:
        made = loaded.kept.get("copy", ...)
        if made is not ...:
            return made if made is None or made.task == task else None
        if len(pieces) < SOME:
            return None
        known, before = _known(loaded, task)
        if probe.due(known, pieces, before):
            copy = measured(loaded, task, pieces, terms, before=before)[1]
        else:
            copy = None if known is None else _as_known(loaded, task, known)
        if copy is None:
            _plainly(loaded, task, pieces)
        return copy


def cannot(loaded: Loaded, task: str) -> str:
    """Why no copy can stand in for a model, or nothing."""
    if task not in sureness.TASKS:
        return f"for {task} nothing says that a copy decides the same"
    if loaded.device != "cpu":
        return f"it is on {loaded.device}"
    if loaded.folder is None:
        return "it is an object of the kernel, which may change"
    if loaded.config.pad_token_id is None and task in sureness.CLASSES:
        return "it reads one text at a time"
    return "" if sureness.decides(loaded, task) else "it gives a score, and no class that could stay the same"


def measured(
    loaded: Loaded, task: str, pieces: Sequence[Any], terms: Terms, *, before: kept.Before | None = None
) -> tuple[Parity, Copy | None]:
    """Every copy that can be made, beside the model; the one to take.

    `before`: what was read without a copy; then those alone whose trial that and these pieces would have earned back.
    """
    found, copy, enough = probe.compare(loaded, task, pieces, terms, before=before)
    kept.write(loaded, found)
    # with the model too: a disk may be full
    loaded.kept[f"copies {task}"] = found, kept.Before(before.tokens if before else 0, enough)
    return found, _stays(loaded, copy)


def _as_known(loaded: Loaded, task: str, known: Parity) -> Copy | None:
    best = next((one for one in known.ways if one.taken), None)
    copy = copies.make(loaded, best.name, task) if best is not None else None
    if copy is not None and best is not None:
        copy.doubt = sureness.SURE * best.difference
    return _stays(loaded, copy)


def _known(loaded: Loaded, task: str) -> tuple[Parity | None, kept.Before]:
    """The verdict, and what was read without a copy; from the disk once."""
    name = f"copies {task}"
    if name not in loaded.kept:
        loaded.kept[name] = kept.find(loaded, task), kept.before(loaded, task)
    held: tuple[Parity | None, kept.Before] = loaded.kept[name]
    return held


def _plainly(loaded: Loaded, task: str, pieces: Sequence[Any]) -> None:
    """Count them, where something is left that may be worth trying another time."""
    known, before = _known(loaded, task)
    if known is None or any(one.why == probe.FEW for one in known.ways):
        read = kept.Before(before.tokens + probe.tokens(pieces), before.enough)
        kept.plainly(loaded, task, read)
        loaded.kept[f"copies {task}"] = known, read
        loaded.kept.pop("copy", None)


def _stays(loaded: Loaded, copy: Copy | None) -> Copy | None:
    loaded.kept["copy"] = copy
    loaded.kept["bytes_beside"] = matmul.beside(loaded.model) + (0 if copy is None else copy.bytes)
    return copy
