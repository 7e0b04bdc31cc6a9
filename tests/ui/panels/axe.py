"""axe-core, in the page: what of an element not everybody can use."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator

AXE = Path(__file__).parents[3] / "labextension" / "node_modules" / "axe-core" / "axe.min.js"
_STILL = """one => Promise.all(one.getAnimations({subtree: true})
  .filter(each => each.effect?.getComputedTiming().endTime !== Infinity)
  .map(each => each.finished.catch(() => null)))"""
_RUN = """async element => {
  const found = await window.axe.run(element, { resultTypes: ['violations'] });
  return found.violations.map(one => `${one.id}: ${one.help} -- ` + one.nodes.map(node =>
    `${node.html.slice(0, 160)} [${node.any.concat(node.all, node.none).map(why => why.message).join('; ')}]`
  ).join(' | '));
}"""


def violations(element: Locator) -> list[str]:
    """Its rules that are broken in an element, each with where and why; animations are let end first."""
    page = element.page
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    element.evaluate(_STILL)
    found: list[str] = element.evaluate(_RUN)
    return found
