"""`select … from t limit 10`: only the first rows are handed over. DuckDB would fetch a row group for them."""

from __future__ import annotations

from typing import Any

from hf_nb.data.query import tree

MOST = 10_000  # rows
# What a plain list of columns is made of: nothing that counts, sorts or looks at other rows.
_PLAIN = {
    "COLUMN_REF",
    "STAR",
    "CONSTANT",
    "CAST",
    "OPERATOR",
    "COMPARISON",
    "CONJUNCTION",
    "CASE",
    "BETWEEN",
}


def rows(parsed: dict[str, Any]) -> int | None:
    """How many of a table's first rows answer the query; None where it may need others."""
    source = parsed.get("from_table", {})
    if parsed.get("type") != "SELECT_NODE" or source.get("type") != "BASE_TABLE" or source.get("sample"):
        return None
    if any(parsed.get(key) for key in ("where_clause", "group_expressions", "having", "sample", "qualify")):
        return None
    if parsed.get("cte_map", {}).get("map") or parsed.get("aggregate_handling") != "STANDARD_HANDLING":
        return None
    modifiers = parsed.get("modifiers", [])
    if len(modifiers) != 1 or modifiers[0].get("type") != "LIMIT_MODIFIER":
        return None
    if any(part["class"] not in _PLAIN for part in tree.walk(parsed["select_list"]) if part.get("class")):
        return None
    limit, offset = _count(modifiers[0].get("limit")), _count(modifiers[0].get("offset"), 0)
    return limit + offset if limit is not None and offset is not None and limit + offset <= MOST else None


def _count(said: Any, default: int | None = None) -> int | None:
    if said is None:
        return default
    literal = said.get("literal", {}) if isinstance(said, dict) and said.get("class") == "CONSTANT" else {}
    text = str(literal.get("text", "")) if literal.get("kind") == "INTEGER" else ""
    return int(text) if text.isdecimal() else None
