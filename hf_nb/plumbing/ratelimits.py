"""How often the Hub may be asked: its own windows, and the user's two limits.

    Windows    what the Hub said of itself on its last answers: so many left, anew in so many seconds
    Minute     the setting requests_per_minute: an even flow, in this process
    Month      the setting monthly_requests: counted on disk, over restarts and processes, for each Hub

A month's count is a file of one byte a request: appending is safe from several processes at once, and the place
where a byte landed is the request's number. What is spent in money will stand beside it.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from hf_nb.plumbing import folders
from hf_nb.plumbing.settings import LOOPBACK

OFFLINE = "offline-hub"
_BUCKETS = {"resolve": "resolvers", "raw": "resolvers", "resolve-cache": "resolvers"}


@dataclass(frozen=True)
class Window:
    """One of the Hub's counters, as last heard of."""

    host: str
    bucket: str
    token: bool
    left: int
    limit: int | None
    seconds: int | None
    resets: float  # by time.monotonic

    @property
    def after(self) -> float:
        """Seconds until it begins anew; 0 when that is past."""
        return max(0.0, self.resets - time.monotonic())


class Limits:
    """All three, for one session."""

    def __init__(self) -> None:
        self.windows = Windows()
        self.minute = Minute()


class Windows:
    """What the Hub says is left, by host, by who asks, by kind of request."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int, str], Window] = {}
        self._lock = threading.Lock()

    def learn(self, host: str, token: str | None, headers: Mapping[str, str]) -> None:
        """Read an answer's headers."""
        if "ratelimit" not in headers:
            return
        from huggingface_hub.utils import parse_ratelimit_headers

        said = {name: headers[name] for name in ("ratelimit", "ratelimit-policy") if name in headers}
        info = parse_ratelimit_headers(said)
        if info is None:
            return
        window = Window(
            host,
            info.resource_type,
            token is not None,
            info.remaining,
            info.limit,
            info.window_seconds,
            time.monotonic() + info.reset_in_seconds,
        )
        with self._lock:
            self._known[host, hash(token), window.bucket] = window

    def wait(self, host: str, token: str | None, path: str) -> float:
        """Seconds until such a request makes sense."""
        window = self._known.get((host, hash(token), bucket_of(path)))
        return window.after if window is not None and window.left <= 0 else 0.0

    def known(self, host: str) -> tuple[Window, ...]:
        """What was heard of this host."""
        with self._lock:
            return tuple(one for one in self._known.values() if one.host == host)


class Minute:
    """An even flow: `rate` at once at most, then one every 60/rate seconds. In this process alone."""

    def __init__(self) -> None:
        self._left: float | None = None
        self._at = 0.0
        self._lock = threading.Lock()

    def take(self, rate: int) -> float:
        """Take one; seconds to wait for it (it is taken then, and the wait must be kept)."""
        with self._lock:
            self._fill(rate)
            assert self._left is not None
            self._left -= 1
            return max(0.0, -self._left * 60 / rate)

    def give_back(self) -> None:
        """One that was taken and will not be used."""
        with self._lock:
            if self._left is not None:
                self._left += 1

    def left(self, rate: int) -> int:
        """Requests that could go out at once."""
        with self._lock:
            self._fill(rate)
            return max(0, int(self._left or 0))

    def _fill(self, rate: int) -> None:
        now = time.monotonic()
        before = rate if self._left is None else self._left
        self._left = min(float(rate), before + (now - self._at) * rate / 60 if self._at else rate)
        self._at = now


class Month:
    """What one Hub was asked this month, by every process of this user."""

    def __init__(self, endpoint: str) -> None:
        self.hub = OFFLINE if urlsplit(endpoint).hostname in LOOPBACK else urlsplit(endpoint).netloc

    @property
    def file(self) -> Path:
        """Where the bytes lie."""
        month = f"{datetime.now().astimezone():%Y-%m}"
        return folders.data() / "usage" / month / f"{self.hub.replace(':', '-')}.requests"

    def used(self) -> int:
        """Requests so far."""
        try:
            return self.file.stat().st_size
        except OSError:
            return 0

    def take(self, budget: int = 0) -> bool:
        """Count one request; False when the budget (0: none) is spent.

        A full disk loses the count, nothing else; but a budget that cannot be kept lets nothing through.
        """
        if budget and self.used() >= budget:
            return False
        try:
            number = self._append()
        except OSError:
            return not budget
        return not budget or number <= budget

    def _append(self) -> int:
        path = self.file
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        try:
            handle = os.open(path, flags, 0o600)
        except FileNotFoundError:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle = os.open(path, flags, 0o600)
        try:
            os.write(handle, b".")
            return os.lseek(handle, 0, os.SEEK_CUR)
        finally:
            os.close(handle)


def bucket_of(path: str) -> str:
    """Which of the Hub's counters a request falls under."""
    parts = path.split("/", 6)
    if parts[1:2] == ["api"]:
        return _BUCKETS.get(parts[2] if len(parts) > 2 else "", "api")
    return next((_BUCKETS[part] for part in parts if part in _BUCKETS), "pages")
