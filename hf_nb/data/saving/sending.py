"""A table to the Hub: one commit with Parquet files and a card."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hf_nb.data.saving.file import save
from hf_nb.plumbing.extras import require
from hf_nb.plumbing.session import Session, current

if TYPE_CHECKING:
    from hf_nb.values import Pushed


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
    allow: int | str | None = None,
    session: Session | None = None,
) -> Pushed:
    """`what` (a table of any kind, or its part) as a dataset: looked through for secrets, then one commit.

    >>> push("hfnb-demo/digits", "me/few-digits", where="label < 3", dry_run=True)
    """
    from hf_nb.hub.pushing.push import push as send

    session = session or current()
    datasets = require("datasets", "data", "Pushing a table")
    with tempfile.TemporaryDirectory(prefix="hf-nb-push-") as folder:
        path = Path(folder) / "rows.arrow"
        save(what, path, columns=columns, where=where, search=search, sort=sort, allow=allow, session=session)
        table = datasets.Dataset.from_file(str(path))  # mapped, not loaded
        return send(
            repo, table, kind="dataset", config=config, split=split, message=message, private=private,
            create_pr=create_pr, dry_run=dry_run, session=session,
        )  # fmt: skip
