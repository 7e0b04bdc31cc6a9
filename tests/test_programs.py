"""Which browser and which node the tests use, on machines unlike this one."""

from pathlib import Path

import pytest

from tests import node
from tests.ui import browser


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A machine with nothing on its PATH; `machine(name, says)` puts a program there."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv(browser.VARIABLE, raising=False)
    monkeypatch.setattr(browser, "APPLICATIONS", ())
    monkeypatch.setattr(browser, "PLAYWRIGHT_CACHES", (str(tmp_path / "playwright"),))

    def put(name: str, says: str = "echo 1") -> str:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{says}\n")
        path.chmod(0o755)
        return str(path)

    return put


def test_a_named_browser_comes_before_one_that_is_found(machine, monkeypatch):
    machine("chromium")
    mine = machine("mine")
    monkeypatch.setenv(browser.VARIABLE, mine)
    assert browser.find() == browser.get() == mine


def test_a_named_browser_that_is_not_there_is_said(machine, monkeypatch):
    machine("chromium")
    monkeypatch.setenv(browser.VARIABLE, "/nowhere/chromium")
    assert browser.find() is None
    with pytest.raises(SystemExit, match="is no program"):
        browser.get()


@pytest.mark.parametrize("name", ["chromium", "google-chrome", "msedge"])
def test_a_browser_on_the_path_is_found(machine, name):
    path = machine(name)
    assert browser.find() == path


def test_the_newest_of_playwrights_own_is_found(machine):
    machine("playwright/chromium-1100/chrome-linux/chrome")
    newest = machine("playwright/chromium-1200/chrome-linux64/chrome")
    assert browser.find() == newest


def test_a_browser_that_does_not_start_is_none_and_another_is_installed(machine, monkeypatch):
    machine("chromium-browser", "echo Install the snap first >&2; exit 1")
    monkeypatch.setattr(browser, "_install_package", lambda: None)
    monkeypatch.setattr(browser, "_install_playwright", lambda: machine("chromium"))
    assert Path(browser.get()).name == "chromium"


def test_where_none_can_be_installed_it_says_what_to_do(machine, monkeypatch):
    monkeypatch.setattr(browser, "_install_package", lambda: None)
    monkeypatch.setattr(browser, "_install_playwright", lambda: None)
    with pytest.raises(SystemExit, match="Install Chromium or Chrome"):
        browser.get()


def test_a_new_node_is_used_with_its_npm(machine):
    engine, packages = machine("node", "echo v20.1.0"), machine("npm")
    assert (node.node(), node.npm()) == (engine, packages)


def test_an_old_node_is_not_used(machine, monkeypatch):
    machine("node", "echo v16.20.0")
    monkeypatch.setattr("tests.node.sys.executable", "/nowhere/bin/python")
    with pytest.raises(LookupError, match=r"tests/node\.py"):
        node.node()
