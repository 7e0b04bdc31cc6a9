"""What was selected leaves the explorer: as a DataFrame of the notebook, as a file, as code that gives the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hf_nb.offline.running import Running
from hf_nb.panels.data import held
from hf_nb.plumbing import session as sessions
from tests.kernels import Kernel
from tests.panels.asking import Page
from tests.panels.shapes import fits

pyarrow = pytest.importorskip("pyarrow")
pytest.importorskip("pandas")
VIEW: dict[str, Any] = {
    "filters": [{"column": "id", "is": "between", "values": [10, 20], "closed": False}],
    "search": "",
    "where": "id <> 12",
    "sort": {"column": "id", "descending": True},
}


@pytest.fixture
def things() -> Any:
    return pyarrow.table({"id": range(100), "word": [f"w{at}" for at in range(100)], "maybe": [None, 1] * 50})


def test_a_selection_is_a_frame_of_the_notebook(page: Page, names: dict[str, Any], things: Any):
    of = {"what": held.hold(things, "things")}
    taken = page.ask("data.take", of=of, view=VIEW, columns=["word", "maybe"], rows=[1, 3], name="some")
    fits("explorer", "Taken", taken)
    assert taken == {
        "name": "some",
        "rows": 3,
        "columns": 2,
        "replaced": False,
        "code": taken["code"],
    }
    assert list(names["some"]["word"]) == ["w18", "w17", "w16"]
    assert str(names["some"]["maybe"].dtype) == "Int64", "a whole number stays one where some are missing"
    again = page.ask("data.take", of=of, name="some")
    assert (again["rows"], again["replaced"]) == (100, True)
    assert names["some"]["id"].tolist() == list(range(100))


@pytest.mark.parametrize(
    "code", [{}, {"columns": ["word"]}, {"rows": [2, 4]}, {"view": VIEW}, {"view": VIEW, "rows": [0, 1]}]
)
def test_the_code_of_a_frame_makes_the_same_frame(
    code: dict[str, Any], page: Page, names: dict[str, Any], things: Any
):
    of = {"what": held.hold(things, "things")}
    taken = page.ask("data.take", of=of, name="taken", **code)
    space: dict[str, Any] = {"things": things}
    exec(compile(taken["code"], "code", "exec"), space)  # noqa: S102 -- what a user would run
    assert space["taken"].equals(names["taken"])


@pytest.mark.parametrize(
    "name", ["", "a b", "class", "1st", "x.y", "_", "__builtins__", "In", "print", "é" * 90, "a;b"]
)
def test_a_name_that_is_none_is_refused_before_anything_is_read(name: str, page: Page, names: dict[str, Any]):
    wrong = page.refused("data.take", of={"what": "owner/nothing"}, name=name)
    assert wrong["type"] == "BadInput"
    assert names == {}


def test_a_process_that_is_no_notebook_says_so(page: Page, monkeypatch: pytest.MonkeyPatch, things: Any):
    ipython = pytest.importorskip("IPython")
    monkeypatch.setattr(ipython, "get_ipython", lambda: None)
    wrong = page.refused("data.take", of={"what": held.hold(things)}, name="some")
    assert wrong["type"] == "Refused"


def test_in_a_real_kernel_the_variable_is_there(kernel: Kernel):
    kernel.run(
        "import pandas\n"
        "from hf_nb.panels.data import held\n"
        "from tests.panels.asking import Page\n"
        "frame = pandas.DataFrame({'a': [3, 1, 2]})\n"
        "page = Page()\n"
        "sort = {'sort': {'column': 'a', 'descending': False}}\n"
        "taken = page.ask('data.take', of={'what': held.hold(frame, 'frame')}, view=sort, name='mine')"
    )
    assert kernel.run("print(mine['a'].tolist(), taken['rows'])").text.strip() == "[1, 2, 3] 3"


@pytest.mark.parametrize("ending", ["parquet", "csv", "jsonl", "arrow"])
def test_a_file_holds_what_was_selected_and_replaces_no_other_unasked(
    ending: str, page: Page, things: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    of = {"what": held.hold(things)}
    asked = {"of": of, "view": VIEW, "columns": ["id", "word"], "path": f"out.{ending}"}
    saved = page.ask("data.save", **asked)
    fits("explorer", "Saved", saved)
    assert (saved["path"], saved["rows"]) == (f"out.{ending}", 9)
    assert saved["bytes"] == (tmp_path / f"out.{ending}").stat().st_size
    back = page.ask(
        "data.page", of={"what": str(tmp_path / f"out.{ending}")}, offset=0, limit=3,
        columns=[{"name": "word", "chars": 9}],
    )  # fmt: skip
    assert back["cells"] == [["w19", "w18", "w17"]]
    wrong = page.refused("data.save", **asked)
    assert (wrong["type"], "already" in wrong["message"]) == ("BadInput", True)
    assert page.ask("data.save", **asked, replace=True, rows=[0, 0])["rows"] == 1
    assert [one.name for one in tmp_path.iterdir() if "part" in one.name] == []


@pytest.mark.parametrize("path", ["", "x", "x.exe", "gone/x.csv", "a\0.csv"])
def test_a_place_that_cannot_be_written_is_said(
    path: str, page: Page, things: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    assert page.refused("data.save", of={"what": held.hold(things)}, path=path)["type"] == "BadInput"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.filterwarnings("ignore:Specifying null_placement")  # of datasets, in its own sort
def test_every_way_of_saying_a_selection_gives_its_rows(page: Page, things: Any, tmp_path: Path):
    """Of a file: duckdb, polars and datasets are asked, and the rows are the same."""
    duckdb, datasets = pytest.importorskip("duckdb"), pytest.importorskip("datasets")
    from pyarrow import parquet

    parquet.write_table(things, tmp_path / "it's.parquet")
    of = {"what": str(tmp_path / "it's.parquet")}
    codes = page.ask("data.codes", of=of, view=VIEW, columns=["word"], rows=[1, 3])
    fits("explorer", "Codes", codes)
    t = things  # noqa: F841 -- the query's table
    assert duckdb.sql(codes["sql"]).fetchall() == [("w18",), ("w17",), ("w16",)]
    space: dict[str, Any] = {}
    exec(codes["duckdb"].replace("duckdb.sql", "found = duckdb.sql"), space)  # noqa: S102
    assert space["found"]["word"].tolist() == ["w18", "w17", "w16"]
    assert codes["datasets"] is None, "datasets has no conditions in SQL"
    assert codes["polars"] is None
    plainly = {**VIEW, "filters": [], "where": ""}
    codes = page.ask("data.codes", of=of, view=plainly, columns=["word"], rows=[1, 3])
    exec(codes["datasets"], space)  # noqa: S102
    assert isinstance(space["rows"], datasets.Dataset)
    assert space["rows"]["word"] == ["w98", "w97", "w96"]
    compile(codes["polars"], "polars", "exec")
    space = {}
    exec(codes["python"].replace("hf_nb.data.preview", "found = hf_nb.data.preview"), space)  # noqa: S102
    assert [row["word"] for row in space["found"]] == ["w98", "w97", "w96"]


def test_the_code_of_a_query_over_the_hub_gives_its_rows(page: Page, hub: Running):
    sessions.use(page.desk.session)
    opened = page.ask(
        "data.open", of={"what": "hfnb-demo/digits", "split": "test", "sql": "select 1 as n from t limit 3"}
    )
    codes = page.ask("data.codes", of=opened["of"], rows=[1, 2])
    fits("explorer", "Codes", codes)
    space: dict[str, Any] = {}
    exec(codes["python"].replace("hf_nb.data.sql", "found = hf_nb.data.sql"), space)  # noqa: S102
    assert [row["n"] for row in space["found"]] == [1, 1]
    plain = page.ask("data.codes", of={**opened["of"], "sql": None})
    assert plain["magic"].startswith("%hf preview hfnb-demo/digits --config default --split test --revision ")
    assert "hf://datasets/hfnb-demo/digits@" in plain["duckdb"]
    sessions.use(None)
