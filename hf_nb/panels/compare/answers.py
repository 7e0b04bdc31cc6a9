"""One answer, and its figures, as a column shows them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hf_nb import render
from hf_nb.panels.telling import LONGEST
from hf_nb.render import source as sources
from hf_nb.values import Labels, Reply, Source, Value, Written

if TYPE_CHECKING:
    from hf_nb.infer.call import Target
    from hf_nb.plumbing.session import Session

SHOWN = 20  # classes of one answer
NOBODY = Source("", None, "", "", 0.0)


def drawn(value: Value) -> dict[str, Any]:
    """What was answered, and nothing of who it was: a text, classes, or whatever else it is as HTML."""
    if isinstance(value, Labels):
        labels = [{"label": one.label, "score": one.score} for one in value.labels[:SHOWN]]
        return {"kind": "labels", "text": value.label if labels else "", "html": "", "labels": labels}
    if isinstance(value, (Written, Reply)) and not getattr(value, "calls", ()):
        return {"kind": "text", "text": value.text[: LONGEST // 2], "html": "", "labels": []}
    bare: Any = replace(value, source=NOBODY) if hasattr(value, "source") else value  # type: ignore[type-var]
    html = render.html(bare).replace(sources.html(NOBODY), "")
    text = render.text(bare).removesuffix(sources.text(NOBODY)).rstrip()
    return {"kind": "other", "text": text[: LONGEST // 8], "html": html[:LONGEST], "labels": []}


def figures(value: Value, session: Session) -> dict[str, Any] | None:
    """What it took."""
    said: Source | None = getattr(value, "source", None)
    if said is None:
        return None
    return of_source(said, memory(said.model, session) if said.method == "local" else None)


def of_source(said: Source, held: int | None) -> dict[str, Any]:
    """The figures of one answer; `held`: bytes of the model."""
    return {
        "seconds": said.seconds,
        "first": said.first,
        "rate": said.rate,
        "read": said.read,
        "written": said.written,
        "cost": said.cost,
        "memory": held,
        "model": said.model,
        "method": said.method,
        "device": said.device,
        "revision": said.revision,
        "reason": said.reason,
        "marks": sources.marks(said),
    }


def target(one: Target) -> dict[str, Any]:
    """Who is asked, before anything has come."""
    return {"model": one.model, "method": one.method, "revision": one.revision, "reason": one.reason}


def memory(model: str, session: Session) -> int | None:
    """Bytes of it in this machine's memory."""
    from hf_nb.infer import kept

    return next((one.bytes for one in kept.loaded(session=session) if one.model == model), None)
