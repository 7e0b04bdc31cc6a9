"""CSV as it is met: how it is written is found out, and any row of it is the row pyarrow and `datasets` see."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from hf_nb.data import formats
from hf_nb.data.files.memory import Memory
from hf_nb.data.files.meter import counting
from hf_nb.data.formats.csv import Csv
from hf_nb.errors import BadInput, Broken, Costly
from tests.data.formats.far import Far


def opened(text: str | bytes, name: str = "table.csv", **how: Any) -> Csv:
    content = text.encode() if isinstance(text, str) else text
    found = formats.part(Memory(content, name), how=how)
    assert isinstance(found, Csv)
    return found


def rows(text: str | bytes, name: str = "table.csv", **how: Any) -> list[dict[str, Any]]:
    return list(opened(text, name, **how).read(0, 1000).to_pylist())


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_what_stands_between_cells_and_rows_is_found_out(delimiter: str, end: str) -> None:
    text = end.join(
        delimiter.join(row) for row in (["a", "b"], ["1", "x, y" if delimiter != "," else "x"], ["2", "z"])
    )
    assert [row["a"] for row in rows(text)] == [1, 2]


def test_quotes_hold_delimiters_line_ends_and_quotes() -> None:
    text = 'a,b\n"x, y","one\ntwo"\n"he said ""hi""",z\n'
    assert rows(text) == [{"a": "x, y", "b": "one\ntwo"}, {"a": 'he said "hi"', "b": "z"}]


def test_a_quote_in_the_middle_of_a_cell_is_a_letter() -> None:
    assert [row["size"] for row in rows('size,n\n5" pipe,1\n6" pipe,2\n')] == ['5" pipe', '6" pipe']


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be-bom", "latin-1", "cp1252"])
def test_encodings_are_found_out(encoding: str) -> None:
    text = "näme,n\nZoë,1\n"
    raw = (
        codecs.BOM_UTF16_BE + text.encode("utf-16-be")
        if encoding == "utf-16-be-bom"
        else text.encode(encoding)
    )
    assert rows(raw) == [{"näme": "Zoë", "n": 1}]


def test_numbers_alone_in_the_first_row_are_no_header_but_years_are() -> None:
    plain = opened("1,2.5\n3,4.5\n5,6.5\n")
    assert plain.read(0, 9).to_pylist()[0] == {"column_0": 1, "column_1": 2.5}
    assert plain.notes == ("The first line is read as data: it does not look like a header.",)
    assert rows("2019,2020\n3,4\n5,6\n")[0] == {"2019": 3, "2020": 4}
    assert rows("0,1,2\n3,4,5\n5,6,7\n")[0] == {"0": 3, "1": 4, "2": 5}


def test_a_card_says_how_it_is_read() -> None:
    assert rows("1:2\n3:4\n", sep=":", names=["x", "y"]) == [{"x": 1, "y": 2}, {"x": 3, "y": 4}]
    assert rows("note\na,b\n1,2\n", skiprows=1) == [{"a": 1, "b": 2}]
    assert rows("5,6\n1,2\n", header=None)[0] == {"column_0": 5, "column_1": 6}


def test_names_that_come_twice_are_told_apart() -> None:
    assert rows("a,a,\n1,2,3\n") == [{"a": 1, "a.1": 2, "Unnamed: 2": 3}]


@pytest.mark.parametrize("text", ["", "\n", "a,b", "a,b\n", "\ufeffa,b\n"])
def test_a_file_without_rows_has_none(text: str) -> None:
    part = opened(text)
    assert (part.count(), part.read(0, 10).num_rows, part.blocks()) == (0, 0, [])


def test_rows_with_too_few_or_too_many_cells_are_shown_and_told_of() -> None:
    part = opened("a,b\n1,x\n2\n3,y,z\n")
    assert part.read(0, 9).to_pylist() == [{"a": 1, "b": "x"}, {"a": 2, "b": None}, {"a": 3, "b": "y"}]
    assert any("more or fewer cells" in note for note in part.notes)


def test_a_column_that_is_text_deep_in_the_file_becomes_text_and_says_so() -> None:
    part = opened("a,b\n" + "1,x\n" * 300_000 + "1.5,x\n" + "2,x\n" * 10 + "n/a?,x\n")
    assert str(part.schema.field("a").type) == "int64"
    assert part.read(300_000, 2).column("a").to_pylist() == [1.5, 2.0]
    assert part.read(300_010, 9).column("a").to_pylist() == ["2", "n/a?"]
    assert part.read(0, 1).column("a").to_pylist() == ["1"]
    assert [note.partition(":")[0] for note in part.notes] == [
        "Column 'a' is number rather than whole number",
        "Column 'a' is text rather than number",
    ]


_CELL = some.text(some.sampled_from("ab,;\"\n\r 'é0."), max_size=6)


