"""Two readers of a page: one who only points, one who only types. Each can do all that the other can.

Mouse(page).press(button)       Keyboard(page).press(button)      a click | Tab until it has the focus, then Enter
.write(box, "words")   .choose(select, "A label")   .tick(box)
"""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

# Presses of one key after which something counts as out of reach.
PATIENCE = 120
_HAS_FOCUS = "element => element === element.ownerDocument.activeElement"


class Mouse:
    """Points and clicks; types into what was clicked."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, target: Locator) -> None:
        """A click, in the midst of it."""
        target.click()

    def write(self, box: Locator, text: str) -> None:
        """Instead of what stands there."""
        box.click(click_count=3)
        self.page.keyboard.press("Delete")
        self.page.keyboard.type(text)

    def choose(self, select: Locator, label: str) -> None:
        """An entry of a list; a browser without a window draws none, so it is chosen by its name."""
        select.click()
        select.select_option(label=label)
        expect(select.locator("option:checked")).to_have_text(label)

    def tick(self, box: Locator) -> None:
        """On or off."""
        box.click()

    def enter(self, panel: Locator) -> None:
        """Nothing to do: a pointer is where it points."""


class Keyboard:
    """Never touches a mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def enter(self, panel: Locator) -> None:
        """From the notebook into a panel, by Tab alone."""
        inside = "panel => panel.contains(panel.ownerDocument.activeElement)"
        for _ in range(PATIENCE):
            if panel.evaluate(inside):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError("The panel cannot be reached by Tab.")

    def reach(self, target: Locator) -> None:
        """Give it the focus: by arrows within a list, else by Tab forwards and, at the end, backwards."""
        card = target.locator("xpath=ancestor::li[@data-hfnb-key]")
        if card.count() and not target.evaluate(_HAS_FOCUS):
            self._reach_card(card)
        self._tab(target)
        ring = target.evaluate("element => element.matches(':focus-visible')")
        assert ring, "the focus can be seen"

    def press(self, target: Locator) -> None:
        """Enter on it."""
        self.reach(target)
        self.page.keyboard.press("Enter")

    def write(self, box: Locator, text: str) -> None:
        """Instead of what stands there; a search box is found by its key."""
        if box.get_attribute("data-hfnb-search") is not None and self._may_call():
            self.page.keyboard.press("/")
            expect(box).to_be_focused()
        else:
            self.reach(box)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.press("Delete")
        self.page.keyboard.type(text)

    def choose(self, select: Locator, label: str) -> None:
        """By the letters of its name."""
        self.reach(select)
        self.page.keyboard.type(label)
        expect(select.locator("option:checked")).to_have_text(label)

    def tick(self, box: Locator) -> None:
        """On or off."""
        self.reach(box)
        self.page.keyboard.press("Space")

    def _may_call(self) -> bool:
        """Whether a letter is a key of the panel now: the focus is in it, and not in a text."""
        return bool(
            self.page.evaluate(
                "() => { const at = document.activeElement;"
                " return !!at?.closest('.hfnb-panel') && !at.matches('input[type=text], textarea, select'); }"
            )
        )

    def _reach_card(self, card: Locator) -> None:
        head = card.locator("[data-hfnb-head]")
        heads = card.locator("xpath=..").locator("[data-hfnb-head]")
        if card.evaluate("card => card.contains(card.ownerDocument.activeElement)"):
            return
        self._tab(heads.and_(self.page.locator(":not([tabindex='-1'])")).first)
        self.page.keyboard.press("Home")
        for _ in range(PATIENCE):
            if head.evaluate(_HAS_FOCUS):
                return
            self.page.keyboard.press("ArrowRight")
        raise AssertionError("The card cannot be reached by arrows.")

    def _tab(self, target: Locator) -> None:
        wanted = target.element_handle()
        assert wanted is not None
        before = wanted.evaluate(
            "element => !!(element.ownerDocument.activeElement.compareDocumentPosition(element) & 2)"
        )
        key = "Shift+Tab" if before else "Tab"
        for _ in range(PATIENCE):
            if wanted.evaluate(_HAS_FOCUS):
                return
            self.page.keyboard.press(key)
        raise AssertionError(f"{target} cannot be reached by {key}.")
