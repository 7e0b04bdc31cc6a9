"""A page's end of the comm `hf_nb` in a real kernel, over a subshell where it has one (as JupyterLab does)."""

from __future__ import annotations

import queue
import time
import uuid
from typing import Any

from hf_nb.panels.wire import PROTOCOL
from tests.kernels import Kernel

WITHIN = 30.0


class Line:
    """One comm."""

    def __init__(self, kernel: Kernel, subshell: str | None = None) -> None:
        self._client = kernel._client
        self._subshell = subshell
        self.id = uuid.uuid4().hex
        self.client = self.id[:8]
        self._count = 0
        self._send("comm_open", {"comm_id": self.id, "target_name": "hf_nb", "data": {}})

    def ask(self, op: str, buffers: list[bytes] | None = None, **args: Any) -> str:
        """Send one question; its id."""
        self._count += 1
        id = f"{self.client}-{self._count}"
        data = {"v": PROTOCOL, "id": id, "op": op, "generation": 0, "args": args}
        self._send("comm_msg", {"comm_id": self.id, "data": data}, buffers)
        return id

    def answer(self, id: str) -> dict[str, Any]:
        """The end of one question; what is said to others is left out."""
        while True:
            message = self.hear()
            if message["msg_type"] == "comm_msg" and message["content"]["data"].get("id") == id:
                found: dict[str, Any] = message["content"]["data"]
                if "event" not in found:
                    return found | ({"buffers": message["buffers"]} if message["buffers"] else {})

    def until_closed(self) -> None:
        """The kernel has closed this comm."""
        while True:
            message = self.hear()
            if message["msg_type"] == "comm_close" and message["content"]["comm_id"] == self.id:
                return

    def hear(self) -> dict[str, Any]:
        try:
            message: dict[str, Any] = self._client.get_iopub_msg(timeout=WITHIN)
        except queue.Empty:
            raise TimeoutError("The kernel says nothing.") from None
        return message

    def close(self) -> None:
        self._send("comm_close", {"comm_id": self.id, "data": {}})

    def _send(self, kind: str, content: dict[str, Any], buffers: list[bytes] | None = None) -> None:
        session = self._client.session
        message = session.msg(kind, content)
        if self._subshell:
            message["header"]["subshell_id"] = self._subshell
        session.send(self._client.shell_channel.socket, message, buffers=buffers)


def subshell(kernel: Kernel) -> str:
    """A thread of the kernel's own that hears messages while a cell runs."""
    control = kernel._client.control_channel
    control.send(kernel._client.session.msg("create_subshell_request", {}))
    until = time.monotonic() + WITHIN
    while time.monotonic() < until:
        reply = control.get_msg(timeout=WITHIN)
        if reply["msg_type"] == "create_subshell_reply":
            return str(reply["content"]["subshell_id"])
    raise TimeoutError("No subshell came.")
