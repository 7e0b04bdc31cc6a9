"""Cells of stored tables: exact, visible, never cut inside a sign, and only as much of a value as is shown."""

from __future__ import annotations

import datetime as dt
import io
import wave
from decimal import Decimal
from typing import Any

import numpy
import pyarrow as pa
import pyarrow.compute
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from hf_nb.data.cells import shown, shown_column, text
from hf_nb.render.stored import marks, media, thumbs
from hf_nb.values.data import CellKind, Column

FAMILY = "👨‍👩‍👧‍👦"


def column(kind: CellKind = "text", labels: tuple[str, ...] = ()) -> Column:
    return Column("x", "", kind, "", labels)


def cells(array: Any, kind: CellKind = "text", chars: int = 40, labels: tuple[str, ...] = ()) -> list[Any]:
    return shown_column(array, column(kind, labels), chars)


def picture(form: str, size: tuple[int, int] = (64, 48)) -> bytes:
    into = io.BytesIO()
    Image.new("RGB", size).save(into, form)
    return into.getvalue()


def sound(seconds: float) -> bytes:
    into = io.BytesIO()
    with wave.open(into, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"\0\0" * int(8000 * seconds))
    return into.getvalue()


@pytest.mark.parametrize(
    ("array", "said"),
    [
        (pa.array([2**53 + 1, -(2**63), None]), ["9007199254740993", "-9223372036854775808", None]),
        (pa.array([2**64 - 1], pa.uint64()), ["18446744073709551615"]),
        (
            pa.array([0.1, 1e300, -0.0, float("nan"), float("-inf")]),
            ["0.1", "1e+300", "-0.0", "NaN", "-inf"],
        ),
        (pa.array([0.1, None, 16777216.0], pa.float32()), ["0.1", None, "1.6777216e+07"]),
        (pa.array(numpy.array([0.1], "float16")), ["0.1"]),
        (pa.array([Decimal("12345678901234567890.10")]), ["12345678901234567890.10"]),
        (pa.array([True, False, None]), ["true", "false", None]),
        (pa.array([None, None]), [None, None]),
    ],
    ids=["whole", "unsigned", "double", "float", "half", "decimal", "bool", "null"],
)
def test_numbers_are_said_with_the_fewest_digits_that_mean_the_same_number(
    array: Any, said: list[Any]
) -> None:
    assert cells(array, "number") == said


@given(st.lists(st.floats(width=64) | st.none()), st.lists(st.floats(width=32) | st.none()))
@settings(max_examples=60, deadline=None)
def test_a_float_that_is_read_again_is_the_same(wide: list[Any], narrow: list[Any]) -> None:
    for values, kind, again in ((wide, pa.float64(), numpy.float64), (narrow, pa.float32(), numpy.float32)):
        for value, said in zip(values, cells(pa.array(values, kind), "number"), strict=True):
            assert (said is None) == (value is None)
            assert value is None or numpy.array_equal(again(said), again(value), equal_nan=True)


@pytest.mark.parametrize(
    ("array", "said"),
    [
        (pa.array([0, 1_709_287_200], pa.timestamp("s")), ["1970-01-01 00:00:00", "2024-03-01 10:00:00"]),
        (pa.array([-1], pa.timestamp("ns")), ["1969-12-31 23:59:59.999999999"]),
        (pa.array([1_709_287_200_500], pa.timestamp("ms", "Europe/Berlin")), ["2024-03-01 11:00:00.5+01:00"]),
        (pa.array([1_709_287_200], pa.timestamp("s", "Nowhere/Atall")), ["2024-03-01 10:00:00 UTC"]),
        (pa.array([20_000], pa.date32()), ["2024-10-04"]),
        (pa.array([1500], pa.time32("ms")), ["00:00:01.5"]),
        (pa.array([90_061_500, -1500], pa.duration("ms")), ["1 d 01:01:01.5", "-00:00:01.5"]),
    ],
    ids=["seconds", "before 1970", "zone", "unknown zone", "day", "clock", "duration"],
)
def test_times_keep_their_zone_and_every_digit(array: Any, said: list[Any]) -> None:
    assert cells(array, "time") == said


def test_a_moment_that_no_calendar_holds_is_said_all_the_same() -> None:
    assert "4611686018427387904" in cells(pa.array([2**62], pa.timestamp("us")), "time")[0]


def test_labels_go_by_their_names_and_numbers_without_one_stay_numbers() -> None:
    said = cells(pa.array([1, -1, None, 7]), "label", labels=("no", "yes"))
    assert said == [{"text": "yes", "value": 1}, "-1", None, "7"]


def test_what_hides_is_made_visible() -> None:
    said = cells(pa.array(["a\nb\tc\x1b[31m", "\u202egnp.exe", "zero\u200bwidth", "tag\U000e0041"]))
    assert said == ["a↵b⇥c␛[31m", "⟨U+202E⟩gnp.exe", "zero⟨U+200B⟩width", "tag⟨U+E0041⟩"]
    assert cells(pa.array([FAMILY, "ไทย", "🏴\U000e0067\U000e0062\U000e007f"])) == [
        FAMILY,
        "ไทย",
        "🏴\U000e0067\U000e0062\U000e007f",
    ]


@pytest.mark.parametrize("sign", [FAMILY, "e\u0301", "👍🏽", "🇩🇪", "नि"], ids=str)
def test_a_text_is_never_cut_inside_a_sign(sign: str) -> None:
    for chars in range(1, 30):
        cell = cells(pa.array([sign * 40]), chars=max(chars, len(sign)))[0]
        shown_signs = cell["text"].replace("⟨U+200D⟩", "\u200d")
        assert len(shown_signs) % len(sign) == 0
        assert cell["more"] == 40 * len(sign)


