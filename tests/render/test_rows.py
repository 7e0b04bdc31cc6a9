"""A stretch of rows, as text no wider than the screen, as HTML that does nothing by itself, as JSON that says all."""

from __future__ import annotations

import datetime as dt
import io
import json
from html.parser import HTMLParser
from typing import Any

import pyarrow as pa
import pytest
from PIL import Image

from hf_nb import render
from hf_nb.data.columns import described
from hf_nb.render import estimates, formats, plain
from hf_nb.values import (
    Bound,
    Column,
    Cost,
    Description,
    Estimate,
    Group,
    Origin,
    Quote,
    Ranges,
    Rows,
    Saved,
    Summary,
)

HOSTILE = '<script>alert(1)</script><img src=x onerror="alert(2)">\u202e'
ORIGIN = Origin("hub", "hfnb-demo/digits", "3f2a1bc9d0", "default", "train", "https://huggingface.co/x")


def rows(table: Any, origin: Origin = ORIGIN, **facts: Any) -> Rows:
    given = {"total": table.num_rows} | facts
    return Rows(origin, described(table.schema, {}), table, **given)


def picture(side: int = 32) -> bytes:
    into = io.BytesIO()
    Image.new("RGB", (side, side), (200, 10, 10)).save(into, "PNG")
    return into.getvalue()


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.depth += tag not in {"img", "br"}

    def handle_endtag(self, tag: str) -> None:
        self.depth -= 1


def test_the_first_line_says_what_it_is_and_the_last_how_to_go_on() -> None:
    value = rows(
        pa.table({"n": [1, 2], "text": ["a", "b"]}),
        total=1437, bytes=1_000_000_000, moved=9_300_000, requests=12,
        further="%hf preview hfnb-demo/digits --offset 2",
    )  # fmt: skip
    lines = str(value).splitlines()
    assert lines[0] == "hfnb-demo/digits · train · rows 0–1 of 1,437 · commit 3f2a1bc"
    assert "fetched 9.3 MB of 1.0 GB, 12 requests" in lines
    assert lines[-1] == "… 1,435 more rows: %hf preview hfnb-demo/digits --offset 2"
    assert "<code>%hf preview hfnb-demo/digits --offset 2</code>" in render.html(value)


@pytest.mark.parametrize("room", [60, 80, 120])
def test_the_text_is_never_wider_than_the_screen(room: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain, "width", lambda: room)
    wide = pa.table({f"column {at}": ["汉字 and words " * 9, None] for at in range(30)} | {"n": [2**60, 1]})
    shown = str(rows(wide)).splitlines()
    assert max(map(plain.measure, shown)) <= room
    assert any("columns do not fit here (--columns" in line for line in shown)


def test_numbers_are_never_cut_and_long_fractions_are_rounded() -> None:
    value = rows(
        pa.table({"big": [2**63 - 1], "share": [0.1 + 0.2], "small": [1.23456789012e-7], "long": ["x" * 500]})
    )
    shown = str(value)
    assert "9223372036854775807" in shown
    assert " 0.3 " in shown
    assert "1.23457e-07" in shown
    assert 'title="0.30000000000000004"' in render.html(value)


def test_hostile_names_and_cells_stay_text() -> None:
    table = pa.table({HOSTILE: [HOSTILE], "b": [{HOSTILE: HOSTILE}]})
    value = rows(
        table, Origin("hub", HOSTILE, HOSTILE, HOSTILE, HOSTILE, "javascript:alert(1)"), notes=(HOSTILE,)
    )
    parser = Tags()
    parser.feed(render.html(value))
    assert parser.depth == 0
    assert not {tag for tag, _ in parser.tags} & {"script", "img", "a"}
    assert not [name for _, given in parser.tags for name in given if name.startswith("on")]
    assert "\u202e" not in render.html(value) + str(value)


def test_pictures_are_drawn_small_and_within_forty_kilobytes() -> None:
    table = pa.table({"image": [{"bytes": picture(), "path": None}] * 400})
    column = described(table.schema, {"image": {"_type": "Image"}})
    html = render.html(Rows(ORIGIN, column, table, 0, 400))
    assert html.count("<img ") > 3
    assert sum(len(one) for one in html.split('"') if one.startswith("data:")) <= 40_000
    assert 'alt="32 × 32 PNG"' in html


def test_an_output_stays_small_however_much_is_in_it() -> None:
    table = pa.table({f"c{at}": ["<&" * 5_000] * 300 for at in range(300)})
    assert len(render.html(rows(table))) < 500_000
    assert len(render.html(rows(pa.table({"text": ["word " * 9_000] * 20})))) < 12_000


