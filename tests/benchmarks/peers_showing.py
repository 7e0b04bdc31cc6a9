"""What a widget takes to show a DataFrame of ten million rows. Run in the widget's own environment.

    python peers_showing.py hf_nb|quak|buckaroo|itables ROWS

Each is asked for what its page asks for: rows from anywhere, the first rows of a sorted column, rows far down in it. It
has shown a small frame before, so that loading is not measured. Prints a line of JSON: seconds, megabytes, bytes.
"""

from __future__ import annotations

import functools
import gc
import json
import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from tests.benchmarks.memory import from_here, memory

SMALL, PAGE, PAGES = 20_000, 100, 100
WORDS = ["data", "model", "train", "loss", "batch", "token", "layer", "graph", "query", "index"]
SORTED = "float 1"


class Ours:
    """The explorer's questions, as a page asks them of a kernel."""

    def __init__(self, frame: Any) -> None:
        from hf_nb.panels.data import held
        from tests.panels.asking import Packed

        self.page, self.of = Packed(), {"what": held.hold(frame)}
        self.opened = self.page.ask("data.open", of=self.of)
        self.rows = int(self.opened["rows"])
        self.columns = [one["name"] for one in self.opened["columns"]]
        # as many characters as the grid asks for
        self.chars = {
            one["name"]: 10 if one["stored"] in ("double", "float") else 48 for one in self.opened["columns"]
        }

    def show(self, offset: int, sort: str | None = None) -> int:
        """Bytes of a page."""
        view = {"sort": {"column": sort, "descending": False}} if sort else None
        return self._page(offset, view)

    def head(self) -> None:
        """What stands above the columns: figures and bars of all rows."""
        self.page.ask("data.summaries", of=self.of, columns=self.columns)

    def brush(self) -> None:
        """A stretch of one column's bars is chosen: the rows in it, and all the other bars for them."""
        view = {"filters": [{"column": "float 0", "is": "between", "values": [0.0, 0.2]}]}
        self.page.ask("data.view", of=self.of, view=view)
        self._page(0, view)
        self.page.ask("data.summaries", of=self.of, columns=self.columns, view=view)

    def _page(self, offset: int, view: dict[str, Any] | None) -> int:
        columns = [{"name": name, "chars": self.chars[name]} for name in self.columns]
        asked = {"of": self.of, "offset": offset, "limit": PAGE, "columns": columns, "view": view}
        said = self.page.ask("data.page", **asked, packed=True)
        assert len(said["rows"]) == PAGE
        return self.page.weighs


class Sent:
    """What a widget sends its page, counted."""

    def __init__(self, widget: Any) -> None:
        self.bytes, self.error = 0, ""
        widget.send = self

    def __call__(self, content: dict[str, Any], buffers: Any = None) -> None:
        self.error = str(content.get("error") or content.get("error_info") or "")
        self.bytes = len(json.dumps(content, default=str)) + sum(len(one) for one in buffers or ())

    def last(self) -> int:
        if self.error:
            raise RuntimeError(self.error)
        return self.bytes


class Quak:
    """It asks in SQL."""

    def __init__(self, frame: Any) -> None:
        import quak

        self.widget, self.rows = quak.Widget(frame), len(frame)
        self.names = ", ".join(f'"{name}"' for name in frame.columns)
        self.sent = Sent(self.widget)

    def show(self, offset: int, sort: str | None = None) -> int:
        order = f' ORDER BY "{sort}" ASC' if sort else ""
        sql = f'SELECT {self.names} FROM "df"{order} LIMIT {PAGE} OFFSET {offset}'  # noqa: S608 -- its own words
        self.widget._handle_custom_msg({"type": "arrow", "uuid": "1", "sql": sql}, [])
        return self.sent.last()


class Buckaroo:
    """It asks for a stretch of rows."""

    def __init__(self, frame: Any) -> None:
        from buckaroo.buckaroo_widget import BuckarooInfiniteWidget

        self.widget = BuckarooInfiniteWidget(frame)
        told, shown = self.widget.dataflow.widget_args_tuple[2], self.widget.dataflow.widget_args_tuple[1]
        self.named = {
            facts["orig_col_name"]: name for name, facts in told.items() if "orig_col_name" in facts
        }
        self.rows, self.sent = len(shown), Sent(self.widget)

    def show(self, offset: int, sort: str | None = None) -> int:
        asked = {"start": offset, "end": offset + PAGE, "sourceName": "x"}
        asked |= {"sort": self.named[sort], "sort_direction": "asc"} if sort else {}
        self.widget._handle_payload_args(asked)
        return self.sent.last()


