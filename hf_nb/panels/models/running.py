"""A model tried on a text: its answer while it comes, then the whole of it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from hf_nb import infer
from hf_nb.panels import in_code
from hf_nb.panels.models import example
from hf_nb.panels.telling import Writing, drawn
from hf_nb.plumbing import progress
from hf_nb.render import source

if TYPE_CHECKING:
    from hf_nb.panels.desk import Ask


def run(ask: Ask, *, id: str, input: str, task: str | None = None) -> dict[str, Any]:
    """`models.run`: by the engine, as a cell would; a stop stops the model."""
    ask.official()
    in_code.checked(id)
    given, named = example.asked(example.row_of(task), input), example.named(id, task)
    began = time.monotonic()
    with progress.to(Writing(ask)):
        value = infer.run(given, model=id, task=named, session=ask.session)
    said = getattr(value, "source", None)
    return {
        **drawn(value),
        "seconds": said.seconds if said else time.monotonic() - began,
        "source": " · ".join(source.known(said)) if said else "",
        "code": example.written(id, task, input),
    }
