"""Secrets in what is about to leave: every one is found, none is shown, and what is none stops nobody."""

from __future__ import annotations

import base64
import gzip
import io
import json
import tarfile
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from hf_nb.hub.pushing import patterns
from hf_nb.hub.pushing.secrets import scan
from hf_nb.hub.pushing.windows import OVERLAP, WINDOW, Scan
from tests.hub.planted import Maker, clean, secrets

PLANTED = secrets()
TOKEN = "hf_" + Maker(3).word(34)


def found(name: str, content: bytes | str, **more: Any) -> Scan:
    return scan([(name, content.encode() if isinstance(content, str) else content)], **more)


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_secret_is_found_and_named(name: str) -> None:
    text, secret, kind = PLANTED[name]
    filler = "x = 1\n" * 5
    result = found(name, filler + text + "\n" + filler)
    assert [one.kind for one in result.found] == [kind]
    assert result.found[0].spot == f"{name}:{6 + text[: text.find(secret)].count(chr(10)) - _early(name)}"
    assert secret not in repr(result.found[0].to_dict())


def _early(name: str) -> int:
    """Rules that begin at a heading say the heading's line."""
    return {"netrc.txt": 2, "pypirc.txt": 2}.get(name, 0)


def test_two_hundred_clean_files_raise_no_alarm(tmp_path: Path) -> None:
    assert clean(tmp_path) == 200
    files = [
        (path.relative_to(tmp_path).as_posix(), path)
        for path in sorted(tmp_path.rglob("*"))
        if path.is_file()
    ]
    result = scan(files)
    assert [(one.spot, one.kind) for one in result.found] == []
    assert result.unread == []


def test_what_was_left_of_detect_secrets_would_raise_alarms_on_them(tmp_path: Path) -> None:
    from detect_secrets.plugins.high_entropy_strings import Base64HighEntropyString
    from detect_secrets.plugins.keyword import KeywordDetector

    clean(tmp_path)
    lines = [
        line
        for path in tmp_path.rglob("*")
        if path.is_file()
        for line in path.read_text("utf-8").splitlines()
    ]
    short = [line for line in lines if len(line) < 300]
    entropy, keyword = Base64HighEntropyString(), KeywordDetector()
    assert sum(1 for line in short if list(entropy.analyze_string(line))) > 20
    assert sum(1 for line in short if list(keyword.analyze_string(line))) > 20


def test_a_notebook_is_read_cell_by_cell_with_its_outputs_and_metadata() -> None:
    secret = PLANTED["train.py"][1]
    cells = [
        {"cell_type": "markdown", "source": "# text", "metadata": {}},
        {"cell_type": "code", "source": ["import x\n", f"login('{secret}')"], "metadata": {}, "outputs": []},
        {
            "cell_type": "code",
            "source": "print(env)",
            "metadata": {"tags": [], "note": secret},
            "outputs": [
                {"output_type": "stream", "text": ["a\n", "b\n", f"token {secret}\n"]},
                {"output_type": "error", "traceback": [f"\x1b[31m{secret}\x1b[0m"]},
                {
                    "output_type": "display_data",
                    "data": {"text/html": [f"<b>{secret}</b>"], "image/png": "aGY="},
                },
                {"output_type": "display_data", "data": {"application/json": {"deep": [{"k": secret}]}}},
            ],
        },
    ]
    notebook = {"cells": cells, "metadata": {"widgets": {"state": {"v": secret}}}, "nbformat": 4}
    spots = {one.spot for one in found("a.ipynb", json.dumps(notebook)).found}
    assert "a.ipynb:cell2:2" in spots
    assert "a.ipynb:cell3.output:3" in spots
    assert {spot.split(":")[1] for spot in spots} == {
        "cell2",
        "cell3.output",
        "cell3.metadata",
        "metadata",
    }


def test_a_broken_notebook_is_read_as_text() -> None:
    assert found("a.ipynb", '{"cells": [\n' + PLANTED["train.py"][0]).found[0].spot == "a.ipynb:2"


def test_archives_are_opened() -> None:
    text = PLANTED["ci.sh"][0].encode()
    zipped, tarred = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("pkg/ci.sh", b"\n" + text)
        archive.writestr("pkg/id_rsa", b"")
    with tarfile.open(fileobj=tarred, mode="w:gz") as packed:
        info = tarfile.TarInfo("ci.sh")
        info.size = len(text)
        packed.addfile(info, io.BytesIO(text))
    spots = {one.spot for one in found("a.whl", zipped.getvalue()).found}
    assert spots == {"a.whl!pkg/ci.sh:2", "a.whl!pkg/id_rsa"}
    assert found("b.tar.gz", tarred.getvalue()).found[0].spot == "b.tar.gz!ci.sh:1"
    assert found("c.json.gz", gzip.compress(text)).found[0].kind == "GitHub token"


def test_what_cannot_be_looked_into_is_said() -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("a.txt", "a" * 9)
    outer = io.BytesIO()
    with zipfile.ZipFile(outer, "w") as archive:
        archive.writestr("inner.zip", inner.getvalue())
    assert "archive inside an archive" in found("o.zip", outer.getvalue()).unread[0]
    assert "RAR" in found("a.rar", b"Rar!\x1a\x07\x00" + b"\0" * 40).unread[0]
    assert "cannot be read to its end" in found("b.zip", b"PK\x03\x04" + b"\0" * 40).unread[0]
    assert "cannot be decompressed" in found("c.gz", b"\x1f\x8b" + b"\x01" * 40).unread[0]


