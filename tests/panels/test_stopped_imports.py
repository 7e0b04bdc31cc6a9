"""A question that is given up while it imports: the module is whole, and nobody who needs it waits for ever."""

from __future__ import annotations

import importlib
import sys
import textwrap
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from hf_nb.panels import ops
from tests.panels.asking import Going, Page, until

if TYPE_CHECKING:
    from hf_nb.panels.desk import Ask

MODULE = """
    from tests.panels import test_stopped_imports as test
    while not test.go.wait(0.005):
        pass
    whole = True
"""
WAITERS = 6
go = threading.Event()


def need(ask: Ask) -> dict[str, Any]:
    """An op that imports where it needs something, as any function does."""
    import slow_to_load  # type: ignore[import-not-found]

    return {"whole": slow_to_load.whole}


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """Its questions need a module that is not loaded before `go` is set."""
    (tmp_path / "slow_to_load.py").write_text(textwrap.dedent(MODULE))
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(ops, "OPS", {"need": f"{__name__}:need"})
    importlib.invalidate_caches()
    go.clear()
    yield Page()
    go.set()
    sys.modules.pop("slow_to_load", None)


def importing(*, waiting: int) -> bool:
    """One thread loads the module, and so many wait for it."""
    tops = [frame for frame in sys._current_frames().values() if frame.f_code.co_name == "acquire"]
    waits = sum("importlib" in frame.f_code.co_filename for frame in tops)
    return "slow_to_load" in sys.modules and waits == waiting


def all_wait(page: Page) -> list[Going]:
    """The first loads it, the others wait for its lock."""
    going = [page.begin("need")]
    until(lambda: importing(waiting=0))
    going += [page.begin("need") for _ in range(WAITERS)]
    until(lambda: importing(waiting=WAITERS))
    return going


def test_who_waits_for_a_module_is_not_left_behind_by_one_who_gives_up(page: Page) -> None:
    going = all_wait(page)
    for one in going[1:-1]:
        one.cancel()
    go.set()
    assert going[0].answer() == {"whole": True}
    assert going[-1].answer(20) == {"whole": True}
    until(lambda: page.desk.idle)
    assert all(one.heard.empty() for one in going), "who gave up is told nothing"


def test_a_module_is_loaded_to_its_end_though_who_began_gives_up(page: Page) -> None:
    going = all_wait(page)
    going[0].cancel()
    go.set()
    assert [one.answer(20) for one in going[1:]] == [{"whole": True}] * WAITERS
    assert page.ask("need") == {"whole": True}
    until(lambda: page.desk.idle)
