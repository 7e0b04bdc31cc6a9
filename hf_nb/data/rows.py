"""Rows of any table, and what they would cost.

preview("owner/name")                                  its first rows
preview("owner/name", split="test", offset=2_500_000)  rows from anywhere in it
preview(frame, where="length(text) > 100", sort="score:desc")
cost("owner/name", limit=1000)                         the bytes that this would move
"""

from __future__ import annotations

import contextlib
import os
import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hf_nb.data.agreed import agreed, metered
from hf_nb.errors import BadInput, Costly
from hf_nb.plumbing.session import Session, current
from hf_nb.values.rows import Cost, Rows

if TYPE_CHECKING:
    import pyarrow

    from hf_nb.data.files.meter import Meter
    from hf_nb.data.query.view import Found, View
    from hf_nb.data.query.wanted import Wanted
    from hf_nb.data.source import Source
    from hf_nb.plumbing.spans import Span

LIMIT = 20
MOST = 100_000  # rows of one look; more of them are saved, not shown
_TURNED = {":desc": True, ":asc": False}


def preview(
    what: Any,
    *,
    config: str | None = None,
    split: str | None = None,
    revision: str | None = None,
    offset: int = 0,
    limit: int = LIMIT,
    columns: str | Sequence[str] | None = None,
    where: str = "",
    search: str = "",
    sort: str | None = None,
    allow: int | str | None = None,
    session: Session | None = None,
) -> Rows:
    """`limit` rows from `offset` of a dataset's id, a path, a URL, or anything in memory that is a table.

    `where`: a condition in SQL; `search`: words that must stand in some text; `sort`: a column, `score:desc` turns it
    round. Not more than `allow` bytes are moved (64 MB where nothing is said); of a table only what its rows need.

    >>> preview("hfnb-demo/digits", split="test", limit=2).total
    360
    """
    _checked(offset, limit)
    place = {"config": config, "split": split, "revision": revision}
    said = {"where": where, "search": search, "sort": sort}
    with _asked("preview", what, place, columns, said, allow, session) as (
        source,
        chosen,
        asked,
        spent,
        span,
    ):
        if asked.all and asked.sort is None:
            rows = _plainly(source, offset, limit, chosen, spent)
        else:
            rows = _viewed(source, asked, offset, limit, chosen, spent)
        span.set(rows=len(rows))
    again = {
        **place, "offset": offset + len(rows), "limit": None if limit == LIMIT else limit,
        "columns": None if columns is None else ",".join(chosen or ()), **said, "allow": allow,
    }  # fmt: skip
    return _with(rows, further=line("preview", what, again))


def cost(
    what: Any,
    *,
    config: str | None = None,
    split: str | None = None,
    revision: str | None = None,
    offset: int = 0,
    limit: int = LIMIT,
    columns: str | Sequence[str] | None = None,
    where: str = "",
    search: str = "",
    sort: str | None = None,
    allow: int | str | None = None,
    session: Session | None = None,
) -> Cost:
    """The bytes `preview` would move with the same words. To know them, a footer may have to be read."""
    from hf_nb.data.query import wanted as conditions

    _checked(offset, limit)
    place = {"config": config, "split": split, "revision": revision}
    how = {"where": where, "search": search, "sort": sort}
    with _asked("cost", what, place, columns, how, allow, session) as (source, chosen, asked, _, _):
        if asked.all and asked.sort is None:
            said, takes = (
                f"Rows {offset:,}–{offset + max(limit, 1) - 1:,}",
                source.cost(offset, limit, chosen),
            )
        else:
            looked = [*conditions.condition(asked, source.schema).columns]
            if asked.sort is not None and asked.sort[0] not in looked:
                looked.append(asked.sort[0])
            named = f"{', '.join(looked[:4])}{' …' if len(looked) > 4 else ''}"
            said = f"Looking through {named}" + ("" if asked.sort else " to the end")
            takes = source.cost(0, source.count(), looked)
        return Cost(
            said,
            takes,
            source.bytes,
            agreed(allow),
            tuple(chosen or source.schema.names),
            origin=source.origin,
        )


@contextlib.contextmanager
def _asked(
    verb: str,
    what: Any,
    place: Mapping[str, str | None],
    columns: str | Sequence[str] | None,
    how: Mapping[str, Any],
    allow: int | str | None,
    session: Session | None,
) -> Iterator[tuple[Source, list[str] | None, Wanted, Meter, Span]]:
    """The table, the columns and the rows that are meant; what is moved within is counted and bounded."""
    session = session or current()
    with session.span(f"data.{verb}", what=called(what)) as span, metered(allow, called(what)) as spent:
        source = opened(what, **place, session=session)
        yield source, picked(columns, source), wanted(source, **how), spent, span
        span.set(bytes=spent.bytes, requests=spent.requests)


def opened(
    what: Any,
    *,
    config: str | None = None,
    split: str | None = None,
    revision: str | None = None,
    session: Session | None = None,
) -> Source:
    """The table itself; rows and sources that were opened before stay what they are."""
    from hf_nb.data.finding import open as found
    from hf_nb.data.source import Source

    if isinstance(what, Source):
        return what
    if isinstance(what, Rows):
        what = what.table
    return found(what, config=config, split=split, revision=revision, session=session)


def picked(columns: str | Sequence[str] | None, source: Source) -> list[str] | None:
    """The columns that were named, each once, in this order; `a,b` is two where no column is called so."""
    if columns is None:
        return None
    there = source.schema.names
    given = [columns] if isinstance(columns, str) else [str(one) for one in columns]
    names = [name for one in given for name in ([one] if one in there else map(str.strip, one.split(",")))]
    chosen = list(dict.fromkeys(name for name in names if name))
    _there(chosen, source)
    return chosen or None


