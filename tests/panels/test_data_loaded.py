"""Libraries loaded for a page: whole, one after the other, however many ask at once and whoever gives up meanwhile."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from hf_nb.panels import ops
from hf_nb.panels.data import loaded
from tests.panels.asking import Page, until

if TYPE_CHECKING:
    from hf_nb.panels.desk import Ask

# What the modules below say of themselves, in order; they wait in the middle of their loading for `go`.
said: list[str] = []
go = threading.Event()
MODULE = """
    from tests.panels import test_data_loaded as test
    test.said.append("begin " + __name__)
    test.waited()
    {then}
    whole = True
    test.said.append("end " + __name__)
"""


def waited() -> None:
    """In pieces, so that a stop that is thrown here is felt."""
    while not go.wait(0.005):
        pass


def load(ask: Ask, *, names: list[str]) -> dict[str, Any]:
    """An op that needs these modules."""
    loaded._load(ask, tuple(names))
    return {name: getattr(sys.modules.get(name), "whole", False) for name in names}


@pytest.fixture
def modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """`slow_one`, and `slow_two`, which needs `slow_one`: nobody has loaded them yet."""
    for name, then in {"slow_one": "", "slow_two": "import slow_one; assert slow_one.whole"}.items():
        (tmp_path / f"{name}.py").write_text(textwrap.dedent(MODULE.format(then=then)))
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(ops, "OPS", {"load": f"{__name__}:load"})
    importlib.invalidate_caches()
    said.clear()
    go.clear()
    yield
    go.set()
    for name in ("slow_one", "slow_two"):
        sys.modules.pop(name, None)


@pytest.fixture
def pages() -> Iterator[list[Page]]:
    made = [Page() for _ in range(10)]
    yield made
    for page in made:
        page.desk.close()


def test_many_that_need_it_first_all_wait_until_it_is_whole(modules: None, pages: list[Page]) -> None:
    ends = [["slow_one", "slow_two"], ["slow_two", "slow_one"]]
    going = [page.begin("load", names=ends[at % 2]) for at, page in enumerate(pages)]
    until(lambda: said != [])
    assert len(said) == 1, "others wait, and begin nothing of their own"
    go.set()
    assert [one.answer() for one in going] == [dict.fromkeys(ends[at % 2], True) for at in range(10)]
    assert sorted(said) == ["begin slow_one", "begin slow_two", "end slow_one", "end slow_two"], "once each"


def test_those_who_give_up_leave_it_whole_for_the_next(modules: None, pages: list[Page]) -> None:
    going = [page.begin("load", names=["slow_two"]) for page in pages[:4]]
    until(lambda: said == ["begin slow_two"])
    for one in going:
        one.cancel()
    last = pages[5].begin("load", names=["slow_two", "slow_one"])
    go.set()
    assert last.answer() == {"slow_two": True, "slow_one": True}
    until(lambda: all(page.desk.idle for page in pages))
    assert all(one.heard.empty() for one in going), "who gave up is told nothing"
    assert said == ["begin slow_two", "begin slow_one", "end slow_one", "end slow_two"]


def test_what_a_cell_is_loading_now_is_waited_for(modules: None, pages: list[Page]) -> None:
    cell = threading.Thread(target=importlib.import_module, args=("slow_two",))
    cell.start()
    until(lambda: said == ["begin slow_two"])
    assert "slow_two" in sys.modules, "half of it is there"
    going = pages[0].begin("load", names=["slow_two"])
    until(loaded._turn.locked)
    assert going.heard.empty()
    go.set()
    assert going.answer() == {"slow_two": True}
    cell.join()
    assert said.count("begin slow_two") == 1


def test_what_is_not_installed_is_left_to_whoever_needs_it(modules: None, pages: list[Page]) -> None:
    go.set()
    names = ["no_such_library", "slow_one"]
    assert pages[0].ask("load", names=names) == {"no_such_library": False, "slow_one": True}
    assert not loaded._turn.locked()


SCRIPT = """
    import sys, threading, traceback
    from pathlib import Path
    from tests.panels.asking import Page

    of = {"what": sys.argv[1]}
    columns = [{"name": "n", "chars": 9}]
    views = [None, {"sort": {"column": "n", "descending": True}}, {"search": "word"}, {"where": "n < 30"}]
    pages, failed, barrier = [Page() for _ in range(12)], [], threading.Barrier(12)

    def ask(at):
        barrier.wait()
        given = views[at % 4]
        try:
            for turn in range(3):
                going = pages[at].begin("data.view", of=of, view=given)
                if turn < 2 and at % 3 == 0:
                    going.cancel()
                else:
                    going.answer()
            shown = pages[at].ask("data.page", of=of, offset=0, limit=5, columns=columns, view=given)
            assert len(shown["cells"][0]) == 5, (given, shown)
        except BaseException as wrong:
            failed.append("".join(traceback.format_exception(wrong)))

    assert not {"pyarrow", "pandas", "duckdb"} & {*sys.modules}
    threads = [threading.Thread(target=ask, args=(at,)) for at in range(12)]
    [one.start() for one in threads], [one.join() for one in threads]
    print(failed)
"""


def test_in_a_new_kernel_twelve_that_ask_at_once_are_answered_though_some_give_up(tmp_path: Path) -> None:
    for library in ("pyarrow", "pandas", "duckdb"):
        pytest.importorskip(library)
    (tmp_path / "rows.csv").write_text("n,t\n" + "".join(f"{at},word {at}\n" for at in range(50)))
    (tmp_path / "run.py").write_text(textwrap.dedent(SCRIPT))
    root = str(Path(__file__).parents[2])
    words = [sys.executable, str(tmp_path / "run.py"), str(tmp_path / "rows.csv")]
    done = subprocess.run(
        words,
        env={**os.environ, "PYTHONPATH": root},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr
