"""Every setting has a value and a source; a wrong one is refused in words."""

from pathlib import Path

import pytest

from hf_nb.errors import BadInput
from hf_nb.plumbing.settings import ENVIRONMENT, REAL_HUB, Settings


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HF_NB_CONFIG_DIR", str(tmp_path))
    for variables in ENVIRONMENT.values():
        for variable in variables:
            monkeypatch.delenv(variable, raising=False)
    return tmp_path


def test_without_anything_set_the_real_hub_is_used() -> None:
    settings = Settings()
    assert settings.endpoint == REAL_HUB
    assert settings.source("endpoint") == "default"
    assert not settings.endpoint_is_local


def test_the_notebook_beats_the_environment_beats_the_file(
    own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (own_folder / "config.toml").write_text(
        'endpoint = "https://mirror.example"\nread_timeout = 5.0\nsearch_limit = 7\n'
    )
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:8000/")
    settings = Settings()
    settings.read_timeout = 9.0
    assert (settings.endpoint, settings.source("endpoint")) == ("http://127.0.0.1:8000", "environment")
    assert (settings.read_timeout, settings.source("read_timeout")) == (9.0, "this notebook")
    assert (settings.search_limit, settings.source("search_limit")) == (7, "config.toml")
    assert settings.source("connect_timeout") == "default"
    assert settings.endpoint_is_local


@pytest.mark.parametrize(
    "address",
    [
        "http://hub.example",
        "ftp://hub.example",
        "hub.example",
        "https://user:pass@hub.example",
        "http://127.0.0.1.evil.example",
    ],
)
def test_an_endpoint_that_could_leak_a_token_is_refused(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", address)
    with pytest.raises(BadInput, match="endpoint"):
        Settings()


def test_an_unknown_setting_in_the_file_is_named(own_folder: Path) -> None:
    (own_folder / "config.toml").write_text("endpont = 'https://huggingface.co'\n")
    with pytest.raises(BadInput, match="endpont"):
        Settings()


def test_a_broken_file_says_where_it_is(own_folder: Path) -> None:
    (own_folder / "config.toml").write_text("endpoint = \n")
    with pytest.raises(BadInput) as caught:
        Settings()
    assert str(own_folder) in caught.value.next_step


@pytest.mark.parametrize(
    ("variable", "value"),
    [("HF_NB_READ_TIMEOUT", "soon"), ("HF_NB_LOCAL_ONLY", "maybe"), ("HF_NB_SEARCH_LIMIT", "0")],
)
def test_a_variable_of_the_wrong_kind_is_refused(
    variable: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(BadInput):
        Settings()


def test_every_variable_names_a_setting_and_every_setting_has_help() -> None:
    settings = Settings()
    assert set(ENVIRONMENT) <= set(settings.trait_names())
    assert all(row.help for row in settings.table())