def test_a_mountain_of_accents_is_cut_without_looking_through_it() -> None:
    assert len(marks.cut("a" + "\u0301" * 1_000_000, 80)) == 80


def test_lists_and_structs_are_nearly_json() -> None:
    assert cells(pa.array([[1, None], []]), "list") == ["[1, null]", "[]"]
    assert cells(pa.array([[0.1]], pa.list_(pa.float32())), "list") == ["[0.1]"]
    assert cells(pa.array([{"a": 1, "b c": 'say "x"', "when": dt.date(2024, 3, 1)}]), "struct", 80) == [
        '{a: 1, "b c": "say \\"x\\"", when: 2024-03-01}'
    ]
    assert cells(pa.array([[("k", 1)]], pa.map_(pa.string(), pa.int64())), "struct") == ["{k: 1}"]
    assert cells(pa.array([[1, 2]], pa.list_(pa.int64(), 2)), "list") == ["[1, 2]"]


def test_a_slice_of_a_list_column_shows_its_own_rows() -> None:
    rows = pa.array([[at, at + 1] for at in range(50)])
    assert cells(rows.slice(40, 2), "list") == ["[40, 41]", "[41, 42]"]
    nested = pa.array([{"a": [at]} for at in range(50)])
    assert cells(nested.slice(7, 1), "struct") == ["{a: [7]}"]


def test_a_conversation_is_said_turn_by_turn() -> None:
    openai = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello\nthere"}]
    sharegpt = [{"from": "human", "value": "Hi"}]
    assert cells(pa.array([openai]), "chat", 60) == ["user: Hi / assistant: Hello↵there"]
    assert cells(pa.array([sharegpt]), "chat", 60) == ["human: Hi"]
    parts = [{"role": "user", "content": [{"type": "text", "text": "What is it?"}, {"type": "image"}]}]
    assert shown(parts, column("chat"), 60) == "user: What is it? [image]"


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WebP", "BMP"])
def test_pictures_are_described_by_their_first_bytes(form: str) -> None:
    stored = pa.array([{"bytes": picture(form), "path": "a.x"}, {"bytes": None, "path": "dir/b.png"}, None])
    assert cells(stored, "image") == [
        {"text": f"64 × 48 {form}", "media": True},
        {"text": "b.png", "media": True},
        None,
    ]
    assert media.read(picture(form)[:20]) is None or media.read(picture(form)[:20]).form == form  # type: ignore[union-attr]


def test_sounds_and_bytes_say_how_long_they_are() -> None:
    stored = pa.array([{"bytes": sound(1.5), "path": None}])
    assert cells(stored, "audio") == [{"text": "1.5 s WAV", "media": True}]
    assert cells(pa.array([b"x" * 2100, b""]), "binary") == [
        {"text": "2.1 kB", "media": True},
        {"text": "0 B", "media": True},
    ]


@given(
    st.binary(max_size=80),
    st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF", b"GIF8", b"BM", b"fLaC"]),
)
@settings(max_examples=200, deadline=None)
def test_bytes_that_pretend_to_be_a_picture_do_no_harm(data: bytes, begin: bytes) -> None:
    assert cells(pa.array([begin + data]), "binary")[0]["media"]
    assert thumbs.Room().address(begin + data) is None or begin


def test_text_that_is_none_is_shown_as_far_as_it_is_one() -> None:
    offsets, data = pa.py_buffer(numpy.array([0, 3], "int32")), pa.py_buffer(b"\xff\xfea")
    broken = pa.Array.from_buffers(pa.string(), 1, [None, offsets, data])
    assert cells(broken) == ["\ufffd\ufffda"]
    assert cells(pa.ListArray.from_arrays([0, 1], broken), "list") == ['["\ufffd\ufffda"]']


def test_encoded_columns_are_shown_as_their_values() -> None:
    assert cells(pa.array(["a", "b", "a", None]).dictionary_encode()) == ["a", "b", "a", None]
    assert cells(pyarrow.compute.run_end_encode(pa.array([1, 1, 2])), "number") == ["1", "1", "2"]
    assert cells(pa.array(["abc" * 30], pa.string_view()), chars=10) == [{"text": "abcabcabca", "more": 90}]
    assert cells(pa.chunked_array([["a"], ["b"]])) == ["a", "b"]


def test_of_a_long_value_only_what_is_shown_is_turned_into_python() -> None:
    long = pa.array(["x" * 10_000_000] * 4)
    assert cells(long, chars=80)[0] == {"text": "x" * 80, "more": 10_000_000}
    wide = cells(pa.array([list(range(1_000_000))]), "list", 40)[0]
    assert wide["text"] == "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 1"
    assert wide["more"] > 1_000_000


def test_the_whole_of_a_value_is_what_it_is() -> None:
    assert text("a\nb", column()) == "a\nb"
    assert text({"a": [1.0, None]}, column("struct")) == "{a: [1.0, null]}"
    assert text(2**70, column("number")) == str(2**70)
    assert text(1, column("label", ("no", "yes"))) == "yes"


def test_small_pictures_stay_within_the_room_of_an_output() -> None:
    room = thumbs.Room(6_000)
    noise = Image.effect_noise((600, 400), 90).convert("RGB")
    into = io.BytesIO()
    noise.save(into, "PNG")
    made = [room.address(into.getvalue()) for _ in range(6)]
    assert made[0] is not None
    assert made[0].startswith("data:image/jpeg;base64,")
    assert made[-1] is None
    assert sum(len(one) for one in made if one) <= 6_000
    assert thumbs.Room().address(b"<svg onload='x()'/>") is None


def test_a_bomb_is_not_unfolded() -> None:
    head = picture("PNG")
    bomb = head[:16] + (60_000).to_bytes(4, "big") * 2 + head[24:]
    assert thumbs.Room().address(bomb) is None
