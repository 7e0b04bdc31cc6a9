"""A table to the Hub: one commit with Parquet files, and a card that says what its columns hold."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hf_nb.data.describing import describe
from hf_nb.data.saving.file import save
from hf_nb.plumbing.extras import require
from hf_nb.plumbing.session import Session, current

if TYPE_CHECKING:
    from hf_nb.values import Description, Pushed

MOST = 100  # columns a card tells of
SIGNS = 60


def push(
    what: Any,
    repo: str,
    *,
    config: str = "default",
    split: str = "train",
    columns: str | Sequence[str] | None = None,
    where: str = "",
    search: str = "",
    sort: str | None = None,
    message: str | None = None,
    private: bool = True,
    create_pr: bool = False,
    dry_run: bool = False,
    card: bool = True,
    allow: int | str | None = None,
    session: Session | None = None,
) -> Pushed:
    """`what` (a table of any kind, or its part) as a dataset: looked through for secrets, then one commit.

    A card that is there keeps its text; a new one tells what the columns hold.

    >>> push("hfnb-demo/digits", "me/few-digits", where="label < 3", dry_run=True)
    """
    from hf_nb.hub.pushing.push import push as send

    session = session or current()
    datasets = require("datasets", "data", "Pushing a table")
    with tempfile.TemporaryDirectory(prefix="hf-nb-push-") as folder:
        path = Path(folder) / "rows.arrow"
        save(what, path, columns=columns, where=where, search=search, sort=sort, allow=allow, session=session)
        table = datasets.Dataset.from_file(str(path))  # mapped, not loaded
        if card:
            table.info.description = told(describe(str(path), exact=True, session=session))
        return send(
            repo, table, kind="dataset", config=config, split=split, message=message, private=private,
            create_pr=create_pr, dry_run=dry_run, card=card, session=session,
        )  # fmt: skip


def told(description: Description) -> str:
    """Its columns as a table in Markdown."""
    return "\n".join(["## Columns", "", *_lines(description)])


def _lines(description: Description) -> Iterator[str]:
    yield "| column | type | missing | distinct | lowest | mean | highest |"
    yield "|---|---|---:|---:|---:|---:|---:|"
    for column, one in list(zip(description.columns, description.summaries, strict=True))[:MOST]:
        distinct = "" if one.distinct is None else f"{'≈ ' if one.distinct_about else ''}{one.distinct:,}"
        nulls = "" if one.nulls is None else f"{one.nulls:,}"
        cells = (column.name, column.type, nulls, distinct, one.low, one.mean, one.high)
        yield f"| {' | '.join(map(_cell, cells))} |"
    if len(description.columns) > MOST:
        yield f"\n{len(description.columns) - MOST:,} more columns."


def _cell(said: str | None) -> str:
    """A stranger's text in a table: no line ends, no markup."""
    from hf_nb.render.stored import marks

    shown = marks.visible(marks.cut(said or "", SIGNS))
    return "".join(f"\\{sign}" if sign in "\\|`*_[]<>#&$" else sign for sign in shown)
