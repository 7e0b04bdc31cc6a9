"""However a server says how long to wait, the same seconds are understood, and never more than ten minutes."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from hf_nb.plumbing.wire.waits import LONGEST, after

NOW = datetime(2026, 5, 4, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "body", "seconds"),
    [
        ({"retry-after": "7"}, None, 7),
        ({"retry-after": " 2.5 "}, None, 2.5),
        ({"retry-after": "Mon, 04 May 2026 12:00:30 GMT"}, None, 30),
        ({"retry-after": "Mon, 04 May 2026 11:00:00 GMT"}, None, 0),
        ({"retry-after-ms": "1500"}, None, 1.5),
        ({"x-ms-retry-after-ms": "250", "retry-after": "9"}, None, 0.25),
        ({"ratelimit": '"api";r=0;t=55'}, None, 55),
        ({"ratelimit": '"api";r=12;t=55'}, None, None),
        ({"ratelimit": "limit=100, remaining=0, reset=41"}, None, 41),
        ({"ratelimit-remaining": "0", "ratelimit-reset": "12"}, None, 12),
        ({"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "6m0s"}, None, 360),
        ({"x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "120ms"}, None, 0.12),
        ({"x-ratelimit-remaining-requests": "5", "x-ratelimit-reset-requests": "6m0s"}, None, None),
        ({}, {"error": "Model x is currently loading", "estimated_time": 20.0}, 20),
        ({"retry-after": "86400"}, None, LONGEST),
        ({"retry-after": "-5"}, None, 0),
        ({"retry-after": "soon"}, None, None),
        ({"retry-after": "inf"}, None, None),
        ({"retry-after": "nan"}, {"estimated_time": "nan"}, None),
        ({}, None, None),
    ],
)
def test_every_form_is_understood(headers: dict[str, str], body: Any, seconds: float | None) -> None:
    assert after(headers, body, now=NOW) == (None if seconds is None else pytest.approx(seconds))


def test_a_date_counts_by_the_servers_own_clock() -> None:
    headers = {"retry-after": "Mon, 04 May 1999 12:00:30 GMT", "date": "Mon, 04 May 1999 12:00:00 GMT"}
    assert after(headers) == 30


NAMES = (
    "retry-after retry-after-ms x-ms-retry-after-ms ratelimit ratelimit-reset ratelimit-remaining"
    " x-ratelimit-remaining-requests x-ratelimit-reset-requests date"
).split()


@given(some.dictionaries(some.sampled_from(NAMES), some.text(max_size=20)), some.floats() | some.text())
def test_whatever_is_said_it_is_a_wait_within_bounds_or_none(headers: dict[str, str], told: Any) -> None:
    seconds = after(headers, {"estimated_time": told})
    assert seconds is None or 0 <= seconds <= LONGEST
