"""The picture of an explorer whose table was slow: drawn when its cell ends, and again when its rows have come."""

from __future__ import annotations

from typing import Any

import pytest

from hf_nb.offline.running import Running
from hf_nb.panels.data import held
from hf_nb.panels.wire import PROTOCOL
from hf_nb.widgets.first import First
from hf_nb.widgets.opening import Opening
from tests.kernels import Kernel
from tests.panels.asking import until

pytest.importorskip("pyarrow")
pytest.importorskip("anywidget")
SLOW: dict[str, Any] = {"match": "/api/*", "kind": "latency", "seconds": 60}
SHOW = "import hf_nb\npanel = hf_nb.data.explore('hfnb-demo/tones')\npanel"


def test_the_output_of_a_cell_that_has_ended_is_drawn_again_when_the_rows_have_come(
    hub: Running, kernel: Kernel
) -> None:
    with hub.fault(**SLOW):
        cell = kernel.begin(SHOW)
        ran = kernel.finish(cell)
    assert "hfnb-demo/tones was still being opened. Its first rows belong here." in ran.text
    kernel.until_drawn(cell)
    assert "hfnb-demo/tones · default · train" in kernel.run("print(panel.picture()[0])").text
    # what is there at once is a result like any other
    assert "WAV" in str((kernel.run("panel").result or {}).get("text/html"))


def test_a_table_that_fails_late_says_why(hub: Running, kernel: Kernel) -> None:
    with hub.fault(**SLOW):
        cell = kernel.begin(SHOW.replace("tones", "tonnes"))
        assert "was still being opened" in kernel.finish(cell).text
    kernel.until_drawn(cell)
    assert "hfnb-demo/tones" in kernel.run("print(panel.picture()[0])").text, "the nearest"


def test_what_the_page_opens_is_not_opened_twice(hub: Running) -> None:
    """The page's question comes while ours is under way: ours gives way, and is asked again once rows are here."""
    import pandas

    frame = pandas.DataFrame({"a": [7, 8]})
    of = {"what": held.hold(frame)}
    first = First(of)
    first.opening = waits = _Waiting(of)
    first.heard({"op": "data.open", "id": "page-1", "args": {"of": of}})
    assert waits.stopped
    drawn: list[str] = []
    first.said({"v": PROTOCOL, "id": "page-1", "ok": {}}, lambda: drawn.append("too early"))
    first.heard({"op": "data.page", "id": "page-2", "args": {"of": of | {"sql": "SELECT 1"}}})
    first.said({"v": PROTOCOL, "id": "page-2", "ok": {}}, lambda: drawn.append("another table"))
    first.heard({"op": "data.page", "id": "page-3", "args": {"of": of}})
    assert "was still being opened" in first.drawn()[0]
    first.said({"v": PROTOCOL, "id": "page-3", "ok": {}}, lambda: drawn.append(first.drawn()[0]))
    until(lambda: bool(drawn))
    assert len(drawn) == 1
    assert "7" in drawn[0]


class _Waiting(Opening):
    """An opening that does not end by itself."""

    def __init__(self, of: dict[str, Any]) -> None:
        super().__init__(of)
        self.wait(60)
        self.opened = self.page = None
        self.stopped = False

    @property
    def over(self) -> bool:
        """Never."""
        return False

    def stop(self) -> None:
        """As told."""
        self.stopped = True
