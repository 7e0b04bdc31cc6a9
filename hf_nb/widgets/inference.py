"""The Inference panel in a cell."""

from __future__ import annotations

from collections.abc import Sequence

from hf_nb.infer import kept, numbers
from hf_nb.plumbing import jobs, redact
from hf_nb.plumbing.session import current
from hf_nb.render import page, plain, units
from hf_nb.render.grid import grid
from hf_nb.render.numbers import FOR_95
from hf_nb.widgets.base import Panel

# Rows of each table in a saved notebook, and characters of a cell: a folder may stand where an id does.
ROWS, LONGEST = 10, 80
WORK = (
    plain.Column("work"),
    plain.Column("model"),
    plain.Column("by", keep=2),
    plain.Column("state"),
    plain.Column("made", right=True, keep=1),
)
METHODS = (
    plain.Column("answered by"),
    plain.Column("calls", right=True),
    plain.Column("failed", right=True),
    plain.Column("median", right=True),
    plain.Column("95 % within", right=True, keep=1),
)
MEMORY = (plain.Column("in memory"), plain.Column("task", keep=1), plain.Column("size", right=True))
NOTHING = "Nothing has run here yet."

Table = tuple[Sequence[plain.Column], list[list[str]]]


class Inference(Panel):
    """The inference panel."""

    panel = "inference"

    def picture(self) -> tuple[str, str]:
        """What ran, how quick it was and what is in memory, as it was when the panel was opened."""
        head, tables = _head(), [one for one in (_work(), _memory(), _methods()) if one[1]]
        text = "\n\n".join([head, *(plain.table(columns, rows) for columns, rows in tables)])
        drawn = "".join(grid(columns, rows) for columns, rows in tables)
        html = page.frame(f'<div class="head"><span class="name">{page.escape(head)}</span></div>{drawn}')
        return redact.tokens(text), redact.tokens(html)


def _head() -> str:
    counted = current().jobs.counts()
    said = [f"{number:,} {state}" for state, number in counted.items() if number]
    return f"Inference: {', '.join(said)}." if said else f"Inference. {NOTHING}"


def _work() -> Table:
    return WORK, [
        [_cut(one.task or one.kind), _cut(one.model), _cut(one.method), one.state, _made(one)]
        for one in current().jobs.seen(ROWS)
    ]


def _made(job: jobs.Job) -> str:
    if job.unit == "calls" or not job.done:
        return units.NONE
    return units.size(job.done) if job.unit == "bytes" else f"{units.count(job.done)} {job.unit}"


def _memory() -> Table:
    return MEMORY, [[_cut(one.model), one.task, units.size(one.bytes)] for one in kept.loaded()]


def _methods() -> Table:
    rows = [
        [
            _cut(one.method),
            f"{one.calls:,}",
            f"{sum(one.errors.values()):,}",
            *(
                units.NONE if at is None else units.seconds(at)
                for at in (one.p50, one.p95 if one.answers >= FOR_95 else None)
            ),
        ]
        for one, _ in numbers.methods(current(), latest=0)[:ROWS]
    ]
    return METHODS, rows


def _cut(name: str | None) -> str:
    if not name:
        return units.NONE
    return name if len(name) <= LONGEST else f"…{name[1 - LONGEST :]}"
