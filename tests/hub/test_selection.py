"""Which files come, which stay where they are, and that no name leads anywhere else."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from hf_nb import errors
from hf_nb.hub.disk.pull import pull
from hf_nb.hub.disk.selection import COPY, ODD, OUTSIDE, PICKLE, Asked, choose
from hf_nb.plumbing.session import Session
from tests.hub.pulling import own_cache

SAFE = ["config.json", "model.safetensors"]


@pytest.mark.parametrize(
    ("paths", "left"),
    [
        ([*SAFE, "pytorch_model.bin", "tf_model.h5", "flax_model.msgpack", "rust_model.ot"], COPY),
        (["model-00001-of-00002.safetensors", "pytorch_model-00001-of-00002.bin"], COPY),
        (["model.safetensors", "pytorch_model.bin.index.json"], COPY),
        (["unet/model.fp16.safetensors", "unet/model.fp16.bin"], COPY),
        (["config.json", "model.ckpt", "a/b.pt", "c.pth", "d.pkl", "e.joblib"], PICKLE),
        (["model.safetensors", "training_args.pt"], PICKLE),
        (["unet/model.fp16.safetensors", "unet/weights.bin"], PICKLE),
    ],
    ids=str,
)
def test_copies_of_safe_weights_and_pickles_are_left_out_with_the_reason(paths: list[str], left: str) -> None:
    kept, out = choose(paths, Asked())
    assert set(out.values()) == {left}
    assert all(path.endswith((".safetensors", "config.json")) for path in kept)
    assert set(kept) | out.keys() == set(paths)


@pytest.mark.parametrize(
    "paths",
    [
        ["config.json", "tf_model.h5"],  # the only weights there are
        ["a/model.safetensors", "b/tf_model.h5"],  # of another part of the model
        ["model.fp16.safetensors", "tf_model.h5"],  # of another precision
        ["model.bin", "vocabulary.json"],  # no pickle: a model of faster-whisper
        ["model.safetensors", "openvino_model.bin", "model.onnx", "ggml-base.bin"],
        ["data/train.parquet", "data/a.npz"],
    ],
    ids=str,
)
def test_nothing_else_is_left_out(paths: list[str]) -> None:
    assert choose(paths, Asked()) == (paths, {})


@pytest.mark.parametrize(
    "asked",
    [
        Asked(names=("pytorch_model.bin",)),
        Asked(include=("*.bin",)),
        Asked(names=("*.bin",)),
        Asked(include=("pytorch_*.bin",), exclude=("*.json",)),
    ],
    ids=str,
)
def test_what_is_named_or_asked_for_by_its_suffix_comes(asked: Asked) -> None:
    kept, left = choose([*SAFE, "pytorch_model.bin"], asked)
    assert (kept, left) == (["pytorch_model.bin"], {})


HOSTILE = {
    "../out.txt": OUTSIDE,
    "a/../../out.txt": OUTSIDE,
    "/etc/out.txt": OUTSIDE,
    "C:\\out.txt": OUTSIDE,
    "\\\\host\\share\\out.txt": OUTSIDE,
    "a\\..\\..\\out.txt": OUTSIDE,
    "./out.txt": OUTSIDE,
    "a//out.txt": OUTSIDE,
    ".cache/huggingface/download/out.metadata": OUTSIDE,
    "nul\0.txt": ODD,
    "line\nbreak.txt": ODD,
    "\x1b[2J.txt": ODD,
    "right\u202eto-left.txt": ODD,
    f"{'x' * 300}.txt": ODD,
}


@pytest.mark.parametrize("path", HOSTILE)
def test_a_hostile_name_is_left_out_even_if_it_is_asked_for(path: str) -> None:
    assert choose(["good.txt", path], Asked())[1] == {path: HOSTILE[path]}
    with pytest.raises(errors.Refused):
        choose([path], Asked(names=(path,)))


def test_a_name_that_only_windows_reserves_is_left_out_there(monkeypatch: pytest.MonkeyPatch) -> None:
    assert choose(["a/aux.txt"], Asked())[0] == ["a/aux.txt"]
    monkeypatch.setattr("hf_nb.hub.disk.selection.os.name", "nt")
    assert choose(["good.txt", "a/aux.txt", "COM1"], Asked())[0] == ["good.txt"]


# -- the same from a Hub that lies


class Rogue(BaseHTTPRequestHandler):
    """Answers as a Hub whose repository is full of names that lead elsewhere."""

    protocol_version = "HTTP/1.1"
    commit = "a" * 40

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        if path == "/api/models/evil/names":
            self._json({"id": "evil/names", "sha": self.commit, "tags": [], "siblings": []})
        elif path.startswith("/api/models/evil/names/tree/"):
            oid = hashlib.sha1(b"blob 4\0evil", usedforsecurity=False).hexdigest()
            names = ["good.txt", *HOSTILE]
            self._json([{"type": "file", "path": name, "size": 4, "oid": oid} for name in names])
        elif "/resolve/" in path:
            self._send(200, b"evil", {"ETag": '"good"', "X-Repo-Commit": self.commit})
        else:
            self._send(404, b"")

    do_HEAD = do_GET  # noqa: N815 -- http.server's names

    def _json(self, answer: Any) -> None:
        self._send(200, json.dumps(answer).encode(), {"Content-Type": "application/json"})

    def _send(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {**(headers or {}), "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def rogue(served_hub: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """A session at the Hub that lies; its cache is deep in the test's folder."""
    own_cache(tmp_path / "a" / "b" / "cache", monkeypatch)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Rogue)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    session = Session()
    session.settings.endpoint = f"http://127.0.0.1:{server.server_port}"
    yield session
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("folder", [None, "a/b/mine"], ids=["cache", "folder"])
def test_names_of_a_lying_hub_never_leave_the_folder(
    folder: str | None, rogue: Session, tmp_path: Path
) -> None:
    to = tmp_path / folder if folder else None
    pulled = pull("evil/names", to=to, kind="model", session=rogue)
    assert {file.path for file in pulled.of("left out")} == HOSTILE.keys()
    root = to or tmp_path / "a" / "b" / "cache"
    ours = tmp_path / "a" / "b" / "data"
    written = {path for path in tmp_path.rglob("*") if path.is_file() and ours not in path.parents}
    assert all(root in path.parents for path in written)
    assert not [path for path in written if "out" in path.name]
    assert all(char.isprintable() or char == "\n" for char in str(pulled))


def test_a_commit_that_is_none_names_no_folder(
    rogue: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Rogue, "commit", "../../../out")
    with pytest.raises(errors.Busy, match="names no commit"):
        pull("evil/names", kind="model", session=rogue)
    assert not [path for path in tmp_path.rglob("*") if "out" in path.name]
