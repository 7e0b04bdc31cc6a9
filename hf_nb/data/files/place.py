"""Where a remote file's bytes lie: an address, asked for once, and where it led.

The Hub answers for a large file with a signed address on another host. That is remembered for all later ranges, and
asked for anew when it is no longer good. The Hub's token goes where the file's own address is, and no further.
"""

from __future__ import annotations

import hashlib
import re
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urljoin, urlsplit, urlunsplit

from hf_nb.errors import BadInput, Broken, Refused
from hf_nb.hub.headers import in_use
from hf_nb.plumbing.transports.gate import is_hub_origin
from hf_nb.plumbing.transports.official import OWN

if TYPE_CHECKING:
    from hf_nb.plumbing.session import Session

COMMIT = re.compile(r"[0-9a-f]{40}")
HOPS = 8
MOVED = frozenset({301, 302, 303, 307, 308})
_FOLDERS = {"model": "", "dataset": "datasets/", "space": "spaces/"}


@dataclass(frozen=True)
class HubFile:
    """A file of a repository, at a commit (or at a branch such as refs/convert/parquet)."""

    id: str
    path: str
    revision: str
    kind: str = "dataset"
    size: int | None = None

    def url(self, endpoint: str) -> str:
        """Its address."""
        revision = quote(self.revision, safe="")
        return f"{self.page(endpoint)}/resolve/{revision}/{quote(self.path)}"

    def page(self, endpoint: str) -> str:
        """Its repository's page."""
        return f"{endpoint}/{_FOLDERS[self.kind]}{self.id}"

    @property
    def repository(self) -> str:
        """For people."""
        return f"{self.kind} {self.id}"


class Place:
    """One file's address. Thread-safe: sixteen ranges at once ask the Hub for it once."""

    def __init__(self, url: str, session: Session, file: HubFile | None = None) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise BadInput(f"{named(url)} is no address of a file.", "Addresses begin with https://")
        self.url, self.session, self.file = url, session, file
        self.of_hub = is_hub_origin(url, session.settings.endpoint)
        self._led: str | None = None
        self._as_sent: str | None = None  # the same, as the HTTP library writes it
        self._lock = threading.Lock()

    @property
    def led(self) -> bool:
        """Whether ranges are asked for elsewhere than at the file's own address."""
        return self._led not in (None, self.url)

    def asker(self) -> str:
        """Whose token goes along, as nobody can read it: empty for nobody's."""
        token = in_use() if self.of_hub else None
        return hashlib.sha256(token.encode()).hexdigest() if token else ""

    def forget(self, where: str) -> None:
        """That address is no longer good."""
        with self._lock:
            if where in (self._led, self._as_sent):
                self._led = self._as_sent = None

    def ask(self, client: Any, headers: dict[str, str]) -> Any:
        """The answer, its body not yet read; the caller closes it."""
        where = self._led
        if where is not None:
            return self._hop(client, where, headers)
        with self._lock:  # the others wait for the first one's answer, and then know where to ask
            if self._led is None:
                return self._follow(client, headers)
            where = self._led
        return self._hop(client, where, headers)

    def _follow(self, client: Any, headers: dict[str, str]) -> Any:
        where = self.url
        for _ in range(HOPS):
            answer = self._hop(client, where, headers)
            if answer.status_code not in MOVED or "location" not in answer.headers:
                if answer.status_code < 300:
                    self._led, self._as_sent = where, str(answer.request.url)
                return answer
            location = answer.headers["location"]
            answer.close()
            where = self._onward(where, location)
        raise Broken(f"{named(self.url)} leads from one address to the next without end.")

    def _onward(self, where: str, location: str) -> str:
        onward = urljoin(where, location)
        before, after = urlsplit(where), urlsplit(onward)
        if after.scheme not in ("http", "https") or not after.hostname:
            raise Broken(f"{named(self.url)} leads to something that is no address.")
        if before.scheme == "https" and after.scheme == "http":
            raise Refused(f"{named(self.url)} leads from https to http, where anybody can change it.")
        return onward

    def _hop(self, client: Any, where: str, headers: dict[str, str]) -> Any:
        own = _origin(where) == _origin(self.url)
        sent = headers | (self._token() if self.of_hub and own else {})
        request = client.build_request("GET", where, headers=sent)
        if not self.of_hub:  # the user's own server, which the official offline mode does not mean
            request.extensions = {**request.extensions, OWN: True}
        return client.send(request, stream=True, follow_redirects=False)

    def _token(self) -> dict[str, str]:
        token = in_use()
        return {"Authorization": f"Bearer {token}"} if token else {}


def named(url: str) -> str:
    """An address for people: without credentials, and without a query, which may be a signature."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return unquote(urlunsplit((parts.scheme, host, parts.path, "", "")))


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port
