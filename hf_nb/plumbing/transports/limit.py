"""Asks no more often than the Hub, and the user, allow."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from typing import Any

from hf_nb.errors import RateLimited, Refused
from hf_nb.plumbing import progress, reading
from hf_nb.plumbing.ratelimits import Limits, Month
from hf_nb.plumbing.settings import Settings
from hf_nb.plumbing.transports.gate import HUGGING_FACE
from hf_nb.plumbing.transports.wrapper import Transport, Wrapper

# When (by time.monotonic) there is no sense in waiting any longer; set by Retry.
UNTIL = "hf_nb.until"


class Limit(Wrapper):
    """Waits where a wait ends in time, and refuses where it does not. Sees every request that goes to the Hub."""

    def __init__(self, inner: Transport, settings: Settings, limits: Limits, library: Any) -> None:
        super().__init__(inner)
        self.settings = settings
        self.limits = limits
        self.library = library

    def handle_request(self, request: Any) -> Any:
        if not is_hub(request.url, self.settings):
            return self.inner.handle_request(request)
        token = request.headers.get("authorization")
        wait = self.limits.windows.wait(request.url.netloc.decode(), token, request.url.path)
        if wait and not self._waited(request, wait, f"The Hub asks us to wait {wait:.0f} s."):
            return self._limited(request, wait, "The Hub says: too many requests.")
        if rate := self.settings.requests_per_minute:
            wait = self.limits.minute.take(rate)
            if wait and not self._waited(request, wait, f"Your own limit of {rate} a minute: {wait:.0f} s."):
                self.limits.minute.give_back()
                return self._limited(request, wait, f"Your own limit of {rate} requests a minute is reached.")
        self._spend()
        response = self.inner.handle_request(request)
        self.limits.windows.learn(request.url.netloc.decode(), token, response.headers)
        return response

    def _waited(self, request: Any, wait: float, line: str) -> bool:
        """Whether it was worth waiting for."""
        until = request.extensions.get(UNTIL)
        if until is not None and time.monotonic() + wait > until:
            return False
        if wait >= 1:
            progress.say(line)
        time.sleep(wait)
        return True

    def _limited(self, request: Any, wait: float, problem: str) -> Any:
        """A verb of ours gets our error; the official client, what the Hub itself would answer."""
        if reading.current() is not None:
            raise RateLimited(
                problem, f"Try again in {wait:.0f} s; %hf limits shows what is left.", after=wait
            )
        seconds = max(1, round(wait))
        said = {
            "ratelimit": f'"api";r=0;t={seconds}',
            "retry-after": str(seconds),
            "x-error-message": problem,
        }
        return self.library.Response(429, headers=said, request=request)

    def _spend(self) -> None:
        budget = self.settings.monthly_requests
        month = Month(self.settings.endpoint)
        if not month.take(budget):
            raise Refused(
                f"Your own limit of {budget:,} requests a month is spent (the setting monthly_requests).",
                f"It starts anew on {_next_month()}. To raise it: hf_nb.settings().monthly_requests = {2 * budget}",
            )


def is_hub(url: Any, settings: Settings) -> bool:
    """The endpoint in use, or one of Hugging Face's own hosts."""
    return str(url).startswith(f"{settings.endpoint}/") or HUGGING_FACE.search(url.host) is not None


def _next_month(today: Callable[[], date] = date.today) -> str:
    first = today().replace(day=28)
    first = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1, day=1)
    return f"{first.day} {first:%B}"
