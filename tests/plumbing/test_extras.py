"""A package that is not installed is one line with the command that brings it."""

import pytest

from hf_nb.errors import MissingExtra
from hf_nb.plumbing import extras


def test_a_missing_package_says_what_to_install() -> None:
    with pytest.raises(MissingExtra) as missing:
        extras.require("no_such_package_xyz", "data", "A preview")
    assert missing.value.problem == "A preview needs the package no_such_package_xyz."
    assert missing.value.next_step == '%pip install "hf-nb[data]"'


def test_a_package_that_is_there_but_broken_keeps_its_own_error(tmp_path, monkeypatch) -> None:
    (tmp_path / "broken_here.py").write_text("import not_there_either")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ModuleNotFoundError, match="not_there_either"):
        extras.require("broken_here", "data", "A preview")


def test_a_lazy_name_is_loaded() -> None:
    assert extras.load("json:dumps")({}) == "{}"
