"""A batch: how it went in a line, its head and tail, and what failed."""

from __future__ import annotations

from hf_nb.render import page, plain, units
from hf_nb.render.grid import grid
from hf_nb.values.batches import Batch, BatchRow

HEAD, TAIL, FAILURES = 5, 3, 10
WIDE = 60  # characters of a cell
COLUMNS = (
    plain.Column("row", right=True),
    plain.Column("input", keep=2),
    plain.Column("answer"),
    plain.Column("score", right=True, keep=1),
)
WRONG = (plain.Column("row", right=True), plain.Column("error", keep=1), plain.Column("what went wrong"))


def text(batch: Batch) -> str:
    """The line, the rows, the failures."""
    parts = [_summary(batch)]
    if batch.rows:
        parts.append(plain.table(*_table(batch)))
    if batch.failures:
        parts.append(plain.table(WRONG, _failures(batch)))
    return "\n\n".join([*parts, "\n".join(_foot(batch))])


def html(batch: Batch) -> str:
    """The same; failures are folded."""
    rows = grid(*_table(batch), wide=1) if batch.rows else ""
    wrong = ""
    if batch.failures:
        shown = grid(WRONG, _failures(batch), wide=2)
        wrong = f"<details><summary>{_count(batch.failed)} failed</summary>{shown}</details>"
    head = f"<div>{page.escape(_summary(batch))}</div>"
    return page.frame(head + rows + wrong + page.foot(*_foot(batch)))


def _summary(batch: Batch) -> str:
    failed = f", {batch.failed:,} failed" if batch.failed else ""
    left = f", {batch.left:,} not reached" if batch.left else ""
    rate = f" · {units.figures(batch.rate)} rows/s" if batch.rate else ""
    stopped = "Stopped: " if batch.stopped else ""
    head = f"{stopped}{batch.ok:,} of {_count(batch.rows)} answered{failed}{left}"
    return f"{head} · {units.seconds(batch.seconds)}{rate}"


def _count(rows: int) -> str:
    return "1 row" if rows == 1 else f"{rows:,} rows"


def _table(batch: Batch) -> tuple[tuple[plain.Column, ...], list[list[str]]]:
    """Its columns and rows; scores where there are any."""
    rows = _rows(batch)
    if any(row[-1] for row in rows):
        return COLUMNS, rows
    return COLUMNS[:-1], [row[:-1] for row in rows]


def _rows(batch: Batch) -> list[list[str]]:
    if batch.rows <= HEAD + TAIL + 1:
        return [_row(one) for one in batch]
    return [
        *(_row(one) for one in batch[:HEAD]),
        ["…", f"{batch.rows - HEAD - TAIL:,} more", "", ""],
        *(_row(one) for one in batch[-TAIL:]),
    ]


def _row(one: BatchRow) -> list[str]:
    score = "" if one.score is None else f"{one.score:.3f}"
    answer = "–" if one.value is None else _answer(one.value)
    if one.failure is not None:
        answer = f"({one.failure.error})"
    return [f"{one.row:,}", _short(one.input), answer, score]


def _answer(value: object) -> str:
    if type(value).__name__ == "array":
        return f"{len(value)} numbers"  # type: ignore[arg-type]  # an array has a length
    if isinstance(value, list) and value and isinstance(value[0], dict) and "entity_group" in value[0]:
        return _short(", ".join(f"{one.get('word')} ({one['entity_group']})" for one in value)) or "none"
    return _short(value)


def _short(value: object) -> str:
    """The beginning of it, on one line; of something long no more is looked at."""
    if value is None:
        return "–"
    if isinstance(value, dict):
        value = " · ".join(str(one)[:WIDE] for one in list(value.values())[:4])
    line = " ".join(str(value)[: 4 * WIDE].split()) if isinstance(value, str) else repr(value)[: 4 * WIDE]
    return line if len(line) <= WIDE else f"{line[: WIDE - 1]}…"


def _failures(batch: Batch) -> list[list[str]]:
    shown = [[f"{one.row:,}", one.error, one.problem] for one in batch.failures[:FAILURES]]
    more = batch.failed - len(shown)
    return [*shown, ["…", "", f"{more:,} more: .errors"]] if more else shown


def _kept(batch: Batch) -> list[str]:
    """Nothing is passed off as new."""
    if not batch.kept:
        return []
    return [f"{batch.kept:,} of {batch.rows:,} kept from before. To ask anew: fresh=True, or --fresh"]


def _foot(batch: Batch) -> list[str]:
    source = batch.source
    who = ", ".join(
        f"{name} {count:,}" if len(batch.served) > 1 else name for name, count in batch.served.items()
    )
    said = [one for one in (source.model, who or source.method, source.reason) if one]
    if batch.twice:
        said.append(f"{batch.twice:,} equal to another row, asked once")
    if batch.split:
        said.append(f"{batch.split:,} longer than the model's window, read in pieces")
    lines = [" · ".join(said), *_kept(batch), *batch.notes]
    if batch.failures or batch.left:
        lines.append("The failed rows once more: .again()")
    return lines
