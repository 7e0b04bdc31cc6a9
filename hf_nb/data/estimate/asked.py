"""Which query is meant, and whether a part of the table can answer it.

SELECT of count, count(x), sum(x), avg(x), shares and arithmetic between them, with WHERE, GROUP BY, ORDER BY and LIMIT,
over one table. It is taken apart by DuckDB's own parser; what is not known here is said, and can still be run exactly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hf_nb.data.estimate import nodes, terms
from hf_nb.data.estimate.terms import Formula, Term
from hf_nb.data.query import tree
from hf_nb.data.query.wanted import names
from hf_nb.errors import BadInput

if TYPE_CHECKING:
    from hf_nb.data.source import Source

Node = Mapping[str, Any]
TABLE = "t"
_UNSTEADY = frozenset("random uuid gen_random_uuid uuidv4 uuidv7 nextval setseed".split())
_ELSEWHERE = {"having": "HAVING", "qualify": "QUALIFY", "sample": "a SAMPLE"}


class No(Exception):
    """A part of the table cannot answer this."""


@dataclass(frozen=True)
class Order:
    """By which column of the answer it is sorted."""

    at: int
    descending: bool = False


@dataclass
class Asked:
    """A query. `keys` and `where` are SQL over one row; `why` says what stands against estimating it."""

    query: str
    columns: tuple[str, ...]
    why: str = ""
    keys: list[str] = field(default_factory=list)
    key_names: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    formulas: list[Formula] = field(default_factory=list)
    terms: list[Term] = field(default_factory=list)
    where: str = ""
    order: list[Order] = field(default_factory=list)
    limit: int | None = None
    called: str = TABLE  # the table, in expressions

    @property
    def free(self) -> bool:
        """Whether the files say the answer by themselves."""
        return not self.why and not self.keys and not any(formula.of for formula in self.formulas)


def asked(query: str, source: Source) -> Asked:
    """Take a query apart. Refused: several statements, other tables, files, anything but SELECT."""
    node = tree.query(query)
    _refuse(node)
    found = Asked(query, _touched(node, source))
    try:
        _Reading(found, node, source).read()
    except No as why:
        found.why = str(why)
    return found


def _refuse(node: Node) -> None:
    """What is not even run exactly: a query sees the one table, and nothing else of this machine."""
    others = [name for name in tree.tables(node) if name.lower() != TABLE]
    functions = sorted(tree.functions(node) - {"unnest", "range", "generate_series"})
    if others or functions:
        raise BadInput(
            f"The query reads {(others or functions)[0]!r}.", "The table is called t: select avg(x) from t"
        )


def _touched(node: Node, source: Source) -> tuple[str, ...]:
    """The table's columns that it needs, in the table's order."""
    said = tree.columns(node)
    called = names(source.schema)
    if said is None:
        return tuple(called)
    parts = {part.lower() for one in said for part in one[:3]}
    return tuple(name for name, sql in called.items() if sql.lower() in parts)


class _Reading:
    """One query, from its tree into `Asked`."""

    def __init__(self, found: Asked, node: Node, source: Source) -> None:
        self.found, self.node, self.source = found, node, source

    def read(self) -> None:
        self._plain()
        selected = self.node["select_list"]
        keys = self._keys(selected)
        where = self.node.get("where_clause")
        self.found.where = nodes.sql_of(where) if where else ""
        marks = [nodes.bare(key) for key in keys]
        places: list[tuple[bool, int]] = []  # of each selected column: whether it is a key, and which
        for one in selected:
            if nodes.bare(one) in marks:
                at = marks.index(nodes.bare(one))
                places.append((True, at))
                self.found.key_names[at] = nodes.name_of(one)
            elif nodes.is_a(one, "COLUMN_REF", "STAR"):
                raise No("It asks for rows, not for a count, a sum or an average.")
            else:
                places.append((False, len(self.found.formulas)))
                self.found.formulas.append(self._formula(one))
                self.found.names.append(nodes.name_of(one))
        if not self.found.formulas:
            raise No("It asks for rows, not for a count, a sum or an average.")
        self._ordered(selected, places)
        if not self.found.columns and not self.found.free:
            raise No("It names no column.")

    def _plain(self) -> None:
        node = self.node
        if node.get("type") != "SELECT_NODE" or node["cte_map"]["map"]:
            raise No("It is made of several queries.")
        table = node.get("from_table") or {}
        if table.get("type") != "BASE_TABLE" or table.get("sample"):
            raise No("It joins tables, or samples by itself.")
        self.found.called = table.get("alias") or TABLE
        for key, word in _ELSEWHERE.items():
            if node.get(key):
                raise No(f"It has {word}.")
        for part in tree.walk(node):
            if part.get("class") in {"SUBQUERY", "WINDOW"}:
                raise No("A subquery or a window needs all rows at once.")
            if part.get("class") == "FUNCTION" and str(part.get("function_name")).lower() in _UNSTEADY:
                raise No("Its answer is another one each time.")

    def _keys(self, selected: Sequence[Node]) -> list[Node]:
        """What it groups by: expressions, names given in the query, positions, or ALL that is no aggregate."""
        node = self.node
        if len(node.get("group_sets", [])) > 1:
            raise No("It groups in several ways at once.")
        given = list(node.get("group_expressions", []))
        if not given and node.get("aggregate_handling") == "FORCE_AGGREGATES":
            given = [one for one in selected if not nodes.aggregates(one)]
        keys = [self._meant(one, selected) for one in given]
        self.found.keys = [nodes.sql_of(key) for key in keys]
        self.found.key_names = [nodes.name_of(key) for key in keys]
        return keys

    def _meant(self, one: Node, selected: Sequence[Node]) -> Node:
        """A position or a name given in the query is what stands there."""
        if nodes.is_a(one, "CONSTANT") and (at := nodes.number(one)) is not None:
            if at != int(at) or not 1 <= at <= len(selected):
                raise BadInput(
                    f"There is no column {at:g} in the answer.", "Columns of an answer are counted from 1."
                )
            return selected[int(at) - 1]
        if nodes.is_a(one, "COLUMN_REF") and len(one["column_names"]) == 1:
            name = one["column_names"][0].lower()
            columns = {sql.lower() for sql in names(self.source.schema).values()}
            for other in selected:
                if other.get("alias", "").lower() == name and name not in columns:
                    return other
        return one

    def _ordered(self, selected: Sequence[Node], places: Sequence[tuple[bool, int]]) -> None:
        bare = [nodes.bare(one) for one in selected]
        for modifier in self.node["modifiers"]:
            if modifier["type"] == "ORDER_MODIFIER":
                for one in modifier["orders"]:
                    meant = nodes.bare(self._named(one["expression"], selected))
                    if meant not in bare:
                        raise No("It sorts by what it does not show.")
                    key, at = places[bare.index(meant)]
                    at = at if key else len(self.found.keys) + at
                    self.found.order.append(Order(at, one["type"] == "DESCENDING"))
            elif modifier["type"] == "LIMIT_MODIFIER" and not modifier.get("offset"):
                limit = nodes.number(modifier["limit"])
                if limit is None:
                    raise No("Its LIMIT is no number.")
                self.found.limit = int(limit)
            else:
                raise No("It has DISTINCT, OFFSET or the like.")

    def _named(self, one: Node, selected: Sequence[Node]) -> Node:
        """In ORDER BY a name of the answer goes before a column of the table."""
        if nodes.is_a(one, "COLUMN_REF") and len(one["column_names"]) == 1:
            for other in selected:
                if nodes.name_of(other).lower() == one["column_names"][0].lower():
                    return other
        return self._meant(one, selected)

    def _formula(self, one: Node) -> Formula:
        if nodes.is_a(one, "CONSTANT") and (value := nodes.number(one)) is not None:
            return terms.number(value)
        if nodes.is_a(one, "CAST") and nodes.type_of(one) in {"double", "float", "real", "float8"}:
            return self._formula(one["child"])
        if not nodes.is_a(one, "FUNCTION"):
            raise No(f"{nodes.sql_of(one)[:60]} is no count, sum or average.")
        name, given = str(one["function_name"]).lower(), nodes.given(one)
        if name in terms.SIGNS and len(given) == 2:
            return terms.combined(name, self._formula(given[0]), self._formula(given[1]))
        if name == "-" and len(given) == 1:
            return terms.combined("-", terms.number(0), self._formula(given[0]))
        return self._aggregate(one, name, given)

    def _aggregate(self, one: Node, name: str, given: Sequence[Node]) -> Formula:
        if one.get("distinct"):
            raise No("How many different values there are, a part of the table cannot tell.")
        met = nodes.sql_of(one["filter"]) if one.get("filter") else ""
        if name == "count_star" or (name == "count" and not given):
            return terms.number(self.source.count()) if self._whole(met) else self._count(Term("", met, True))
        if len(given) != 1 or one.get("order_bys", {}).get("orders"):
            raise No(f"{name}() is not estimated.")
        value = nodes.sql_of(given[0])
        match name:
            case "count":
                return self._filled(given[0], Term(value, met, True))
            case "count_if" | "countif":
                return self._count(Term("", f"({met}) AND ({value})" if met else value, True))
            case "sum":
                return terms.added(self._term(Term(value, met)), self._term(Term(value, met, True)))
            case "avg" | "mean":
                return terms.average(self._term(Term(value, met)), self._term(Term(value, met, True)))
            case "min" | "max":
                return self._extreme(given[0], name, met)
        raise No(f"{name}() is not estimated: count, sum and avg are.")

    def _whole(self, met: str) -> bool:
        """Whether it is asked of all rows, so that what the files say of themselves is the answer."""
        return not met and not self.found.keys and not self.node.get("where_clause")

    def _count(self, term: Term) -> Formula:
        return terms.total(self._term(term))

    def _filled(self, given: Node, term: Term) -> Formula:
        facts = self._facts(given) if self._whole(term.met) else None
        if facts is None or any(fact.nulls is None for fact in facts):
            return self._count(term)
        return terms.number(self.source.count() - sum(fact.nulls or 0 for fact in facts))

    def _extreme(self, given: Node, name: str, met: str) -> Formula:
        facts = self._facts(given) if self._whole(met) else None
        ends = [fact.low if name == "min" else fact.high for fact in facts or ()]
        if not ends or not all(isinstance(end, (int, float)) and not isinstance(end, bool) for end in ends):
            raise No("The smallest or largest value may be in any row, and no statistics tell it.")
        return terms.number(min(ends) if name == "min" else max(ends))

    def _facts(self, given: Node) -> list[Any] | None:
        """What the files say of a column, where every one of them does."""
        if not nodes.is_a(given, "COLUMN_REF"):
            return None
        last = given["column_names"][-1].lower() if len(given["column_names"]) <= 2 else ""
        called = {sql.lower(): name for name, sql in names(self.source.schema).items()}
        facts = [facts.get(called.get(last, "")) for facts in self.source.facts()]
        return None if None in facts or not facts else facts

    def _term(self, term: Term) -> int:
        if term not in self.found.terms:
            self.found.terms.append(term)
        return self.found.terms.index(term)
