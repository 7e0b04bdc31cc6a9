"""How long a server asks us to wait, in every form in which servers say it."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

LONGEST = 600.0  # seconds; what is named beyond this is waited for by nobody
_MILLISECONDS = ("retry-after-ms", "x-ms-retry-after-ms")
# OpenAI's kind: how long until so many are left again, as 1s, 6m0s, 120ms
_RESETS = (
    ("x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"),
    ("x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens"),
)
_PARTS = re.compile(r"(\d+(?:\.\d+)?)(ms|h|m|s)")
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}


def after(headers: Mapping[str, str], body: Any = None, *, now: datetime | None = None) -> float | None:
    """Seconds, 0 to `LONGEST`; None where nothing is said. `headers` with small letters; `body` as JSON.

    The most exact form counts: milliseconds, Retry-After in seconds or as a date, RateLimit in both of its drafts,
    OpenAI's resets, and `estimated_time` of a model that is being loaded.
    """
    for name in _MILLISECONDS:
        if (told := _number(headers.get(name))) is not None:
            return _within(told / 1000)
    if raw := headers.get("retry-after", "").strip():
        told = _number(raw)
        if told is None:
            told = _until(raw, now or _date(headers.get("date")) or datetime.now(UTC))
        if told is not None:
            return _within(told)
    for told in (_draft(headers), _reset(headers), _estimated(body)):
        if told is not None:
            return _within(told)
    return None


def _draft(headers: Mapping[str, str]) -> float | None:
    """`RateLimit: "api";r=0;t=55`, `RateLimit: limit=100, remaining=0, reset=55`, or `RateLimit-Reset: 55`."""
    fields = dict(re.findall(r"\b(r|t|remaining|reset)\s*=\s*(\d+)", headers.get("ratelimit", "")))
    left = fields.get("r", fields.get("remaining", headers.get("ratelimit-remaining")))
    if (_number(left) or 0) > 0:
        return None
    return _number(fields.get("t", fields.get("reset", headers.get("ratelimit-reset"))))


def _reset(headers: Mapping[str, str]) -> float | None:
    waits = [_length(headers.get(reset, "")) for left, reset in _RESETS if _number(headers.get(left)) == 0]
    return max((one for one in waits if one is not None), default=None)


def _length(raw: str) -> float | None:
    found = _PARTS.findall(raw)
    return sum(float(number) * _UNITS[unit] for number, unit in found) if found else _number(raw)


def _estimated(body: Any) -> float | None:
    return _number(body.get("estimated_time")) if isinstance(body, Mapping) else None


def _until(raw: str, now: datetime) -> float | None:
    then = _date(raw)
    return None if then is None else (then - now).total_seconds()


def _date(raw: str | None) -> datetime | None:
    try:
        found = parsedate_to_datetime(raw or "")
    except (TypeError, ValueError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _number(raw: Any) -> float | None:
    try:
        found = float(raw)
    except (TypeError, ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def _within(seconds: float) -> float:
    return min(LONGEST, max(0.0, seconds))