def wanted(source: Source, *, where: str = "", search: str = "", sort: str | None = None) -> Wanted:
    """What rows are asked for."""
    from hf_nb.data.query.wanted import Wanted

    return Wanted(where=where or "", search=search or "", sort=_sorted(sort, source) if sort else None)


def _sorted(sort: str, source: Source) -> tuple[str, bool]:
    """score, score:desc."""
    name, turned = sort, False
    ending = next((one for one in _TURNED if sort.lower().endswith(one)), "")
    if ending and sort not in source.schema.names:
        name, turned = sort[: -len(ending)], _TURNED[ending]
    _there([name], source)
    return name, turned


def _there(names: Sequence[str], source: Source) -> None:
    """Refuses a column that is not there, with the nearest that is."""
    from hf_nb.data.query.names import nearest

    for name in names:
        if name not in source.schema.names and (near := nearest(name, source.schema.names)):
            raise BadInput(f"There is no column {name!r}.", f"Did you mean {near[0]}?")
    source.check(names)


def _plainly(source: Source, offset: int, limit: int, columns: list[str] | None, spent: Meter) -> Rows:
    table = source.read(offset, limit, columns)
    total = source.rows
    if total is None and table.num_rows < limit:
        total = source.count()  # its end was met, so it is known
    return Rows(
        source.origin, _columns(source, table.column_names), table, offset, total,
        bytes=source.bytes, moved=spent.bytes, requests=spent.requests, notes=tuple(source.notes),
    )  # fmt: skip


def _viewed(
    source: Source, asked: Wanted, offset: int, limit: int, columns: list[str] | None, spent: Meter
) -> Rows:
    from hf_nb.data.query.view import View

    view: View = View(source, asked)
    found, stood = _found(view, None if asked.sort else offset + limit)
    table, left_out = _page(view, found, offset, limit, columns)
    return Rows(
        source.origin, _columns(source, table.column_names), table, offset, found.rows if found.exact else None,
        exact=found.exact, scanned=None if asked.all else found.scanned, of=found.of,
        least=None if found.exact else found.rows, numbers=tuple(view.positions(offset, table.num_rows)),
        bytes=source.bytes, moved=spent.bytes, requests=spent.requests,
        notes=(*source.notes, *stood, *left_out), sql=found.sql,
    )  # fmt: skip


def _found(view: View, enough: int | None) -> tuple[Found, list[str]]:
    """As many rows as are wanted, or what was found by the time that no more might be moved."""
    try:
        return view.find(enough=enough), []
    except Costly as costly:
        if enough is None:
            raise
        found, left = view.found, max(view.left, costly.bytes)
        if not found.rows:
            what = f"Nothing fits in {found.scanned:,} rows. Looking at all the rest"
            raise Costly.beyond(costly.cap, what, left, spent=costly.spent) from None
        whole = Costly.beyond(costly.cap, "The rest", left, spent=costly.spent)
        return found, [f"Not looked further: {_said(whole)}"]


def _page(
    view: View, found: Found, offset: int, limit: int, columns: list[str] | None
) -> tuple[pyarrow.Table, list[str]]:
    """The rows; of the columns that were looked at already, where all of them would move too much."""
    try:
        return view.read(offset, limit, columns), []
    except Costly as costly:
        here = [name for name in view.looked if columns is None or name in columns]
        if not found.rows or not here:
            raise
        try:
            return view.read(offset, limit, here), [f"Other columns are left out: {_said(costly)}"]
        except Costly:
            raise costly from None


def _said(costly: Costly) -> str:
    """In the middle of a line."""
    return f"{costly.problem[:1].lower()}{costly.problem[1:]} {costly.next_step}"


def _columns(source: Source, names: Sequence[str]) -> tuple[Any, ...]:
    """As people see them, of those that were read; of two with one name the first goes first."""
    known = {one.name: one for one in reversed(source.columns)}
    if list(names) == [one.name for one in source.columns]:
        return tuple(source.columns)
    return tuple(known[name] for name in names)


def _checked(offset: int, limit: int) -> None:
    if offset < 0 or limit < 0:
        raise BadInput("Rows are counted from 0.", "offset and limit are not negative.")
    if limit > MOST:
        raise BadInput(
            f"One look shows at most {MOST:,} rows.", "All of them into a file: %hf save WHAT PATH"
        )


def called(what: Any) -> str:
    """For a line on how far it is; of an address nothing that may be secret."""
    from hf_nb.data.files.place import named

    if not isinstance(what, (str, os.PathLike)):
        return type(what).__name__
    return named(str(what)) if "://" in str(what) else str(what)


def line(verb: str, what: Any, said: dict[str, Any]) -> str:
    """The `%hf` line of a call; of an object only its options, since nobody knows its name here.

    So it is with an address that may hold a signature or a password: outputs are saved and shared.
    """
    words = [f"--{name} {_quoted(str(value))}" for name, value in said.items() if value not in (None, "")]
    what = str(what) if isinstance(what, os.PathLike) else what
    if not isinstance(what, str) or ("://" in what and {"?", "@"} & {*what}):
        return " ".join(words)
    whole = " ".join([f"%hf {verb}", shlex.quote(what), *words])
    return whole if whole.isprintable() and not {"{", "$"} & {*whole} else f"--offset {said['offset']}"


def _quoted(word: str) -> str:
    """For a line, as a person would write it: what has single quotes within stands in double ones."""
    return f'"{word}"' if "'" in word and not {'"', "\\", "`", "$", "!"} & {*word} else shlex.quote(word)


def _with(rows: Rows, **changed: Any) -> Rows:
    from dataclasses import replace

    return replace(rows, **changed)
