"""A notebook saved with a comparison in it, opened again where nothing runs: who took part, and what they answered."""

from __future__ import annotations

import nbformat
import pytest
from nbformat.sign import NotebookNotary
from playwright.sync_api import expect

from tests.ui.notebook import Notebook
from tests.ui.panels.axe import violations
from tests.ui.panels.cell import InCell
from tests.ui.panels.paced import paced

pytestmark = pytest.mark.slow
ASLEEP = "A saved picture. Run the cell to use the panel."
PICTURE = ".hfnb-picture"
WHO = [{"model": one, "provider": "box", "task": "chat"} for one in ("quick", "clever", "refused")]


@pytest.fixture(scope="module")
def saved(lab, opened):
    """Compared, saved, its kernel shut down, closed; then as on a machine that has no kernel for it."""
    with paced() as address:
        setting = (
            f"from hf_nb.plumbing.session import current\ncurrent().settings.servers = {{'box': {address!r}}}"
        )
        nb = opened(
            "compared.ipynb",
            f"import hf_nb\n{setting}",
            f"hf_nb.panel('compare', contenders={WHO!r}, input='Who are you?')",
        )
        nb.run(1)
        nb.run(2)
        panel = InCell(nb, "compare", 2)
        panel.here.scroll_into_view_if_needed()
        lanes = panel.here.locator(".hfnb-lane")
        panel.button("Run").click()
        expect(lanes.nth(1)).to_contain_text("A clever answer.", timeout=30_000)
        expect(panel.button("Run")).to_be_visible(timeout=30_000)
        # its picture is drawn again, and the panel that stands there stays
        expect(lanes.nth(0)).to_contain_text("A quick answer.")
        kept = "() => JSON.stringify(window.jupyterapp.shell.currentWidget.content.widgets[2].model.toJSON())"
        nb.page.wait_for_function(f"({kept})().includes('A clever answer.')")
        expect(lanes.nth(1)).to_contain_text("A clever answer.")
        nb.save()
        expect(nb.page.locator(".lm-TabBar-tab.jp-mod-dirty")).to_have_count(0)
    nb.command("kernelmenu:shutdown")
    expect(nb.page.locator("#jp-main-statusbar")).to_contain_text("No Kernel")
    nb.command("application:close")
    expect(nb.panel).to_have_count(0)
    notebook = nbformat.read(lab.folder / "compared.ipynb", as_version=4)
    notebook.metadata.kernelspec.update(name="gone", display_name="Gone", language="cobol")
    notebook.metadata.pop("language_info")
    return notebook


@pytest.mark.parametrize("trusted", [True, False], ids=["trusted", "not trusted"])
def test_contenders_and_answers_can_be_read_without_a_kernel(trusted, lab, saved, bench_page):
    name = f"again-{trusted}.ipynb"
    saved.metadata["title"] = name  # what is signed is the content: no two are alike
    path = lab.folder / name
    nbformat.write(saved, path)
    if trusted:
        notary = NotebookNotary(data_dir=str(lab._private / "data"))
        notary.sign(nbformat.read(path, as_version=4))
    bench_page.goto(lab.address(name))
    nb = Notebook(bench_page, name)
    nb.wait_splash_gone()
    bench_page.locator(".jp-Dialog").get_by_role("button", name="No Kernel").click()
    nb.panel.wait_for()
    picture = nb.output(2).locator(PICTURE)
    for words in (
        "A quick",
        "B clever",
        "C refused",
        "Who are you?",
        "A quick answer.",
        "A clever answer.",
        "key",
    ):
        expect(picture).to_contain_text(words)
    expect(nb.output(2)).to_contain_text(ASLEEP)
    assert violations(nb.output(2)) == []
    nb.screenshot(f"compare-reopened-{trusted}")
