"""Settings as verbs: shown with their sources, changed for a notebook, saved without harm to what else stands there."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

import hf_nb
from hf_nb.errors import BadInput, Refused
from hf_nb.plumbing import session


@pytest.fixture(autouse=True)
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HF_NB_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "config" / "config.toml"


def test_every_setting_is_listed_with_its_source() -> None:
    hf_nb.settings().search_limit = 3
    listed = hf_nb.config.table()
    row = next(one for one in listed if one.name == "search_limit")
    assert (row.value, row.source, row.default, row.variables) == (
        3,
        "this notebook",
        20,
        ("HF_NB_SEARCH_LIMIT",),
    )
    assert "this notebook" in str(listed)
    assert "<table>" in listed._repr_mimebundle_()["text/html"]


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("local_only", "yes", True),
        ("read_timeout", "2.5", 2.5),
        ("search_limit", "7", 7),
        ("endpoint", "https://mirror.example/", "https://mirror.example"),
        ("default_models", "text-classification=a/b", {"text-classification": "a/b"}),
    ],
)
def test_a_typed_value_is_read_as_its_kind_and_saved_for_the_next_time(
    name: str, typed: str, value: object, config: Path
) -> None:
    assert hf_nb.config.change(name, typed, save=True).value == value
    assert stat.S_IMODE(config.stat().st_mode) == 0o600
    session.use(None)
    again = hf_nb.config.about(name)
    assert (again.value, again.source) == (value, "config.toml")


def test_without_save_nothing_is_written(config: Path) -> None:
    changed = hf_nb.config.change("search_limit", "7")
    assert "--save" in str(changed.note)
    assert not config.exists()


def test_comments_order_and_tables_survive(config: Path) -> None:
    config.parent.mkdir()
    config.write_text(
        "# my own words\nread_timeout = 9 # why\n\nsearch_limit = 3\n\n[default_models]\ntext-classification = 'a/b'\n"
    )
    hf_nb.config.change("read_timeout", "30", save=True)
    hf_nb.config.change("local_only", "true", save=True)
    assert config.read_text() == (
        "# my own words\nread_timeout = 30.0 # why\n\nsearch_limit = 3\n\nlocal_only = true\n"
        "[default_models]\ntext-classification = 'a/b'\n"
    )


@pytest.mark.parametrize("text", ["trusted_folders = [\n  '/a',\n]\n", "[trusted_folders]\n"])
def test_what_only_a_person_can_change_is_left_alone(text: str, config: Path) -> None:
    config.parent.mkdir()
    config.write_text(text)
    if text.startswith("["):
        with pytest.raises(BadInput):
            hf_nb.config.trust()
    else:
        with pytest.raises(Refused, match="only a person"):
            hf_nb.config.trust()
    assert config.read_text() == text


@pytest.mark.parametrize(
    ("name", "typed"),
    [("search_limit", "many"), ("search_limit", "0"), ("local_only", "perhaps"), ("serch_limit", "1")],
)
def test_a_wrong_value_or_name_is_refused_and_not_saved(name: str, typed: str, config: Path) -> None:
    with pytest.raises(BadInput):
        hf_nb.config.change(name, typed, save=True)
    assert not config.exists()


def test_a_folder_is_trusted_by_its_owner_alone(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("HF_NB_SEARCH_LIMIT=2\n")
    assert "not used" in str(hf_nb.config.table())
    hf_nb.config.trust()
    session.use(None)
    assert (hf_nb.settings().search_limit, hf_nb.settings().source("search_limit")) == (2, ".env")


def test_a_hostile_value_stays_a_value(config: Path) -> None:
    folder = 'a"]\nendpoint = "https://evil.example"\nx = ["'
    hf_nb.config.change("trusted_folders", [folder], save=True)
    session.use(None)
    assert hf_nb.settings().trusted_folders == [folder]
    assert hf_nb.settings().source("endpoint") != "config.toml"
