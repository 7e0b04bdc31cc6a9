"""Answers a verb's question from a copy, asks whether an old copy still holds, and keeps new ones.

    younger than response_cache_minutes     the copy, nothing is asked
    older                                   the Hub is asked whether it has changed (If-None-Match)
    the Hub is gone, or may not be asked    the copy, and a note that says of when it is

Stands before the gate: a copy leaves nobody's machine, so `local_only` may show it. Official calls outside our verbs
never see a copy; but what anyone writes through this client makes the copies of that repository void.
"""

from __future__ import annotations

import json
import re
import time
from datetime import datetime
from typing import Any

from hf_nb.errors import RateLimited, Refused
from hf_nb.plumbing import progress, reading, redact, spans
from hf_nb.plumbing.reading import Reading
from hf_nb.plumbing.responses import Copy, Responses
from hf_nb.plumbing.settings import Settings
from hf_nb.plumbing.transports.retry import AGAIN, PATIENCE, GaveUp
from hf_nb.plumbing.transports.wrapper import Transport, Wrapper

# Seconds a Hub in trouble gets when there is a copy to fall back on, and a "there is none" stays unasked.
STALE_AFTER = 5.0
ABSENT_FOR = 10.0
_ID = r"[^/]+/[^/]+"
# What is asked again and again, and holds no secret. Everything else is always asked.
_COPIED = re.compile(
    rf"/api/(?P<kind>models|datasets|spaces)(?:/(?P<id>{_ID}))?"
    r"(?:/(?:revision|tree|refs|commits|compare|treesize|discussions)(?:/.*)?)?"
    r"|/api/(?:models|datasets)-tags-by-type|/api/collections(?:/.*)?"
)
_WRITTEN = re.compile(rf"/api/(?P<kind>models|datasets|spaces)/(?P<id>{_ID})(?:/(?P<what>.*))?")
# Questions that are asked by POST, since they are long.
_QUESTIONS = ("paths-info", "preupload", "auth-check", "xet-")
_KEPT = ("content-type", "content-encoding", "etag", "link")
_KEPT_TOO = ("x-repo-commit", "x-total-count", "x-error-code", "x-error-message")
_LISTS = "lists"


