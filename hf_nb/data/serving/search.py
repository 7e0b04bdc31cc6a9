"""Full text: rows that hold a word of the question in any of its forms, the best first (BM25, as DuckDB's index ranks).

Text is cut into words of the letters a to z, common words are left out, and words are compared by their stem.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hf_nb.data.serving import table
from hf_nb.data.serving.asked import Asked, Wrong
from hf_nb.data.serving.stems import STOPS, stem
from hf_nb.data.serving.table import ROW, named, text

if TYPE_CHECKING:
    import duckdb

K, B = 1.2, 0.75
MOST_ROWS = 1_000_000  # more are not looked through, and the answer says so


def matching(asked: Asked) -> dict[str, Any]:
    """`/search`."""
    columns = [name for name, feature in asked.features.items() if holds_text(feature)]
    if not columns:
        raise Wrong("SearchFeatureNotAvailableError", "The split does not have search feature enabled.")
    with table.opened(asked) as sql:
        sql.execute(_words(columns))
        wanted = _forms(sql, str(asked["query"]))
        total = _rank(sql, wanted) if wanted else 0
        order = "ORDER BY score DESC, row" if total else "WHERE false"
        ranked = "ranked" if total else "(SELECT 0 AS row, 0 AS score)"
        page = f"SELECT row, score FROM {ranked} {order}"  # noqa: S608 -- the same
        found = sql.execute(
            f"SELECT data.* FROM ({page} LIMIT ? OFFSET ?) AS page"  # noqa: S608 -- made of our own words
            f" JOIN data ON data.{ROW} = page.row ORDER BY page.score DESC, page.row",
            [asked["length"], asked["offset"]],
        ).to_arrow_table()
    return table.answer(asked, found, total, partial=asked.total > MOST_ROWS)


def holds_text(feature: Any) -> bool:
    """Whether there are words in a column, at any depth."""
    from datasets import Value  # type: ignore[import-untyped]

    if isinstance(feature, Value):
        return feature.dtype in ("string", "large_string")
    if isinstance(feature, dict):
        return any(holds_text(one) for one in feature.values())
    inner = feature[0] if isinstance(feature, list) else getattr(feature, "feature", None)
    return inner is not None and holds_text(inner)


def _words(columns: list[str]) -> str:
    """A view of every row's words."""
    written = ", ".join(f"CAST({named(name)} AS VARCHAR)" for name in columns)
    stops = ", ".join(text(word) for word in sorted(STOPS))
    return (
        f"CREATE TEMP VIEW words AS SELECT {ROW} AS row, list_filter(string_split_regex("  # noqa: S608 -- column names are quoted
        f"lower(strip_accents(concat_ws(' ', {written}))), '[^a-z]+'),"
        f" lambda word: word <> '' AND NOT list_contains([{stops}], word)) AS said"
        f" FROM data WHERE {ROW} < {MOST_ROWS}"
    )


def _forms(sql: duckdb.DuckDBPyConnection, query: str) -> list[list[str]]:
    """For each word of the question all words of the split with its stem."""
    asked = sql.execute(
        "SELECT DISTINCT unnest(string_split_regex(lower(strip_accents(?)), '[^a-z]+'))", [query]
    ).fetchall()
    stems: dict[str, list[str]] = {stem(word): [] for (word,) in asked if word and word not in STOPS}
    if not stems:
        return []
    every = sql.execute("SELECT DISTINCT unnest(said) FROM words")
    while some := every.fetchmany(10_000):
        for (word,) in some:
            if (known := stems.get(stem(word))) is not None:
                known.append(word)
    return [found for found in stems.values() if found]


def _rank(sql: duckdb.DuckDBPyConnection, wanted: list[list[str]]) -> int:
    """A table of the rows that hold any of them, with their score; how many."""
    counts = ", ".join(
        f"len(list_filter(said, lambda word: list_contains([{', '.join(text(word) for word in forms)}], word)))"
        f" AS n{place}"
        for place, forms in enumerate(wanted)
    )
    any_of = " OR ".join(f"n{place} > 0" for place in range(len(wanted)))
    sql.execute(
        f"CREATE TEMP TABLE hits AS SELECT * FROM (SELECT row, len(said) AS long, {counts} FROM words) WHERE {any_of}"  # noqa: S608 -- words of a to z
    )
    rows, mean = sql.execute("SELECT count(*), coalesce(avg(len(said)), 1) FROM words").fetchall()[0]
    held = ", ".join(f"count(*) FILTER (n{place} > 0)" for place in range(len(wanted)))
    total, *holding = sql.execute(f"SELECT count(*), {held} FROM hits").fetchall()[0]  # noqa: S608 -- the same
    score = " + ".join(
        f"log10(({rows} - {count} + 0.5) / ({count} + 0.5) + 1)"
        f" * (n{place} * {K + 1} / (n{place} + {K} * (1 - {B} + {B} * long / {mean or 1})))"
        for place, count in enumerate(holding)
    )
    sql.execute(f"CREATE TEMP VIEW ranked AS SELECT row, {score or 0} AS score FROM hits")  # noqa: S608 -- figures
    return int(total)
