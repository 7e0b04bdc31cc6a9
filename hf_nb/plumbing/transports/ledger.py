"""Sees what is asked of the Hub, whoever asks: our verbs, `from_pretrained`, `load_dataset`, `hf_hub_download`.

A repository that the lock file holds is asked for at its locked commit; every commit and file that comes back is
noted; a file whose checksum differs, in its headers or in its bytes, is refused before anybody can use it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, unquote, urlsplit

from hf_nb.errors import Refused
from hf_nb.plumbing.ledger import MAIN, Ledger, digest_of
from hf_nb.plumbing.lockfile import COMMIT, NAME, Mark
from hf_nb.plumbing.transports.wrapper import Transport, Wrapper

_REPO = r"(?P<id>[^/]+(?:/[^/]+)?)"
_FILE = re.compile(rf"/(?:(?P<folder>datasets|spaces)/)?{_REPO}/(?:resolve|raw)/(?P<rev>[^/]+)/(?P<path>.+)")
_KEPT = re.compile(
    r"/api/resolve-cache/(?P<folder>models|datasets|spaces)/(?P<id>[^/]+/[^/]+)/(?P<rev>[^/]+)/(?P<path>.+)"
)
_ABOUT = re.compile(
    rf"/api/(?P<folder>models|datasets|spaces)/{_REPO}"
    r"/(?P<what>revision|tree|paths-info|treesize)/(?P<rev>[^/]+)(?:/.*)?"
)
_BARE = re.compile(r"/api/(?P<folder>models|datasets|spaces)/(?P<id>[^/]+/[^/]+)")


class Place(NamedTuple):
    """What an address of the Hub is about."""

    kind: str
    id: str
    revision: str | None
    path: str
    about: bool
    span: tuple[int, int]


class Sent(NamedTuple):
    """A file of a commit that an answer holds or leads to."""

    place: Place
    commit: str
    mark: Mark


class Watch(Wrapper):
    """Pins, notes and verifies. `library` is handed in, since one module alone imports it."""

    def __init__(self, inner: Transport, ledger: Ledger, library: Any) -> None:
        super().__init__(inner)
        self.ledger = ledger
        self.library = library
        # the library takes streams of its own class alone
        self._body = type("Seen", (Body, library.SyncByteStream), {})

    def handle_request(self, request: Any) -> Any:
        if self.ledger.is_looking:
            return self.inner.handle_request(request)
        place = self._place(request)
        if place is None:
            return self._from_elsewhere(request)
        pinned = self.ledger.pinned(place.kind, place.id, place.revision)
        if pinned:
            request.url = _at(request.url, place, pinned)
        try:
            response = self.inner.handle_request(request)
        except self.library.TransportError as broken:
            self._no_other_from_cache(place, pinned, broken)
            raise
        if response.status_code >= 400:
            if response.status_code != 404:
                self._no_other_from_cache(place, pinned, None)
            return response
        try:
            return self._seen(request, place, response)
        except BaseException:
            response.close()
            raise

    def _place(self, request: Any) -> Place | None:
        endpoint = urlsplit(self.ledger.settings.endpoint)
        url = request.url
        if (url.scheme, url.host, url.port) != (endpoint.scheme, endpoint.hostname, endpoint.port):
            return None
        return place_of(request.method, url.raw_path.decode().partition("?")[0])

    def _seen(self, request: Any, place: Place, response: Any) -> Any:
        if place.about:
            if response.status_code == 200 and (place.revision is None or "/revision/" in request.url.path):
                pieces: list[bytes] = []
                response.stream = self._body(
                    response.stream, pieces.append, lambda: self._told(place, response, pieces)
                )
            return response
        commit = response.headers.get("x-repo-commit", "")
        if not COMMIT.fullmatch(commit):
            return response
        self._held(place.kind, place.id, commit)
        mark = _mark(response)
        if mark is None:
            return response
        self.ledger.verify(place.kind, place.id, commit, place.path, mark)
        self._on_its_way(request, response, Sent(place, commit, mark))
        return response

    def _told(self, place: Place, response: Any, pieces: list[bytes]) -> None:
        """A repository's description has arrived: the commit it speaks of."""
        raw = b"".join(pieces)
        with contextlib.suppress(ValueError, TypeError, AttributeError, self.library.DecodingError):
            whole = self.library.Response(200, headers=response.headers, content=raw)
            told = json.loads(whole.content)
            commit, name = str(told.get("sha")), str(told.get("id") or place.id)
            if COMMIT.fullmatch(commit):
                self._held(place.kind, name, commit)
                self.ledger.saw(place.kind, name, commit, place.revision or MAIN)

    def _held(self, kind: str, repo_id: str, commit: str) -> None:
        """The locked commit, and what is cached of it the locked files: those are loaded without a question."""
        self.ledger.confirm(kind, repo_id, commit)
        folder = _cache_of(kind, repo_id) / "snapshots" / commit
        for path in self.ledger.unverified(kind, repo_id, commit):
            link = folder / path
            digest = digest_of(link.resolve().name) if link.is_symlink() else None
            self.ledger.verify(kind, repo_id, commit, path, Mark(digest, None))
        self.ledger.verified(kind, repo_id, commit)

    def _on_its_way(self, request: Any, response: Any, sent: Sent) -> None:
        """A file comes with this answer, or from where the answer leads; a question about one is no use of it."""
        if location := response.headers.get("location"):
            self.ledger.lead(str(request.url.join(location)), sent)
        if request.method == "GET":
            self._taken(response, sent)
        else:
            self.ledger.saw(sent.place.kind, sent.place.id, sent.commit, sent.place.revision)

    def _from_elsewhere(self, request: Any) -> Any:
        response = self.inner.handle_request(request)
        sent = self.ledger.led(str(request.url))
        if isinstance(sent, Sent) and request.method == "GET" and response.status_code < 300:
            self._taken(response, sent)
        return response

    def _taken(self, response: Any, sent: Sent) -> None:
        """A file that is read: noted, and compared with the lock file down to its bytes."""
        place = sent.place
        self.ledger.saw(place.kind, place.id, sent.commit, place.revision, place.path, sent.mark)
        locked = self.ledger.locked_mark(place.kind, place.id, sent.commit, place.path)
        whole = (
            response.status_code == 200 and response.headers.get("content-encoding", "identity") == "identity"
        )
        hashing = _hashing(locked) if locked and whole else None
        if hashing is None or locked is None:
            return

        def done() -> None:
            if hashing.hexdigest() != str(locked.digest).partition(":")[2]:
                raise self.ledger.differs(place.kind, place.id, place.path)

        response.stream = self._body(response.stream, hashing.update, done)

    def _no_other_from_cache(self, place: Place, pinned: str | None, broken: Exception | None) -> None:
        """Without an answer the official client takes what a name last was in the cache: it must be the locked one."""
        if pinned is None:
            return
        folder = _cache_of(place.kind, place.id)
        with contextlib.suppress(OSError):
            cached = (folder / "refs" / (place.revision or MAIN)).read_text(encoding="utf-8").strip()
            if cached != pinned:
                raise Refused(
                    f"The Hub does not answer, and the cached {place.id} is not the commit that {NAME} holds.",
                    f"Try again, or pass revision={pinned!r}, which may be cached",
                ) from broken


