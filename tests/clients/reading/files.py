"""Files: small ones from the Hub, large ones by redirect, whole and in parts.

Nothing is compared with constants of the content: one answer is held against another, and against the bytes themselves.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from huggingface_hub import (
    DatasetCard,
    HfFileSystem,
    ModelCard,
    SpaceCard,
    hf_hub_download,
    snapshot_download,
)

from tests.clients.demo import DIGITS, LEARNER_TOKEN, PUBLIC, TEXT, WEIGHTS
from tests.clients.reading.client import api, files, fresh, git_sha1


def download_small() -> None:
    path = Path(hf_hub_download(TEXT, "config.json", cache_dir=fresh()))
    content = path.read_bytes()
    assert git_sha1(content) == files(TEXT)["config.json"].blob_id
    assert json.loads(content)["model_type"]
    assert path.parent.name == api.model_info(TEXT).sha


def download_large() -> None:
    where = fresh()
    path = Path(hf_hub_download(TEXT, WEIGHTS, cache_dir=where))
    entry = files(TEXT)[WEIGHTS]
    assert entry.lfs is not None
    assert hashlib.sha256(path.read_bytes()).hexdigest() == entry.lfs["sha256"]
    assert path.stat().st_size == entry.size == entry.lfs["size"]
    assert path.resolve().name == entry.lfs["sha256"]
    pointer = (
        f"version https://git-lfs.github.com/spec/v1\noid sha256:{entry.lfs['sha256']}\nsize {entry.size}\n"
    )
    assert git_sha1(pointer.encode()) == entry.blob_id
    assert hf_hub_download(TEXT, WEIGHTS, cache_dir=where, local_files_only=True) == str(path)


def download_large_with_a_token() -> None:
    assert hf_hub_download(TEXT, WEIGHTS, cache_dir=fresh(), token=LEARNER_TOKEN)


def download_at_a_revision() -> None:
    for ref in api.list_repo_refs(TEXT).tags:
        for name, entry in list(files(TEXT, revision=ref.name).items())[:2]:
            path = Path(hf_hub_download(TEXT, name, revision=ref.name, cache_dir=fresh()))
            assert path.parent.name == ref.target_commit
            assert path.stat().st_size == entry.size
    first = api.list_repo_commits(TEXT)[-1].commit_id
    path = Path(hf_hub_download(TEXT, ".gitattributes", revision=first, cache_dir=fresh()))
    assert path.parent.name == first


def snapshot() -> None:
    folder = Path(snapshot_download(TEXT, cache_dir=fresh(), allow_patterns=["*.json", "*.md"]))
    wanted = {path for path in files(TEXT) if path.endswith((".json", ".md"))}
    assert {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} == wanted
    local = Path(fresh())
    snapshot_download(DIGITS, repo_type="dataset", local_dir=local)
    for path, entry in files(DIGITS, "dataset").items():
        assert (local / path).stat().st_size == entry.size


def dry_run() -> None:
    where = fresh()
    planned = snapshot_download(TEXT, cache_dir=where, dry_run=True)
    assert {one.filename: one.file_size for one in planned} == {
        path: entry.size for path, entry in files(TEXT).items()
    }
    assert all(one.will_download for one in planned)
    hf_hub_download(TEXT, "config.json", cache_dir=where)
    again = {
        one.filename: one.will_download for one in snapshot_download(TEXT, cache_dir=where, dry_run=True)
    }
    assert not again["config.json"]


def verify_checksums() -> None:
    where = fresh()
    folder = Path(snapshot_download(TEXT, cache_dir=where))
    verified = api.verify_repo_checksums(TEXT, cache_dir=where)
    assert verified.checked_count == len(files(TEXT))
    assert not verified.mismatches
    (folder / WEIGHTS).resolve().write_bytes(b"not what it was")
    spoilt = api.verify_repo_checksums(TEXT, cache_dir=where)
    assert [one["path"] for one in spoilt.mismatches] == [WEIGHTS]


def safetensors_metadata() -> None:
    found = api.get_safetensors_metadata(TEXT)
    counted = sum(found.parameter_count.values())
    info = api.model_info(TEXT)
    assert info.safetensors is not None
    assert counted == info.safetensors.total
    from safetensors import safe_open

    with safe_open(hf_hub_download(TEXT, WEIGHTS, cache_dir=fresh()), framework="pt") as weights:
        assert set(weights.keys()) == set(found.weight_map)


def file_system() -> None:
    disk = HfFileSystem(use_listings_cache=False, skip_instance_cache=True)
    listed = files(TEXT)
    assert {Path(str(one)).name for one in disk.ls(TEXT, detail=False)} == {
        path.split("/")[0] for path in listed
    }
    assert {one.removeprefix(f"{TEXT}/") for one in disk.glob(f"{TEXT}/*.json")} == {
        path for path in listed if path.endswith(".json") and "/" not in path
    }
    whole = Path(hf_hub_download(TEXT, WEIGHTS, cache_dir=fresh())).read_bytes()
    with disk.open(f"{TEXT}/{WEIGHTS}", "rb", block_size=4096) as remote:
        remote.seek(100)
        assert remote.read(50) == whole[100:150]
        remote.seek(-20, 2)
        assert remote.read() == whole[-20:]
    assert disk.cat_file(f"{TEXT}/{WEIGHTS}", start=8, end=64) == whole[8:64]
    assert disk.info(f"datasets/{DIGITS}")["type"] == "directory"
    assert disk.modified(f"{TEXT}/README.md") is not None
    with pytest.raises(FileNotFoundError):
        disk.ls(f"{PUBLIC}/no-such-model")


def cards() -> None:
    card = ModelCard.load(TEXT)
    info = api.model_info(TEXT)
    assert info.card_data is not None
    assert card.data.to_dict() == info.card_data.to_dict()
    assert card.text.strip()
    assert DatasetCard.load(DIGITS).text.strip()
    space = next(iter(api.list_spaces(author=PUBLIC, full=True)))
    assert SpaceCard.load(space.id).data.sdk == space.sdk
