"""What the Hub refuses, in our words."""

from __future__ import annotations

import pytest
from huggingface_hub.errors import GatedRepoError
from huggingface_hub.utils import httpx

from hf_nb.hub.translate import translate
from hf_nb.plumbing.settings import Settings


@pytest.mark.parametrize(
    ("subject", "page"),
    [("dataset a/b", "/datasets/a/b"), ("model a/b", "/a/b"), ("space a/b", "/spaces/a/b"), ("a/b", "/a/b")],
)
def test_whoever_is_not_let_in_is_led_to_the_page_that_exists(
    monkeypatch: pytest.MonkeyPatch, subject: str, page: str
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "https://hub.example.org")
    answer = httpx.Response(403, request=httpx.Request("GET", "https://hub.example.org/x"))
    said = translate(GatedRepoError("no", response=answer), subject, Settings())
    assert said is not None
    assert f"https://hub.example.org{page}," in said.next_step
