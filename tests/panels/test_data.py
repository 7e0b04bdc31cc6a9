"""What the explorer asks, through a desk: of the offline Hub, of the disk, of objects in memory."""

from __future__ import annotations

import gc
import json
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from hf_nb.data.files.kept import Kept
from hf_nb.errors import Costly
from hf_nb.offline.running import Running
from hf_nb.panels.data import held, tables
from hf_nb.panels.wire import LONGEST
from tests.panels.asking import Page, Wrong
from tests.panels.shapes import fits

pyarrow = pytest.importorskip("pyarrow")
CHATS = {"what": "hfnb-demo/chats"}
PLAIN: dict[str, Any] = {"filters": [], "search": "", "where": "", "sort": None}


def forget() -> None:
    """As in a process that has just begun."""
    tables._tables.forget(lambda _: True)
    tables._views.forget(lambda _: True)


@pytest.fixture(autouse=True)
def _nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """What an earlier test opened is opened again, and what it fetched is fetched again."""
    monkeypatch.setattr("hf_nb.data.files.remote.kept", Kept())
    forget()


def some(count: int = 1_000) -> Any:
    """A table in memory."""
    return pyarrow.table(
        {
            "id": range(count),
            "text": [f"row {at} <script>x()</script> " + "é" * (at % 300) for at in range(count)],
            "half": [at / 2 if at % 3 else None for at in range(count)],
            "nested": [{"a": [at, None], "b": "x"} for at in range(count)],
        }
    )


def shown(*names: str, chars: int = 48) -> list[dict[str, Any]]:
    return [{"name": name, "chars": chars} for name in names]


# -- any table


@pytest.mark.parametrize("place", ["hub", "disk", "memory"])
def test_a_table_is_opened_and_its_pages_are_its_rows(place: str, page: Page, hub: Running, tmp_path: Path):
    from pyarrow import parquet

    table = some()
    if place == "hub":
        of: dict[str, Any] = {"what": "hfnb-demo/digits", "split": "test"}
    elif place == "disk":
        parquet.write_table(table, tmp_path / "a b.parquet", row_group_size=300)
        of = {"what": str(tmp_path / "a b.parquet")}
    else:
        of = {"what": held.hold(table, "things")}
    opened = page.ask("data.open", of=of)
    fits("explorer", "Opened", opened)
    assert opened["place"] == place
    assert opened["rows"] == (360 if place == "hub" else 1_000)
    names = [one["name"] for one in opened["columns"]]
    found = page.ask("data.page", of=opened["of"], offset=250, limit=100, columns=shown(*names))
    fits("explorer", "Page", found)
    assert found["rows"] == list(range(250, 350))
    assert [len(cells) for cells in found["cells"]] == [100] * len(names)
    if place != "hub":
        assert found["cells"][0] == [str(at) for at in range(250, 350)]
        assert opened["title"] in ("things", "a b.parquet", str(tmp_path / "a b.parquet"))


def test_a_dataset_is_pinned_to_the_commit_that_was_opened(page: Page, hub: Running):
    opened = page.ask("data.open", of=CHATS)
    assert len(opened["revision"]) == 40
    assert opened["of"] == {
        "what": "hfnb-demo/chats",
        "config": "default",
        "split": "train",
        "revision": opened["revision"],
        "sql": None,
    }
    assert opened["configs"] == [
        {"name": "default", "splits": [{"name": "train", "rows": 800}, {"name": "test", "rows": 100}]}
    ]
    hub.clear_requests()
    page.ask("data.page", of=opened["of"], offset=0, limit=10, columns=shown("id"))
    asked = len(hub.requests())
    other = Page(page.desk.session)
    other.ask("data.page", of=opened["of"], offset=0, limit=10, columns=shown("id"))
    assert len(hub.requests()) == asked, "a second tab moves nothing"


