"""Where files lie: where platformdirs says, which is not asked on Linux because it takes its time."""

from __future__ import annotations

import sys

import platformdirs
import pytest

from hf_nb.plumbing import folders

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere platformdirs itself is asked")


@LINUX
@pytest.mark.parametrize("kind", folders.XDG)
@pytest.mark.parametrize("value", [None, "", "  ", "/some/where", "/first:/second", "~/mine"])
def test_a_folder_is_where_platformdirs_says(
    kind: str, value: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    variable = folders.XDG[kind][0]
    monkeypatch.delenv(variable, raising=False)
    if value is not None:
        monkeypatch.setenv(variable, value)
    if value == "/first:/second" and kind != "site_config_dir":
        return  # a list is a list only where one is meant
    assert str(folders._platform(kind)) == getattr(platformdirs, kind)("hf-nb")


def test_a_variable_of_ours_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_NB_DATA_DIR", "/elsewhere")
    assert str(folders.data()) == "/elsewhere"
