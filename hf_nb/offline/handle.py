"""What whoever started an offline Hub can ask of it: its faults, its disk, its clock, what it was asked.

here()                                     # the Hub this process lives under, as below `hf-nb hub run -- jupyter lab`
with here().fault("stall", match="*/resolve/*", count=1):
    ...                                    # the next file stops halfway; server/faults.py lists every kind
with here().full_disk():
    ...                                    # nothing can be written
here().pass_(3600)                         # an hour later: links expire, rate windows begin anew
"""

from __future__ import annotations

import contextlib
import ipaddress
import json
import os
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypedDict, Unpack
from urllib.parse import urlsplit

from hf_nb.errors import NotFound, Refused, Unreachable

if TYPE_CHECKING:
    from hf_nb.offline.upkeep import Freed

ENDPOINT, ADMIN = "HF_ENDPOINT", "HF_NB_HUB_ADMIN"
_PATIENCE = 30.0


class How(TypedDict, total=False):
    """Where a fault strikes, how often, and how (see server/faults.py)."""

    match: str
    origin: str | None
    user: str | None
    repo: str | None
    count: int | None
    rate: float
    seed: int
    after: int
    every: int
    status: int | None
    code: str | None
    seconds: float | None
    jitter: float
    at: float | None


class Handle:
    """An offline Hub at work, wherever it was started."""

    def __init__(self, url: str, admin: str) -> None:
        self.url, self._admin = url, admin
        # loopback must not be asked for through a proxy
        self._ask = urllib.request.build_opener(urllib.request.ProxyHandler({})).open

    def __repr__(self) -> str:
        return "<offline Hub>"  # no port, which changes from run to run, and no token

    def requests(self) -> list[dict[str, Any]]:
        """What was asked so far, oldest first; `authorization` says whether there was a token, never which."""
        found: list[dict[str, Any]] = self.tell("GET", "requests")
        return found

    def clear_requests(self) -> None:
        """Forget what was asked."""
        self.tell("DELETE", "requests")

    def memory(self) -> dict[str, int]:
        """Kilobytes the serving process holds (VmRSS, RssAnon, …), where the system tells."""
        found: dict[str, int] = self.tell("GET", "memory")
        return found

    def clear(self, older_than: str = "1d", *, dry_run: bool = False) -> Freed:
        """Remove what nothing leads to and nobody has touched for so long (see upkeep.py)."""
        from hf_nb.offline.upkeep import Freed

        return Freed(**self.tell("POST", "gc", {"older_than": older_than, "dry_run": dry_run}))

    def approve(self, user_code: str, name: str, *, role: str = "write", allowed: bool = True) -> None:
        """Answer a login with a browser for somebody: what `hf auth login` waits for."""
        told = {"user_code": user_code, "name": name, "role": role, "allowed": allowed}
        self.tell("POST", "logins", told)

    # -- faults

    @contextlib.contextmanager
    def fault(self, kind: str, **how: Unpack[How]) -> Iterator[Fault]:
        """One kind of failure while the block runs."""
        fault = self.add_fault(kind, **how)
        try:
            yield fault
        finally:
            fault.end()

    def add_fault(self, kind: str, **how: Unpack[How]) -> Fault:
        """One kind of failure from now on."""
        return Fault(self, self.tell("POST", "faults", {"kind": kind, **how})["id"])

    def faults(self) -> list[dict[str, Any]]:
        """The failures in force; `used` says how often each has struck."""
        found: list[dict[str, Any]] = self.tell("GET", "faults")
        return found

    def clear_faults(self) -> None:
        """End every failure."""
        self.tell("DELETE", "faults")

    # -- the disk and the clock

    @contextlib.contextmanager
    def full_disk(self, left: int = 0) -> Iterator[None]:
        """While the block runs the Hub's disk takes `left` bytes more and then nothing; what is there can be read."""
        self.tell("POST", "disk", {"left": left})
        try:
            yield
        finally:
            self.empty_disk()

    def empty_disk(self) -> None:
        """Room again."""
        self.tell("DELETE", "disk")

    def pass_(self, seconds: float) -> None:
        """Let the Hub's time pass at once."""
        self.tell("POST", "clock", {"seconds": seconds})

    def now(self) -> datetime:
        """The Hub's time."""
        return datetime.fromisoformat(self.tell("GET", "clock")["now"])

    def reset_clock(self) -> None:
        """This machine's time again."""
        self.tell("DELETE", "clock")

    def tell(self, method: str, what: str, body: object = None) -> Any:
        """One request to the admin route (see server/admin.py)."""
        from hf_nb.offline.server.admin import HEADER, PREFIX

        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(  # noqa: S310 -- loopback
            self.url + PREFIX + what, data=data, method=method, headers={HEADER: self._admin}
        )
        try:
            with self._ask(request, timeout=_PATIENCE) as answer:
                return json.loads(answer.read())
        except urllib.error.HTTPError as refused:
            with refused:
                raise _refused(refused.read()) from None
        except OSError:
            raise Unreachable("The offline Hub does not answer.", "Start it again.") from None
        except ValueError:
            raise Refused(f"{ENDPOINT} is no offline Hub.") from None


@dataclass(frozen=True)
class Fault:
    """A failure in force."""

    hub: Handle
    id: int

    @property
    def used(self) -> int:
        """How often it has struck."""
        return next((int(line["used"]) for line in self.hub.faults() if line["id"] == self.id), 0)

    def end(self) -> None:
        """No more of it."""
        self.hub.tell("DELETE", f"faults/{self.id}")


def here(environment: Mapping[str, str] = os.environ) -> Handle:
    """The Hub this process lives under: `hf-nb hub run` hands the key on to what it runs, in the environment only."""
    url, admin = environment.get(ENDPOINT, "").rstrip("/"), environment.get(ADMIN, "")
    if not url or not admin:
        raise NotFound(
            "This process does not live under an offline Hub.",
            "Run it as `hf-nb hub run -- COMMAND`, or start one with hf_nb.offline.running.start().",
        )
    if not _loopback(url):
        raise Refused(f"{ENDPOINT} leads off this machine: its faults are not ours to ask for.")
    return Handle(url, admin)


def _loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _refused(body: bytes) -> Refused:
    try:
        problem, _, next_step = str(json.loads(body)["error"]).partition("\n")
    except (ValueError, KeyError, TypeError):
        return Refused(f"{ENDPOINT} is no offline Hub.")
    return Refused(problem, next_step)
