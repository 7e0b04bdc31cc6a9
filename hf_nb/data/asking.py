"""SQL over tables: of the notebook, of the Hub, of files.

sql("select label, count(*) from t group by 1", t="owner/name")
sql('select * from "owner/name/config/split" limit 10')
sql("select avg(score) from df", df=df, about=True)      from about 2% of the bytes, with an interval
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hf_nb.data.agreed import agreed, metered
from hf_nb.data.rows import opened
from hf_nb.errors import BadInput, Costly, Stopped
from hf_nb.plumbing import progress
from hf_nb.plumbing.session import Session, current
from hf_nb.values.rows import Cost, Rows

if TYPE_CHECKING:
    from hf_nb.data.query.price import Price
    from hf_nb.data.source import Source

SHOWN = 1000  # rows of an answer that are kept; all of them go into a file with save()
EARLY = "It ends as soon as it has found enough rows."


def sql(
    query: str,
    /,
    *,
    about: bool = False,
    limit: int = SHOWN,
    allow: int | str | None = None,
    session: Session | None = None,
    **tables: Any,
) -> Any:
    """What a SELECT answers. Tables are named (`t="owner/name"`, `df=df`), or stand in the query: "owner/name".

    `about`: averages, sums and counts from a part of the bytes, with the interval that holds them, tightening until
    `allow` is spent or all is read.
    """
    session = session or current()
    with session.span("data.sql") as span, metered(allow, "sql") as spent:
        sources = _sources(query, tables, session)
        if about:
            return _about(query, sources)
        from hf_nb.data.query.sql import run

        answer = run(query, sources)
        table = answer.read(0, limit)
        total = answer.rows if answer.rows is not None else answer.count()
        span.set(rows=table.num_rows, bytes=spent.bytes, requests=spent.requests)
        asked = [one.bytes for one in sources.values()]
        return Rows(
            answer.origin, tuple(answer.columns), table, 0, total,
            bytes=None if None in asked else sum(one or 0 for one in asked) or None,
            moved=spent.bytes, requests=spent.requests, sql=query, notes=_cut(total, table.num_rows),
        )  # fmt: skip


def quote(
    query: str,
    /,
    *,
    allow: int | str | None = None,
    session: Session | None = None,
    **tables: Any,
) -> Cost:
    """The bytes a query would move. To know them, a footer may have to be read."""
    session = session or current()
    with session.span("data.quote"), metered(allow, "sql"):
        sources = _sources(query, tables, session)
        whole = [one.bytes for one in sources.values()]
        said, columns, progressive, note = _takes(query, sources)
        return Cost(
            "The query" if said.exact else "At most, the query",
            said.bytes,
            None if None in whole else sum(one or 0 for one in whole),
            agreed(allow),
            columns,
            progressive,
            note,
        )


def _takes(query: str, sources: Mapping[str, Source]) -> tuple[Price, tuple[str, ...], bool, str]:
    """Bytes and columns; of one table also whether an estimate can be had, and why not."""
    from hf_nb.data import estimate
    from hf_nb.data.query import price, tree
    from hf_nb.data.query.sql import check

    if len(sources) == 1:
        name, source = next(iter(sources.items()))
        meant = estimate.known(over_t(query, name), source)
        check(query, sources)
        said = price.of(query, sources)
        note = meant.why or "A first answer from about 2 % of it: --about"
        return said, meant.columns, not meant.why, EARLY if said.early else note
    check(query, sources)
    named = tree.columns(tree.query(query))
    touched = dict[str, None]()
    for source in sources.values():
        words = None if named is None else {part.lower() for parts in named for part in parts}
        touched.update(
            dict.fromkeys(one for one in source.schema.names if words is None or one.lower() in words)
        )
    said = price.of(query, sources)
    return said, tuple(touched), False, EARLY if said.early else ""


def over_t(query: str, name: str) -> str:
    """The same query with its table called t, as estimates know it; columns may still be named by the old name."""
    import json

    from hf_nb.data.query import engine, tree

    if name.lower() == "t":
        return query
    with engine.cursor() as duck:
        parsed = json.loads(duck.execute("SELECT json_serialize_sql(?)", [query]).fetchall()[0][0])
        for part in tree.walk(parsed):
            if part.get("type") == "BASE_TABLE" and str(part["table_name"]).lower() == name.lower():
                part["alias"] = part["alias"] or part["table_name"]
                part["table_name"] = "t"
                if "qualified_name" in part:
                    part["qualified_name"] = {"path": ["t"]}
        made: str = duck.execute("SELECT json_deserialize_sql(?::JSON)", [json.dumps(parsed)]).fetchall()[0][
            0
        ]
        return made


def tables_of(query: str) -> list[str]:
    """The tables a query names, each once, without those it makes itself."""
    from hf_nb.data.query import tree

    return list(dict.fromkeys(tree.tables(tree.query(query))))


def _sources(query: str, tables: Mapping[str, Any], session: Session) -> dict[str, Source]:
    """Every table of the query, opened; those nobody gave by what their name says."""
    given = {name.lower(): value for name, value in tables.items()}
    made: dict[str, Source] = {}
    for name in tables_of(query):
        if name.lower() in given:
            made[name] = opened(given[name.lower()], session=session)
        elif _a_file(name):
            made[name] = opened(name, session=session)
        elif "/" in name:
            made[name] = _of_the_hub(name, session)
        else:
            from hf_nb.data.query.names import nearest

            known, near = ", ".join(tables) or "none was given", nearest(name, tables)
            raise BadInput(
                f"There is no table {name!r} (tables: {known}).",
                f"Did you mean {near[0]}?"
                if near
                else f"Say what it is: --from {name}=owner/name, or {name}=… in Python; "
                'or write "owner/name" in its place',
            )
    return made


def _a_file(name: str) -> bool:
    """Whether a table's name is that of a file, there or not."""
    from hf_nb.data.formats import family

    return bool(Path(name).suffix) and (Path(name).exists() or ("/" not in name and family(name) is not None))


