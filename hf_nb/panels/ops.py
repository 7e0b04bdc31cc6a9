"""Every op a panel can ask for.

An op is a function `op(ask, *, …)`: keyword arguments are what the page sends, its dict is the answer, and on the way
it may `ask.tell(…)`. It runs in a thread of its own; `ask.stopped` is set when nobody waits for it any more.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

OPS: dict[str, str] = {
    "hello": "hf_nb.panels.hello:hello",
    "inference.watch": "hf_nb.panels.inference:watch",
    "inference.cancel": "hf_nb.panels.inference:cancel",
    "inference.retry": "hf_nb.panels.inference:retry",
    "inference.unload": "hf_nb.panels.inference:unload",
    "inference.hurry": "hf_nb.panels.inference:hurry",
    "inference.advice": "hf_nb.panels.advice:advice",
    "inference.take": "hf_nb.panels.advice:take",
    "inference.undo": "hf_nb.panels.advice:undo",
    "models.choices": "hf_nb.panels.models.choices:choices",
    "models.facets": "hf_nb.panels.models.facets:facets",
    "models.search": "hf_nb.panels.models.search:search",
    "models.details": "hf_nb.panels.models.details:details",
    "models.status": "hf_nb.panels.models.pulling:status",
    "models.pull": "hf_nb.panels.models.pulling:pull",
    "models.run": "hf_nb.panels.models.running:run",
    "models.code": "hf_nb.panels.models.example:code",
    "compare.live": "hf_nb.panels.compare.live:live",
    "compare.stop": "hf_nb.panels.compare.live:stop",
    "compare.blind": "hf_nb.panels.compare.voting:blind",
    "compare.vote": "hf_nb.panels.compare.voting:vote",
    "compare.undo": "hf_nb.panels.compare.voting:undo",
    "compare.tally": "hf_nb.panels.compare.voting:tally",
    "compare.inputs": "hf_nb.panels.compare.given:inputs",
    "compare.columns": "hf_nb.panels.compare.given:columns",
    "compare.rows": "hf_nb.panels.compare.rows:rows",
    "compare.agree": "hf_nb.panels.compare.rows:agree",
    "compare.state": "hf_nb.panels.compare.rows:state",
    "compare.page": "hf_nb.panels.compare.table:page",
    "compare.row": "hf_nb.panels.compare.table:row",
    "compare.slices": "hf_nb.panels.compare.table:slices",
    "compare.next": "hf_nb.panels.compare.rows:next_pair",
    "compare.take": "hf_nb.panels.compare.taking:take",
    "compare.save": "hf_nb.panels.compare.taking:save",
    "compare.pairs": "hf_nb.panels.compare.taking:pairs",
    "datasets.facets": "hf_nb.panels.datasets.facets:facets",
    "datasets.search": "hf_nb.panels.datasets.search:search",
    "datasets.details": "hf_nb.panels.datasets.details:details",
    "datasets.status": "hf_nb.panels.datasets.pulling:status",
    "datasets.pull": "hf_nb.panels.datasets.pulling:pull",
    "data.open": "hf_nb.panels.data.opening:open_table",
    "data.view": "hf_nb.panels.data.paging:view",
    "data.page": "hf_nb.panels.data.paging:page",
    "data.summaries": "hf_nb.panels.data.summing:summaries",
    "data.cell": "hf_nb.panels.data.whole:cell",
    "data.row": "hf_nb.panels.data.whole:row",
    "data.media": "hf_nb.panels.data.media:media",
    "data.codes": "hf_nb.panels.data.coding:codes",
    "data.take": "hf_nb.panels.data.taking:take",
    "data.save": "hf_nb.panels.data.taking:save",
    "data.quote": "hf_nb.panels.data.estimating:quote",
    "data.estimate": "hf_nb.panels.data.estimating:estimate",
    "spaces.facets": "hf_nb.panels.spaces.search:facets",
    "spaces.search": "hf_nb.panels.spaces.search:search",
    "spaces.details": "hf_nb.panels.spaces.details:details",
    "spaces.watch": "hf_nb.panels.spaces.watch:watch",
    "spaces.restart": "hf_nb.panels.spaces.restart:restart",
    "playground.tasks": "hf_nb.panels.playground.forms:tasks",
    "playground.form": "hf_nb.panels.playground.forms:form",
    "playground.place": "hf_nb.panels.playground.placing:place",
    "playground.run": "hf_nb.panels.playground.running:run",
    "playground.code": "hf_nb.panels.playground.coding:code",
}
# What happens in a kernel and nowhere else: models in its memory, its running work, its variables and files. The rest a
# server answers too.
KERNEL = frozenset({"inference", "compare", "models.run", "playground.run", "data.take", "data.save"})


def needs_kernel(op: str) -> bool:
    """Whether this op makes sense in a kernel only."""
    return op in KERNEL or op.partition(".")[0] in KERNEL


def find(op: str) -> Callable[..., Any] | None:
    """The function behind an op's name."""
    place = OPS.get(op)
    if place is None:
        return None
    module, _, name = place.partition(":")
    function: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return function