@given(
    some.lists(some.lists(_CELL, min_size=2, max_size=2), min_size=1, max_size=12),
    some.sampled_from([1, 3, 7]),
)
@settings(max_examples=150, deadline=None)
def test_rows_cut_anywhere_are_pyarrows_rows(cells: list[list[str]], step: int) -> None:
    import pyarrow.csv

    kept = io.StringIO()
    csv.writer(kept, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows([["a", "b"], *cells])
    raw = kept.getvalue().encode()
    wanted = pyarrow.csv.read_csv(
        io.BytesIO(raw),
        parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True),
        convert_options=pyarrow.csv.ConvertOptions(column_types={"a": "string", "b": "string"}),
    )
    part = opened(raw, sep=",", header=0)
    ends = part.lines._ends
    body = raw[6 + 2 :]
    found, begin = [], 0
    for stop in range(0, len(body) + step, step):
        here = ends(body[begin:stop], last=stop >= len(body))
        if len(here):
            found += [begin + int(end) for end in here]
            begin = found[-1]
    assert part.count() == wanted.num_rows == len(found)


def test_any_rows_are_those_of_datasets(tmp_path: Path) -> None:
    from datasets import load_dataset  # type: ignore[import-untyped]

    dice = random.Random(5)  # noqa: S311 -- rows, not secrets
    with (tmp_path / "train.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["n", "text", "score", "yes", "gap"])
        for n in range(20_000):
            text = dice.choice(["plain", "with, comma", "two\nlines", 'a "quote"', ""])
            writer.writerow([n, text, dice.random(), dice.random() < 0.5, "" if dice.random() < 0.5 else n])
    theirs = load_dataset(str(tmp_path), split="train", cache_dir=str(tmp_path / "cache"))
    part = formats.part(Memory((tmp_path / "train.csv").read_bytes(), "train.csv"))
    assert part.count() == len(theirs)
    for start in [0, 19_990, *(dice.randrange(20_000) for _ in range(40))]:
        assert (
            part.read(start, 7).to_pylist() == theirs.select(range(start, min(start + 7, 20_000))).to_list()
        )


BIG = "n,text\n" + "".join(f"{n},{'x' * (n % 50)}\n" for n in range(200_000))


def test_the_first_rows_of_a_far_file_come_from_its_first_bytes() -> None:
    far = Far(BIG.encode(), "big.csv")
    with counting() as moved:
        assert formats.part(far).read(0, 100).column("n").to_pylist() == list(range(100))
    assert (moved.bytes, moved.requests) == (64_000, 1)


def test_a_jump_back_costs_little_once_the_way_is_known() -> None:
    part = formats.part(Far(BIG.encode(), "big.csv"))
    part.read(150_000, 10)
    with counting() as moved:
        assert part.read(100_000, 10).column("n").to_pylist() == list(range(100_000, 100_010))
    assert moved.bytes <= 3 * 64_000
    assert moved.requests == 1


def test_a_far_jump_beyond_what_was_agreed_is_refused_before_it_begins() -> None:
    part = formats.part(Far(BIG.encode() * 2, "big.csv"))
    part.read(0, 10)
    with counting(cap=1_000_000) as moved, pytest.raises(Costly) as refused:
        part.read(200_000, 10)
    assert moved.bytes == 0
    assert refused.value.bytes > 4_000_000
    with counting(cap=1_000_000) as moved, pytest.raises(Costly):
        part.count()
    assert moved.bytes == 0


def test_what_a_read_is_said_to_cost_is_about_what_it_costs() -> None:
    far = Far(BIG.encode(), "big.csv")
    part = formats.part(far)
    part.read(0, 1)
    for start, count in ((50_000, 100), (120_000, 10_000)):
        said = part.cost(start, count)
        with counting() as moved:
            part.read(start, count)
        assert 0.5 <= moved.bytes / said <= 2


def test_a_gzip_is_read_from_anywhere_and_a_cut_one_says_so() -> None:
    packed = gzip.compress(BIG.encode()[: len(BIG) // 2]) + gzip.compress(BIG.encode()[len(BIG) // 2 :])
    part = formats.part(Memory(packed, "big.csv.gz"))
    assert part.read(199_998, 10).column("n").to_pylist() == [199_998, 199_999]
    assert part.read(100_000, 2).column("n").to_pylist() == [100_000, 100_001]
    assert part.count() == 200_000
    cut = formats.part(Memory(packed[:-1000], "big.csv.gz"))
    assert cut.read(0, 3).num_rows == 3
    with pytest.raises(Broken, match="in the middle"):
        cut.count()


def test_a_gzip_that_would_fill_the_memory_is_unpacked_in_slices() -> None:
    import tracemalloc

    packed = gzip.compress(b"n,text\n" + b"1,x\n" * 50_000_000, 1)
    part = formats.part(Memory(packed, "bomb.csv.gz"))
    tracemalloc.start()
    part.read(0, 10)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 60_000_000


def test_a_quote_that_is_never_closed_is_an_error_and_no_endless_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("hf_nb.data.formats.lines.LONGEST", 2_000_000)
    part = opened('a,b\n1,x\n2,"' + "y,z\n" * 3_000_000)
    with pytest.raises(BadInput, match="does not end"):
        part.count()


def test_blocks_cover_every_row_once() -> None:
    part = opened("n,text\n" + "".join(f"{n},{'x' * 100}\n" for n in range(100_000)))
    blocks = part.blocks()
    assert len(blocks) > 1
    assert [block.first for block in blocks[1:]] == [block.first + block.rows for block in blocks[:-1]]
    assert blocks[-1].first + blocks[-1].rows == 100_000
