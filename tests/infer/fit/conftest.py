"""What the tests of `fit` share.

wire      bytes that came over the network since the test began
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from hf_nb.plumbing.session import Session

if TYPE_CHECKING:
    from hf_nb.offline.running import Running


@pytest.fixture
def session(hub: Running) -> Session:
    return Session()


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    came: list[int] = []
    plain = socket.socket.recv

    def recv(self: socket.socket, *args: Any) -> bytes:
        got = plain(self, *args)
        came.append(len(got))
        return got

    monkeypatch.setattr(socket.socket, "recv", recv)
    return came


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    """Then its own processor time is the clock, and other work on the machine does not count."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)
