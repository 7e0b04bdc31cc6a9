"""Our own requests to the Hub: who asks, and with which token; nobody else is asked for it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import hf_nb
from hf_nb.hub.headers import headers
from hf_nb.hub.versions.contents import Revision
from hf_nb.offline.running import Running
from hf_nb.plumbing import http
from hf_nb.plumbing.session import current

TOKEN = "hf_" + "a" * 34


def test_the_token_in_use_goes_along_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    assert headers()["authorization"] == f"Bearer {TOKEN}"
    assert headers(token="hf_other")["authorization"] == "Bearer hf_other"
    assert "authorization" not in headers(token=False)
    assert f"hf_nb/{hf_nb.__version__}" in headers()["user-agent"]
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_DISABLE_IMPLICIT_TOKEN", True)
    assert "authorization" not in headers()


def test_nobody_is_asked_which_programs_there_are(hub: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    from hf_nb.hub import address

    asked: list[str] = []
    monkeypatch.setattr("huggingface_hub.utils._headers.detect_agent", lambda: asked.append("asked"))
    session = http.install(current())
    chats = address.Address("dataset", "hfnb-demo/chats")
    commit = address.get(chats, "", session)["sha"]
    assert Revision(chats, commit, session).read("README.md", 0, 3) == b"---"
    assert not asked


def test_no_request_of_ours_has_the_official_clients_headers() -> None:
    root = Path(hf_nb.__file__).parent
    found = [
        path.name
        for path in root.rglob("*.py")
        if re.search(r"\bbuild_hf_headers\b", path.read_text("utf-8"))
    ]
    assert found == []
