"""What the Hub's viewer says of a dataset, where it is cheaper than reading the files. Never needed: it may be down.

sizes(id, commit, session)                      rows of each split, in one question
Viewer(id, commit, config, split, session)      one split as the viewer knows it: .ask("/statistics")

It is believed about the commit that is looked at and no other, and about all of it. Whoever uses an answer holds it
against what the files say, and calls `refuse` where the two differ.
"""

from __future__ import annotations

import json
import threading
import time
import weakref
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from hf_nb.data.files import meter
from hf_nb.errors import Stopped
from hf_nb.hub.headers import headers
from hf_nb.plumbing import http, reading

if TYPE_CHECKING:
    from hf_nb.plumbing.session import Session

SECONDS = 1.5  # a hint is waited for so long
REST = 10.0  # seconds in which a viewer that did not answer is not asked again
MOST = 2_000_000  # bytes of an answer
HUB = "huggingface.co"
SERVER = "https://datasets-server.huggingface.co"
HERE = "counted here"
_resting: weakref.WeakKeyDictionary[Session, float] = weakref.WeakKeyDictionary()


def server(endpoint: str) -> str | None:
    """Where the viewer of a Hub is; None where nobody knows."""
    host = urlsplit(endpoint).hostname
    if host == HUB:
        return SERVER
    return f"{endpoint}/datasets-server" if host in ("localhost", "127.0.0.1", "::1") else None


def sizes(id: str, commit: str, session: Session) -> dict[str, dict[str, int]]:
    """Rows of each split, as counted by the viewer of that very commit; nothing where it does not say."""
    asked = _asked("/size", {"dataset": id}, session, SECONDS)
    if asked is None or asked[0] != commit or asked[1].get("partial"):
        return {}
    answer = asked[1]
    splits = answer.get("size", {}).get("splits") if isinstance(answer.get("size"), Mapping) else None
    found: dict[str, dict[str, int]] = {}
    for one in splits if isinstance(splits, list) else ():
        if isinstance(one, Mapping) and isinstance(one.get("num_rows"), int):
            found.setdefault(str(one.get("config")), {})[str(one.get("split"))] = one["num_rows"]
    return found


class Viewer:
    """One split. What it has said is not asked for again; `note`: why it is not believed, if it is not. Thread-safe."""

    def __init__(self, id: str, commit: str, config: str, split: str, session: Session) -> None:
        self.id, self.commit, self.config, self.split = id, commit, config, split
        self.note: str | None = None
        self._session = session
        self._said: dict[str, Mapping[str, Any]] = {}
        self._not_before: dict[str, float] = {}
        self._lock = threading.Lock()

    def ask(
        self, path: str, what: Mapping[str, str] | None = None, *, seconds: float | None = None
    ) -> Mapping[str, Any] | None:
        """Its answer about this commit, whole; None for any other, and for none. `what`: a question of its own."""
        if what is not None:
            return self._ask(path, what, seconds)
        with self._lock:
            if path not in self._said and time.monotonic() >= self._not_before.get(path, 0.0):
                answer = self._ask(path)
                if answer is not None:
                    self._said[path] = answer
                else:  # it may still be counting
                    self._not_before[path] = time.monotonic() + REST
            return None if self.note else self._said.get(path)

    def refuse(self, why: str) -> None:
        """What it says is not true: nothing of it is used any more."""
        self.note = why

    def _ask(
        self, path: str, more: Mapping[str, str] | None = None, seconds: float | None = None
    ) -> Mapping[str, Any] | None:
        if self.note:
            return None
        what = {"dataset": self.id, "config": self.config, "split": self.split, **(more or {})}
        asked = _asked(path, what, self._session, seconds or SECONDS)
        if asked is None:
            return None
        revision, answer = asked
        if revision != self.commit:
            self.refuse(f"The Hub's viewer has another version of it; {HERE}.")
            return None
        if answer.get("partial") is not False:
            self.refuse(f"The Hub's viewer knows the first part of it only; {HERE}.")
            return None
        return answer


def _asked(
    path: str, what: Mapping[str, str], session: Session, seconds: float
) -> tuple[str, Mapping[str, Any]] | None:
    """The commit that an answer is about, and the answer; None where there is none in time."""
    where = server(session.settings.endpoint)
    if where is None or time.monotonic() < _resting.get(session, 0.0):
        return None
    try:
        said = _fetched(f"{where}{path}", what, session, seconds)
    except Stopped:
        raise
    except Exception:  # noqa: BLE001 -- a hint is not worth an error
        said = None
    if said is None:
        return None
    revision, raw = said
    try:
        answer = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return (revision, answer) if isinstance(answer, Mapping) else None


def _fetched(url: str, what: Mapping[str, str], session: Session, seconds: float) -> tuple[str, bytes] | None:
    """A body that is not too large, and came in time. One that does not is not asked for again for a while."""
    from huggingface_hub.utils import get_session

    http.install(session)
    ends, got = time.monotonic() + seconds, bytearray()
    sent = headers() | {"Accept-Encoding": "identity"}
    _resting[session] = time.monotonic() + REST  # unless it answers
    with (
        reading.scope(seconds, copies=False),
        get_session().stream(
            "GET", url, params=dict(what), headers=sent, timeout=seconds, follow_redirects=False
        ) as answer,
    ):
        meter.moved(0, requests=1)
        if answer.status_code != 429:
            _resting.pop(session, None)
        if answer.status_code != 200 or answer.headers.get("content-encoding", "identity") != "identity":
            return None
        for piece in answer.iter_raw():
            got += piece
            meter.moved(len(piece))
            meter.look()
            if time.monotonic() > ends:
                _resting[session] = time.monotonic() + REST
                return None
            if len(got) > MOST:
                return None
        return str(answer.headers.get("x-revision", "")), bytes(got)
