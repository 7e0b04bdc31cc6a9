"""Many parts as one table: counted when needed, made alike where that can be, refused where not."""

from __future__ import annotations

import io
import threading
from collections.abc import Sequence
from typing import Any

import pytest

from hf_nb.data import formats
from hf_nb.data.columns import described, from_card
from hf_nb.data.files.memory import Memory
from hf_nb.data.files.meter import counting
from hf_nb.data.formats import held
from hf_nb.data.source import Source
from hf_nb.errors import BadInput, Costly, NotFound
from hf_nb.values.data import Origin
from tests.data.formats.far import Far

ORIGIN = Origin("memory", "test")


class Counted:
    """A part that tells how often it was asked for its rows."""

    def __init__(self, table: Any, name: str = "part") -> None:
        self._part = held.part(table, name)
        self.name, self.bytes, self.schema = name, 100, self._part.schema
        self.rows: int | None = None
        self.asked = 0

    def count(self) -> int:
        self.asked += 1
        self.rows = self._part.count()
        return self.rows

    def read(self, start: int, count: int, columns: Sequence[str] | None = None) -> Any:
        return self._part.read(start, count, columns)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._part, name)


def many(count: int, rows: int = 10) -> list[Counted]:
    import pyarrow

    return [Counted(pyarrow.table({"n": list(range(at * rows, (at + 1) * rows))})) for at in range(count)]


def source(*parts: Any, **how: Any) -> Source:
    return Source(ORIGIN, parts, **how)


def table(**columns: Any) -> Any:
    import pyarrow

    return held.part(pyarrow.table(columns))


def test_rows_run_through_all_parts() -> None:
    whole = source(*many(7))
    for start, limit in ((0, 70), (5, 20), (69, 10), (70, 5), (0, 0), (30, 10)):
        assert whole.read(start, limit).column("n").to_pylist() == list(range(start, min(start + limit, 70)))
    assert whole.count() == whole.rows == 70
    with pytest.raises(BadInput):
        whole.read(-1, 5)
    with pytest.raises(BadInput, match="no column 'x'"):
        whole.read(0, 5, ["x"])


def test_the_first_rows_of_a_thousand_parts_ask_the_first_part_alone() -> None:
    parts = many(1_000)
    whole = source(*parts)
    assert whole.read(0, 5).num_rows == 5
    assert sum(part.asked for part in parts) == 0
    whole.read(0, 25)
    assert sum(part.asked for part in parts) <= 4


def test_a_jump_counts_no_part_behind_it_twice_over() -> None:
    parts = many(1_000)
    whole = source(*parts)
    assert whole.read(3_005, 3).column("n").to_pylist() == [3_005, 3_006, 3_007]
    assert sum(part.asked > 0 for part in parts) <= 2 * 301
    before = sum(part.asked for part in parts)
    whole.read(3_001, 3)
    assert sum(part.asked for part in parts) == before


def test_parts_are_counted_at_the_same_time() -> None:
    together, most, lock = [0], [0], threading.Lock()
    gate = threading.Barrier(4, timeout=20)

    class Slow(Counted):
        def count(self) -> int:
            with lock:
                together[0] += 1
                most[0] = max(most[0], together[0])
            gate.wait()
            with lock:
                together[0] -= 1
            return super().count()

    import pyarrow

    whole = source(*[Slow(pyarrow.table({"n": [1]})) for _ in range(16)])
    assert whole.count() == 16
    assert most[0] >= 4


def test_columns_that_a_part_lacks_are_empty_there_and_order_does_not_matter() -> None:
    whole = source(table(a=[1], b=["x"]), table(b=["y"]), table(b=["z"], a=[3], c=[0]))
    assert whole.read(0, 9).to_pylist() == [{"a": 1, "b": "x"}, {"a": None, "b": "y"}, {"a": 3, "b": "z"}]
    assert whole.read(0, 9, ["b", "a"]).schema.names == ["b", "a"]
    assert whole.notes == ("Columns that the first file lacks are left out: c.",)


def test_numbers_are_made_wide_enough_for_all_parts() -> None:
    import pyarrow

    small = table(n=pyarrow.array([1], "int8"))
    whole = source(small, table(n=pyarrow.array([2**40])), table(n=[0.5]), table(n=pyarrow.nulls(1)))
    assert whole.read(0, 9).column("n").to_pylist() == [1.0, 2.0**40, 0.5, None]
    assert whole.read(0, 1).column("n").to_pylist() == [1.0]
    assert str(whole.schema.field("n").type) == "double"


def test_dictionaries_and_plain_words_are_one_column() -> None:
    import pyarrow

    whole = source(table(w=pyarrow.array(["a", "b"]).dictionary_encode()), table(w=["c"]))
    assert whole.read(0, 9).column("w").to_pylist() == ["a", "b", "c"]


def test_files_that_are_different_tables_are_refused() -> None:
    import pyarrow
    import pyarrow.feather

    def stored(columns: Any, name: str) -> Any:
        kept = io.BytesIO()
        pyarrow.feather.write_feather(pyarrow.table(columns), kept)
        return formats.part(Memory(kept.getvalue(), name))

    whole = source(stored({"a": [{"x": 1}]}, "1.feather"), stored({"a": [True]}, "2.feather"))
    assert whole.read(0, 1).num_rows == 1
    with pytest.raises(BadInput, match=r"2\.feather holds 'a' as bool"):
        whole.read(0, 2)


def test_texts_whose_types_were_guessed_become_text_and_it_is_said() -> None:
    parts = [formats.part(Memory(text.encode(), f"{at}.csv")) for at, text in enumerate(("a\n1\n", "a\nx\n"))]
    whole = source(*parts)
    assert whole.read(0, 9).column("a").to_pylist() == ["1", "x"]
    assert whole.notes == ("Column 'a' is text in some places: it is read as text.",)