def test_a_page_that_is_asked_of_another_process_is_the_same(page: Page, hub: Running):
    """No op remembers anything for the page: after a restart the same question has the same answer."""
    opened = page.ask("data.open", of=CHATS)
    asked = {"of": opened["of"], "view": PLAIN | {"search": "json"}, "offset": 2, "limit": 4}
    before = page.ask("data.page", **asked, columns=shown("id", "messages"))
    forget()
    after = page.ask("data.page", **asked, columns=shown("id", "messages"))
    assert before["cells"] == after["cells"]
    assert before["rows"] == after["rows"]


def test_a_view_says_how_far_it_looked_and_its_pages_say_which_rows_they_are(page: Page):
    of = {"what": held.hold(table := some(50_000))}
    view = PLAIN | {
        "filters": [{"column": "id", "is": "between", "values": [100, 200], "closed": True}],
        "sort": {"column": "id", "descending": True},
    }
    going = page.begin("data.view", of=of, view=view)
    viewed = going.answer()
    fits("explorer", "Viewed", viewed)
    for event in going.events:
        fits("explorer", "Viewing", event)
    assert (viewed["rows"], viewed["of"], viewed["exact"]) == (101, 50_000, True)
    found = page.ask("data.page", of=of, view=view, offset=0, limit=3, columns=shown("id", "half"))
    assert found["rows"] == [200, 199, 198]
    assert found["cells"][0] == ["200", "199", "198"]
    assert found["total"] == 101
    assert table.num_rows == 50_000


@pytest.mark.parametrize(
    ("view", "rows"),
    [
        ({"filters": [{"column": "half", "is": "null", "values": []}]}, 334),
        ({"filters": [{"column": "half", "is": "filled", "values": []}]}, 666),
        ({"filters": [{"column": "id", "is": "in", "values": [1, 5, 5_000]}]}, 2),
        ({"filters": [{"column": "text", "is": "has", "values": ["ROW 99"]}]}, 11),
        ({"search": '"row 7 "'}, 1),
        ({"where": "id % 2 = 0 and half is not null"}, 333),
    ],
    ids=str,
)
def test_every_condition_finds_what_it_says(view: dict[str, Any], rows: int, page: Page):
    of = {"what": held.hold(table := some())}
    assert page.ask("data.view", of=of, view=PLAIN | view)["rows"] == rows
    assert table is not None


def test_a_query_is_a_table_of_its_own(page: Page, hub: Running):
    opened = page.ask("data.open", of={**CHATS, "sql": "select count(*) as n, 'a' as word from t"})
    fits("explorer", "Opened", opened)
    assert (opened["place"], opened["rows"]) == ("query", 1)
    found = page.ask("data.page", of=opened["of"], offset=0, limit=10, columns=shown("n", "word"))
    assert found["cells"] == [["800"], ["a"]]
    wrong = page.refused("data.open", of={**CHATS, "sql": "select nothing from t"})
    assert wrong["type"] == "BadInput"


def test_every_column_gets_its_summary(page: Page):
    of = {"what": held.hold(table := some())}
    going = page.begin("data.summaries", of=of, columns=["id", "half", "text"])
    assert going.answer()["moved"] == 0
    for event in going.events:
        fits("explorer", "Summary", event)
    last = {event["column"]: event for event in going.events}
    assert last.keys() == {"id", "half", "text"}
    assert (last["half"]["nulls"], last["half"]["from"]) == (334, "all")
    assert sum(last["id"]["bars"]["counts"]) == table.num_rows


# -- what it costs


