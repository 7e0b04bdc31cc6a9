"""What a panel is before anybody clicks: its first rows at once, and a picture that stays in a saved notebook."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hf_nb.offline.running import Running, start
from hf_nb.offline.store import Store
from hf_nb.panels.wire import LONGEST
from hf_nb.plumbing import session as sessions
from hf_nb.plumbing.session import Session
from hf_nb.widgets import Datasets, Models, Spaces, picture
from hf_nb.widgets.base import PICTURE
from tests.offline.small import CONFIG, DAY, safetensors
from tests.panels.shapes import fits
from tests.render.hostile import CALL

PANELS = {
    "models": (Models, "Page<ModelRow>"),
    "datasets": (Datasets, "Page<DatasetRow>"),
    "spaces": (Spaces, "Page<SpaceRow>"),
}


@pytest.fixture(autouse=True)
def _session(session: Session) -> Iterator[Session]:
    """A panel in a cell works with the process's session."""
    sessions.use(session)
    yield session
    sessions.use(None)


@pytest.mark.parametrize("name", PANELS)
def test_a_panel_begins_with_the_first_page_and_keeps_a_picture_of_it(name: str, hub: Running):
    made, shape = PANELS[name]
    panel = made()
    first = panel.options["first"]
    fits(name, shape, first)
    assert len(json.dumps(first)) < LONGEST // 8
    text, html = panel.picture()
    shown = [row["id"] for row in first["rows"]][: picture.SHOWN]
    assert all(id in text and id in html for id in shown)
    assert f"%hf panel {name}" in text
    assert len(html.encode()) <= PICTURE
    assert hub.url not in html + text, "a port that changes is not kept"
    data, *_ = panel._repr_mimebundle_()
    assert (data["text/html"], data["text/plain"]) == (html, text)
    panel.close()


def test_it_begins_with_what_was_asked_for(hub: Running):
    panel = Models(text="sentiment", task="text-classification")
    assert {row["task"] for row in panel.options["first"]["rows"]} == {"text-classification"}
    assert (panel.options["text"], panel.options["task"]) == ("sentiment", "text-classification")
    assert all("sentiment" in row["id"] for row in panel.options["first"]["rows"])


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ({"kind": "stall"}, "did not answer in time"),
        ({"kind": "refuse"}, "broke off"),
        ({"kind": "status", "status": 503}, "cannot answer now"),
    ],
    ids=str,
)
@pytest.mark.parametrize("name", PANELS)
def test_a_hub_that_does_not_answer_holds_no_cell_up_and_the_picture_says_so(
    name: str, fault: dict[str, Any], says: str, hub: Running
):
    with hub.fault(match="/api/*", **fault):
        began = time.monotonic()
        panel = PANELS[name][0](text="something new")
        text, html = panel.picture()
        assert time.monotonic() - began < picture.WITHIN + 1.5
    assert "first" not in panel.options
    assert says in text or "has not answered" in text, text
    assert says in html or "has not answered" in html
    assert "<table" not in html


def test_a_wrong_word_still_makes_a_panel_that_says_what_is_wrong(hub: Running):
    text, _ = Models(task="text-clasification").picture()
    assert "text-classification" in text


def test_what_strangers_wrote_does_nothing_in_a_picture(tmp_path: Path, session: Session):
    evil = f"<img src=x onerror={CALL}>"
    store = Store.open(tmp_path / "store")
    store.user("someone")
    store.create_repo(
        "space", "someone/evil", created_at=DAY, runtime={"stage": evil, "hardware": {"current": evil}}
    )
    card = f"---\ntitle: {json.dumps(evil)}\nsdk: gradio\nlicense: {json.dumps(evil)}\n---\n"
    store.commit("space", "someone/evil", {"README.md": card.encode()}, title="c", author="someone", date=DAY)
    store.create_repo("model", "someone/evil", created_at=DAY)
    fields = ("pipeline_tag", "library_name", "language")
    front = "".join(["---\n", *(f"{name}: {json.dumps(evil)}\n" for name in fields), "---\n"])
    files = {"README.md": front.encode(), "config.json": CONFIG, "model.safetensors": safetensors()}
    store.commit("model", "someone/evil", files, title="c", author="someone", date=DAY)
    store.create_repo("dataset", "someone/evil", created_at=DAY)
    said = ("task_categories", "size_categories", "license", "pretty_name")
    front = "".join(["---\n", *(f"{name}: {json.dumps(evil)}\n" for name in said), "---\n"])
    files = {"README.md": front.encode(), "a.csv": b"a\n1\n"}
    store.commit("dataset", "someone/evil", files, title="c", author="someone", date=DAY)
    store.close()
    with start(tmp_path / "store") as hub:
        session.settings.endpoint = hub.url
        for made, _ in PANELS.values():
            text, html = made().picture()
            assert "someone/evil" in text
            assert not re.search(r"<img\b", html)
