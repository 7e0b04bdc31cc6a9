"""No credential survives, and ordinary words do."""

import time

import pytest

from hf_nb.plumbing import redact

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
    "text",
    [
        "call hf_hub_download(repo_id)",
        "hf_transfer is gone",
        "import hf_nb",
        "the token of a sentence",
        "12 tokens: a, b",
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
