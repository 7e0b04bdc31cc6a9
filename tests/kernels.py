r"""A real ipykernel in a process of its own.

with Kernel({"HF_ENDPOINT": …}) as kernel:
    ran = kernel.run("print('a'); 6 * 7")       ran.text == "a\n42", ran.error is None
    kernel.complete("%hf sea")                  ["search"]
    slow = kernel.begin("while True: pass")     kernel.until_running(slow); kernel.interrupt()
    kernel.finish(slow).error.name              "KeyboardInterrupt"
"""

from __future__ import annotations

import os
import queue
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import ipykernel.kernelspec
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import KernelManager

READY_SECONDS = 60.0
CELL_SECONDS = 60.0
# The kernel says that it runs a cell (execute_input) before it does, and IPython's own events swallow an interrupt: a
# stop button pressed too early is lost. So each cell's first statement says that it runs, in a display nobody is shown.
MARK = "application/x-tests-running"
_ANNOUNCE = f"""
import ast
class Announce:
    def visit(self, tree):
        if not (tree.body and getattr(tree.body[0], "module", "") == "__future__"):
            tree.body[:0] = ast.parse("get_ipython().display_pub.publish({{'{MARK}': ''}})").body
        return tree
shell.ast_transformers.append(Announce())
"""
_ANSI = re.compile(r"\x1b\[[0-9;]*m")


class OfThisInterpreter(KernelSpecManager):
    """Whatever kernels the machine has installed, ours runs the tests' own Python."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """The one there is."""
        return KernelSpec(**ipykernel.kernelspec.get_kernel_dict())


@dataclass(frozen=True)
class Failure:
    """A cell's error output, as a notebook stores it."""

    name: str
    message: str
    traceback: tuple[str, ...]

    @property
    def shown(self) -> str:
        """What the reader sees, without colours."""
        return _ANSI.sub("", "\n".join(self.traceback))


@dataclass
class Ran:
    """What one cell left behind. Displays are as a page shows them at the end: updates and clears applied."""

    stdout: str = ""
    stderr: str = ""
    result: Mapping[str, Any] | None = None
    displays: list[Mapping[str, Any]] = field(default_factory=list)
    error: Failure | None = None
    seconds: float = 0.0
    _places: dict[str, int] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """Everything a reader of plain text sees."""
        bundles = [*self.displays, *([self.result] if self.result else [])]
        return "\n".join(
            part
            for part in (self.stdout.rstrip("\n"), *(str(one.get("text/plain", "")) for one in bundles))
            if part
        )

    @property
    def html(self) -> str:
        """The HTML of displays and result."""
        bundles = [*self.displays, *([self.result] if self.result else [])]
        return "\n".join(str(one["text/html"]) for one in bundles if "text/html" in one)

    def take(self, kind: str, content: Mapping[str, Any]) -> None:
        """One message of the kernel."""
        match kind:
            case "stream":
                setattr(self, content["name"], getattr(self, content["name"]) + content["text"])
            case "execute_result":
                self.result = content["data"]
            case "display_data" | "update_display_data" if MARK not in content["data"]:
                self._display(kind, content)
            case "error":
                self.error = Failure(content["ename"], content["evalue"], tuple(content["traceback"]))
            case "clear_output":
                self.stdout = self.stderr = ""
                self.displays.clear()
                self._places.clear()

    def _display(self, kind: str, content: Mapping[str, Any]) -> None:
        name = content.get("transient", {}).get("display_id")
        if name in self._places:
            self.displays[self._places[name]] = content["data"]
        elif kind == "display_data":
            if name:
                self._places[name] = len(self.displays)
            self.displays.append(content["data"])


class Kernel:
    """Started by `with`, ended with it."""

    def __init__(
        self, environment: Mapping[str, str] | None = None, *, folder: os.PathLike[str] | None = None
    ) -> None:
        self._manager = KernelManager(kernel_spec_manager=OfThisInterpreter())
        self._environment = {**os.environ, **(environment or {})}
        self._folder = folder

    def __enter__(self) -> Self:
        self._manager.start_kernel(env=self._environment, cwd=self._folder)
        self._client: BlockingKernelClient = self._manager.client()
        self._client.start_channels()
        self._greet()
        return self

    def __exit__(self, *_: object) -> None:
        self._client.stop_channels()
        self._manager.shutdown_kernel(now=True)

    def run(self, code: str, *, within: float = CELL_SECONDS) -> Ran:
        """Run a cell and wait for it."""
        return self.finish(self.begin(code), within=within)

    def begin(self, code: str) -> str:
        """Run a cell and don't wait; the handle is for `finish`."""
        return self._client.execute(code, store_history=True, allow_stdin=False)

    def finish(self, handle: str, *, within: float = CELL_SECONDS) -> Ran:
        """Wait until this cell is done."""
        ran, began = Ran(), time.perf_counter()
        while True:
            left = within - (time.perf_counter() - began)
            try:
                message = self._client.get_iopub_msg(timeout=max(left, 0))
            except queue.Empty:
                raise TimeoutError(
                    f"The cell was not done after {within:.0f} s. So far: {ran.text!r}"
                ) from None
            if message["parent_header"].get("msg_id") != handle:
                continue
            if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                ran.seconds = time.perf_counter() - began
                return ran
            ran.take(message["msg_type"], message["content"])

    def until_running(self, handle: str, *, within: float = CELL_SECONDS) -> None:
        """Wait until the kernel has begun this cell."""
        while True:
            message = self._client.get_iopub_msg(timeout=within)
            ours = message["parent_header"].get("msg_id") == handle
            if ours and MARK in message["content"].get("data", {}):
                return

    def complete(self, code: str, at: int | None = None) -> list[str]:
        """What TAB offers."""
        reply = self._client.complete(
            code, at if at is not None else len(code), reply=True, timeout=CELL_SECONDS
        )
        return list(reply["content"]["matches"])

    def until_drawn(self, handle: str) -> None:
        """Wait until this cell changes something it has shown; what came before is not kept for `finish`."""
        while True:
            message = self._client.get_iopub_msg(timeout=CELL_SECONDS)
            drawn = message["msg_type"] == "update_display_data"
            if drawn and message["parent_header"].get("msg_id") == handle:
                return

    def interrupt(self) -> None:
        """The stop button."""
        self._manager.interrupt_kernel()

    def restart(self) -> None:
        """A fresh process on the same ports."""
        self._manager.restart_kernel(now=True)
        self._greet()

    def _greet(self) -> None:
        self._client.wait_for_ready(timeout=READY_SECONDS)
        self.finish(self._client.execute(f"exec({_ANNOUNCE!r}, dict(shell=get_ipython()))", silent=True))
