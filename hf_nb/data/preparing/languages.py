"""The languages of a column. A text takes a third of a millisecond, so of a long table some stretches are looked at."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from hf_nb.data.preparing import texts
from hf_nb.data.preparing.columns import one_text
from hf_nb.data.preparing.walking import Walk, through
from hf_nb.errors import BadInput
from hf_nb.plumbing import progress
from hf_nb.plumbing.extras import require
from hf_nb.plumbing.session import Session
from hf_nb.values.languages import Language, Languages

if TYPE_CHECKING:
    import pyarrow

ROWS, STRETCHES = 10_000, 20
SIGNS, SHOWN, SAMPLES = 2_000, 200, 3
SURE, LETTERS = 0.5, 12


def languages(
    what: Any,
    column: str | None = None,
    *,
    exact: bool = False,
    config: str | None = None,
    split: str | None = None,
    revision: str | None = None,
    limit: int | None = None,
    allow: int | str | None = None,
    session: Session | None = None,
) -> Languages:
    """Which languages the texts of `column` are in, and some rows of each.

    Of more than 10,000 rows 20 stretches all over the table are looked at, unless `exact`; `limit`: the first ones.
    """
    if exact and limit is not None:
        raise BadInput("All rows, or the first ones?", "exact=True or limit=1000")
    identifier = _identifier()
    with through(
        what,
        verb="languages",
        config=config,
        split=split,
        revision=revision,
        limit=limit,
        allow=allow,
        session=session,
    ) as walk:
        name = one_text(column, walk.source)
        counted: Counter[str | None] = Counter()
        seen: dict[str | None, list[tuple[int, str]]] = defaultdict(list)
        empty, samples = 0, None
        if not exact and limit is None:
            samples = _stretches(walk, name)
        for first, table in samples if samples is not None else walk.steps([name]):
            for at, text in enumerate(texts.cells(table.column(0))):
                if not text or not text.strip():
                    empty += 1
                    continue
                code = told(identifier, text)
                counted[code] += 1
                if len(seen[code]) < SAMPLES:
                    seen[code].append((first + at, text[:SHOWN]))
        looked = walk.looked([name]) if samples is None else _part(walk, name)
        total = counted.total()
        found = tuple(
            Language(code, count, count / total, tuple(row for row, _ in seen[code]), seen[code][0][1])
            for code, count in sorted(counted.items(), key=lambda one: (-one[1], one[0] or ""))
        )
        return Languages(name, found, empty, looked)


def told(identifier: Any, text: str) -> str | None:
    """Its code; None for too few letters, or where several would do."""
    text = text[:SIGNS]
    if sum(map(str.isalpha, text)) < LETTERS and text.isascii():
        return None
    code, sure = identifier.classify(text)
    return str(code) if sure >= SURE else None


@cache
def _identifier() -> Any:
    library = require("py3langid.langid", "local", "Telling languages apart")
    return library.LanguageIdentifier.from_model_file(library.MODEL_FILE, norm_probs=True)


def _stretches(walk: Walk, name: str) -> Iterator[tuple[int, pyarrow.Table]] | None:
    """From all over the table; None where it is short enough for all of it, or nobody knows its length."""
    total = walk.source.rows
    if total is None or total <= ROWS:
        return None
    return _read(walk, name, total)


def _read(walk: Walk, name: str, total: int) -> Iterator[tuple[int, pyarrow.Table]]:
    each, began = ROWS // STRETCHES, time.monotonic()
    for number in range(STRETCHES):
        first = (total - each) * number // (STRETCHES - 1)
        table = walk.source.read(first, each, [name])
        yield first, table
        walk.rows += table.num_rows
        progress.show(progress.Progress(walk.name, walk.rows, ROWS, "rows", time.monotonic() - began))


def _part(walk: Walk, name: str) -> Any:
    from dataclasses import replace

    return replace(walk.looked([name]), of=walk.source.rows)
