"""The explorer in a cell before anybody scrolls: its first rows at once, and a picture that a saved notebook keeps."""

from __future__ import annotations

import gc
import json
import re
import time
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import hf_nb
from hf_nb.offline.running import Running
from hf_nb.panels.data import tables
from hf_nb.plumbing import session as sessions
from hf_nb.plumbing.session import Session
from hf_nb.widgets import Explorer, opening
from hf_nb.widgets.base import PICTURE
from tests.panels.shapes import fits
from tests.render.hostile import CALL

pyarrow = pytest.importorskip("pyarrow")
pandas = pytest.importorskip("pandas")


@pytest.fixture(autouse=True)
def _session(session: Session, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """A panel in a cell works with the process's session; a slow machine is no slow table."""
    monkeypatch.setattr(opening, "AT_ONCE", 60.0)
    sessions.use(session)
    tables._tables.forget(lambda _: True)
    yield session
    sessions.use(None)


def test_it_begins_with_the_table_and_its_first_page_and_keeps_a_picture(hub: Running):
    panel = hf_nb.data.explore("hfnb-demo/chats", split="test")
    first = panel.options["first"]
    fits("explorer", "Opened", first["opened"])
    fits("explorer", "Page", first["page"])
    assert len(json.dumps(first["page"]["cells"], ensure_ascii=False).encode()) <= 20_000
    assert panel.options["of"]["split"] == "test"
    assert len(panel.options["of"]["revision"]) == 40, "a saved notebook says which commit it showed"
    text, html = panel.picture()
    assert "hfnb-demo/chats · default · test · 100 rows" in text
    assert panel.options["of"]["revision"][:12] in text
    assert len(html.encode()) <= PICTURE
    assert hub.url not in html + text, "a port that changes is not kept"
    data, *_ = panel._repr_mimebundle_()
    assert (data["text/html"], data["text/plain"]) == (html, text)
    panel.close()


def test_an_object_is_shown_and_is_free_again_when_the_panel_is_closed(hub: Running):
    frame = pandas.DataFrame({"a": range(5_000), "b": ["x"] * 5_000})
    gone = weakref.ref(frame)
    panel = Explorer(frame, name="frame")
    del frame
    gc.collect()
    assert gone() is not None, "the panel shows it"
    assert panel.options["first"]["opened"]["title"] == "frame"
    assert panel.options["first"]["opened"]["rows"] == 5_000
    assert 1 < len(panel.options["first"]["page"]["rows"]) <= 100
    panel.close()
    del panel
    gc.collect()
    assert gone() is None


@pytest.mark.parametrize("wide", [1, 40, 3_000])
def test_what_it_begins_with_and_its_picture_stay_small(wide: int, hub: Running):
    frame = pandas.DataFrame(
        {f"{'name ' * 20}{at}": ["é" * 3_000] * (300 if wide < 100 else 2) for at in range(wide)}
    )
    panel = Explorer(frame)
    text, html = panel.picture()
    assert len(html.encode()) <= PICTURE
    assert "3,000" not in text or wide == 3_000
    first = panel.options.get("first")
    if first is not None:
        assert len(json.dumps(first.get("page", {}), ensure_ascii=False).encode()) <= 20_000
    panel.close()


def test_what_strangers_wrote_does_nothing_in_a_picture(hub: Running, tmp_path: Path):
    evil = f"<img src=x onerror={CALL}>"
    frame = pandas.DataFrame(
        {evil: [evil, f"</td><script>{CALL}</script>"], "\x1b[31m": ["\x1b]0;t\x07", "\u202e"]}
    )
    panel = Explorer(frame, name="frame")
    text, html = panel.picture()
    assert not re.search(r"<(img|script)\b", html)
    assert "\x1b" not in text
    panel.close()


@pytest.mark.parametrize(
    ("what", "says"),
    [("hfnb-demo/chat", "chats"), ("nothing/there.parquet", "there.parquet"), ("", ""), (5, "int")],
    ids=str,
)
def test_what_is_no_table_still_makes_a_panel_that_says_what_is_wrong(what: Any, says: str, hub: Running):
    panel = Explorer(what)
    text, html = panel.picture()
    assert "first" not in panel.options
    assert says in text, text
    assert "<table" not in html
    panel.close()


def test_a_hub_that_does_not_answer_holds_no_cell_up(hub: Running, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(opening, "AT_ONCE", 1.5)
    with hub.fault(match="/api/*", kind="stall"):
        began = time.monotonic()
        panel = Explorer("hfnb-demo/tones")
        text, _ = panel.picture()
        assert time.monotonic() - began < 1.5 + 1.5
    assert "hfnb-demo/tones was still being opened" in text
    panel.close()


def test_a_token_is_in_no_picture(hub: Running, monkeypatch: pytest.MonkeyPatch):
    token = "hf_" + "a1B2" * 9
    panel = Explorer(pandas.DataFrame({"a": [f"see {token} here"]}))
    text, html = panel.picture()
    assert token not in text + html + json.dumps(panel.options)
    panel.close()
