"""Explorers in cells of a real notebook, over the offline Hub with its demo content.

trap        what runs of what strangers wrote falls into it: TRAP sets it, and a test that uses it has not fallen in
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Dialog, Page, Request

from tests.ui.panels.conftest import bench_page, opened, seen

__all__ = ["bench_page", "opened", "seen"]
CALL = "hfnbHacked()"
TRAP = "() => { window.hfnbRan = false; window.hfnbHacked = () => { window.hfnbRan = true; }; }"


@pytest.fixture
def trap(bench_page: Page) -> Iterator[None]:
    """Set; afterwards nothing ran, asked for anything, or opened a window."""
    asked: list[str] = []
    opened_too: list[str] = []

    def requested(request: Request) -> None:
        asked.append(request.url)

    def spoken(dialog: Dialog) -> None:
        opened_too.append(dialog.message)
        dialog.dismiss()

    def window(page: Page) -> None:
        opened_too.append(page.url)

    bench_page.on("request", requested)
    bench_page.on("dialog", spoken)
    bench_page.on("popup", window)
    bench_page.evaluate(TRAP)
    yield
    bench_page.wait_for_timeout(200)  # what would run, would have
    for event, listen in (("request", requested), ("dialog", spoken), ("popup", window)):
        bench_page.remove_listener(event, listen)
    assert bench_page.evaluate("() => window.hfnbRan") is False
    assert [url for url in asked if url.endswith(("/x", ":9/"))] == []
    assert opened_too == []