class Body:
    """A response's bytes on their way: `take` gets each piece, `done` is called at their end."""

    def __init__(self, inner: Any, take: Callable[[bytes], object], done: Callable[[], None]) -> None:
        self.inner, self.take, self.done = inner, take, done

    def __iter__(self) -> Iterator[bytes]:
        for piece in self.inner:
            self.take(piece)
            yield piece
        self.done()

    def close(self) -> None:
        """Close the stream inside."""
        self.inner.close()


def place_of(method: str, path: str) -> Place | None:
    """What is asked about, for those addresses that read a repository's content at a revision."""
    read = method in ("GET", "HEAD")
    for expression, about in ((_FILE, False), (_KEPT, False), (_ABOUT, True), (_BARE, True)):
        found = expression.fullmatch(path)
        if found is None:
            continue
        names = found.groupdict()
        if not (read or (method == "POST" and names.get("what") == "paths-info")):
            return None
        kind = (names["folder"] or "models").removesuffix("s")
        revision = unquote(names["rev"]) if names.get("rev") else None
        span = found.span("rev") if revision else (len(path), len(path))
        return Place(kind, unquote(names["id"]), revision, unquote(names.get("path") or ""), about, span)
    return None


def _cache_of(kind: str, repo_id: str) -> Path:
    """A repository's folder in the cache of this machine."""
    from huggingface_hub import constants

    return Path(constants.HF_HUB_CACHE) / "--".join([f"{kind}s", *repo_id.split("/")])


def _at(url: Any, place: Place, commit: str) -> Any:
    """The same address at a commit."""
    path, mark, query = url.raw_path.decode().partition("?")
    begin, end = place.span
    middle = quote(commit) if place.revision else f"/revision/{commit}"
    return url.copy_with(raw_path=f"{path[:begin]}{middle}{path[end:]}{mark}{query}".encode())


def _mark(response: Any) -> Mark | None:
    headers = response.headers
    digest = digest_of(headers.get("x-linked-etag") or headers.get("etag") or "")
    if digest is None:
        return None
    size = headers.get("x-linked-size")
    if size is None and response.status_code == 206:
        size = headers.get("content-range", "").rpartition("/")[2]
    elif size is None and "location" not in headers:
        size = headers.get("content-length")
    return Mark(digest, int(size) if size and size.isdigit() else None)


def _hashing(locked: Mark) -> Any:
    """What computes the locked kind of digest; git's needs the size first."""
    if str(locked.digest).startswith("sha256:"):
        return hashlib.sha256()
    if locked.size is None or locked.digest is None:
        return None
    return hashlib.sha1(b"blob %d\0" % locked.size, usedforsecurity=False)
