"""Work in the background that is cancelled at a bad moment."""

from __future__ import annotations

import importlib
import sys
import threading
from pathlib import Path

import pytest

from hf_nb.errors import Stopped
from hf_nb.magics.background import Handle
from tests.panels.asking import until

go = threading.Event()
MODULE = """
from tests.magics import test_background as test
while not test.go.wait(0.005):
    pass
whole = True
"""


def test_what_is_cancelled_while_it_imports_leaves_the_module_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "slow_for_a_handle.py").write_text(MODULE)
    monkeypatch.syspath_prepend(str(tmp_path))
    importlib.invalidate_caches()
    go.clear()
    after = threading.Event()

    def work() -> None:
        importlib.import_module("slow_for_a_handle")
        while not after.wait(0.005):
            pass

    handle = Handle("slow", work, lambda _: None, lambda _: None)
    until(lambda: "slow_for_a_handle" in sys.modules)
    assert handle.cancel()
    go.set()
    until(lambda: handle.done)
    assert isinstance(handle.exception(), Stopped)
    assert importlib.import_module("slow_for_a_handle").whole
    del sys.modules["slow_for_a_handle"]
