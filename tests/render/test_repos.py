"""Lists and cards, as text on a narrow screen and as HTML that does nothing by itself."""

from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import pytest

from hf_nb import render
from hf_nb.render import plain, units
from hf_nb.values import File, Label, Labels, RepoInfo, Row, Score, SearchResult, Source, Table, Value

HOSTILE = '<script>alert(1)</script><img src=x onerror="alert(2)">'
WHEN = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


def row(**facts: Any) -> Row:
    given: dict[str, Any] = {"kind": "model", "id": "owner/name", "task": "text-classification", "likes": 12}
    return Row(**(given | {"updated": WHEN} | facts))


def found(*rows: Row, more: bool = False, **query: object) -> SearchResult:
    return SearchResult(
        "model", {"sort": "trending", "limit": 20} | query, rows, more, "https://huggingface.co"
    )


def info(**facts: Any) -> RepoInfo:
    given: dict[str, Any] = {"kind": "model", "id": "owner/name", "hub": "https://huggingface.co"} | facts
    return RepoInfo(**given)


def labels(*pairs: tuple[str, float], text: str = "some text") -> Labels:
    source = Source("owner/name", "abc", "local", "the model you named", 0.0123, "cpu")
    return Labels(tuple(Label(*pair) for pair in pairs), source, text)


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


@pytest.mark.parametrize(
    "value",
    [
        found(row(id=HOSTILE, task=HOSTILE, licence=HOSTILE)),
        found(text=HOSTILE),
        row(id=HOSTILE),
        info(
            id=HOSTILE,
            task=HOSTILE,
            card=f"# x\n\n{HOSTILE}",
            files=(File(HOSTILE, 1),),
            scores=(Score("t", HOSTILE, "m", HOSTILE),),
        ),
        labels((HOSTILE, 0.9), (HOSTILE, 0.1), text=HOSTILE),
        Table((HOSTILE,), ((HOSTILE,),)),
    ],
    ids=["rows", "empty", "row", "card", "labels", "table"],
)
def test_hostile_text_stays_text(value: Value) -> None:
    html = render.html(value)
    parser = Tags()
    parser.feed(html)
    assert "alert(1)" in html, "the text is there"
    assert {tag for tag, _ in parser.tags} & {"script", "img"} == set()
    assert [name for _, attributes in parser.tags for name in attributes if name.startswith("on")] == []


@pytest.mark.parametrize("room", [60, 80, 100, 120])
def test_a_table_is_never_wider_than_the_screen_and_keeps_the_id(room: int) -> None:
    columns = [plain.Column("id"), *[plain.Column(f"column {i}", keep=i + 1) for i in range(8)]]
    table = plain.table(columns, [["owner/a-rather-long-repository-name", *["12345678"] * 8]], room)
    assert max(map(len, table.splitlines())) <= room
    assert "owner/a-rather-long" in table


def test_a_cell_cannot_drive_the_terminal() -> None:
    text = render.text(found(row(id="owner/\x1b[31mred\x07\rname")))
    assert set(text) & {"\x1b", "\x07", "\r"} == set()
    assert len(text.splitlines()) == 4


def test_wide_characters_keep_the_columns_straight() -> None:
    table = plain.table(
        [plain.Column("id"), plain.Column("n", right=True)], [["日本語モデル", "1"], ["abc", "22"]], 60
    )
    assert len({plain.measure(line) for line in table.splitlines()}) == 1


def test_the_last_line_says_what_comes_next() -> None:
    assert "1 model, by trending rank. Details: %hf info owner/name" in render.text(found(row()))
    assert "there are more: --limit 2" in render.text(found(row(), more=True))
    assert 'No models match "bret".' in render.text(found(text="bret"))
    assert "fewer filters" in render.text(found(text="x", task="text-classification"))
    assert "datasets/owner/d" in render.text(
        SearchResult("dataset", {}, (Row("dataset", "owner/d"),), False, "h")
    )


def test_columns_without_anything_to_say_are_left_out() -> None:
    assert "licence" not in render.text(found(row()))
    assert "apache-2.0" in render.text(found(row(licence="apache-2.0")))
    assert "access" not in render.html(found(row()))
    assert "gated, private" in render.text(found(row(gated="manual", private=True)))


def test_exact_numbers_stand_behind_the_short_ones() -> None:
    html = render.html(found(row(parameters=66_955_010, downloads=1_234_567)))
    assert "67 M" in html
    assert 'title="66,955,010 parameters"' in html
    assert 'title="1,234,567 downloads"' in html


def test_a_card_tells_memory_files_evaluation_and_the_first_paragraph() -> None:
    repo = info(
        parameters={"F32": 1_000_000},
        files=(File("README.md", 1_000), File("model.safetensors", 4_000_000)),
        scores=(Score("text-classification", "owner/d", "accuracy", 0.8812),),
        card="# Title\n\n[badge](x)\n\nA model that\ndoes a thing.\n\nMore.",
        gated="manual",
    )
    for shown in (render.text(repo), render.html(repo)):
        assert "4.0 MB" in shown
        assert "0.881" in shown
        assert "the owner lets people in" in shown
    assert "<p>A model that does a thing.</p>" in render.html(repo)


