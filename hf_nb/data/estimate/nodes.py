"""Parts of a query's tree, as DuckDB's parser gives it: what each one is, what it is called, and its SQL."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from hf_nb.data.query import engine, tree

Node = Mapping[str, Any]


def is_a(node: Node, *classes: str) -> bool:
    """Whether it is one of these."""
    return node.get("class") in classes


def given(node: Node) -> list[Node]:
    """A function's arguments; before DuckDB 2.0 they were called children."""
    listed = node.get("arguments", node.get("children", []))
    return [one.get("expression", one) for one in listed]


def aggregates(node: Node) -> bool:
    """Whether something in it goes over many rows."""
    known = {"count_star", "count", "count_if", "countif", "sum", "avg", "mean", "min", "max"}
    return any(str(part.get("function_name", "")).lower() in known for part in tree.walk(node))


def number(node: Node) -> float | int | None:
    """A constant's number."""
    said = node.get("literal", {}).get("text") if "literal" in node else node.get("value", {}).get("value")
    if node.get("literal", {}).get("kind") == "STRING" or isinstance(said, bool):
        return None
    try:
        value = float(said)
    except (TypeError, ValueError):
        return None
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


def type_of(node: Node) -> str:
    """What a cast makes of a value."""
    said = node.get("type_expr", {}).get("type_name") or node.get("cast_type", {}).get("id", "")
    return str(said).lower()


def name_of(node: Node) -> str:
    """What a column of the answer is called."""
    if node.get("alias"):
        return str(node["alias"])
    if is_a(node, "COLUMN_REF"):
        return str(node["column_names"][-1])
    return sql_of(node).replace("count_star()", "count(*)")[:200]


_APART = {"query_location", "query_location_length", "alias"}


def bare(node: Any) -> Any:
    """Without where it stands and what it is called: equal where the same is meant."""
    if isinstance(node, dict):
        return {key: bare(value) for key, value in node.items() if key not in _APART}
    return [bare(one) for one in node] if isinstance(node, list) else node


_EMPTY = "SELECT 1 FROM t"


def sql_of(node: Node) -> str:
    """An expression as SQL again, by DuckDB's own hand."""
    with engine.cursor() as duck:
        said = duck.execute("SELECT json_serialize_sql(?)", [_EMPTY]).fetchall()[0][0]
        statement = json.loads(said)
        statement["statements"][0]["node"]["select_list"] = [{**node, "alias": ""}]
        rows = duck.execute("SELECT json_deserialize_sql(?)", [json.dumps(statement)]).fetchall()
    return str(rows[0][0]).removeprefix("SELECT ").removesuffix(" FROM t")
