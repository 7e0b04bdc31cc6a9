"""What a test can ask for.

    hub       the offline Hub with its demo content, one a session; requests and faults are this test's own
    kernel    a real ipykernel that sees that Hub, fresh    kernel.run("1 + 1").text
    shell     an IPython shell here; a failing cell raises  shell.run_cell("%hf")
    clock     time that passes when told                    clock.rule("hf_nb.plumbing.http"); clock.pass_(30)

A test that asks for none of the first two runs without any HF_* variable.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from hf_nb.offline.handle import ADMIN
from tests.clock import Clock
from tests.kernels import Kernel
from tests.session import HUB

if TYPE_CHECKING:
    from hf_nb.offline.running import Running


@pytest.fixture(autouse=True)
def _no_hub_unless_asked(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if "served_hub" not in request.fixturenames:
        for name in (*request.config.stash[HUB].environment, ADMIN):
            monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def _nothing_of_ours_stays() -> Iterator[None]:
    """hf_nb's client and session are a process's, and a test is not a process: the next one gets neither."""
    yield
    http, session = (sys.modules.get(f"hf_nb.plumbing.{name}") for name in ("http", "session"))
    if session:
        session.use(None)
    if http and http._installed_for:
        from huggingface_hub import set_client_factory
        from huggingface_hub.utils._http import default_client_factory

        set_client_factory(default_client_factory)
        http._installed_for.clear()


@pytest.fixture(autouse=True)
def _tries_follow_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a failing Hub is asked again is asked at once: the order of the waits is tried under a clock."""
    monkeypatch.setattr("hf_nb.plumbing.transports.retry.FIRST", 0.01)


@pytest.fixture(scope="session")
def served_hub(request: pytest.FixtureRequest) -> Running:
    """The session's Hub, for fixtures that live longer than one test."""
    return request.config.stash[HUB].start()


@pytest.fixture
def hub(served_hub: Running) -> Iterator[Running]:
    """The session's Hub with an empty request log and no faults."""
    served_hub.clear_requests()
    yield served_hub
    served_hub.clear_faults()
    served_hub.empty_disk()
    served_hub.reset_clock()


@pytest.fixture
def kernel(hub: Running) -> Iterator[Kernel]:
    """A kernel of this interpreter, in a process of its own, that sees the offline Hub."""
    with Kernel(hub.environment) as started:
        yield started


@pytest.fixture
def shell() -> Iterator[Any]:
    """The shell `get_ipython()` finds, without history."""
    from tests.shells import RaisingShell, config

    yield RaisingShell.instance(config=config())
    RaisingShell.clear_instance()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Nothing sleeps."""
    return Clock(monkeypatch)
