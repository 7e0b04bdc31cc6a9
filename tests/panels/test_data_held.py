"""Objects of the notebook that a page can name: by a handle, while the notebook keeps them, under its names."""

from __future__ import annotations

import gc
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from hf_nb.errors import NotFound
from hf_nb.panels.data import held


class Table:
    """Something that can be held weakly, and that is like every other one."""

    def __eq__(self, other: object) -> bool:
        raise ValueError("The truth value of a table is ambiguous.")

    __hash__ = object.__hash__


def test_a_table_is_called_as_the_notebook_calls_it_and_is_never_compared(names: dict[str, Any]) -> None:
    mine, other = Table(), Table()
    names.update({"_": mine, "_12": mine, "other": other, "reviews": mine, "again": mine, "n": 3})
    assert held.name_of(held.hold(mine)) == "reviews"
    assert held.name_of(held.hold(other)) == "other"
    assert held.name_of(held.hold(mine, "given")) == "given"
    assert held.name_of(held.hold(Table())) == ""
    assert held.name_of("$0") == ""


def test_what_is_no_name_in_code_is_none(names: dict[str, Any]) -> None:
    mine = Table()
    odd: dict[Any, Any] = {"a b": mine, "class": mine, 7: mine, "__builtins__": mine}
    names.update(odd)
    assert held.name_of(held.hold(mine)) == ""
    names["größe"] = mine
    assert held.name_of(held.hold(mine)) == "größe"


def test_without_a_notebook_a_table_has_no_name(monkeypatch: pytest.MonkeyPatch) -> None:
    ipython = pytest.importorskip("IPython")
    monkeypatch.setattr(ipython, "get_ipython", lambda: None)
    assert held.name_of(held.hold(Table())) == ""
    monkeypatch.delitem(__import__("sys").modules, "IPython")
    assert held.name_of(held.hold(Table())) == "", "and nobody loads IPython to ask it"


def test_a_table_that_the_notebook_lets_go_of_is_gone_and_a_list_stays_until_it_is_let_go() -> None:
    table, rows = Table(), [{"a": 1}]
    handle, kept = held.hold(table), held.hold(rows)
    assert held.held(handle) is table
    del table, rows
    gc.collect()
    with pytest.raises(NotFound, match="no longer in memory") as gone:
        held.held(handle)
    assert gone.value.next_step == "Run its cell again."
    assert held.held(kept) == [{"a": 1}]
    held.let_go(kept)
    held.let_go(kept)
    with pytest.raises(NotFound):
        held.held(kept)


def test_many_threads_hold_name_and_let_go_while_the_notebook_runs_on(names: dict[str, Any]) -> None:
    before, ended = dict(held._held), threading.Event()

    def working() -> None:
        """The cell that runs meanwhile: variables come and go."""
        at = 0
        while not ended.is_set():
            names[f"temporary{at}"] = at
            names.pop(f"temporary{at - 50}", None)
            at += 1

    def panel(seed: int) -> list[str]:
        mine, used = Table(), []
        names[f"table{seed}"] = mine
        for at in range(150):
            handle = held.hold(mine)
            used.append(handle)
            assert held.held(handle) is mine
            assert held.name_of(handle) == f"table{seed}"
            if (at + seed) % 10:
                held.let_go(handle)
                with pytest.raises(NotFound):
                    held.held(handle)
        for handle in used:
            held.let_go(handle)
        return used

    cell = threading.Thread(target=working)
    cell.start()
    try:
        with ThreadPoolExecutor(12) as panels:
            handles = [handle for used in panels.map(panel, range(12)) for handle in used]
    finally:
        ended.set()
        cell.join()
    assert len(set(handles)) == len(handles) == 12 * 150, "no handle is given twice"
    assert held._held == before, "nothing is left behind"