def test_no_rows_and_no_columns_are_said() -> None:
    assert "no rows" in str(rows(pa.table({"a": pa.array([], "int64")})))
    assert "a: " in str(rows(pa.table({"a": pa.array([], "int64")})))
    assert "no columns" in str(rows(pa.table({})))
    beyond = str(rows(pa.table({"a": pa.array([], "int64")}), offset=50, total=30))
    assert "no rows at 50 of 30" in beyond
    assert "its last row is 29: --offset 10" in beyond


def test_what_was_not_looked_at_is_said() -> None:
    some = rows(pa.table({"a": [1]}), total=7, scanned=500, of=9000, exact=False)
    every = rows(pa.table({"a": [1]}), total=7, scanned=9000, of=9000)
    assert "scanned 500 of 9,000 rows, and not the rest" in str(some)
    soon = rows(pa.table({"a": [1]}), total=None, scanned=500, of=9000, exact=False, least=40)
    assert "rows 0–0 of at least 40 found" in str(soon)
    assert json.loads(formats.printed(soon, "json"))["least"] == 40
    assert "looked at all 9,000 rows" in str(every)


def test_json_says_everything_and_is_json() -> None:
    table = pa.table(
        {
            "n": [2**63 - 1, None],
            "f": [float("nan"), float("inf")],
            "b": [b"\x00\xff", None],
            "when": [dt.datetime(2024, 3, 1, tzinfo=dt.UTC), None],
            "nested": [{"a": [1.5]}, None],
        }
    )
    said = json.loads(formats.printed(rows(table, moved=5, requests=1), "json"), parse_constant=pytest.fail)
    assert said["rows"][0] == {
        "n": 2**63 - 1,
        "f": "NaN",
        "b": {"base64": "AP8="},
        "when": "2024-03-01T00:00:00+00:00",
        "nested": {"a": [1.5]},
    }
    assert said["origin"]["revision"] == "3f2a1bc9d0"
    assert [one["name"] for one in said["columns"]] == table.column_names
    assert {"offset", "total", "exact", "scanned", "of", "moved", "requests", "notes"} <= said.keys()


def test_two_columns_of_one_name_lose_nothing() -> None:
    table = pa.Table.from_arrays([pa.array([1]), pa.array([2])], ["a", "a"])
    value = rows(table)
    assert value[0] == {"a": 1, "a (2)": 2}
    assert list(value.to_pandas().columns) == ["a", "a (2)"]
    assert str(value).splitlines()[1].split() == ["a", "a"]


def test_whole_numbers_stay_whole_in_a_dataframe_with_holes() -> None:
    frame = rows(pa.table({"n": [2**60 + 1, None]})).to_pandas()
    assert int(frame["n"][0]) == 2**60 + 1


def test_moments_python_cannot_say_are_texts() -> None:
    value = rows(pa.table({"when": pa.array([2**62], pa.timestamp("us"))}))
    assert "4611686018427387904" in str(value[0]["when"])
    json.dumps(value.to_dict())


def test_brief_is_the_first_column() -> None:
    value = rows(pa.table({"id": ["a", "b\nc", None], "x": [1, 2, 3]}))
    assert formats.printed(value, "quiet") == 'a\n"b\\nc"\n'


def test_a_cost_and_a_file_are_one_line() -> None:
    assert (
        str(Cost("Rows 0–99", 9_300_000, 1_000_000_000, 64_000_000))
        == "Rows 0–99 would move 9.3 MB of 1.0 GB."
    )
    assert "--allow 248MB" in str(Cost("Rows 0–99", 247_500_001, None, 64_000_000))
    assert "nothing" in str(Cost("Rows 0–99", 0))
    assert str(Saved("out.csv", 1, 12, "CSV")) == "out.csv: 1 row, 12 B of CSV"


def test_a_description_of_two_thousand_columns_stays_small() -> None:
    columns = tuple(Column(f"c{at} {HOSTILE}", "number", "number", "double") for at in range(2000))
    bars = Ranges((0.0, 1.0, 2.0), ("0", "1", "2"), (3, 0))
    told = Summary(
        HOSTILE, "sample", 10, 90, 1, 2, HOSTILE, HOSTILE, HOSTILE, bars, distinct_about=True, note=HOSTILE
    )
    value = Description(ORIGIN, columns, (told,) * 2000, 90)
    html = render.html(value)
    assert len(html) < 400_000
    assert "1,800 more columns" in html
    assert "from 10 of 90 rows" in str(value)
    assert "<script" not in html
    assert "\u202e" not in html + str(value)
    assert "≈ 2" in str(value)
    assert "1 (10 %)" in str(value)


