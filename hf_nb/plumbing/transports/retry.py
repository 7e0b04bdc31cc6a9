"""Once more, when that may help: the one backoff of our verbs, and of the official calls that have none.

    what failed                                      GET, HEAD, questions by POST      everything else
    429                                              after the wait the Hub names      the same: nothing was done
    408 500 502 503 504, cut, no answer in time      yes                               no: it may have been done
    no connection                                    twice, quickly                    the same: nothing was sent

Six tries at most, and all of it ends at one deadline: the verb's, or for an official call the setting `deadline` from
its start. What the official client repeats itself is left to it, and so is every host that is no Hub, and questions to
models, which have a loop of their own (`infer/policies`). Bodies of short
answers are read here, so that a cut in the middle counts as a failure and not as the caller's problem.
"""

from __future__ import annotations

import random
import re
import sys
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from hf_nb.plumbing import progress, reading, spans
from hf_nb.plumbing.settings import Settings
from hf_nb.plumbing.transports.limit import UNTIL, is_hub
from hf_nb.plumbing.transports.timeouts import ENDS
from hf_nb.plumbing.transports.wrapper import Transport, Wrapper

AGAIN = frozenset({408, 429, 500, 502, 503, 504})
FIRST, LONGEST = 0.5, 8.0
# As often as the official client tries: some fifteen seconds. Without any connection it is not worth that long.
TRIES, CONNECTIONS = 6, 3
# Seconds this request may take in all, where that is less than the deadline; set by Cache.
PATIENCE = "hf_nb.patience"
# This request is tried once: whoever asks has a loop of its own, and two would multiply their tries.
ONCE = "hf_nb.once"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_QUESTION = re.compile(r"/(paths-info/[^/]+|preupload/[^/]+|validate-yaml|info/lfs/objects/batch)$")
_JSON = re.compile(r"^application/(json|[\w.]+\+json)\b", re.IGNORECASE)


class GaveUp(Exception):
    """The deadline of a verb of ours came first. No kind of error that the official client would repeat."""

    def __init__(self, last: Exception) -> None:
        super().__init__(str(last))
        self.last = last


class Retry(Wrapper):
    """Repeats a request until it works or its time is over."""

    def __init__(self, inner: Transport, settings: Settings, library: Any) -> None:
        super().__init__(inner)
        self.settings = settings
        self.library = library
        self.lost = (library.TimeoutException, library.NetworkError, library.RemoteProtocolError)
        self.unconnected = (library.ConnectError, library.ConnectTimeout, library.PoolTimeout)

    def handle_request(self, request: Any) -> Any:
        if not is_hub(request.url, self.settings) or request.extensions.get(ONCE):
            return self.inner.handle_request(request)
        until = self._until(request)
        tries = 0
        while True:
            tries += 1
            response, wrong = self._once(request)
            if wrong is None and response.status_code not in AGAIN:
                return response
            pause = self._pause(request, response, wrong, tries)
            if pause is None or time.monotonic() + pause >= until:
                return self._give_up(request, response, wrong)
            _say(response, pause)
            if response is not None:
                response.close()
            time.sleep(pause)
            if here := spans.current():
                here.set(**{"http.request.resend_count": tries})

    def _until(self, request: Any) -> float:
        now = time.monotonic()
        read = reading.current()
        until: float = read.ends if read else now + self.settings.deadline
        until = min(until, now + request.extensions.get(PATIENCE, until))
        request.extensions = {**request.extensions, UNTIL: until}
        if self._is_metadata(request):
            request.extensions[ENDS] = until
        return until

    def _once(self, request: Any) -> tuple[Any, Exception | None]:
        asked = request.extensions
        try:
            response = self.inner.handle_request(request)
            if self._is_metadata(request) and _is_short(response):
                response = self._whole(request, response)
        except self.lost as wrong:
            return None, wrong
        finally:
            request.extensions = asked
        return response, None

    def _whole(self, request: Any, response: Any) -> Any:
        """The same answer, arrived."""
        parts: list[bytes] = []
        try:
            for part in response.stream:
                parts.append(part)
                if time.monotonic() > request.extensions[UNTIL]:
                    raise self.library.ReadTimeout("the answer took too long to arrive", request=request)
        finally:
            response.stream.close()
        response.stream = self.library.ByteStream(b"".join(parts))
        return response

    def _is_metadata(self, request: Any) -> bool:
        """What the Hub says about repositories: short, and without an end only by accident."""
        url = str(request.url)
        base = f"{self.settings.endpoint}/api/"
        return (
            url.startswith(base)
            and (request.method in _SAFE or bool(_QUESTION.search(request.url.path)))
            and not url.startswith("resolve-cache/", len(base))
        )

    def _pause(self, request: Any, response: Any, wrong: Exception | None, tries: int) -> float | None:
        """Seconds until the next try; None where there is none."""
        if not isinstance(request.stream, self.library.ByteStream) or _untrusted(wrong):
            return None
        question = request.method in _SAFE or _QUESTION.search(request.url.path)
        nothing_done = isinstance(wrong, self.unconnected) or (wrong is None and response.status_code == 429)
        if not (question or nothing_done) or _library_repeats(in_verb=reading.current() is not None):
            return None
        if tries >= (CONNECTIONS if isinstance(wrong, self.library.ConnectError) else TRIES):
            return None
        told = None if response is None else told_wait(response.headers)
        backoff: float = min(LONGEST, FIRST * 2 ** (tries - 1)) * random.uniform(0.5, 1)  # noqa: S311 -- not a secret
        return backoff if told is None else told + backoff / 4

    def _give_up(self, request: Any, response: Any, wrong: Exception | None) -> Any:
        """Outside a verb of ours the official client sees what happened; inside, it must not begin again."""
        if reading.current() is None:
            if wrong is not None:
                raise wrong
            return response
        wrong = wrong or _official(request, response)
        raise GaveUp(wrong) from wrong


