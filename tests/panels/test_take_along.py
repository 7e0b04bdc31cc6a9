"""What "Take along" gives as code is run here: in every library the same rows as the explorer shows."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import hf_nb
from hf_nb.offline.running import Running
from hf_nb.panels.data import held
from hf_nb.plumbing import session as sessions
from hf_nb.plumbing.session import Session
from hf_nb.values.rows import plain
from tests.hub.pulling import own_cache
from tests.panels.asking import Page

pyarrow = pytest.importorskip("pyarrow")
pandas = pytest.importorskip("pandas")
duckdb = pytest.importorskip("duckdb")
datasets = pytest.importorskip("datasets")
polars = pytest.importorskip("polars")

pytestmark = pytest.mark.filterwarnings("ignore:Specifying null_placement")  # of datasets, in its own sort
DAY = dt.date(2024, 2, 27)
EVENING = dt.datetime.fromisoformat("2024-02-27T23:00:00")
ROWS: list[dict[str, Any]] = [
    {
        "id": at,
        'a"b': f"Word {at % 7}",
        "x.y": None if at % 3 == 0 else at * 7 % 60 / 4,
        "🦀 it's": at % 2 == 0,
        "when": EVENING + dt.timedelta(hours=at * 11 % 60),
        "day": None if at % 5 == 0 else DAY + dt.timedelta(days=at * 13 % 60),
        "back\\slash": ["", "\\", 'say "hi"', None, "it's", "{x} $y", "two\nlines"][at % 7],
        "not a number": math.nan if at % 7 == 0 else None if at % 11 == 0 else float(at * 17 % 60),
        "list": [at, None],
        "with,comma": at,
    }
    for at in range(60)
]
Row = dict[str, Any]
ALL = lambda _: True  # noqa: E731


def view(*filters: Row, sort: str | None = None, down: bool = False, **more: str) -> Row:
    by = None if sort is None else {"column": sort, "descending": down}
    return {"filters": list(filters), "search": "", "where": "", "sort": by} | more


def only(column: str, test: str, *values: Any, **more: Any) -> Row:
    return {"column": column, "is": test, "values": list(values), **more}


# A view, the rows that are in it, and the libraries that have words for it.
VIEWS: dict[str, tuple[Row, Callable[[Row], Any], set[str]]] = {
    "as it stands": (view(), ALL, {"polars", "duckdb", "datasets"}),
    "sorted": (view(sort="x.y"), ALL, {"polars", "duckdb", "datasets"}),
    "by day, down": (view(sort="day", down=True), ALL, {"polars", "duckdb", "datasets"}),
    "by what is no number": (view(sort="not a number", down=True), ALL, {"polars", "duckdb", "datasets"}),
    "by text": (view(sort='a"b', down=True), ALL, {"polars", "duckdb", "datasets"}),
    "has": (view(only('a"b', "has", "WORD 3")), lambda row: row['a"b'] == "Word 3", {"polars", "duckdb"}),
    "between": (
        view(only("x.y", "between", 2, 9.5), sort="id", down=True),
        lambda row: row["x.y"] is not None and 2 <= row["x.y"] < 9.5,
        {"polars", "duckdb"},
    ),
    "from": (
        view(only("not a number", "between", 20, None, closed=True), sort="not a number"),
        lambda row: row["not a number"] is not None and row["not a number"] >= 20,
        {"polars", "duckdb"},
    ),
    "in": (
        view(only("back\\slash", "in", "it's", "\\", None, 'say "hi"', "{x} $y", "two\nlines")),
        lambda row: row["back\\slash"] != "",
        {"polars", "duckdb"},
    ),
    "true": (view(only("🦀 it's", "in", True)), lambda row: row["🦀 it's"], {"polars", "duckdb"}),
    "null": (view(only("day", "null")), lambda row: row["day"] is None, {"polars", "duckdb"}),
    "search": (view(search="say HI"), lambda row: row["back\\slash"] == 'say "hi"', {"duckdb"}),
    "where": (
        view(where='"day" > DATE \'2024-03-20\' and "a""b" <> \'Word 1\''),
        lambda row: row["day"] is not None and row["day"] > dt.date(2024, 3, 20) and row['a"b'] != "Word 1",
        {"duckdb"},
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def table() -> Any:
    return pyarrow.Table.from_pylist(ROWS)


def expected(
    said: Row, meets: Callable[[Row], Any], columns: list[str] | None, rows: list[int] | None
) -> list[Row]:
    """By Python alone: what is missing or no number stands last, and what is equal stays in its order."""
    found = [row for row in ROWS if meets(row)]
    if by := said["sort"]:
        there = [
            row for row in found if row[by["column"]] is not None and row[by["column"]] == row[by["column"]]
        ]
        there.sort(key=lambda row: row[by["column"]], reverse=by["descending"])
        found = there + [row for row in found if row not in there]
    found = found[rows[0] : rows[1] + 1] if rows else found
    return [{name: row[name] for name in columns or row} for row in found]


def run(code: str, last: str) -> Any:
    """The code as a notebook runs it, and what its last expression is; `last` where that is a statement."""
    import ast

    space: dict[str, Any] = {}
    tree = ast.parse(code)
    ends = tree.body[-1]
    if isinstance(ends, ast.Expr):
        tree.body[-1] = ast.copy_location(ast.Assign([ast.Name(last, ast.Store())], ends.value), ends)
        ast.fix_missing_locations(tree)
    exec(compile(tree, "code", "exec"), space)  # noqa: S102 -- what a user would run
    return space[last]


def listed(found: Any) -> list[Row]:
    """Rows of any library, in plain values; what is no number is missing."""
    kind = type(found).__module__.partition(".")[0]
    if kind == "pandas":
        found = found.to_dict("records")
    elif kind == "polars":
        found = found.to_dicts()
    else:
        found = list(found)
    return same(found)


def same(rows: list[Row]) -> list[Row]:
    def one(value: Any) -> Any:
        if value is pandas.NaT or value is pandas.NA or (isinstance(value, float) and math.isnan(value)):
            return None
        if isinstance(value, dt.datetime):
            return value.replace(tzinfo=None).isoformat()
        if isinstance(value, dt.date):  # duckdb hands a day to pandas as its midnight
            return dt.datetime.combine(value, dt.time()).isoformat()
        if hasattr(value, "tolist"):  # a list is an array of numpy's there, and one with gaps a masked one
            value = value.tolist()
        if isinstance(value, (list, tuple)):
            return [one(each) for each in value]
        return plain(value)

    return [{str(name): one(value) for name, value in row.items()} for row in rows]


def unordered(rows: list[Row]) -> list[str]:
    return sorted(json.dumps(row, sort_keys=True, default=str) for row in rows)


@pytest.fixture
def file(table: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    from pyarrow import parquet

    own_cache(tmp_path / "cache", monkeypatch)
    where = tmp_path / "it's [1]"
    where.mkdir()
    parquet.write_table(table, where / "odd's.parquet", row_group_size=25)
    return str(where / "odd's.parquet")


@pytest.fixture
def plainly(file: str, tmp_path: Path) -> str:
    """The same where no sign of its name stands for others, which `datasets` cannot be told."""
    to = tmp_path / "odd's.parquet"
    to.write_bytes(Path(file).read_bytes())
    return str(to)


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_of_a_file_is_the_same_in_every_library(
    name: str, page: Page, file: str, plainly: str
) -> None:
    said, meets, says = VIEWS[name]
    # rows that are equal in what they are sorted by may come in any order out of SQL: all of them are asked for
    ties = said["sort"] is not None and said["sort"]["column"] != "id"
    for columns, rows in ((None, None), (['a"b', "x.y", "with,comma"], None if ties else [1, 4])):
        wanted = same(expected(said, meets, columns, rows))
        for path in (file, plainly):
            codes = page.ask("data.codes", of={"what": path}, view=said, columns=columns, rows=rows)
            there = {library for library in ("polars", "duckdb", "datasets") if codes[library] is not None}
            assert there == (says if path == plainly else says - {"datasets"})
            for library in sorted(there):
                found = listed(run(codes[library], "rows" if library == "datasets" else "found"))
                by = said["sort"]["column"] if ties else ""
                if library == "duckdb" or (
                    library == "datasets" and by == "not a number"
                ):  # of gaps no order is said
                    if ties and by in (columns or ROWS[0]):
                        assert [row[by] for row in found] == [row[by] for row in wanted], codes[library]
                    assert unordered(found) == unordered(wanted), codes[library]
                else:
                    assert found == wanted, codes[library]
            assert listed(run(codes["python"], "found").to_pandas()) == wanted, codes["python"]
            t = pyarrow.Table.from_pylist(ROWS)  # noqa: F841 -- the query's table
            asked = listed(duckdb.sql(codes["sql"]).df())
            assert unordered(asked) == unordered(wanted)


@pytest.mark.parametrize("kind", ["pandas", "polars"])
def test_a_frame_of_the_notebook_gives_its_rows_again(kind: str, page: Page, table: Any, names: Row) -> None:
    frame = table.to_pandas() if kind == "pandas" else polars.from_arrow(table)
    of = {"what": held.hold(frame, "things")}
    for said, meets, _ in VIEWS.values():
        taken = page.ask("data.take", of=of, view=said, columns=["id", "day", 'a"b'], name="taken")
        wanted = same(expected(said, meets, ["id", "day", 'a"b'], None))
        assert listed(names["taken"]) == wanted
        space: Row = {"things": frame}
        exec(taken["code"], space)  # noqa: S102 -- what a user would run
        assert listed(space["taken"]) == wanted
        codes = page.ask("data.codes", of=of, view=said)
        assert {codes[library] for library in ("polars", "duckdb", "datasets")} == {None}


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Row:
    """A notebook's variables."""
    from types import SimpleNamespace

    ipython = pytest.importorskip("IPython")
    shell = SimpleNamespace(user_ns={})
    monkeypatch.setattr(ipython, "get_ipython", lambda: shell)
    return shell.user_ns


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_files_of_text_are_read_alike(ending: str, page: Page, tmp_path: Path, table: Any) -> None:
    """Their types are guessed by each library: days and numbers are the same in all of them."""
    few = table.select(["id", 'a"b', "x.y", "day", "🦀 it's"])
    hf_nb.data.save(few, tmp_path / f"few.{ending}")
    by = view(sort="day") if ending == "csv" else view(sort="x.y")
    codes = page.ask("data.codes", of={"what": str(tmp_path / f"few.{ending}")}, view=by)
    wanted = [row["id"] for row in expected(by, ALL, None, None)]
    for library in ("polars", "datasets", "duckdb"):
        found = listed(run(codes[library], "rows" if library == "datasets" else "found"))
        assert [row["id"] for row in found][:40] == wanted[:40] or library == "duckdb", library
        assert sorted(row["id"] for row in found) == sorted(wanted)