class Itables:
    """Everything that it shows goes to the page at once."""

    def __init__(self, frame: Any) -> None:
        from itables.widget import ITable

        self.widget = ITable(frame)
        self.state = len(json.dumps(self.widget.get_state(), default=str))
        self.rows = len(json.loads(self.widget.get_state()["_dt_args"]["data_json"]))

    def show(self, offset: int, sort: str | None = None) -> int:
        return self.state


WIDGETS: dict[str, Callable[[Any], Any]] = {
    "hf_nb": Ours,
    "quak": Quak,
    "buckaroo": Buckaroo,
    "itables": Itables,
}


def frame(rows: int) -> Any:
    """Ten columns: numbers, a few words, texts."""
    import numpy
    import pandas

    dice = numpy.random.default_rng(11)
    columns: dict[str, Any] = {f"float {at}": dice.normal(size=rows) for at in range(4)}
    columns |= {"id": numpy.arange(rows), "few": dice.integers(0, 30, rows).astype("int16")}
    columns |= {
        "flag": dice.random(rows) < 0.3,
        "stamp": pandas.to_datetime(dice.integers(0, 10**9, rows), unit="s"),
    }
    columns["kind"] = _texts(WORDS, dice.integers(0, len(WORDS), rows))
    columns["text"] = _texts(
        [f"a text of some words, {at}" for at in range(50_000)], dice.integers(0, 50_000, rows)
    )
    return pandas.DataFrame(columns)


def _texts(words: list[str], numbers: Any) -> Any:
    import pandas
    import pyarrow

    made = pyarrow.DictionaryArray.from_arrays(pyarrow.array(numbers, pyarrow.int32()), words)
    return pandas.Series(made.cast(pyarrow.string()).to_pandas(), copy=True)


class Watch:
    """Memory above what there was at first, now and at its most."""

    def __init__(self) -> None:
        _give_back()
        self.before = from_here()

    def now(self) -> float:
        _give_back()
        return memory("VmRSS") - self.before

    def most(self) -> float:
        return memory("VmHWM") - self.before


def _give_back() -> None:
    """What Python and the allocators hold without need is nobody's fault."""
    import ctypes

    gc.collect()
    if "pyarrow" in sys.modules:
        sys.modules["pyarrow"].default_memory_pool().release_unused()
    ctypes.CDLL(None).malloc_trim(0)


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds, and what came of it."""
    began = time.perf_counter()
    found = work()
    return time.perf_counter() - began, found


def main(name: str, rows: int) -> dict[str, Any]:
    """One widget, from its opening to rows far down in a sorted column."""
    make = WIDGETS[name]
    small, large = frame(SMALL), frame(rows)
    warm = make(small)
    for offset, sort in ((0, None), (SMALL // 2, None), (0, SORTED), (SMALL // 2, SORTED)):
        warm.show(offset, sort)
    if name == "hf_nb":
        warm.head()
        warm.brush()
    watch, dice = Watch(), random.Random(3)  # noqa: S311 -- the same each time, no secret
    told: dict[str, Any] = {"frame": int(large.memory_usage(deep=True).sum()) / 1e6}
    told["open"], widget = timed(lambda: make(large))
    told["rows"] = widget.rows
    pages = [timed(lambda: widget.show(dice.randrange(widget.rows - PAGE))) for _ in range(PAGES)]
    took = sorted(seconds for seconds, _ in pages)
    told |= {
        "page": statistics.median(took),
        "page95": took[int(0.95 * PAGES)],
        "bytes": max(size for _, size in pages),
    }
    if name == "hf_nb":
        told["head"], _ = timed(widget.head)
    told |= {"browsing": watch.now(), "browsing most": watch.most()}
    if name == "itables":  # its page sorts what it was sent
        return told
    firsts = [timed(functools.partial(widget.show, 0, one))[0] for one in ("float 2", "float 3", SORTED)]
    told["first"] = statistics.median(firsts)
    told["deep"], _ = timed(lambda: widget.show(widget.rows // 2, SORTED))
    told["deeper"], _ = timed(lambda: widget.show(widget.rows // 3, SORTED))
    told |= {"sorted": watch.now(), "sorted most": watch.most()}
    if name == "hf_nb":
        told["brush"], _ = timed(widget.brush)
        told |= {"brushed": watch.now(), "brushed most": watch.most()}
    return told


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], int(sys.argv[2]))), flush=True)
    os._exit(0)