def told_wait(headers: Any) -> float | None:
    """The wait the server names."""
    from huggingface_hub.utils import parse_ratelimit_headers

    info = parse_ratelimit_headers(headers) if "ratelimit" in headers else None
    if info is not None and info.remaining == 0:
        return float(info.reset_in_seconds)
    after = headers.get("retry-after", "").strip()
    if after.isdigit():
        return float(after)
    try:
        return max(0.0, (parsedate_to_datetime(after) - datetime.now(UTC)).total_seconds()) if after else None
    except (TypeError, ValueError):
        return None


def _is_short(response: Any) -> bool:
    """Logs and events flow under the same addresses, and without an end."""
    return response.status_code == 404 or bool(_JSON.match(response.headers.get("content-type", "")))


def _official(request: Any, response: Any) -> Exception:
    """The error the official client makes of this answer."""
    from huggingface_hub.utils import hf_raise_for_status

    response.request = request
    try:
        response.read()
        hf_raise_for_status(response)
    except Exception as wrong:  # noqa: BLE001 -- whatever it is, it is what the caller would have met
        return wrong
    raise AssertionError(response.status_code)


def _library_repeats(*, in_verb: bool) -> bool:
    """Whether huggingface_hub's own backoff is waiting for this answer: two of them would multiply their tries.

    Nothing in the request tells. It is looked up after a failure alone, among the callers.
    """
    from huggingface_hub.utils import _http

    if in_verb:
        return False
    backoff = _http._http_backoff_base.__code__  # noqa: SLF001 -- tests/plumbing/test_retry.py notices a new name
    frame = sys._getframe()  # noqa: SLF001
    while frame.f_back is not None:
        frame = frame.f_back
        if frame.f_code is backoff:
            return True
    return False


def _untrusted(wrong: Exception | None) -> bool:
    """A certificate that does not hold now will not in a second."""
    return "CERTIFICATE_VERIFY_FAILED" in str(wrong)


def _say(response: Any, pause: float) -> None:
    if pause < 1:
        return
    if response is not None and response.status_code == 429:
        progress.say(f"The Hub asks us to wait {pause:.0f} s.")
    else:
        why = f"cannot answer now ({response.status_code})" if response is not None else "does not answer"
        progress.say(f"The Hub {why}; once more in {pause:.0f} s.")
