"""The sidebar of hf_nb as a reader uses it.

bar = Sidebar(page)
bar.open()                  a click on its icon
bar.tab("Spaces")           a click on a tab; the panel's root
bar.panel("models")         a panel's root
bar.kernel                  the line that says which kernel is meant, and how it is
bar.says("ready")           waits until it says so
bar.do("Load hf_nb")        a button beside it
"""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

ICON = "[data-id='hf-nb-sidebar']"
PATIENCE = 30_000  # milliseconds, for a kernel on a busy machine


class Sidebar:
    """The one of this page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.root = page.locator("#hf-nb-sidebar")
        self.kernel = self.root.locator(".hfnb-kernel")

    def open(self) -> Sidebar:
        """A click on its icon; JupyterLab's own animation ends with it being visible."""
        if not self.root.is_visible():
            self.page.locator(ICON).first.click()
        expect(self.kernel).to_be_visible()
        return self

    def tab(self, title: str) -> Locator:
        """Turn to a panel."""
        self.root.get_by_role("tab", name=title).click()
        return self.panel(title.lower())

    def panel(self, name: str) -> Locator:
        """What is drawn in a tab."""
        return self.root.locator(f"[data-hfnb-panel={name}]")

    def says(self, word: str) -> None:
        """How the kernel is, in the sidebar's words."""
        expect(self.root.locator(".hfnb-kernel-word")).to_have_text(word, timeout=PATIENCE)

    def do(self, label: str) -> None:
        """A button that stands beside it."""
        self.kernel.get_by_role("button", name=label, exact=True).click()
