"""The Hub's time: this machine's, and what it was set forward by."""

import threading
import time
from datetime import UTC, datetime, timedelta

from hf_nb.errors import BadInput

MOST = 100 * 365 * 86_400


class Clock:
    """What the Hub takes for now: rate windows, signed links, dates of what is new."""

    def __init__(self) -> None:
        self.ahead = 0.0
        self._lock = threading.Lock()

    def pass_(self, seconds: float) -> None:
        """Let time pass at once."""
        # also refuses what is not a number, which compares false
        if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds <= MOST:
            raise BadInput(f"A clock goes forward by seconds, not by {seconds!r}.")
        with self._lock:
            if self.ahead + seconds > MOST:
                raise BadInput("A clock goes forward by a hundred years at most.")
            self.ahead += seconds

    def reset(self) -> None:
        """Back to this machine's time."""
        with self._lock:
            self.ahead = 0.0

    def now(self) -> datetime:
        """The date, in UTC."""
        return datetime.now(UTC) + timedelta(seconds=self.ahead)

    def time(self) -> float:
        """Seconds since 1970."""
        return time.time() + self.ahead

    def monotonic(self) -> float:
        """Seconds that only grow, unless the clock is reset."""
        return time.monotonic() + self.ahead
