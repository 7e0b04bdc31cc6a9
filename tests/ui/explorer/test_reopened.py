"""A notebook saved with an explorer in it, opened again where nothing runs: its first rows are there to be read."""

import nbformat
import pytest
from nbformat.sign import NotebookNotary
from playwright.sync_api import expect

from tests.ui.explorer.sheet import Sheet
from tests.ui.notebook import Notebook
from tests.ui.panels.axe import violations

pytestmark = pytest.mark.slow
N = 200_000
TABLE = f"import pandas as pd\nrows = pd.DataFrame({{'id': range({N}), 'name': [f'row {{at}}' for at in range({N})]}})"
LOAD, MAKE, SHOW = range(3)
ASLEEP = "A saved picture. Run the cell to use the panel."
TRUSTED = "() => window.jupyterapp.shell.currentWidget.content.widgets[2].model.trusted"
PICTURE = ".hfnb-picture"
ALIGNED = "one => getComputedStyle(one).textAlign"


@pytest.fixture(scope="module")
def saved(lab, opened):
    """Run, saved, its kernel shut down, closed; then as on a machine that has no kernel for it."""
    nb = opened("first.ipynb", TABLE, "%hf explore $rows")
    nb.run(MAKE)
    nb.run(SHOW)
    sheet = Sheet(nb, SHOW)
    expect(sheet.cell(0, 0)).to_have_text("0")
    sheet.settled()
    nb.save()
    expect(nb.page.locator(".lm-TabBar-tab.jp-mod-dirty")).to_have_count(0)
    nb.command("kernelmenu:shutdown")
    expect(nb.page.locator("#jp-main-statusbar")).to_contain_text("No Kernel")
    nb.command("application:close")
    expect(nb.panel).to_have_count(0)
    notebook = nbformat.read(lab.folder / "first.ipynb", as_version=4)
    notebook.metadata.kernelspec.update(name="gone", display_name="Gone", language="cobol")
    notebook.metadata.pop("language_info")
    return notebook


@pytest.fixture
def reopened(lab, saved, bench_page):
    """Opened without a kernel; signed by this server, or by nobody."""

    def opened_again(name: str, *, trusted: bool) -> Notebook:
        path = lab.folder / name
        saved.metadata["title"] = name  # what is signed is the content: no two are alike
        nbformat.write(saved, path)
        if trusted:
            notary = NotebookNotary(data_dir=str(lab._private / "data"))
            notary.sign(nbformat.read(path, as_version=4))
        bench_page.goto(lab.address(name))
        nb = Notebook(bench_page, name)
        nb.wait_splash_gone()
        bench_page.locator(".jp-Dialog").get_by_role("button", name="No Kernel").click()
        nb.panel.wait_for()
        assert bench_page.evaluate(TRUSTED) is trusted
        return nb

    return opened_again


@pytest.mark.parametrize("trusted", [True, False], ids=["trusted", "not trusted"])
def test_without_a_kernel_its_first_rows_are_read_and_it_says_what_they_are(reopened, trusted):
    nb = reopened(f"again-{trusted}.ipynb", trusted=trusted)
    output = nb.output(SHOW)
    expect(output.locator(".hfnb-asleep")).to_have_text(ASLEEP)
    expect(output).to_contain_text(f"{N:,} rows")
    table = output.get_by_role("table")
    expect(table.get_by_role("columnheader")).to_have_text(["id", "name"])
    rows = table.get_by_role("row")
    expect(rows.nth(1).get_by_role("cell")).to_have_text(["0", "row 0"])
    expect(rows.nth(10).get_by_role("cell")).to_have_text(["9", "row 9"])
    expect(output).to_contain_text("The first 10 rows.")
    assert output.inner_text().lower().count("run the cell") == 1, "what to do is said once"
    assert table.bounding_box()["x"] == output.locator(".hfnb-asleep").bounding_box()["x"]
    sides = [rows.nth(1).get_by_role("cell").nth(at).evaluate(ALIGNED) for at in (0, 1)]
    assert sides == ["right", "left"], "numbers, and texts"
    for word in ("not found", "Loading widget", "Error"):
        expect(output).not_to_contain_text(word)
    for theme in ("light", "dark"):
        nb.theme(theme)
        output.scroll_into_view_if_needed()
        assert violations(output) == []
        nb.screenshot(f"explorer-reopened-{theme}-{trusted}")
    nb.theme("light")


def test_with_a_kernel_again_the_cell_brings_it_to_life(reopened):
    nb = reopened("alive.ipynb", trusted=True)
    expect(nb.output(SHOW).locator(PICTURE)).to_contain_text("row 9")
    nb.command("notebook:change-kernel")
    dialog = nb.page.locator(".jp-Dialog")
    dialog.get_by_role("combobox").select_option(label="Python 3 (ipykernel)")
    dialog.get_by_role("button", name="Select Kernel").click()
    expect(dialog).to_have_count(0)
    nb.wait_idle()
    expect(nb.output(SHOW).locator(".hfnb-asleep")).to_have_text(ASLEEP)
    for cell in (LOAD, MAKE, SHOW):
        nb.run(cell)
    expect(nb.output(SHOW).locator(PICTURE)).to_have_count(0)
    sheet = Sheet(nb, SHOW)
    sheet.scroll(1)
    expect(sheet.cell(N - 1, 1)).to_have_text(f"row {N - 1}")
    sheet.sort(0)
    sheet.sort(0)
    expect(sheet.cell(0, 0)).to_have_text(str(N - 1))