def _of_the_hub(name: str, session: Session) -> Source:
    """owner/name, owner/name/split, owner/name/config/split; addresses as they are."""
    if "://" in name or name.startswith(("/", ".", "~")):
        return opened(name, session=session)
    words = name.removeprefix("datasets/").split("/")
    match len(words):
        case 2:
            return opened("/".join(words), session=session)
        case 3:
            return opened("/".join(words[:2]), split=words[2], session=session)
        case 4:
            return opened("/".join(words[:2]), config=words[2], split=words[3], session=session)
    raise BadInput(f"{name!r} names no table.", 'Write "owner/name" or "owner/name/config/split".')


def _about(query: str, sources: Mapping[str, Source]) -> Any:
    """Estimates, each shown as it comes; the last one stays where the stop button says that it is enough."""
    from hf_nb.data import estimate

    if len(sources) != 1:
        raise BadInput("An estimate is of one table.", "Leave out --about for joins.")
    name, source = next(iter(sources.items()))
    over, last = _over(name, source), None
    try:
        for one in estimate.run(over_t(query, name), source):
            last = replace(one, over=over)
            progress.part(last)
    except KeyboardInterrupt:
        if last is None:
            raise
        progress.part(last, last=True)
        raise Stopped(f"Stopped at {100 * last.share:.2g} % of the bytes.", partial=last) from None
    except Costly as costly:
        if last is None:
            raise
        enough = f"as near as the bytes that were agreed bring it. {costly.next_step}"
        return replace(last, note="; ".join(filter(None, (last.note, enough))))
    if last is None:
        raise BadInput("The table has no rows to look at.")
    return last


def _over(name: str, source: Source) -> str:
    """What a query was about: the table as it was named, where it is from, how many rows it has."""
    origin = source.origin
    parts = [name if origin.place == "memory" else origin.name]
    parts += [one for one in (origin.config, origin.split) if one and one != "default"]
    parts += [f"{source.rows:,} {'row' if source.rows == 1 else 'rows'}"] if source.rows is not None else []
    return " · ".join([*parts, f"commit {origin.revision[:7]}"] if origin.revision else parts)


def _cut(total: int, shown: int) -> tuple[str, ...]:
    return (f"the first {shown:,} of {total:,} rows",) if shown < total else ()
