"""What a page of rows weighs on its way, and that it is the same page afterwards."""

from __future__ import annotations

import random
from typing import Any

import pytest

from hf_nb.panels.data import held
from hf_nb.render.stored.digits import shortened
from tests.panels.asking import Packed
from tests.panels.shapes import fits

pyarrow = pytest.importorskip("pyarrow")
numpy = pytest.importorskip("numpy")
ROWS, MOST = 100, 20_000


def floats(dice: Any) -> Any:
    return pyarrow.array(dice.uniform(-1, 1, ROWS))


def whole(dice: Any) -> Any:
    return pyarrow.array(2**63 - 1 - dice.integers(0, 2**50, ROWS))


def prose(dice: Any) -> Any:
    words = ["".join(map(chr, dice.integers(97, 123, size))) for size in dice.integers(2, 10, 600)]
    return pyarrow.array([" ".join(dice.choice(words, 300)) for _ in range(ROWS)])


def chinese(dice: Any) -> Any:
    return pyarrow.array(["".join(map(chr, dice.integers(0x4E00, 0x9FFF, 900))) for _ in range(ROWS)])


def table(seed: int, makers: list[Any]) -> Any:
    dice = numpy.random.default_rng(seed)
    return pyarrow.table({f"column {at}": make(dice) for at, make in enumerate(makers)})


@pytest.mark.parametrize(
    "makers",
    [[floats] * 6 + [whole] * 2 + [prose] * 2, [floats] * 10, [whole] * 10, [prose] * 10, [chinese] * 10],
    ids=["of all kinds", "floats", "whole numbers", "texts", "Chinese"],
)
def test_a_page_of_ten_columns_weighs_no_more_than_twenty_kilobytes(makers: list[Any]) -> None:
    made = table(7, makers)
    of, page = {"what": held.hold(made)}, Packed()
    asked = {
        "of": of,
        "offset": 0,
        "limit": ROWS,
        "columns": [
            {"name": name, "chars": {"double": 10, "int64": 40}.get(str(made.schema.field(name).type), 48)}
            for name in made.column_names
        ],
    }
    found = page.ask("data.page", **asked, packed=True)
    assert page.weighs <= MOST, page.weighs
    fits("explorer", "Page", found)
    plain = page.ask("data.page", **asked)
    assert found["rows"] == plain["rows"] == list(range(ROWS))
    for at, make in enumerate(makers):
        values = made.column(at).to_pylist()
        if make is whole:
            assert found["cells"][at] == [str(one) for one in values], "exact to the last digit"
        elif make is floats:
            assert found["cells"][at] == plain["cells"][at]
            assert all(
                repr(one).startswith(cell.split("…")[0])
                for one, cell in zip(values, found["cells"][at], strict=True)
            )
        else:
            texts = [cell["text"] for cell in found["cells"][at]]
            assert all(
                one.startswith(text) and len(text) >= 4 for one, text in zip(values, texts, strict=True)
            )
            assert [cell["more"] for cell in found["cells"][at]] == [len(one) for one in values]


def test_floats_beside_numbers_and_words_fit_without_being_folded() -> None:
    """The six floats of a page were more than half of it."""
    made = table(3, [floats] * 6 + [whole] * 2).append_column("a", pyarrow.array(["word"] * ROWS))
    of = {"what": held.hold(made)}
    page = Packed()
    page.ask(
        "data.page",
        of=of,
        offset=0,
        limit=ROWS,
        columns=[{"name": name, "chars": 10} for name in made.column_names],
    )
    assert page.weighs <= MOST


def test_a_small_page_goes_as_it_is() -> None:
    small = pyarrow.table({"a": [1, 2]})
    of, page = {"what": held.hold(small)}, Packed()
    found = page.ask("data.page", of=of, offset=0, limit=9, columns=[{"name": "a", "chars": 9}], packed=True)
    assert (found["cells"], page.weighs < 400) == ([["1", "2"]], True)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("0.1234567890123456", "0.1234567…"),
        ("-1.7976931348623157e+308", "-1.7…e+308"),
        ("1234567890123456.8", "1234567890123456.8"),
        ("123456789.012345", "123456789.0…"),
        ("0.25", "0.25"),
        ("inf", "inf"),
        ("NaN", "NaN"),
        ("1e+300", "1e+300"),
    ],
)
def test_a_float_loses_digits_behind_its_point_and_no_others(said: str, shown: str) -> None:
    assert shortened(said, 10) == shown


def test_what_is_left_of_a_float_is_its_beginning_and_of_its_size() -> None:
    dice = random.Random(5)  # noqa: S311 -- the same numbers with every run
    for _ in range(3_000):
        value = dice.uniform(-1, 1) * 10 ** dice.randint(-300, 300)
        left = float(shortened(repr(value), 10).replace("…", ""))
        assert abs(left - value) <= abs(value) * 0.1
        assert len(shortened(repr(value), 24)) <= 24
