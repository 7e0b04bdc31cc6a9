"""SQL as DuckDB's own parser reads it: what may run here, and which columns and tables it names.

condition("length(text) > 100")       refuses what is no condition over one row
query("select avg(x) from t")          refuses what is no SELECT
"""

# ruff: noqa: S608 -- SQL is made here: names are quoted by `query.names`, conditions parsed by `query.tree`
from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from hf_nb.data.query import engine, mishaps
from hf_nb.errors import BadInput

LONGEST = 100_000  # characters of a query
LIKE = "A condition is like: length(text) > 100 and label = 'a'"
_PLACES = {"query_location", "query_location_length"}


def query(sql: str) -> dict[str, Any]:
    """One SELECT as a tree."""
    if not sql.strip():
        raise BadInput("The query is empty.", "select * from t limit 10")
    said = _parsed(sql)
    if said["error"]:
        if said.get("error_type") == "parser":
            raise _misread(said, sql, 0)
        raise BadInput("Only SELECT is run here.", "Data are changed in Python, saved with save().")
    if len(said["statements"]) != 1:
        raise BadInput("One SELECT at a time.", "Leave out what stands behind the first semicolon.")
    node: dict[str, Any] = said["statements"][0]["node"]
    return node


def condition(sql: str) -> dict[str, Any]:
    """An expression over one row as a tree. What stands in it cannot end it: it is read alone and in its place."""
    alone = _parsed(f"SELECT {sql}")
    if alone["error"]:
        if alone.get("error_type") != "parser":
            raise BadInput("That is no condition.", LIKE)
        raise _misread(alone, sql, len("SELECT "))
    node = alone["statements"][0]["node"]
    plain = len(alone["statements"]) == 1 and node.get("type") == "SELECT_NODE"
    if plain:
        listed = node.get("select_list", [])
        plain = len(listed) == 1 and not any(
            node.get(key)
            for key in ("modifiers", "where_clause", "group_expressions", "having", "sample", "qualify")
        )
        plain = plain and node.get("from_table", {}).get("type") == "EMPTY"
    placed = _parsed(f"SELECT 1 FROM t WHERE ({sql}\n)") if plain else None
    if placed is None or placed["error"]:
        raise BadInput("That is no condition.", LIKE)
    there = placed["statements"][0]["node"]["where_clause"]
    if len(placed["statements"]) != 1 or _bare(there) != _bare(listed[0]):
        raise BadInput("That is no condition.", LIKE)
    kinds = {part.get("class") for part in walk(there)}
    if kinds & {"SUBQUERY", "WINDOW"}:
        raise BadInput(
            "A condition looks at one row at a time.",
            "Ask with SQL for what needs other rows: select … from t",
        )
    found: dict[str, Any] = there
    return found


def walk(tree: Any) -> Iterator[dict[str, Any]]:
    """Every part of a tree."""
    todo = [tree]
    while todo:
        one = todo.pop()
        if isinstance(one, dict):
            yield one
            todo.extend(one.values())
        elif isinstance(one, list):
            todo.extend(one)


def columns(tree: Any) -> list[list[str]] | None:
    """The names that stand for columns, each in its parts; None where a star means all of them."""
    named = []
    for part in walk(tree):
        if part.get("class") == "STAR":
            return None
        if part.get("class") == "COLUMN_REF":
            named.append(list(part["column_names"]))
    return named


def lambdas(tree: Any) -> bool:
    """Whether some of the names may be a function's own."""
    return any(part.get("class") == "LAMBDA" for part in walk(tree))


def tables(tree: Any) -> list[str]:
    """The tables a query names, without those it makes itself; as often as it names them."""
    made = {
        entry["key"].lower()
        for part in walk(tree)
        if isinstance(part.get("cte_map"), dict)
        for entry in part["cte_map"].get("map", [])
    }
    return [
        part["table_name"]
        for part in walk(tree)
        if part.get("type") == "BASE_TABLE" and part["table_name"].lower() not in made
    ]


def functions(tree: Any) -> set[str]:
    """Names of the functions that stand where a table would."""
    return {
        str(part["function"].get("function_name", "")).lower()
        for part in walk(tree)
        if part.get("type") == "TABLE_FUNCTION" and isinstance(part.get("function"), dict)
    }


def _parsed(sql: str) -> dict[str, Any]:
    if len(sql) > LONGEST:
        raise BadInput(f"A query has at most {LONGEST:,} characters.", "Say it shorter.")
    with engine.cursor() as duck:
        rows = duck.execute("SELECT json_serialize_sql(?)", [sql]).fetchall()
    said: dict[str, Any] = json.loads(rows[0][0])
    return said


def _misread(said: dict[str, Any], sql: str, before: int) -> BadInput:
    at = int(said.get("position") or 0) - before
    message = str(said.get("error_message", "")).split("\n", 1)[0]
    return BadInput(f"{message[:1].upper()}{message[1:]}.", "at: " + mishaps.around(sql, at))


def _bare(tree: Any) -> Any:
    """A tree without where its parts stood in the text."""
    if isinstance(tree, dict):
        return {key: _bare(value) for key, value in tree.items() if key not in _PLACES}
    return [_bare(one) for one in tree] if isinstance(tree, list) else tree
