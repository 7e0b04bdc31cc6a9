"""Rate limits in fixed windows, with the figures of the real Hub's plans."""

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from hf_nb.errors import BadInput
from hf_nb.offline.people import Caller

WINDOW = 300
# requests per window: API, resolvers (files), pages
PLANS: dict[str, tuple[int, int, int]] = {
    "anonymous": (500, 3_000, 100),
    "free": (1_000, 5_000, 200),
    "pro": (2_500, 12_000, 400),
    "team": (3_000, 20_000, 400),
    "enterprise": (6_000, 50_000, 600),
    "enterprise-plus": (10_000, 100_000, 1_000),
    "academia": (3_000, 20_000, 400),
}
BUCKETS = ("api", "resolvers", "pages")
_ROOMY = 100
_MOST_KEYS = 10_000


@dataclass(frozen=True)
class Policy:
    """How many requests, in how many seconds."""

    times: int = _ROOMY
    exact: tuple[int | None, int | None, int | None] = (None, None, None)
    window: float = WINDOW

    def quota(self, plan: str, bucket: str) -> int:
        """Requests a window allows."""
        place = BUCKETS.index(bucket)
        return self.exact[place] or PLANS.get(plan, PLANS["free"])[place] * self.times


def policy(words: str) -> Policy:
    """`real`, `roomy` (a hundred times that), or figures of one's own: `api=5,resolvers=10,window=2`."""
    if words in ("real", "roomy"):
        return Policy(times=1 if words == "real" else _ROOMY)
    figures: dict[str, float] = {}
    for word in words.split(","):
        name, _, figure = word.partition("=")
        try:
            figures[name.strip()] = float(figure)
        except ValueError:
            figures["?"] = 0
    if not figures.keys() <= {*BUCKETS, "window"} or min(figures.values()) <= 0:
        raise BadInput(
            f"{words!r} are no limits.",
            "Use real, roomy, or for example api=5,resolvers=10,pages=3,window=2.",
        )
    api, resolvers, pages = (int(figures[name]) if name in figures else None for name in BUCKETS)
    return Policy(exact=(api, resolvers, pages), window=figures.get("window", WINDOW))


class Taken(NamedTuple):
    """What one request used up."""

    allowed: bool
    bucket: str
    left: int
    seconds: int
    quota: int
    window: int

    def headers(self) -> dict[str, str]:
        """As the Hub says it on every answer."""
        return {
            "ratelimit": f'"{self.bucket}";r={self.left};t={self.seconds}',
            "ratelimit-policy": f'"fixed window";"{self.bucket}";q={self.quota};w={self.window}',
        }


class Limits:
    """Who has used how much of the present window."""

    def __init__(self, policy: Policy, clock: Callable[[], float] = time.monotonic) -> None:
        self.policy = policy
        self._clock = clock
        self._used: dict[
            tuple[str, str], tuple[float, int]
        ] = {}  # (who, bucket) -> (end of window, requests)
        self._lock = threading.Lock()

    def take(self, who: Caller, address: str, bucket: str) -> Taken:
        """Count one request."""
        key = (f"user:{who.name}" if who.name else f"ip:{address}", bucket)
        quota = self.policy.quota(who.plan, bucket)
        now = self._clock()
        with self._lock:
            end, used = self._used.get(key, (0.0, 0))
            # also after a clock that was set forward has been set back
            if not now < end <= now + self.policy.window:
                end, used = now + self.policy.window, 0
            allowed = used < quota
            used += allowed
            if len(self._used) > _MOST_KEYS:
                self._used = {old: kept for old, kept in self._used.items() if kept[0] > now}
            self._used[key] = (end, used)
        window = math.ceil(self.policy.window)
        # the sum of a large clock and a window is off by a hair
        return Taken(allowed, bucket, quota - used, min(math.ceil(end - now), window), quota, window)


def bucket_of(path: str) -> str:
    """Which limit a path falls under."""
    if path.startswith("/api/resolve-cache/") or "/resolve/" in path or "/raw/" in path:
        return "resolvers"
    return "api" if path.startswith(("/api/", "/router/", "/datasets-server/")) else "pages"
