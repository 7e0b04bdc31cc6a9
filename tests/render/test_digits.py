"""Fractions of a column stand with their points in line, and none loses what tells it from another."""

from __future__ import annotations

import pytest

from hf_nb.render import digits


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (["4.11", "3.0", "5.5"], ["4.11", "3.00", "5.50"]),
        (["6.597660021725229", "133.87112345678901"], ["6.598", "133.871"]),
        (["0.30000000000000004"], ["0.3"]),
        (["3.0", "-4.0"], ["3.0", "-4.0"]),
        (["1.1e-09", "0.5"], ["1.1e-09", "0.5"]),
        (["0.0000012", "133.871123456789"], ["0.0000012", "133.871"]),
        (["12345678.12345678", "2.5"], ["12345678.1", "2.5"]),
        (["nan", "inf", "–", "1.25", "1.5"], ["nan", "inf", "–", "1.25", "1.50"]),
        (["9223372036854775807", "1"], ["9223372036854775807", "1"]),
        (["1e+300", "0.1"], ["1e+300", "0.1"]),
        ([], []),
    ],
)
def test_a_column_of_fractions_has_as_many_places_in_every_row(said: list[str], shown: list[str]) -> None:
    assert digits.even(said) == shown


def test_the_digits_of_decimal_numbers_are_all_meant() -> None:
    money = ["12345678901234567890.12", "0.00"]
    assert digits.even(money, exact=True) == money
    assert digits.even(["1" * 30 + ".5"], exact=True) == ["1.11111e+29"]
