"""What was selected, into the notebook as a DataFrame, or into a file."""

from __future__ import annotations

import keyword
import sys
from typing import TYPE_CHECKING, Any

from hf_nb.data.query import wanted as conditions
from hf_nb.errors import BadInput, Refused
from hf_nb.panels.data import asked, coding, tables
from hf_nb.panels.data.counted import counted
from hf_nb.panels.telling import Telling
from hf_nb.plumbing import progress
from hf_nb.values.rows import Rows

if TYPE_CHECKING:
    from hf_nb.panels.desk import Ask

LONGEST_NAME = 80
# Names that a notebook keeps for itself.
KEPT = frozenset({"In", "Out", "get_ipython", "exit", "quit", "open", "print"})


def take(
    ask: Ask,
    *,
    of: dict[str, Any],
    name: str,
    view: dict[str, Any] | None = None,
    columns: list[str] | None = None,
    rows: list[int] | None = None,
    allow: int | None = None,
) -> dict[str, Any]:
    """`data.take`: a variable of the notebook; whether it was another before is said."""
    check(name)
    shell = shell_here()
    meant = asked.of(of)
    with counted(ask, allow):
        one = coding.meant(ask, meant, view, columns, rows)
        looked = tables.view(ask, meant, view)
        if not one.plain:
            looked.find()
        count = one.count if one.count is not None else _count(looked, plain=one.wanted.all)
        table = looked.read(one.first, max(0, count), one.columns)
        kinds = tables.columns(one.source)
        found = Rows(one.source.origin, tuple(kinds[each] for each in table.column_names), table)
        frame = found.to_pandas()
    with ask.in_one_piece():
        replaced = name in shell.user_ns
        shell.user_ns[name] = frame
    call = coding.in_hf_nb(one)["python"]
    return {
        "name": name,
        "rows": len(frame),
        "columns": len(frame.columns),
        "replaced": replaced,
        "code": _assigned(name, call),
    }


def save(
    ask: Ask,
    *,
    of: dict[str, Any],
    path: str,
    view: dict[str, Any] | None = None,
    columns: list[str] | None = None,
    rows: list[int] | None = None,
    replace: bool = False,
    allow: int | None = None,
) -> dict[str, Any]:
    """`data.save`: into the notebook's folder, whole or not at all, and over no other file unless that was said."""
    if not path.strip() or "\0" in path:
        raise BadInput("The file has no name.", "For example rows.parquet")
    with counted(ask, allow) as spent, progress.to(Telling(ask)):
        from hf_nb import data

        one = coding.meant(ask, asked.of(of), view, columns, rows)
        filters = conditions.Wanted(one.wanted.filters, where=one.wanted.where)
        sort = one.wanted.sort
        saved = data.save(
            one.source,
            path,
            offset=one.first,
            limit=one.count,
            columns=one.columns,
            where=conditions.condition(filters, one.source.schema).sql,
            search=one.wanted.search,
            sort=sort and f"{sort[0]}:{'desc' if sort[1] else 'asc'}",
            replace=replace,
            allow=spent.cap,
            session=ask.session,
        )
        return {"path": saved.path, "rows": saved.rows, "bytes": saved.bytes}


def _count(looked: Any, *, plain: bool) -> int:
    return int(looked.source.count() if plain else looked.found.rows)


def check(name: str) -> None:
    """Refuses what can be no variable of a notebook."""
    if not name.isidentifier() or keyword.iskeyword(name) or name.startswith("_") or len(name) > LONGEST_NAME:
        raise BadInput(f"{name!r:.60} cannot be the name of a variable.", "For example rows.")
    if name in KEPT:
        raise BadInput(f"{name} belongs to Python or the notebook.", "Choose another name.")


def shell_here() -> Any:
    """The notebook's shell, if this process is one's; looked for, not imported."""
    library = sys.modules.get("IPython")
    shell = library.get_ipython() if library else None
    if shell is None:
        raise Refused("There is no notebook here to put it in.", "Start a kernel, and open the table there.")
    return shell


def _assigned(name: str, call: str) -> str:
    before, _, last = call.rpartition("\n\n")
    return f"{before}\n\n{name} = {last}.to_pandas()"
