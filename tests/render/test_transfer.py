"""A pull and the cache as people read them; what came from outside does nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from hf_nb import render
from hf_nb.values import CachedRevision, CacheStatus, Pulled, PulledFile, Trimmed

EVIL = "<script>alert(1)</script>\x1b[2J.bin"
PULLED = Pulled(
    kind="model",
    repo="owner/<b>name",
    hub="https://hub.example",
    revision="main",
    commit="d" * 40,
    path="/cache/<i>",
    files=(
        PulledFile("config.json", 840, "cached"),
        PulledFile("model.safetensors", 1_300_000_000, "fetched"),
        PulledFile(EVIL, 9, "left out", "a pickle can run code when it is loaded"),
    ),
    moved=1_300_000_000,
    seconds=50.0,
    licence="cc-by-nc-4.0 (non-commercial)",
    free=62_000_000_000,
)
ROW = CachedRevision(
    kind="dataset",
    repo="owner/<b>rows",
    commit="e" * 40,
    refs=("main",),
    size=91_000_000,
    files=12,
    used=datetime(2026, 11, 20, tzinfo=UTC),
    state="damaged",
    note="<i>x. To heal it: %hf pull datasets/owner/rows --verify",
)
VALUES = {
    "pulled": PULLED,
    "status": CacheStatus((ROW,), "/cache", 91_000_000, free=1, budget=2, verified=12),
    "trimmed": Trimmed((ROW,), 91_000_000, 5, 4, kept=(ROW,)),
}


@pytest.mark.parametrize("name", VALUES)
def test_html_is_escaped_and_text_has_no_control_characters(name: str) -> None:
    shown = render.html(VALUES[name])
    assert not any(tag in shown for tag in ("<script", "<b>", "<i>"))
    assert all(char.isprintable() or char == "\n" for char in render.text(VALUES[name]))


def test_a_pull_says_first_how_much_came_then_what_needs_a_thought() -> None:
    lines = render.text(PULLED).splitlines()
    assert lines[0] == "owner/<b>name @ main (ddddddd): 1 file (1.3 GB) in 50.0 s (26 MB/s), 1 here already"
    assert lines[1].startswith("Left out (a pickle can run code when it is loaded): ")
    assert lines[2] == "Licence: cc-by-nc-4.0 (non-commercial)"


def test_a_damaged_revision_has_its_line_under_the_table() -> None:
    shown = render.text(VALUES["status"])
    assert "1 damaged" in shown.splitlines()[0]
    assert "To heal it: %hf pull datasets/owner/rows --verify" in shown.splitlines()[-1]