class Cache(Wrapper):
    """Copies of answers, for those who ask inside `reading.scope`."""

    def __init__(self, inner: Transport, settings: Settings, responses: Responses, library: Any) -> None:
        super().__init__(inner)
        self.settings = settings
        self.responses = responses
        self.library = library

    def handle_request(self, request: Any) -> Any:
        if request.method != "GET":
            return self._written(request) if request.method != "HEAD" else self.inner.handle_request(request)
        read = reading.current()
        if read is None or not read.copies or self.settings.response_cache_minutes <= 0:
            return self.inner.handle_request(request)
        name = self._name(request)
        return self.inner.handle_request(request) if name is None else self._read(request, read, name)

    def _read(self, request: Any, read: Reading, name: str) -> Any:
        copy = self.responses.load(name)
        request.headers.pop(
            "if-none-match", None
        )  # on its way here from another address: that copy's, not this one's
        if copy is None:
            return self._kept(request, read, name, self.inner.handle_request(request))
        if not read.fresh and time.time() - copy.checked < self._life(copy):
            return self._answer(copy, request, "hit")
        if etag := copy.header("etag"):
            request.headers["if-none-match"] = etag
        request.extensions = {**request.extensions, PATIENCE: STALE_AFTER}
        began = time.time()
        try:
            response = self.inner.handle_request(request)
        except (GaveUp, RateLimited, Refused, ConnectionError) as wrong:
            return self._stale(copy, request, read, _why(wrong))
        if response.status_code in AGAIN:
            response.close()
            return self._stale(copy, request, read, "the Hub cannot answer now")
        if response.status_code == 304:
            response.close()
            read.kept.append(lambda: self._renew(copy, began))
            return self._answer(copy, request, "unchanged")
        return self._kept(request, read, name, response)

    def _renew(self, copy: Copy, checked: float) -> None:
        self.responses.still_true(copy, checked)

    def _stale(self, copy: Copy, request: Any, read: Reading, why: str) -> Any:
        read.note = f"from the copy of {_when(copy.checked)}; {why}"
        progress.say(read.note[0].upper() + read.note[1:])
        return self._answer(copy, request, "stale")

    def _answer(self, copy: Copy, request: Any, how: str) -> Any:
        if here := spans.current():
            here.set(copy=how)
        return self.library.Response(
            copy.status,
            headers=list(copy.headers),
            stream=self.library.ByteStream(copy.body),
            request=request,
            extensions={"http_version": b"HTTP/1.1"},
        )

    def _kept(self, request: Any, read: Reading, name: str, response: Any) -> Any:
        """Remember what came, if it is worth it; it is written when the verb has made sense of it."""
        if _worth_it(response) and isinstance(response.stream, self.library.ByteStream):
            body = b"".join(response.stream)
            headers = tuple(
                (key, response.headers[key]) for key in (*_KEPT, *_KEPT_TOO) if key in response.headers
            )
            copy = Copy(name, response.status_code, headers, body, time.time())
            read.kept.append(lambda: self.responses.keep(copy))
        return response

    def _life(self, copy: Copy) -> float:
        minutes: float = self.settings.response_cache_minutes
        return ABSENT_FOR if copy.status == 404 else minutes * 60

    def _name(self, request: Any) -> str | None:
        """What a copy of this answer is filed under; None for what is never copied."""
        address = str(request.url)
        if not address.startswith(f"{self.settings.endpoint}/api/") or redact.has_hub_token(address):
            return None
        found = _COPIED.fullmatch(request.url.path)
        if found is None:
            return None
        subject = self._subject(found["kind"], found["id"])
        return self.responses.name(subject, address, request.headers.get("authorization"))

    def _subject(self, kind: str | None, id: str | None) -> str:
        return f"{self.settings.endpoint} {f'{kind}/{id}'.lower() if id else _LISTS}"

    def _written(self, request: Any) -> Any:
        response = self.inner.handle_request(request)
        url = str(request.url)
        if url.startswith(f"{self.settings.endpoint}/api/") and response.status_code < 400:
            found = _WRITTEN.fullmatch(request.url.path)
            if found is None or not (found["what"] or "").startswith(_QUESTIONS):
                self.responses.forget(self._changed(request, found))
        return response

    def _changed(self, request: Any, found: re.Match[str] | None) -> set[str]:
        """The lists, and the repository that the address or (create, move, delete) the body names."""
        subjects = {self._subject(None, None)}
        if found is not None:
            return subjects | {self._subject(found["kind"], found["id"])}
        if "/api/repos/" in str(request.url) and isinstance(request.stream, self.library.ByteStream):
            subjects |= {self._subject(kind, id) for kind, id in _named(b"".join(request.stream))}
        return subjects


def _named(body: bytes) -> set[tuple[str, str]]:
    """The repositories that a request to create, move or delete one is about."""
    try:
        said = json.loads(body)
        ids = [said.get("fromRepo"), said.get("toRepo"), f"{said.get('organization')}/{said.get('name')}"]
        return {(f"{said.get('type') or 'model'}s", str(id)) for id in ids if id}
    except (ValueError, AttributeError):
        return set()


def _worth_it(response: Any) -> bool:
    absent = response.status_code == 404 and response.headers.get("x-error-code") == "RepoNotFound"
    return (response.status_code == 200 or absent) and "no-store" not in response.headers.get(
        "cache-control", ""
    )


def _when(stamp: float) -> str:
    then = datetime.fromtimestamp(stamp).astimezone()
    same_day = then.date() == datetime.now().astimezone().date()
    return f"{then:%H:%M}" if same_day else f"{then.day} {then:%b %Y, %H:%M}"


def _why(wrong: Exception) -> str:
    match wrong:
        case RateLimited():
            return "the Hub is asked no more for a while"
        case Refused() | ConnectionError():  # the official client's offline mode is a ConnectionError
            return "the Hub may not be asked"
        case _:
            return "the Hub does not answer"