def test_the_first_rows_of_a_far_text_do_not_count_it() -> None:
    text = "n\n" + "\n".join(map(str, range(500_000)))
    whole = source(*(formats.part(Far(text.encode(), f"{at}.csv")) for at in range(3)))
    with counting() as moved:
        assert whole.read(0, 100).num_rows == 100
    assert moved.bytes <= 64_000
    assert whole.rows is None
    with counting(cap=1_000_000) as moved, pytest.raises(Costly):
        whole.read(1_200_000, 10)
    assert moved.bytes <= 1_000_000
    assert whole.read(499_995, 10).column("n").to_pylist() == [*range(499_995, 500_000), 0, 1, 2, 3, 4]
    assert whole.read(1_200_000, 1).column("n").to_pylist() == [200_000]


def test_a_card_that_counts_wrongly_is_corrected_and_told_of() -> None:
    whole = source(*many(3), rows=31)
    assert whole.rows == 31
    assert whole.count() == 30
    assert whole.rows == 30
    assert whole.notes == ("Its card says 31 rows; the files hold 30.",)


def test_blocks_and_facts_are_those_of_all_parts() -> None:
    whole = source(*many(3))
    assert [(block.first, block.rows) for block in whole.blocks()] == [(0, 10), (10, 10), (20, 10)]
    assert whole.facts() == [{}, {}, {}]


def test_a_table_without_parts_is_refused() -> None:
    with pytest.raises(NotFound):
        source()


def test_many_threads_see_the_same_rows() -> None:
    whole = source(*many(200))
    wrong: list[Any] = []

    def look(start: int) -> None:
        found = whole.read(start, 15).column("n").to_pylist()
        if found != list(range(start, min(2_000, start + 15))):
            wrong.append(found)

    threads = [threading.Thread(target=look, args=(at * 37 % 2_000,)) for at in range(60)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert wrong == []


def test_columns_in_words_and_how_their_cells_are_shown() -> None:
    import pyarrow

    turn = pyarrow.struct([("role", pyarrow.string()), ("content", pyarrow.string())])
    schema = pyarrow.schema(
        {
            "int": pyarrow.int32(), "real": pyarrow.float16(), "money": pyarrow.decimal128(10, 2),
            "text": pyarrow.large_string(), "word": pyarrow.dictionary(pyarrow.int8(), pyarrow.string()),
            "yes": pyarrow.bool_(), "when": pyarrow.timestamp("us", "Europe/Berlin"), "day": pyarrow.date32(),
            "took": pyarrow.duration("s"), "raw": pyarrow.binary(4), "none": pyarrow.null(),
            "list": pyarrow.list_(pyarrow.int8(), 3), "map": pyarrow.map_(pyarrow.string(), pyarrow.int8()),
            "struct": pyarrow.struct([("a", pyarrow.int8()), ("b", turn)]), "chat": pyarrow.list_(turn),
            "uuid": pyarrow.uuid(), "label": pyarrow.int64(), "picture": pyarrow.struct([("bytes", pyarrow.binary())]),
        }
    )  # fmt: skip
    features = from_card(
        [
            {"name": "label", "dtype": {"class_label": {"names": {"10": "c", "9": "b", "0": "a"}}}},
            {"name": "picture", "dtype": "image"},
            {"name": "list", "list": {"dtype": "int8"}},
        ]
    )
    found = {column.name: (column.type, column.kind) for column in described(schema, features)}
    assert found == {
        "int": ("whole number", "number"), "real": ("number", "number"), "money": ("decimal number", "number"),
        "text": ("text", "text"), "word": ("text", "text"), "yes": ("true or false", "bool"),
        "when": ("date and time (Europe/Berlin)", "time"), "day": ("date", "time"), "took": ("duration", "time"),
        "raw": ("bytes", "binary"), "none": ("nothing", "null"), "list": ("list of whole number", "list"),
        "map": ("map of text to whole number", "struct"), "struct": ("record (a, b)", "struct"),
        "chat": ("chat", "chat"), "uuid": ("bytes", "binary"), "label": ("label", "label"),
        "picture": ("picture", "image"),
    }  # fmt: skip
    assert next(c.labels for c in described(schema, features) if c.name == "label") == ("a", "b", "c")


@pytest.mark.parametrize(
    "note",
    [
        b"{",
        b"[1]",
        b'{"info": 3}',
        b'{"info": {"features": [1]}}',
        b"\xff",
        b'{"info":' * 9_000,
        b"x" * 5_000_000,
    ],
)
def test_a_note_in_a_file_that_makes_no_sense_does_no_harm(note: bytes) -> None:
    import pyarrow

    schema = pyarrow.schema([("a", pyarrow.int64())], metadata={b"huggingface": note})
    assert [column.kind for column in described(schema, {})] == ["number"]
    odd = {"a": {"_type": "ClassLabel", "names": 3}, "b": 4}
    assert [column.kind for column in described(schema, odd)] == ["number"]


def test_bytes_that_nobody_described_are_known_by_how_they_begin() -> None:
    png, wav = b"\x89PNG\r\n\x1a\n123", b"RIFF1234WAVE"
    whole = source(
        table(
            p=[{"bytes": None, "path": "x"}, {"bytes": png, "path": "x"}],
            s=[{"bytes": wav, "path": "x"}] * 2,
            n=[{"bytes": b"plain", "path": "x.png"}] * 2,
        )
    )
    assert [(column.name, column.kind) for column in whole.columns] == [
        ("p", "image"),
        ("s", "audio"),
        ("n", "struct"),
    ]
