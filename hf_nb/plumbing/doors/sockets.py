"""The last door: what Python opens, names it looks up, and programs that would do either.

An audit hook hears of every one of them, whichever library asks. Refused is what a library asks for, and what nobody
can say who asks for; a cell's own code is let through. Put there when a door is closed for the first time, since a hook
cannot be taken away: opened again it only looks at one flag.
"""

from __future__ import annotations

import ipaddress
import os
import socket
import sys
from typing import Any

from hf_nb.errors import Refused

# event -> where in its arguments the address, or the host, stands
WATCHED = {
    "socket.connect": 1,
    "socket.sendto": 1,
    "socket.sendmsg": 1,
    "socket.getaddrinfo": 0,
    "socket.gethostbyname": 0,
    "socket.gethostbyaddr": 0,
}
# Whose doing it is, when one of them stands nearer to the socket than the notebook's own code.
LIBRARIES = frozenset(
    "hf_nb huggingface_hub transformers datasets tokenizers safetensors diffusers accelerate peft trl evaluate optimum"
    " sentence_transformers timm gradio gradio_client fsspec kernels smolagents lighteval detect_secrets".split()
)
PROGRAMS = frozenset("git curl wget pip pip3 uv uvx npm npx ssh scp rsync ollama aws gsutil gcloud".split())
NAMES = frozenset({"localhost", "ip6-localhost", ""})
_INTERNET = (socket.AF_INET, socket.AF_INET6)
# Its connections are its own affair: what a kernel may do is asked in the kernel.
_SERVER = "jupyter_server.serverapp"

_closed = False
_installed = False


def close() -> None:
    """From now on."""
    global _closed, _installed  # noqa: PLW0603 -- a process has one hook
    if _SERVER in sys.modules:
        return
    _closed = True
    if not _installed:
        _installed = True
        sys.addaudithook(_heard)


def open_again() -> None:
    """No longer."""
    global _closed  # noqa: PLW0603 -- the same
    _closed = False


def closed() -> bool:
    """Whether it is now."""
    return _closed


def stays_here(address: object) -> bool:
    """The address, as a socket call is given it, is this machine's."""
    if isinstance(address, tuple):
        address = address[0] if address else None
    if isinstance(address, bytes | bytearray):
        address = address.decode("ascii", "replace")
    if address is None:
        return True  # any interface of its own, or one that is connected already
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


def _heard(event: str, arguments: tuple[Any, ...]) -> None:
    if not _closed:
        return
    if event in WATCHED:
        _socket(event, arguments)
    elif event == "subprocess.Popen":
        _program(arguments)


def _socket(event: str, arguments: tuple[Any, ...]) -> None:
    where = WATCHED[event]
    if where == 1 and getattr(arguments[0], "family", None) not in _INTERNET:
        return
    address = arguments[where]
    if not stays_here(address) and (who := _asker(2)) is not None:
        host = address[0] if isinstance(address, tuple) and address else address
        raise _refused(f"a connection to {_plain(host)}, asked for by {who}")


def _program(arguments: tuple[Any, ...]) -> None:
    """Only where a library asks for it: pip in a cell is the user's."""
    given = arguments[1]
    first = arguments[0] or (given if isinstance(given, str) else next(iter(given or ()), ""))
    name = os.path.basename(_plain(first).split(" ")[0]).removesuffix(".exe")  # noqa: PTH119 -- in a hook: quick
    if name in PROGRAMS and (who := _asker(2)) in LIBRARIES and who != "hf_nb":
        raise _refused(f"{name}, started by {who}")


def _refused(what: str) -> Refused:
    return Refused(f"The setting local_only refused {what}.", "To allow it: %hf settings local_only=false")


def _asker(depth: int) -> str | None:
    """The library nearest to the socket; None where the notebook's own code is nearer."""
    main = sys.modules.get("__main__")
    own = getattr(main, "__dict__", None)
    frame: Any = sys._getframe(depth + 1)  # noqa: SLF001 -- the one way to see who calls
    while frame is not None:
        space = frame.f_globals
        package = str(space.get("__name__", "")).partition(".")[0]
        if package in LIBRARIES:
            return package
        if space is own:
            return None
        frame = frame.f_back
    return "a thread that no cell began"


def _plain(said: object) -> str:
    return said.decode("ascii", "replace") if isinstance(said, bytes) else str(said)
