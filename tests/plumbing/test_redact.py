"""No credential survives, and ordinary words do."""

import logging
import time
from pathlib import Path

import pytest

from hf_nb import errors
from hf_nb.plumbing import redact, token

CANARY = "hf_" + "AbCdEfGhIj" * 3 + "1234"


@pytest.mark.parametrize(
    "text",
    [
        f"curl -H 'Authorization: Bearer {CANARY}'",
        f"https://user:{CANARY}@example.org/x",
        f"token={CANARY}&x=1",
        f'{{"api_key": "{CANARY}"}}',
        f"a sentence with {CANARY} in it",
        f"HF_TOKEN='{CANARY}'",
    ],
)
def test_a_hub_token_never_survives(text: str) -> None:
    assert CANARY not in redact.text(text)
    assert redact.MARK in redact.text(text)


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("Authorization: Bearer abcdefghij0123456789", "abcdefghij0123456789"),
        ("https://me:s3cretpass@mirror.example/simple", "s3cretpass"),
        ("OPENAI sk-proj-abcdefghijklmnop1234", "sk-proj-abcdefghijklmnop1234"),
        ("password: hunter2hunter2", "hunter2hunter2"),
        ("?Signature=abcdef0123456789&Expires=1", "abcdef0123456789"),
    ],
)
def test_other_credentials_are_taken_out_too(text: str, secret: str) -> None:
    assert secret not in redact.text(text)


@pytest.mark.parametrize(
    "token",
    [
        CANARY,
        "hf_oauth_eyJhbGciOiJFZERTQSJ9.eyJzY29wZSI6WyJvcGVuaWQiXX0.c2ln-Zg_",
        "hf_oauth_" + "0123456789abcdef" * 2,
        "hf_refresh_" + "0123456789abcdef" * 2,
        "hf_jwt_eyJhbGciOiJFZERTQSJ9.e30.AbCd-_",
        "api_org_" + "AbCdEfGh" * 4,
        "hf_learner_offline",
    ],
)
@pytest.mark.parametrize(
    "around", ["{}", "a\\n{}", "token%3D{}%26", "x{}", "'{}'", "<td>{}</td>", "{}\n", "ü{}ü"]
)
def test_every_shape_of_a_hub_token_is_known_wherever_it_stands(token: str, around: str) -> None:
    text = around.format(token)
    assert redact.has_hub_token(text)
    for cleaned in (redact.text(text), redact.tokens(text)):
        assert token not in cleaned
        assert redact.MARK in cleaned


@pytest.mark.parametrize("variable", ["HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HUGGINGFACE_API_KEY"])
def test_a_token_in_use_is_known_by_its_value_whatever_its_shape(
    variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = "Company/Proxy+Key=="
    assert redact.tokens(f"it is {odd}") == f"it is {odd}"
    monkeypatch.setenv(variable, odd)
    assert redact.has_hub_token(f"it is {odd}")
    assert redact.tokens(f"it is {odd}.") == "it is [redacted]."
    assert redact.tree({odd: [odd]}) == {redact.MARK: [redact.MARK]}


def test_a_stored_token_is_known_by_its_value_and_a_new_one_soon(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("HF_TOKEN", "HF_TOKEN_PATH", "HF_STORED_TOKENS_PATH"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    token.forget()
    (tmp_path / "stored_tokens").write_text(
        "[a]\nhf_token = first-odd-token\nrefresh_token = odd-refresher\n"
    )
    (tmp_path / "token").write_text("active-odd-token\n")
    assert redact.tokens("first-odd-token odd-refresher active-odd-token") == " ".join([redact.MARK] * 3)
    (tmp_path / "token").write_text("second-odd-token\n")
    time.sleep(1.1)
    assert redact.tokens("second-odd-token") == redact.MARK


def test_what_follows_the_prefix_of_a_token_in_use_is_secret_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", CANARY)
    assert redact.tokens(f"nearest to {CANARY[3:]}") == f"nearest to {redact.MARK}"


def test_errors_never_quote_a_credential() -> None:
    wrong = errors.NotFound(f"No model {CANARY}", f"Try: %hf info {CANARY}")
    shown = f"{wrong}{wrong!r}{wrong.args}{wrong.problem}{wrong.next_step}{wrong._render_traceback_()}"
    assert CANARY not in shown
    assert shown.count(redact.MARK) >= 4


def test_the_official_clients_log_lines_are_cleaned(caplog: pytest.LogCaptureFixture) -> None:
    logger = logging.getLogger("tests.redact")
    logger.addFilter(redact.Logs())
    with caplog.at_level(logging.DEBUG, logger.name):
        logger.debug("GET %s", f"https://huggingface.co/api/models?search={CANARY}")
        logger.debug("plain %d %%", 3)
    assert caplog.messages == ["GET https://huggingface.co/api/models?search=hf_[redacted]", "plain 3 %"]


@pytest.mark.parametrize(
    "text",
    [
        "call hf_hub_download(repo_id)",
        "hf_transfer is gone",
        "import hf_nb",
        "the token of a sentence",
        "12 tokens: a, b",
        "a basic question",
        "the bearer of news",
        "hf_transfer hf_xet hf_hub_offline_mode",
    ],
)
def test_ordinary_words_stay(text: str) -> None:
    assert redact.text(text) == text


def test_values_under_secret_names_go_whole_and_nested_strings_are_read() -> None:
    dirty = {"headers": {"Authorization": "anything", "Accept": "text/html"}, "list": [CANARY, 3], "n": 1}
    assert redact.tree(dirty) == {
        "headers": {"Authorization": redact.MARK, "Accept": "text/html"},
        "list": [f"hf_{redact.MARK}", 3],
        "n": 1,
    }


@pytest.mark.parametrize(
    "text", ["x" * 1_000_000, "a." * 500_000, "token" * 200_000, "bearer " * 150_000, "a://b:c" * 100_000]
)
def test_a_million_characters_take_no_more_than_moments(text: str) -> None:
    began = time.process_time()
    redact.text(text)
    assert time.process_time() - began < 5


def test_a_page_without_a_secret_costs_next_to_nothing() -> None:
    page = "<tr><td>hfnb-demo/sentiment-en</td><td>%hf info</td></tr>" * 20_000
    began = time.process_time()
    redact.tokens(page)
    assert time.process_time() - began < 0.5
