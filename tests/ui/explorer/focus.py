"""Where the keys go: what has the focus, whether it can be seen, and that the notebook around it does not listen.

focus = Focus(sheet)
focus.on(sheet.cell(0, 1))                 waits for it there, and that it can be seen
focus.on(sheet.cell(0, 1), "gridcell")     and that this is its role
focus.press("Control+End", "Home")         keys; the notebook is as it was, and the focus is somewhere
"""

from __future__ import annotations

from playwright.sync_api import Locator, expect
from playwright.sync_api import TimeoutError as Slow

from tests.ui.explorer.sheet import Sheet

# What shows that something has the focus: a line around it, or around the box that it fills.
_SEEN = """one => {
  const drawn = each => {
    const style = getComputedStyle(each);
    return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none';
  };
  const box = one.getBoundingClientRect();
  const there = box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight;
  const around = one.closest('.hfnb-search, .hfnb-choice') ?? one;
  return there && one.matches(':focus-visible') && (drawn(one) || drawn(around));
}"""
_ROLE = """one => one.getAttribute('role') ?? {
  BUTTON: 'button', SELECT: 'combobox', TEXTAREA: 'textbox', INPUT: one.type === 'checkbox' ? 'checkbox' : 'textbox',
  H3: 'heading',
}[one.tagName] ?? one.tagName"""
_WHERE = """() => {
  const one = document.activeElement;
  return !one || one === document.body ? '' : `${one.tagName} ${one.className} ${one.getAttribute('aria-label') ?? ''}`;
}"""
_NOTEBOOK = """() => {
  const notebook = window.jupyterapp.shell.currentWidget.content;
  return [notebook.mode, notebook.widgets.map(one => `${one.model.type} ${one.model.sharedModel.getSource()}`),
    notebook.widgets.map(one => one.model.executionCount ?? null), document.querySelectorAll('.jp-Dialog').length];
}"""


class Focus:
    """The keys of whoever has no mouse, in front of an explorer."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.page = sheet.nb.page
        self.notebook = self.page.evaluate(_NOTEBOOK)

    def on(self, target: Locator, role: str | None = None, *, seen: bool = True) -> Locator:
        """It has the focus, or will have it; `seen`: not a heading, which is read and does nothing."""
        expect(target).to_be_focused()
        if seen:
            self.page.wait_for_function(_SEEN, arg=target.element_handle())
        if role:
            assert target.evaluate(_ROLE) == role
        return target

    def press(self, *keys: str) -> None:
        """One after the other; no cell of the notebook is cut, added or run by them, and the focus stays inside."""
        for key in keys:
            self.page.keyboard.press(key)
            self.unmoved(key)

    def type(self, text: str) -> None:
        """Letters."""
        self.page.keyboard.type(text)
        self.unmoved(text)

    def unmoved(self, after: str) -> None:
        """The notebook is what it was, and the focus is not lost."""
        assert self.page.evaluate(_NOTEBOOK) == self.notebook, f"the notebook listened to {after}"
        inside = "panel => panel.contains(document.activeElement)"
        try:
            self.page.wait_for_function(inside, arg=self.sheet.here.element_handle(), timeout=15_000)
        except Slow:
            where = self.page.evaluate(_WHERE) or "nothing"
            raise AssertionError(f"after {after} the focus is on {where}") from None

    def tab(self, target: Locator, role: str | None = None, *, back: bool = False) -> Locator:
        """Tab until it is there; it must not be far."""
        for _ in range(40):
            if target.count() and target.evaluate("one => one === document.activeElement"):
                return self.on(target, role)
            self.press("Shift+Tab" if back else "Tab")
        raise AssertionError(f"{target} cannot be reached by Tab.")
