"""Loopback only: what Python code in a test, or in a child of one, tries to reach is this machine or an error.

    pytest ── install()                                     the hook in the test process
       └── PYTHONPATH=tests/guard ── sitecustomize ── install()  … in every kernel, server and command it starts

An audit hook sees every socket of CPython, whichever library opened it, and cannot be taken away again. Code
that swallows the error is still found: each violation is also a line in the log named by HF_NB_GUARD_LOG, and a
line there fails the session.
"""

from __future__ import annotations

import ipaddress
import itertools
import os
import socket
import sys
import traceback
from pathlib import Path

LOG = "HF_NB_GUARD_LOG"
NAMES = frozenset({"localhost", "ip6-localhost", ""})
# `datasets` asks for its viewer at datasets-server.{host of HF_ENDPOINT}; nobody can own such a name.
NOWHERE = ".127.0.0.1"
# event -> where in its arguments the address or the host stands
WATCHED = {
    "socket.connect": 1,
    "socket.sendto": 1,
    "socket.sendmsg": 1,
    "socket.getaddrinfo": 0,
    "socket.gethostbyname": 0,
    "socket.gethostbyaddr": 0,
}
_INTERNET = (socket.AF_INET, socket.AF_INET6)
_installed: list[bool] = []


class ReachedOut(RuntimeError):
    """A test tried to leave this machine. No connection error: those are retried, and sometimes expected."""


def install() -> None:
    """Watch this process from now on."""
    if not _installed:
        _installed.append(True)
        sys.addaudithook(_audit)


def environment(log: Path) -> dict[str, str]:
    """What a child process needs so that it is watched too."""
    here = str(Path(__file__).parent)
    before = [
        entry for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if entry and entry != here
    ]
    return {"PYTHONPATH": os.pathsep.join([here, *before]), LOG: str(log)}


def stays_here(address: object) -> bool:
    """The address, as a socket call is given it, is on this machine."""
    if isinstance(address, tuple):
        address = address[0] if address else None
    if isinstance(address, bytes | bytearray):
        address = address.decode("ascii", "replace")
    if address is None:
        return True  # "any interface of mine", or an already connected socket
    if not isinstance(address, str):
        return False
    host = address.lower().partition("%")[0]
    if host in NAMES:
        return True
    try:
        number = ipaddress.ip_address(host)
    except ValueError:
        return False
    mapped = getattr(number, "ipv4_mapped", None)
    return (mapped or number).is_loopback or number.is_unspecified


def _audit(event: str, arguments: tuple[object, ...]) -> None:
    where = WATCHED.get(event)
    if where is None:
        return
    if where == 1 and getattr(arguments[0], "family", None) not in _INTERNET:
        return
    address = arguments[where]
    if isinstance(address, str) and address.endswith(NOWHERE):
        raise socket.gaierror(socket.EAI_NONAME, f"no such host: {address}")
    if not stays_here(address):
        _complain(event, address)


def _complain(event: str, address: object) -> None:
    program = Path(sys.argv[0] if sys.argv else "").name or "python"
    test = os.environ.get("PYTEST_CURRENT_TEST", "no test").partition(" (")[0]
    line = f"{event} {address!r} by {program} of {test}, from {_callers()}"
    if log := os.environ.get(LOG):
        with Path(log).open("a", encoding="utf-8") as lines:
            lines.write(line + "\n")
    raise ReachedOut(f"Tests stay on this machine: {line}")


def _callers() -> str:
    """Who asked for it: `httpx2/_client.py:914 < datasets/load.py:193`. The standard library is passed over."""
    standard = str(Path(os.__file__).parent)
    places: list[str] = []
    for frame in reversed(traceback.extract_stack()):
        path = Path(frame.filename)
        library = frame.filename.startswith(standard) and "site-packages" not in path.parts
        if not library and path != Path(__file__):
            places.append(f"{path.parent.name}/{path.name}:{frame.lineno}")
    packages = dict.fromkeys(place.partition("/")[0] for place in places)
    nearest = (next(place for place in places if place.startswith(f"{package}/")) for package in packages)
    return " < ".join(itertools.islice(nearest, 6)) or "nowhere known"