def test_labels_show_five_bars_and_fold_the_rest() -> None:
    many = labels(*[(f"class-{i}", 0.3 - i / 100) for i in range(12)])
    assert render.text(many).count("█") > 5
    assert "… 7 more" in render.text(many)
    assert "<summary>7 more</summary>" in render.html(many)
    assert "local (cpu) · 12 ms · the model you named" in render.text(many)


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (0, "0"),
        (7, "7"),
        (999, "999"),
        (1_000, "1 k"),
        (1_234, "1.2 k"),
        (66_955_010, "67 M"),
        (999_999, "1 M"),
        (7_000_000_000, "7 B"),
        (None, "–"),
    ],
)
def test_counts_read_well(number: int | None, shown: str) -> None:
    assert units.count(number) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (0, "0 B"),
        (438, "438 B"),
        (1_000, "1.0 kB"),
        (268_000_000, "268 MB"),
        (1_500_000_000, "1.5 GB"),
        (None, "–"),
    ],
)
def test_sizes_read_well(number: int | None, shown: str) -> None:
    assert units.size(number) == shown


def test_an_output_is_small_enough_to_live_in_a_notebook() -> None:
    assert len(render.html(found(*[row(id=f"owner/name-{i}") for i in range(20)]))) < 20_000


@pytest.mark.parametrize(
    ("category", "shown"),
    [("1K<n<10K", "1 k – 10 k"), ("n<1K", "< 1 k"), ("n>1T", "> 1 T"), (None, "–"), ("odd", "odd")],
)
def test_size_categories_read_as_ranges(category: str | None, shown: str) -> None:
    assert units.range_of(category) == shown


def test_ids_lead_to_their_pages_but_not_on_a_hub_whose_port_changes() -> None:
    html = render.html(found(row(id="owner/na me")))
    assert 'href="https://huggingface.co/owner/na%20me"' in html
    dataset = SearchResult(
        "dataset", {}, (Row("dataset", "owner/d"),), more=False, hub="https://huggingface.co"
    )
    assert 'href="https://huggingface.co/datasets/owner/d"' in render.html(dataset)
    here = SearchResult("model", {}, (row(),), more=False, hub="http://127.0.0.1:4711")
    assert "href" not in render.html(here)
    assert "4711" not in render.html(here) + render.text(here)
    hostile = Tags()
    hostile.feed(render.html(found(row(id='a"onmouseover="x/b'))))
    assert [attributes for tag, attributes in hostile.tags if tag == "a"] == [
        {
            "href": "https://huggingface.co/a%22onmouseover%3D%22x/b",
            "target": "_blank",
            "rel": "noopener noreferrer",
        }
    ]


def test_ten_thousand_rows_are_all_there_in_text_and_an_output_shows_some() -> None:
    many = found(*[row(id=f"owner/name-{i}", parameters=i) for i in range(10_000)])
    text = render.text(many)
    assert text.count("owner/name-") == 10_001, "and one in the next step"
    assert "10,000 models" in text
    kept = render.bundle(many)
    assert len(kept["text/plain"]) < 20_000
    assert "more lines: print() shows them all" in kept["text/plain"]
    assert "Details: %hf info" in kept["text/plain"]
    html = kept["text/html"]
    assert html.count("<tr>") == 201
    assert "200 rows are shown; <code>.to_pandas()</code> has all 10,000." in html


def test_what_stopped_a_search_is_said_with_what_was_found() -> None:
    partial = SearchResult(
        "model",
        {"sort": "likes", "limit": 40},
        (row(), row(id="owner/other")),
        more=True,
        hub="https://huggingface.co",
        looked=300,
        checked=("likes", "category"),
        stopped="The Hub cannot answer now (503).",
    )
    text = render.text(partial)
    assert "most likes first (300 looked at, likes and category checked here)" in text
    assert "Partial, 2 of 40: The Hub cannot answer now (503). Try again." in text
    assert "Try again: <code>%hf search --more</code>" in render.html(partial)


def test_what_is_sorted_by_is_shown() -> None:
    assert "created" in render.text(found(row(created=WHEN), sort="created:asc"))
    assert "oldest first" in render.text(found(row(created=WHEN), sort="created:asc"))
    assert "created" not in render.text(found(row(created=WHEN)))


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0.0, "< 1 s"),
        (1.4, "≈ 1 s"),
        (42.0, "≈ 42 s"),
        (130, "≈ 2 min"),
        (9_000, "≈ 2 h"),
        (260_000, "≈ 3 days"),
    ],
)
def test_how_long_a_download_takes_is_an_estimate(seconds: float, shown: str) -> None:
    some = SearchResult(
        "dataset",
        {},
        (Row("dataset", "owner/d", bytes=5, seconds=seconds, columns=("text", "label"), rows=1_234),),
        more=False,
        hub="h",
        mbit=50.0,
    )
    assert shown in render.text(some)
    assert "Download times are for 50 Mbit/s" in render.text(some)
    assert "2: text, label" in render.html(some)
    assert 'title="1,234 rows"' in render.html(some)


def test_nothing_known_shows_nothing_false() -> None:
    bare = render.html(found(Row("model", "owner/bare", likes=0)))
    assert "None" not in bare
    assert "nan" not in bare
    assert "0 parameters" not in bare