@pytest.fixture
def at_home(hub: Running, session: Session) -> Any:
    sessions.use(session)
    yield
    sessions.use(None)


@pytest.mark.parametrize(
    ("id", "split", "columns"),
    [("hfnb-demo/digits", "test", ["label"]), ("hfnb-lab/reviews-with-leaks", "train", ["stars", "id"])],
)
def test_a_split_of_the_hub_is_the_same_in_every_library(
    id: str, split: str, columns: list[str], page: Page, at_home: None
) -> None:
    opened = page.ask("data.open", of={"what": id, "split": split})
    sort = {"column": columns[0], "descending": True}
    for said in (view(), view(only(columns[0], "between", 3, 5, closed=True)) | {"sort": sort}):
        codes = page.ask("data.codes", of=opened["of"], view=said, columns=columns, rows=[0, 200])
        wanted = listed(run(codes["python"], "found").to_pandas())
        assert len(wanted) > 20
        for library in ("polars", "duckdb", "datasets"):
            if codes[library] is None:
                assert (library, bool(said["filters"])) == ("datasets", True)
                continue
            found = listed(run(codes[library], "rows" if library == "datasets" else "found"))
            if library == "duckdb" and said["sort"]:  # equal ones in any order
                assert [row[columns[0]] for row in found] == [row[columns[0]] for row in wanted]
            else:
                assert found == wanted, codes[library]
            assert "127.0.0.1" not in codes[library]
            assert listed(run(codes[library], "rows" if library == "datasets" else "found")) is not None


def test_a_query_is_the_same_in_duckdb(page: Page, file: str, at_home: None) -> None:
    sql = 'select "a""b" as w, count(*) as n, min(day) as first from t group by all order by w'
    for what, query in (
        (file, sql),
        ("hfnb-demo/digits", "select label, count(*) n from t group by 1 order by 1"),
    ):
        opened = page.ask("data.open", of={"what": what, "sql": query})
        codes = page.ask("data.codes", of=opened["of"], view=view(only("n", "filled")), rows=[0, 3])
        wanted = listed(run(codes["python"], "found").to_pandas())
        assert len(wanted) == 4
        assert listed(run(codes["duckdb"], "found")) == wanted
        assert (codes["polars"], codes["datasets"]) == (None, None)