def test_an_archive_that_unpacks_to_gigabytes_ends_early(monkeypatch: pytest.MonkeyPatch) -> None:
    from hf_nb.hub.pushing import inside

    monkeypatch.setattr(inside, "MOST_INSIDE", 1_000_000)
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(4):
            archive.writestr(f"{number}", b"0" * 3_000_000)
    result = found("bomb.zip", bomb.getvalue())
    assert any("first" in line for line in result.unread)
    assert result.seconds < 5


def test_text_columns_of_parquet_are_read(tmp_path: Path) -> None:
    import pandas

    frame = pandas.DataFrame({"n": range(5), "text": ["a", "b", PLANTED["chat.py"][0], "c", None]})
    frame["nested"] = [[], [PLANTED["pay.rb"][0]], [], [], []]
    frame.to_parquet(tmp_path / "a.parquet")
    spots = {one.spot for one in scan([("a.parquet", tmp_path / "a.parquet")]).found}
    assert spots == {"a.parquet:text:2", "a.parquet:nested:1"}


def test_headers_of_weights_are_read() -> None:
    header = json.dumps({"__metadata__": {"by": PLANTED["train.py"][1]}}).encode()
    content = len(header).to_bytes(8, "little") + header + bytes(1000)
    assert found("model.safetensors", content).found[0].kind == "Hugging Face token"


@pytest.mark.parametrize(
    "name",
    [
        "keys/id_rsa",
        ".env",
        "a/.env.production",
        "credentials.json",
        ".netrc",
        ".pypirc",
        ".aws/credentials",
        "x.p12",
    ],
)
def test_a_file_is_known_by_its_name(name: str) -> None:
    assert found(name, "").found[0].place == "its name"


@pytest.mark.parametrize(
    "name", [".env.example", "id_rsa.pub", "environment.yml", "credentials.md", "cert.pem"]
)
def test_a_harmless_name_is_none(name: str) -> None:
    assert found(name, "").found == []


FORMS = {
    "as it is": lambda token: token.encode(),
    "in base64": lambda token: base64.b64encode(b"user:" + token.encode() + b"!"),
    "in base64, one off": lambda token: base64.b64encode(b"user1:" + token.encode()),
    "in base64, two off": lambda token: base64.b64encode(b"user22:" + token.encode() + b"zz"),
    "in UTF-16": lambda token: token.encode("utf-16-le"),
    "glued into words": lambda token: b"abc" + token.encode() + b"def",
}


@pytest.mark.parametrize("form", FORMS)
def test_ones_own_token_is_found_in_every_byte(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    content = b"\0" * (WINDOW * 2 - 10) + FORMS[form](TOKEN) + b"\0" * 100  # across two windows
    result = found("model.bin", content)
    assert {one.kind for one in result.found} >= {"your HF_TOKEN, live"}
    again = found("model.bin", content, allow=[one.spot for one in result.found])
    assert [one.kind for one in again.found] == ["your HF_TOKEN, live"], "a live token is never allowed"


def test_a_key_with_signs_is_found_in_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_API_KEY", "ab+cd/ef==gh+ij/kl")
    assert found("a.txt", "https://x?k=" + quote("ab+cd/ef==gh+ij/kl", safe="")).found


def test_a_stored_token_is_one_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from hf_nb.plumbing import token

    monkeypatch.setenv("HF_STORED_TOKENS_PATH", str(tmp_path / "stored"))
    token.forget()
    (tmp_path / "stored").write_text(f"[work]\nhf_token = {TOKEN[:20]}\n")
    assert found("a.bin", b"\0" + TOKEN[:20].encode()).found[0].kind == "your stored Hub token, live"


def test_a_comment_or_a_named_spot_lets_a_line_pass() -> None:
    line = PLANTED["train.py"][0]
    assert found("a.py", f"{line}  # pragma: allowlist secret").found == []
    assert found("a.py", f"# pragma: allowlist nextline secret\n{line}\n").found == []
    assert found("a.py", f"\n{line}", allow=["a.py:2"]).found == []
    assert found("a.py", f"\n{line}", allow=["a.py:1"]).found


def test_a_secret_on_the_border_of_two_windows_is_found_once_with_its_line() -> None:
    line = "x" * 99 + "\n"
    for before in (WINDOW - 20, WINDOW - OVERLAP - 20, WINDOW * 2 - OVERLAP):
        text = line * (before // 100) + PLANTED["train.py"][0] + "\n" + line * 20_000
        assert [one.spot for one in found("big.txt", text).found] == [f"big.txt:{before // 100 + 1}"]


def test_utf_16_text_is_text() -> None:
    assert found("a.txt", ("a\n" + PLANTED["train.py"][0]).encode("utf-16")).found[0].spot == "a.txt:2"


def test_every_rule_of_ours_is_tried_by_a_planted_secret_or_compiles_to_its_anchor() -> None:
    for rule in patterns.RULES:
        assert rule.anchors
        assert rule.pattern.pattern
    for plugin in patterns.BORROWED:
        assert plugin.patterns, plugin.name
