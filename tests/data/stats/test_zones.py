"""Moments of a column with a zone."""

from __future__ import annotations

import pandas

import hf_nb
from hf_nb.values.summaries import Ranges


def test_moments_of_a_column_with_a_zone_are_said_to_be_utc() -> None:
    hours = pandas.date_range("2024-01-01", periods=50, freq="h", tz="Europe/Paris")
    here, plain = hf_nb.data.describe(
        pandas.DataFrame({"zoned": hours, "plain": hours.tz_localize(None)})
    ).summaries
    assert (here.low, here.high) == ("2023-12-31 23:00:00 UTC", "2024-01-03 00:00:00 UTC")
    assert (plain.low, plain.high) == ("2024-01-01 00:00:00", "2024-01-03 01:00:00")
    assert isinstance(here.bars, Ranges)
    assert isinstance(plain.bars, Ranges)
    assert all(label.endswith(" UTC") for label in here.bars.labels)
    assert not any(label.endswith(" UTC") for label in plain.bars.labels)


def test_a_line_says_it_once() -> None:
    hours = pandas.date_range("2024-01-01", periods=50, freq="h", tz="Europe/Paris")
    said = str(hf_nb.data.describe(pandas.DataFrame({"when": hours})))
    assert "2023-12-31 UTC" in said
    assert said.count("UTC") == 1
