"""The sidebar's line to a kernel: the comm target `hf_nb`, which answers once `%load_ext hf_nb` has run."""

from __future__ import annotations

from typing import Any

TARGET = "hf_nb"


def load(shell: Any) -> None:
    """Answer whoever opens the target; a shell without comms (a terminal) has none."""
    if (manager := _manager(shell)) is not None:
        manager.register_target(TARGET, _opened)


def unload(shell: Any) -> None:
    """Answer nobody any more."""
    if (manager := _manager(shell)) is not None and TARGET in getattr(manager, "targets", {}):
        manager.unregister_target(TARGET, _opened)


def _manager(shell: Any) -> Any:
    return getattr(getattr(shell, "kernel", None), "comm_manager", None)


def _opened(comm: Any, _: dict[str, Any]) -> None:
    from hf_nb.panels.desk import Desk

    desk = Desk(lambda message, buffers: comm.send(message, buffers=list(buffers) or None))
    comm.on_msg(
        lambda message: desk.receive(message["content"].get("data"), message.get("buffers") or ()) and None
    )
    comm.on_close(lambda _: desk.close())