def test_a_page_in_memory_takes_milliseconds_and_weighs_little(page: Page):
    table = pyarrow.table(
        {f"column {at}": [f"words {row * at}" for row in range(20_000)] for at in range(10)}
    )
    of, columns = {"what": held.hold(table)}, shown(*table.column_names)
    took = []
    for at in range(60):
        began = time.perf_counter()
        found = page.ask("data.page", of=of, offset=at * 300, limit=100, columns=columns)
        took.append(time.perf_counter() - began)
        assert len(json.dumps(found, ensure_ascii=False)) <= 20_000
    # an hour's neighbours may take the machine: the quick half says what the work takes
    assert sorted(took)[len(took) // 2] < 0.015 * 2


def test_what_would_cost_too_much_asks_first_and_goes_on_when_it_is_allowed(
    page: Page, hub: Running, monkeypatch: pytest.MonkeyPatch
):
    opened = page.ask("data.open", of={"what": "hfnb-demo/tiny-pictures"})
    monkeypatch.setattr("hf_nb.panels.data.counted.CAP", 100_000)
    hub.clear_requests()
    asked = {"of": opened["of"], "offset": 200, "limit": 600, "columns": shown("image")}
    wrong = page.refused("data.page", **asked)
    assert wrong["type"] == Costly.__name__
    assert wrong["bytes"] > 1_000_000
    assert not wrong["retry"]
    assert hub.requests() == [], "nothing was moved for the answer that it is too much"
    found = page.ask("data.page", **asked, allow=wrong["bytes"] + wrong["spent"])
    assert len(found["rows"]) == 600
    assert 1_000_000 < found["moved"] <= wrong["bytes"] + wrong["spent"]


def test_one_that_nobody_waits_for_ends(page: Page, monkeypatch: pytest.MonkeyPatch):
    """A search is stopped in the midst of it, and the next one begins at once."""
    from hf_nb.data.query.view import View

    begun, ended = threading.Event(), threading.Event()

    def slow(self: Any, tell: Any = None) -> Any:
        from hf_nb.data.files import meter

        begun.set()
        try:
            while True:
                meter.look()
                time.sleep(0.005)
        finally:
            ended.set()

    of = {"what": held.hold(table := some())}
    with monkeypatch.context() as patch:
        patch.setattr(View, "find", slow)
        going = page.begin("data.view", of=of, view=PLAIN | {"search": "row"})
        assert begun.wait(30)
        going.cancel()
        assert ended.wait(30)
    assert page.ask("data.view", of=of, view=PLAIN | {"search": "row"})["rows"] == table.num_rows


# -- memory


def test_what_the_notebook_has_let_go_says_run_its_cell_again(page: Page):
    import pandas

    frame = pandas.DataFrame({"a": [1, 2, 3]})
    handle = held.hold(frame, "frame")
    of = {"what": handle}
    assert page.ask("data.open", of=of)["title"] == "frame"
    tables.let_go(handle)
    wrong = page.refused("data.page", of=of, offset=0, limit=1, columns=shown("a"))
    assert wrong["message"] == "This table is no longer in memory."
    assert wrong["hint"] == "Run its cell again."
    other = held.hold(frame)
    del frame
    gc.collect()
    assert page.refused("data.open", of={"what": other})["type"] == "NotFound", (
        "it is the notebook's, not ours"
    )
    assert page.refused("data.open", of={"what": "$987654"})["type"] == "NotFound"


def test_a_list_is_kept_as_long_as_its_panel(page: Page):
    handle = held.hold([{"a": 1}, {"a": None}])
    found = page.ask("data.page", of={"what": handle}, offset=0, limit=5, columns=shown("a"))
    assert found["cells"] == [["1", None]]
    tables.let_go(handle)
    assert page.refused("data.open", of={"what": handle})["type"] == "NotFound"


def test_a_server_without_a_kernel_says_what_it_cannot(session: Any, hub: Running):
    server = Page(session, kernel=False)
    assert server.ask("data.open", of=CHATS)["rows"] == 800
    handle = held.hold(table := some())
    for op, args in {
        "data.open": {},
        "data.take": {"name": "rows"},
        "data.save": {"path": "rows.csv"},
    }.items():
        assert server.refused(op, of={"what": handle}, **args)["type"] == "Refused"
    assert table is not None


def test_without_pyarrow_it_says_how_to_get_it(page: Page, monkeypatch: pytest.MonkeyPatch):
    import importlib

    real = importlib.import_module

    def without(name: str, package: str | None = None) -> Any:
        if name.partition(".")[0] == "pyarrow":
            raise ModuleNotFoundError("No module named 'pyarrow'", name="pyarrow")
        return real(name, package)

    monkeypatch.setattr("hf_nb.plumbing.extras.importlib.import_module", without)
    wrong = page.refused("data.open", of=CHATS)
    assert (wrong["type"], wrong["hint"]) == ("MissingExtra", '%pip install "hf-nb[data]"')


# -- one cell, one row


def test_a_cell_comes_whole_and_a_huge_one_as_far_as_a_message_goes(page: Page):
    long = '\x01"é\n' * 3_000_000
    of = {"what": held.hold(table := pyarrow.table({"text": [long, "short", None]}))}
    found = page.ask("data.cell", of=of, row=0, column="text")
    fits("explorer", "Whole", found)
    assert found["characters"] == len(long)
    assert long.startswith(found["text"])
    assert len(found["text"]) > 50_000
    assert len(json.dumps(found, ensure_ascii=False).encode()) < LONGEST
    assert page.ask("data.cell", of=of, row=1, column="text")["text"] == "short"
    assert page.ask("data.cell", of=of, row=2, column="text")["kind"] == "null"
    assert page.refused("data.cell", of=of, row=3, column="text")["message"] == "There is no row 3."
    assert page.refused("data.cell", of=of, row=0, column="txt")["type"] == "BadInput"
    cut = page.ask("data.page", of=of, offset=0, limit=1, columns=shown("text"))["cells"][0][0]
    assert cut["more"] == len(long)
    assert table is not None


def test_a_conversation_is_its_turns(page: Page, hub: Running):
    opened = page.ask("data.open", of=CHATS)
    found = page.ask("data.cell", of=opened["of"], row=1, column="messages")
    fits("explorer", "Whole", found)
    roles = [turn["role"] for turn in found["turns"]]
    assert roles[:5] == ["system", "user", "assistant", "tool", "assistant"]
    assert "python_help" in found["turns"][2]["text"], "a call of a tool is no empty turn"


def test_a_row_has_all_its_cells_and_the_way_to_its_page(page: Page, hub: Running):
    opened = page.ask("data.open", of={"what": "hfnb-demo/tiny-pictures"})
    found = page.ask("data.row", of=opened["of"], row=7)
    fits("explorer", "OneRow", found)
    assert [one["column"] for one in found["fields"]] == [one["name"] for one in opened["columns"]]
    assert [one["media"] for one in found["fields"]] == [True, False, False]
    assert found["url"].endswith("/datasets/hfnb-demo/tiny-pictures/viewer/default/train?row=7")


def test_a_row_of_two_thousand_columns_fits_into_one_message(page: Page):
    names = [f"c{at}" for at in range(2_500)]
    of = {"what": held.hold(table := pyarrow.table({name: ["é" * 5_000] for name in names}))}
    opened = page.ask("data.open", of=of)
    assert len(opened["columns"]) == 2_000
    assert opened["notes"] == ["The first 2,000 of 2,500 columns."]
    found = page.ask("data.row", of=of, row=0)
    assert len(found["fields"]) == 2_000
    assert found["fields"][0]["whole"]["characters"] == 5_000
    assert page.refused("data.page", of=of, offset=0, limit=1, columns=shown(*names))["type"] == "BadInput"
    assert table is not None
    long = pyarrow.table({f"{at} {'<b>' * 3_000}": [at] for at in range(500)})
    opened = page.ask("data.open", of=(of := {"what": held.hold(long)}))
    assert 10 < len(opened["columns"]) < 500
    assert len(page.ask("data.row", of=of, row=0)["fields"]) == len(opened["columns"])


# -- what is odd


ODD = ["", ".", "a.b", 'quo"te', "it's", "a b", "😀", "select", "<script>", "x\ny", "0", "$x", "{y}", "t"]


@pytest.mark.parametrize("name", ODD)
def test_any_name_of_a_column_can_be_asked_for(name: str, page: Page):
    of = {"what": held.hold(table := pyarrow.table({name: [3, 1, 2], "other": ["a", "b", "c"]}))}
    found = page.ask("data.page", of=of, offset=0, limit=5, columns=shown(name))
    assert found["cells"] == [["3", "1", "2"]]
    view = PLAIN | {
        "sort": {"column": name, "descending": False},
        "filters": [{"column": name, "is": "between", "values": [2, 9]}],
    }
    found = page.ask("data.page", of=of, view=view, offset=0, limit=5, columns=shown(name))
    assert found["cells"] == [["2", "3"]]
    codes = page.ask("data.codes", of=of, view=view, columns=[name])
    fits("explorer", "Codes", codes)
    compile(codes["python"], "codes", "exec")
    assert table is not None


@pytest.mark.parametrize(
    "args",
    [
        {"of": {}},
        {"of": {"what": ""}},
        {"of": {"what": 5}},
        {"of": {"what": "a", "more": "b"}},
        {"of": {"what": "x" * 200_000}},
        {"offset": -1},
        {"limit": 5_000},
        {"columns": [{"name": 3}]},
        {"columns": [{"name": "id", "chars": 0}]},
        {"columns": [{"name": "nothing", "chars": 5}]},
        {"view": {"filters": [{"column": "id", "is": "drop", "values": []}]}},
        {"view": {"filters": [{"column": "id", "is": "in", "values": [{}]}]}},
        {"view": {"filters": "id"}},
        {"view": {"sort": "id"}},
        {"view": {"sort": {"column": "nested", "descending": False}}},
        {"view": {"where": "1; drop table t"}},
        {"view": {"where": "id in (select 1 from read_csv('/etc/passwd'))"}},
        {"view": {"odd": 1}},
        {"allow": -5},
    ],
    ids=lambda args: str(args)[:50],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(args: dict[str, Any], page: Page):
    table = some(20)
    asked = {"of": {"what": held.hold(table)}, "offset": 0, "limit": 5, "columns": shown("id")} | args
    wrong = page.refused("data.page", **asked)
    assert wrong["type"] == "BadInput", wrong
    assert len(wrong["message"]) < 400


def test_empty_tables_are_tables(page: Page):
    for table in (pyarrow.table({}), pyarrow.table({"a": pyarrow.array([], "int64")})):
        of = {"what": held.hold(table)}
        opened = page.ask("data.open", of=of)
        assert opened["rows"] == 0
        columns = shown(*[one["name"] for one in opened["columns"]])
        found = page.ask("data.page", of=of, offset=0, limit=100, columns=columns)
        assert (found["rows"], found["total"]) == ([], 0)


@pytest.mark.parametrize(
    ("fault", "kind", "of", "column"),
    [
        ({"kind": "status", "status": 503}, "Busy", {"what": "hfnb-demo/tones"}, "audio"),
        (
            {"kind": "status", "status": 429},
            "RateLimited",
            {"what": "hfnb-demo/tones", "split": "test"},
            "audio",
        ),
        ({"kind": "refuse"}, "Unreachable", {"what": "hfnb-demo/tiny-pictures", "split": "test"}, "image"),
    ],
    ids=str,
)
def test_a_hub_that_fails_is_said_and_may_be_asked_again(
    fault: dict[str, Any], kind: str, of: dict[str, Any], column: str, page: Page, hub: Running
):
    page.desk.session.settings.deadline = 2
    opened = page.ask("data.open", of=of)
    asked = {"of": opened["of"], "offset": 60, "limit": 10, "columns": shown(column)}
    with hub.fault(match="*", **fault), hub.fault(match="*", origin="cdn", **fault):
        with pytest.raises(Wrong) as wrong:
            page.ask("data.page", **asked)
        assert (wrong.value.said["type"], wrong.value.said["retry"]) == (kind, True)
    found = page.ask("data.page", **asked)
    assert len(found["cells"][0]) == 10


def test_an_id_that_nothing_has_offers_the_nearest(page: Page, hub: Running):
    wrong = page.refused("data.open", of={"what": "hfnb-demo/chat"})
    assert wrong["type"] == "NotFound"
    assert any("chats" in one for one in wrong["nearest"])
    assert "%hf preview hfnb-demo/" in wrong["hint"]
    assert "%hf info" not in wrong["hint"]
    model = page.refused("data.open", of={"what": "hfnb-demo/digits-vit"})
    assert "%hf preview" not in model["hint"], "no model is offered as a table"
    wrong = page.refused("data.open", of={**CHATS, "split": "trian"})
    assert "train" in wrong["nearest"]
