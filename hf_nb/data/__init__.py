"""Tables: any dataset of the Hub, any file, anything in memory, looked at without fetching the whole.

preview("owner/name")            the first rows, or any others        cost(…)    the bytes that this would move
sql("select …", t="owner/name")  DuckDB, in this process              quote(…)   the bytes a query would move
describe("owner/name")           what its columns hold, in numbers
explore("owner/name")            the same in a cell, to scroll, sort, filter and ask
save("owner/name", "x.parquet")  as a file                            push(…)    as a dataset of the Hub
balance duplicates leakage tokens languages personal        what is wrong with it before one trains on it
prepare("owner/name", to="out")  filtered, changed, dealt out to splits, as Parquet; goes on where it broke off
open("owner/name")               a Source: rows anywhere in it, and what reading them costs
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hf_nb.data.asking import quote as quote
    from hf_nb.data.asking import sql as sql
    from hf_nb.data.describing import describe as describe
    from hf_nb.data.finding import open as open  # noqa: A004 -- what a table's owner would say
    from hf_nb.data.preparing.balance import balance as balance
    from hf_nb.data.preparing.duplicates import duplicates as duplicates
    from hf_nb.data.preparing.languages import languages as languages
    from hf_nb.data.preparing.leakage import leakage as leakage
    from hf_nb.data.preparing.personal import personal as personal
    from hf_nb.data.preparing.prepare import prepare as prepare
    from hf_nb.data.preparing.tokens import tokens as tokens
    from hf_nb.data.rows import cost as cost
    from hf_nb.data.rows import preview as preview
    from hf_nb.data.saving import push as push
    from hf_nb.data.saving import save as save

_PUBLIC: dict[str, str] = {
    "balance": "hf_nb.data.preparing.balance:balance",
    "cost": "hf_nb.data.rows:cost",
    "describe": "hf_nb.data.describing:describe",
    "duplicates": "hf_nb.data.preparing.duplicates:duplicates",
    # a face, named here because this is where it is looked for
    "explore": "hf_nb.widgets.explorer:explore",
    "languages": "hf_nb.data.preparing.languages:languages",
    "leakage": "hf_nb.data.preparing.leakage:leakage",
    "open": "hf_nb.data.finding:open",
    "personal": "hf_nb.data.preparing.personal:personal",
    "prepare": "hf_nb.data.preparing.prepare:prepare",
    "preview": "hf_nb.data.rows:preview",
    "push": "hf_nb.data.saving:push",
    "quote": "hf_nb.data.asking:quote",
    "save": "hf_nb.data.saving:save",
    "sql": "hf_nb.data.asking:sql",
    "tokens": "hf_nb.data.preparing.tokens:tokens",
}
__all__ = [
    "balance",
    "cost",
    "describe",
    "duplicates",
    "explore",
    "languages",
    "leakage",
    "open",
    "personal",
    "prepare",
    "preview",
    "push",
    "quote",
    "save",
    "sql",
    "tokens",
]


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module 'hf_nb.data' has no attribute {name!r}")
    module, _, attribute = _PUBLIC[name].partition(":")
    return getattr(importlib.import_module(module), attribute)


def __dir__() -> list[str]:
    return __all__
