"""What a query would move, and first answers from a part of it."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from hf_nb.panels.data import asked, loaded, tables
from hf_nb.panels.data.counted import counted
from hf_nb.values.rows import plain

if TYPE_CHECKING:
    from hf_nb.panels.data.asked import Of
    from hf_nb.panels.desk import Ask


def quote(ask: Ask, *, of: dict[str, Any], sql: str) -> dict[str, Any]:
    """`data.quote`: nothing of the table's rows is read for it."""
    meant = _table(asked.of(of))
    with counted(ask):
        loaded.asking(ask)
        from hf_nb.data import estimate

        quoted = estimate.quote(sql, tables.source(ask, meant))
        return {
            "bytes": quoted.bytes,
            "exact": quoted.exact,
            "progressive": quoted.progressive,
            "columns": list(quoted.columns),
        }


def estimate(
    ask: Ask, *, of: dict[str, Any], sql: str, allow: int | None = None, share: float | None = None
) -> dict[str, Any]:
    """`data.estimate`: each is nearer than the one before; the last is the answer."""
    meant = _table(asked.of(of))
    with counted(ask, allow) as spent:
        loaded.asking(ask)
        from hf_nb.data import estimate as estimates

        last: dict[str, Any] = {}
        for one in estimates.run(sql, tables.source(ask, meant), share=share):
            last = told(one) | {"moved": spent.bytes}
            ask.tell(last)
        return last


def told(one: Any) -> Any:
    """An estimate as the page takes it."""
    if dataclasses.is_dataclass(one):
        return {field.name: told(getattr(one, field.name)) for field in dataclasses.fields(one)}
    return [told(each) for each in one] if isinstance(one, (list, tuple)) else plain(one)


def _table(of: Of) -> Of:
    """The table itself: the query that is asked about is over it."""
    return dataclasses.replace(of, sql=None)
