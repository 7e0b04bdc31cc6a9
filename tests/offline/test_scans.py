"""What the Hub reads out of weights without loading them: a pickle's imports, a GGUF file's description."""

from __future__ import annotations

import io
import os
import pickle
import struct
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import HfApi, RepoFile

from hf_nb.offline.blobs import Blob
from hf_nb.offline.derive import Snapshot
from hf_nb.offline.derive.gguf import gguf
from hf_nb.offline.derive.pickles import imports, safety, status
from hf_nb.offline.running import start
from hf_nb.offline.store import Store

DAY = datetime(2026, 1, 1, tzinfo=UTC)


class Hostile:
    def __reduce__(self) -> Any:
        return os.system, ("echo loaded > /tmp/must-not-exist",)


class Imported:
    """Twice the same names, so that the second time they come from the pickle's memory."""

    def __reduce__(self) -> Any:
        return datetime, (2026, 1, 1)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_the_imports_of_a_pickle_are_named_in_every_protocol(protocol: int) -> None:
    content = pickle.dumps([Imported(), Hostile(), Imported(), Hostile()], protocol)
    found = imports(content)
    assert (os.system.__module__, "system") in found
    assert ("datetime", "datetime") in found
    assert "?" not in {word for pair in found for word in pair}
    assert {safety(*one) for one in found} >= {"dangerous", "innocuous"}


def test_a_zip_as_torch_writes_it_is_looked_into() -> None:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps(Hostile()))
        archive.writestr("archive/data/0", b"\0" * 100)
    assert imports(kept.getvalue()) == [(os.system.__module__, "system")]


@pytest.mark.parametrize(
    "content", [b"", b"\0\1\2", b"PK\3\4 broken", b"\x80\x04\x95", b"cos\n", b"weights" * 1000]
)
def test_what_is_no_pickle_imports_nothing(content: bytes) -> None:
    assert imports(content) == []


def test_what_nobody_knows_is_suspicious_and_tensors_are_not() -> None:
    assert safety("my_package.models", "Network") == "suspicious"
    assert safety("torch._utils", "_rebuild_tensor_v2") == "innocuous"
    assert safety("__builtin__", "eval") == "dangerous"
    assert safety("os.path", "join") == "dangerous"
    quiet = status("model.safetensors", Blob("x", 5), lambda *_: b"")
    assert (quiet["status"], quiet["pickleImportScan"]["status"]) == ("safe", "unscanned")


def test_the_hub_says_which_files_would_run_code(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "hub")
    store.create_repo("model", "me/pickled", created_at=DAY)
    files = {"a.pkl": pickle.dumps(Hostile()), "b.pkl": pickle.dumps([1.0, 2.0]), "c.txt": b"text"}
    store.commit("model", "me/pickled", files, title="files", author="me", date=DAY)
    store.close()
    with start(tmp_path / "hub") as hub:
        api = HfApi(endpoint=hub.url, token=False)
        found = api.model_info("me/pickled", securityStatus=True).security_repo_status
        assert found == {"scansDone": True, "filesWithIssues": [{"path": "a.pkl", "level": "unsafe"}]}
        tree = api.list_repo_tree("me/pickled", expand=True)
        by_path = {one.path: one.security for one in tree if isinstance(one, RepoFile) and one.security}
    assert [by_path[name].status for name in ("a.pkl", "b.pkl", "c.txt")] == ["unsafe", "safe", "safe"]
    scan = by_path["a.pkl"].pickle_import_scan
    assert scan
    assert scan["pickleImports"] == [
        {"module": os.system.__module__, "name": "system", "safety": "dangerous"}
    ]


def text(value: str) -> bytes:
    return struct.pack("<Q", len(value)) + value.encode()


def gguf_file(*keys: bytes, tensors: tuple[tuple[int, ...], ...] = ()) -> bytes:
    listed = b"".join(
        text(f"t{number}")
        + struct.pack("<I", len(shape))
        + struct.pack(f"<{len(shape)}Q", *shape)
        + struct.pack("<IQ", 0, 0)
        for number, shape in enumerate(tensors)
    )
    return b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(keys)) + b"".join(keys) + listed


def described(content: bytes) -> dict[str, Any] | None:
    return gguf(Snapshot({"x.gguf": Blob("x", len(content))}, lambda _, most: content[:most]))


KEYS = (
    text("general.architecture") + struct.pack("<I", 8) + text("llama"),
    text("llama.context_length") + struct.pack("<II", 4, 512),
    text("tokenizer.ggml.token_type") + struct.pack("<IIQ", 9, 5, 2) + b"\0" * 8,
    text("tokenizer.ggml.tokens") + struct.pack("<IIQ", 9, 8, 2) + text("<s>") + text("</s>"),
    text("tokenizer.ggml.eos_token_id") + struct.pack("<II", 4, 1),
    text("tokenizer.chat_template") + struct.pack("<I", 8) + text("{{ messages }}"),
)


def test_a_gguf_file_is_described_by_its_own_header() -> None:
    content = gguf_file(*KEYS, tensors=((4, 8), (8,)))
    assert described(content) == {
        "totalFileSize": len(content),
        "total": 40,
        "architecture": "llama",
        "context_length": 512,
        "eos_token": "</s>",
        "chat_template": "{{ messages }}",
    }


def test_a_broken_gguf_file_says_what_could_be_read() -> None:
    whole = gguf_file(*KEYS, tensors=((4, 8), (8,)))
    for length in range(4, len(whole)):
        found = described(whole[:length])
        assert found is not None
        assert "total" not in found
    endless = b"GGUF" + struct.pack("<IQQ", 3, 1 << 60, 1 << 60)
    nested = gguf_file(text("k") + struct.pack("<IIQ", 9, 9, 1 << 62))
    assert described(endless) == {"totalFileSize": len(endless)}
    assert described(nested) == {"totalFileSize": len(nested)}
    assert described(b"GGML") is None
