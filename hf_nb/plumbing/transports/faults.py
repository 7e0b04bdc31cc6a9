"""Failures on demand, on the client's side: what a test or an exercise cannot ask a server for.

with http.fault("connect", match="*/api/models*"): ...
"""

import fnmatch
import threading
import time
from dataclasses import dataclass, field
from typing import Any, Literal

from hf_nb.plumbing.transports.wrapper import Transport, Wrapper

Kind = Literal["connect", "timeout", "cut", "latency", "status"]


@dataclass
class Fault:
    """What goes wrong, for which addresses, how often."""

    kind: Kind
    match: str = "*"
    count: int | None = None
    seconds: float = 0.0
    status: int = 503
    headers: dict[str, str] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    def strikes(self, address: str) -> bool:
        """Whether this request is hit; uses up one of `count`."""
        if not fnmatch.fnmatchcase(address, self.match):
            return False
        with self._lock:
            if self.count is None:
                return True
            self.count -= 1
            return self.count >= 0


class Faults(Wrapper):
    """Raises what the HTTP library would raise; `library` is handed in, since one module alone imports it."""

    def __init__(self, inner: Transport, faults: list[Fault], library: Any) -> None:
        super().__init__(inner)
        self.faults = faults
        self.library = library

    def handle_request(self, request: Any) -> Any:
        for fault in tuple(self.faults):
            if fault.strikes(str(request.url)):
                match fault.kind:
                    case "connect":
                        raise self.library.ConnectError(
                            "connection refused (fault on demand)", request=request
                        )
                    case "timeout":
                        raise self.library.ReadTimeout("no answer (fault on demand)", request=request)
                    case "cut":
                        raise self.library.RemoteProtocolError(
                            "connection closed (fault on demand)", request=request
                        )
                    case "status":
                        return self.library.Response(fault.status, headers=fault.headers, request=request)
                    case "latency":
                        time.sleep(fault.seconds)
        return self.inner.handle_request(request)
