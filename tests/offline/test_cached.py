"""The user's own cache as a part of the offline Hub: filled by the official client, read back by it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from huggingface_hub import HfApi, hf_hub_download, snapshot_download
from huggingface_hub.errors import EntryNotFoundError

from hf_nb.errors import BadInput
from hf_nb.offline import repos, running
from hf_nb.offline.cached import bring
from hf_nb.offline.running import Running
from hf_nb.offline.store import Store
from tests.offline.small import FILES, WEIGHTS


@pytest.fixture(scope="module")
def cache(_box: Running, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache that knows a whole model, one file of a dataset, and an old id without a namespace."""
    folder = tmp_path_factory.mktemp("cache")
    snapshot_download("demo/tiny", endpoint=_box.url, cache_dir=folder, token=False)
    hf_hub_download(
        "demo/rows", "data/train.csv", repo_type="dataset", endpoint=_box.url, cache_dir=folder, token=False
    )
    shutil.copytree(folder / "models--demo--tiny", folder / "models--oldtiny", symlinks=True)
    return folder


@pytest.fixture(scope="module")
def shown(cache: Path, tmp_path_factory: pytest.TempPathFactory):
    """A Hub of nothing but this cache."""
    root = tmp_path_factory.mktemp("shown") / "store"
    store = Store.open(root)
    assert bring(store, cache) == ["demo/rows", "demo/tiny", "cached/oldtiny"]
    assert bring(store, cache) == []  # a second time there is nothing new
    store.close()
    with running.start(root) as hub:
        yield hub


def test_a_cached_model_is_found_by_its_card_and_comes_back_whole(box, shown, cache, tmp_path):
    api = HfApi(endpoint=shown.url, token=False)
    found = {model.id for model in api.list_models(filter="text-classification")}
    assert found == {"cached/oldtiny", "demo/tiny"}
    folder = Path(snapshot_download("demo/tiny", endpoint=shown.url, cache_dir=tmp_path, token=False))
    (first,) = (cache / "models--demo--tiny" / "snapshots").iterdir()
    assert {path: (folder / path).read_bytes() for path in FILES} == {
        path: (first / path).read_bytes() for path in FILES
    }
    original = HfApi(endpoint=box.url, token=False).model_info("demo/tiny").sha
    assert api.model_info("demo/tiny").sha == original


def test_only_what_was_fetched_is_there(shown, tmp_path):
    fetch = {"repo_type": "dataset", "endpoint": shown.url, "cache_dir": tmp_path, "token": False}
    assert Path(hf_hub_download("demo/rows", "data/train.csv", **fetch)).read_bytes() == b"a,b\n1,2\n"
    with pytest.raises(EntryNotFoundError):
        hf_hub_download("demo/rows", "data/big.parquet", **fetch)


def test_an_id_without_a_namespace_leads_to_one(shown, tmp_path):
    got = hf_hub_download("oldtiny", "model.safetensors", endpoint=shown.url, cache_dir=tmp_path, token=False)
    assert Path(got).read_bytes() == WEIGHTS


def test_nothing_is_copied_and_nothing_of_the_cache_is_changed(cache, tmp_path):
    before = {path: path.stat().st_mtime_ns for path in cache.rglob("*") if path.is_file()}
    store = Store.open(tmp_path / "store")
    bring(store, cache)
    store.delete_repo(repos.rid_of(store.database, "model", "demo/tiny"))
    store.close()
    own = [
        path for path in (tmp_path / "store" / "blobs").rglob("*") if path.is_file() and not path.is_symlink()
    ]
    assert sum(path.stat().st_size for path in own) < 10_000 < len(WEIGHTS)
    assert {path: path.stat().st_mtime_ns for path in cache.rglob("*") if path.is_file()} == before


def test_an_empty_or_a_missing_cache_brings_nothing(tmp_path):
    store = Store.open(tmp_path / "store")
    assert bring(store, tmp_path / "nowhere") == []
    (tmp_path / "empty").mkdir()
    assert bring(store, tmp_path / "empty") == []
    store.close()


def test_a_cache_is_not_shown_in_a_folder_that_stays(tmp_path):
    with pytest.raises(BadInput, match="Leave out --root"):
        running.ready_root(tmp_path, tmp_path / "x", with_cache=True)


@pytest.mark.slow
def test_the_command_shows_the_callers_cache(cache):
    ask = "from huggingface_hub import HfApi; print(*(m.id for m in HfApi().list_models(author='demo')))"
    command = [sys.executable, "-m", "hf_nb", "hub", "run", "--with-cache", "--", sys.executable, "-c", ask]
    said = subprocess.run(
        command,
        env=os.environ | {"HF_HUB_CACHE": str(cache)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert said.stdout.split() == ["demo/tiny"]
