"""A file of a repository, fetched for a page with the token that stays here.

An address names a kind, an id, a revision and a path of the Hub in use, and nothing else: no host, no way out of the
repository. What a stranger uploaded is shown as a picture, a sound, a film or plain text, or else saved: never as a
page, a drawing with scripts in it, or a script.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from hf_nb.errors import BadInput, NotFound, TooLarge
from hf_nb.plumbing.session import Session, current

# Bytes of one answer: pictures and samples, not weights.
MOST = 64 * 1024 * 1024
PIECE = 64 * 1024
FOLDERS = {"models": "", "datasets": "datasets/", "spaces": "spaces/"}
_NAME = re.compile(r"[A-Za-z0-9_][\w.-]{0,95}", re.ASCII)
_COMMIT = re.compile(r"[0-9a-f]{40}")
_RANGE = re.compile(r"bytes=(\d{1,18}-\d{0,18}|-\d{1,18})")
_PASSED = ("content-length", "content-range", "etag", "last-modified")

TEXT = "text/plain; charset=utf-8"
SAVED = "application/octet-stream"
SHOWN = {
    **dict.fromkeys(("txt", "md", "csv", "tsv", "json", "jsonl", "yaml", "yml", "toml", "py", "log"), TEXT),
    **{name: f"image/{name}" for name in ("png", "gif", "webp", "avif", "bmp")},
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
    "flac": "audio/flac",
    "ogg": "audio/ogg",
    "m4a": "audio/mp4",
    "mp4": "video/mp4",
    "webm": "video/webm",
}


@dataclass(frozen=True)
class Wanted:
    """A file of a repository."""

    kind: str
    id: str
    revision: str
    path: str

    def __post_init__(self) -> None:
        """Refuse what is none."""
        parts, steps = self.id.split("/"), self.path.split("/")
        if self.kind not in FOLDERS:
            raise BadInput(f"There is no kind of repository called {self.kind!r:.40}.")
        if not 1 <= len(parts) <= 2 or not all(map(_named, parts)):
            raise BadInput(f"{self.id!r:.100} is not a repository id.", "Ids look like owner/name.")
        if len(self.revision) > 200 or not all(map(_named, self.revision.split("/"))):
            raise BadInput(f"{self.revision!r:.100} is no revision.")
        if len(self.path) > 1000 or not all(map(_step, steps)):
            raise BadInput(f"{self.path!r:.100} is no file of a repository.")

    @property
    def name(self) -> str:
        """Its last part."""
        return self.path.rpartition("/")[2]

    @property
    def type(self) -> str:
        """What it is shown as, by its name alone: what the Hub says of it came from its uploader."""
        return SHOWN.get(self.name.rpartition(".")[2].lower(), SAVED)

    @property
    def saved(self) -> bool:
        """Whether a browser is to save it and not to show it."""
        return self.type == SAVED

    @property
    def lasting(self) -> bool:
        """Whether this address will always mean the same bytes."""
        return _COMMIT.fullmatch(self.revision) is not None

    def address(self, endpoint: str) -> str:
        """Where the Hub has it."""
        revision, path = quote(self.revision, safe=""), quote(self.path)
        return f"{endpoint}/{FOLDERS[self.kind]}{self.id}/resolve/{revision}/{path}"


@dataclass(frozen=True)
class Coming:
    """A file on its way. `status`: 200, 206 for a part of it, 304 where the page has it."""

    status: int
    headers: Mapping[str, str]
    pieces: Iterator[bytes]


@contextlib.contextmanager
def opened(wanted: Wanted, asked: Mapping[str, str], session: Session | None = None) -> Iterator[Coming]:
    """Ask the Hub for a file. Of the page's headers, a range and what it has already are passed on."""
    from huggingface_hub.utils import get_session, hf_raise_for_status

    from hf_nb.hub.headers import headers
    from hf_nb.hub.translate import translated
    from hf_nb.plumbing import http

    session = http.install(session or current())
    sent = {**headers(), "accept-encoding": "identity", **_passed_on(asked)}
    about = f"{wanted.kind.removesuffix('s')} {wanted.id}"
    # looking at a picture is no use of a repository that a lock file should know of
    with translated(about, session.settings), session.ledger.looking(), contextlib.ExitStack() as stack:
        client: Any = get_session()
        response = stack.enter_context(
            client.stream("GET", wanted.address(session.settings.endpoint), headers=sent)
        )
        if response.status_code == 404 and not response.headers.get("x-error-code"):
            raise NotFound(f"{about} has no such file.")
        if response.status_code != 304:
            hf_raise_for_status(response)
        passed = {name: response.headers[name] for name in _PASSED if name in response.headers}
        if "content-encoding" in response.headers:  # what is passed on is longer than it came
            passed.pop("content-length", None)
        if (length := int(passed.get("content-length") or 0)) > MOST:
            raise TooLarge(
                f"{wanted.name} has {length:,} bytes; a page is sent {MOST:,} at most.",
                f"%hf pull {wanted.id} {wanted.path}",
            )
        yield Coming(response.status_code, passed, _bounded(response, wanted))


def _bounded(response: Any, wanted: Wanted) -> Iterator[bytes]:
    sent = 0
    for piece in response.iter_bytes(PIECE):
        sent += len(piece)
        if sent > MOST:
            raise TooLarge(f"{wanted.name} has no end.")
        yield piece


def _passed_on(asked: Mapping[str, str]) -> dict[str, str]:
    passed = {}
    if _RANGE.fullmatch(given := asked.get("Range", "")):
        passed["range"] = given
    if 0 < len(has := asked.get("If-None-Match", "")) <= 200 and has.isprintable() and has.isascii():
        passed["if-none-match"] = has
    return passed


def _named(part: str) -> bool:
    return _NAME.fullmatch(part) is not None and ".." not in part


def _step(part: str) -> bool:
    return part not in ("", ".", "..") and part.isprintable() and "\\" not in part
