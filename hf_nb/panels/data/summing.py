"""What is in each column: a summary after the other, as each is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hf_nb.errors import BadInput
from hf_nb.panels.data import asked, loaded, tables
from hf_nb.panels.data.counted import counted

if TYPE_CHECKING:
    from hf_nb.panels.desk import Ask
    from hf_nb.values.summaries import Summary


def summaries(
    ask: Ask,
    *,
    of: dict[str, Any],
    columns: list[str],
    view: dict[str, Any] | None = None,
    exact: bool = False,
    allow: int | None = None,
) -> dict[str, Any]:
    """`data.summaries`: an event for each."""
    meant, wanted = asked.of(of), asked.wanted(view)
    if len(columns) > asked.MOST_COLUMNS:
        raise BadInput(f"At most {asked.MOST_COLUMNS:,} columns at once.", "Ask for those that can be seen.")
    with counted(ask, allow) as spent:
        loaded.asking(ask)
        from hf_nb.data import stats

        source = tables.source(ask, meant)
        source.check(columns)
        # whoever scrolls has searched already; an order is nothing to figures
        looked = None if wanted.all else tables.view(ask, meant, {**(view or {}), "sort": None})
        for one in stats.summaries(source, wanted, columns, exact=exact, view=looked):
            ask.tell(told(one))
        return {"moved": spent.bytes}


def told(one: Summary) -> dict[str, Any]:
    """A summary as the page takes it."""
    said = one.to_dict()
    said["distinctAbout"] = said.pop("distinct_about")
    return said