def test_an_estimate_shows_its_interval_with_no_more_digits_than_it_bears() -> None:
    assert estimates.bound(Bound(0.51234, 0.498, 0.526)) == "≈ 0.512 (0.498 – 0.526)"
    assert estimates.bound(Bound(12345.6, 11000.0, 13500.0)) == "≈ 12,300 (11,000 – 13,500)"
    assert estimates.bound(Bound(7.0, 7.0, 7.0)) == "7"
    assert estimates.bound(Bound(None)) == "–"
    value = Estimate(
        ("label", "avg"), (Group((HOSTILE,), (Bound(1.5, 1.0, 2.0),)),), 0.021, 10, 500, exact=False
    )
    assert str(value).startswith("≈ from 2.1 % of the bytes (10 B of 500 B)")
    assert "<script" not in render.html(value)
    assert "--about" in str(Quote(10, ("a",), progressive=True))
    over = Estimate(("n",), (), 1.0, 0, 0, exact=True, over="df · 7 rows")
    assert str(over).splitlines()[-1] == "over df · 7 rows"
    assert "over df · 7 rows" in render.html(over)


def test_a_description_on_a_narrow_screen_keeps_the_ends_and_the_bars(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(plain, "width", lambda: 80)
    counts = tuple(range(1, 21))
    columns = (
        Column("picture", "picture", "image", "struct"), Column("text", "text", "text", "string"),
        Column("when", "date and time (UTC)", "time", "timestamp"), Column("number", "number", "number", "double"),
    )  # fmt: skip
    bars = Ranges(tuple(range(21)), ("",) * 20, counts)
    told = (
        Summary("picture", "sample", 0, 90),
        Summary("text", "all", 90, 90, 0, 4, "12 characters", "54 characters", "28.7 characters", bars),
        Summary(
            "when",
            "all",
            90,
            90,
            0,
            4,
            "2024-01-01 10:00:00",
            "2025-01-01 10:00:00",
            "2024-06-01 10:00:00",
            bars,
        ),
        Summary("number", "all", 90, 90, 0, 4, "1.12345", "2.12345", "1.51234", bars),
    )
    said = str(Description(ORIGIN, columns, told, 90)).splitlines()
    assert max(map(plain.measure, said)) <= 80
    assert "from all rows" in said[0]
    text = next(line for line in said if line.startswith("text"))
    assert "12 chars" in text
    assert text.endswith("  ▂▂▃▄▄▅▆▇▇█")
    assert "…" not in text
    assert "2024-01-01" in "\n".join(said)
    assert "10:00" not in "\n".join(said)
    assert next(line for line in said if line.startswith("picture")).split()[:2] == ["picture", "picture"]
    assert "not looked at: picture (--exact)" in said
    assert "12 characters" in render.html(Description(ORIGIN, columns, told, 90))


def test_one_file_is_not_called_a_split() -> None:
    table = pa.table({"a": [1]})
    alone = Origin("disk", "data/orders.csv", None, "default", "train", None)
    assert str(rows(table, alone)).startswith("data/orders.csv · 1 row")
    assert str(rows(table, Origin("disk", "folder", None, "default", "train", None))).startswith(
        "folder · train"
    )
    said = Origin("disk", "data/orders.csv", None, "default", "test", None)
    assert str(rows(table, said)).startswith("data/orders.csv · test")


def test_rows_that_were_sorted_or_found_keep_the_tables_own_numbers() -> None:
    value = rows(pa.table({"n": [9, 8]}), numbers=(247_246, 12), scanned=9, of=9)
    html = render.html(value)
    assert '<th scope="row">247,246</th>' in html
    assert '<th scope="row">0</th>' not in html
    assert json.loads(formats.printed(value, "json"))["numbers"] == [247_246, 12]
    assert '<th scope="row">5</th>' in render.html(rows(pa.table({"n": [1]}), offset=5, total=9))


def test_a_page_shows_how_the_values_lie_before_their_ends() -> None:
    bars = Ranges((0.0, 1.0), ("0", "1"), (3,))
    told = Summary("n", "all", 9000, 9000, 8999, 2, "0", "4e+00", "1e+06", bars)
    html = render.html(Description(ORIGIN, (Column("n", "whole number", "number", "int64"),), (told,), 9000))
    heads = [html.index(f">{name}</th>") for name in ("column", "type", "values", "missing", "lowest")]
    assert heads == sorted(heads)
    assert "&gt; 99 %" in html
    assert ">1000000<" in html
