"""The sidebar's line to a kernel: the comm target `hf_nb`, which answers once `%load_ext hf_nb` has run."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hf_nb.panels.desk import Desk

TARGET = "hf_nb"
# Lines at the same time. A page that is reloaded leaves its own open; the oldest goes first.
MOST = 16
_open: dict[str, tuple[Any, Desk]] = {}


def load(shell: Any) -> None:
    """Answer whoever opens the target; a shell without comms (a terminal) has none."""
    if (manager := _manager(shell)) is not None:
        manager.register_target(TARGET, _opened)


def unload(shell: Any) -> None:
    """Answer nobody any more, and tell those who are there."""
    if (manager := _manager(shell)) is not None and TARGET in getattr(manager, "targets", {}):
        manager.unregister_target(TARGET, _opened)
    for id in list(_open):
        _close(id)


def _manager(shell: Any) -> Any:
    return getattr(getattr(shell, "kernel", None), "comm_manager", None)


def _opened(comm: Any, _: dict[str, Any]) -> None:
    from hf_nb.panels.desk import Desk

    desk = Desk(lambda message, buffers: comm.send(message, buffers=list(buffers) or None))

    def heard(message: dict[str, Any]) -> None:
        desk.receive(message["content"].get("data"), message.get("buffers") or ())

    def closed(_: object) -> None:
        _open.pop(comm.comm_id, None)
        desk.close()

    comm.on_msg(heard)
    comm.on_close(closed)
    _open[comm.comm_id] = comm, desk
    for id in list(_open)[:-MOST]:
        _close(id)


def _close(id: str) -> None:
    comm, desk = _open.pop(id, (None, None))
    if comm is not None and desk is not None:
        desk.close()
        with contextlib.suppress(Exception):  # the page may be long gone
            comm.close()
