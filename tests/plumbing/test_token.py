"""The token in use is named, never shown."""

from pathlib import Path

import pytest

from hf_nb.plumbing import token

SECRET = "hf_" + "Q1w2E3r4T5" * 3


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for variable in (*token.VARIABLES, "HF_TOKEN_PATH", "HF_STORED_TOKENS_PATH"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    return tmp_path


def test_nothing_stored_is_none(home: Path) -> None:
    assert token.name() is None


def test_the_variable_wins_and_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", SECRET)
    assert token.name() == "token from HF_TOKEN"


def test_a_stored_token_goes_by_the_name_the_user_gave_it(home: Path) -> None:
    (home / "token").write_text(SECRET)
    assert token.name() == "stored token"
    (home / "stored_tokens").write_text(f"[other]\nhf_token = x\n\n[work]\nhf_token = {SECRET}\n")
    assert token.name() == 'token "work"'


def test_what_the_official_login_writes_is_understood(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from huggingface_hub import constants
    from huggingface_hub.utils import _auth

    monkeypatch.setattr(constants, "HF_STORED_TOKENS_PATH", str(home / "stored_tokens"))
    monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(home / "token"))
    _auth._save_token(SECRET, "from-login")
    (home / "token").write_text(SECRET)
    assert token.name() == 'token "from-login"'


def test_what_must_be_hidden_is_the_same_object_until_something_changes_and_then_at_once_another(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = token.hidden()
    assert token.hidden() is before
    monkeypatch.setenv("HF_TOKEN", SECRET)
    assert SECRET in token.hidden()
    monkeypatch.delenv("HF_TOKEN")
    assert SECRET not in token.hidden()
    (home / "token").write_text(SECRET)
    token.forget()
    assert SECRET in token.hidden()
    other = home / "elsewhere"
    other.mkdir()
    monkeypatch.setenv("HF_HOME", str(other))
    assert SECRET not in token.hidden()
    assert not token.there()
    (other / "token").write_text(SECRET)
    assert token.there()
    token.hide("a key of some server")
    assert "a key of some server" in token.hidden()
    token._keys.discard("a key of some server")
