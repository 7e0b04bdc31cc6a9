"""Repositories that are made when they are first asked for: found before, built once, whole or not at all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError
from huggingface_hub.utils import httpx

from hf_nb.errors import BadInput
from hf_nb.offline.content import build, catalogue
from hf_nb.offline.server import process, promises
from hf_nb.offline.store import Store
from tests.offline.content import promised

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where everything is built; the catalogue is that of promised.py."""
    monkeypatch.setattr(catalogue, "_found", promised.found)
    monkeypatch.setattr(build, "WORKER", promised.PROGRAM)
    monkeypatch.setenv("HF_NB_HUB_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@contextmanager
def serving(root: Path) -> Iterator[str]:
    """A Hub on a copy of what is promised, in this process, so that it knows the catalogue."""
    if not root.exists():
        Store.overlay(build.ensure(report=lambda _: None), root).close()
    until, told, listening = threading.Event(), [], threading.Event()

    def ready(where: process.Ready) -> None:
        told.append(where.url)
        listening.set()

    thread = threading.Thread(target=process.serve, args=(root,), kwargs={"ready": ready, "until": until})
    thread.start()
    assert listening.wait(20)
    try:
        yield told[0]
    finally:
        until.set()
        thread.join()


@pytest.fixture
def hub(cache: Path, tmp_path: Path) -> Iterator[HfApi]:
    with serving(tmp_path / "hub") as url:
        yield HfApi(endpoint=url, token=False)


def built(cache: Path) -> list[str]:
    """Names in the order they were built."""
    log = cache / "built.log"
    return log.read_text("utf-8").split() if log.exists() else []


def halves(cache: Path) -> list[Path]:
    return list((cache / "built").glob(".*"))


def test_a_promised_repository_is_found_by_everything_its_card_says(cache: Path, hub: HfApi) -> None:
    for how in (
        {"search": "quick"},
        {"filter": "rare-tag", "search": "quick"},
        {"pipeline_tag": "text-classification", "search": "quick"},
        {"filter": ["safetensors", "transformers", "eo", "license:mit"], "search": "quick"},
        {"num_parameters": "min:12,max:12", "search": "quick"},
    ):
        (found,) = hub.list_models(**how)
        assert (found.id, found.downloads, found.library_name) == ("demo/quick", 77, "transformers")
    (listed,) = hub.list_models(search="quick", full=True)
    assert listed.last_modified is not None
    assert listed.last_modified.day == 5
    assert built(cache) == []


def test_the_first_request_builds_it_with_its_history(cache: Path, hub: HfApi, tmp_path: Path) -> None:
    (before,) = hub.list_models(search="quick")
    info = hub.model_info("demo/quick")
    assert built(cache) == ["quick"]
    assert [commit.title for commit in hub.list_repo_commits("demo/quick")] == [
        "Card",
        "Weights",
        "initial commit",
    ]
    assert [tag.name for tag in hub.list_repo_refs("demo/quick").tags] == ["v1"]
    assert info.safetensors is not None
    assert info.safetensors.total == 12
    assert set(before.tags or ()) <= set(info.tags or ())
    path = hub.hf_hub_download("demo/quick", "config.json", cache_dir=tmp_path / "downloads")
    assert "bert" in Path(path).read_text("utf-8")
    assert built(cache) == ["quick"]


@pytest.mark.parametrize(
    "path",
    ["resolve/main/config.json", "api/tree/main", "api/refs", "api/revision/v1", "api/discussions", "page"],
)
def test_any_address_below_it_builds_it(cache: Path, hub: HfApi, path: str) -> None:
    start, _, rest = path.partition("/")
    below = {
        "resolve": "demo/quick/" + path,
        "api": f"api/models/demo/quick/{rest}",
        "page": "demo/quick",
    }[start]
    answer = httpx.get(f"{hub.endpoint}/{below}", timeout=60)
    assert answer.status_code == 200, answer.text
    assert built(cache) == ["quick"]


def test_an_old_name_leads_to_it(cache: Path, hub: HfApi) -> None:
    assert hub.model_info("demo/fast").id == "demo/quick"
    assert built(cache) == ["quick"]


def test_a_private_one_is_neither_shown_nor_built_for_strangers(cache: Path, hub: HfApi) -> None:
    assert not list(hub.list_models(search="secret"))
    with pytest.raises(RepositoryNotFoundError):
        hub.model_info("demo/secret")
    assert built(cache) == []


def test_commits_are_named_by_the_recipe_on_every_machine(cache: Path, hub: HfApi, tmp_path: Path) -> None:
    first = hub.model_info("demo/quick").sha
    with serving(tmp_path / "other") as url:
        assert HfApi(endpoint=url, token=False).model_info("demo/quick").sha == first


def test_what_it_is_made_from_is_built_first(cache: Path, hub: HfApi) -> None:
    hub.model_info("demo/on-top")
    assert built(cache) == ["slow", "on-top"]


@pytest.mark.slow
def test_many_at_once_wait_for_one_build_and_nobody_else_waits(cache: Path, hub: HfApi) -> None:
    answered = 0
    with ThreadPoolExecutor(30) as pool:
        asked = [pool.submit(hub.model_info, f"demo/{name}") for name in ("slow", "also-slow") * 12]
        time.sleep(0.3)
        while not all(one.done() for one in asked):
            assert list(hub.list_models(search="quick"))
            answered += 1
        assert {one.result().id for one in asked} == {"demo/slow", "demo/also-slow"}
    assert sorted(built(cache)) == ["also-slow", "slow"]
    assert answered > 3  # a search that waited for a build would be the only one


@pytest.mark.slow
def test_two_hubs_share_what_was_built(cache: Path, hub: HfApi, tmp_path: Path) -> None:
    with serving(tmp_path / "other") as url, ThreadPoolExecutor(2) as pool:
        other = HfApi(endpoint=url, token=False)
        shas = [
            one.result().sha for one in [pool.submit(api.model_info, "demo/slow") for api in (hub, other)]
        ]
    assert shas[0] == shas[1]
    assert built(cache) == ["slow"]


def test_a_failed_build_is_said_and_tried_again_by_the_next_request(cache: Path, hub: HfApi) -> None:
    (cache / "forbidden").touch()
    for _ in range(2):
        with pytest.raises(HfHubHTTPError, match="the stars are wrong") as failed:
            hub.model_info("demo/moody")
        assert failed.value.response.status_code == 503
        assert failed.value.response.headers["retry-after"]
        assert halves(cache) == []
    (cache / "forbidden").unlink()
    assert hub.model_info("demo/moody").safetensors


def test_what_the_disk_has_no_room_for_is_refused_before_it_begins(cache: Path, hub: HfApi) -> None:
    with pytest.raises(HfHubHTTPError, match="MB are free") as failed:
        hub.model_info("demo/huge")
    assert failed.value.response.status_code == 503
    assert built(cache) == []


@pytest.mark.slow
def test_all_is_everything_but_what_is_only_built_by_name(cache: Path) -> None:
    store = build.everything(report=lambda _: None)
    assert store == build.ensure()
    names = {recipe.id.partition("/")[2] for recipe in promised.RECIPES.values()}
    assert sorted(built(cache)) == sorted(names - {"huge"})
    assert build.note(build.named("demo/quick"))["summary"] == "made"


def test_an_id_nobody_knows_offers_the_nearest(cache: Path) -> None:
    with pytest.raises(BadInput, match="demo/quick"):
        build.named("demo/quik")


def test_a_build_that_outlasts_a_clients_patience_goes_on(
    cache: Path, hub: HfApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(promises, "PATIENCE", 0.2)
        answer = httpx.get(f"{hub.endpoint}/api/models/demo/slow", timeout=60)
    assert (answer.status_code, answer.headers["x-error-code"]) == (503, "NotBuiltYet")
    assert "still being built" in answer.json()["error"]
    until = time.monotonic() + 30
    while answer.status_code == 503 and time.monotonic() < until:
        time.sleep(0.1)
        answer = httpx.get(f"{hub.endpoint}/api/models/demo/slow", timeout=60)
    assert answer.status_code == 200
    assert built(cache) == ["slow"]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal")
def test_a_hub_killed_while_it_builds_leaves_nothing_half(cache: Path, tmp_path: Path) -> None:
    root = tmp_path / "hub"
    Store.overlay(build.ensure(report=lambda _: None), root).close()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(promised.HERE), "serve", str(root)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as served:
        assert served.stdout is not None
        url = served.stdout.readline().strip()
        with ThreadPoolExecutor(1) as pool:
            asked = pool.submit(httpx.get, f"{url}/api/models/demo/slowest", timeout=60)
            until = time.monotonic() + 30
            while not halves(cache) and time.monotonic() < until:
                time.sleep(0.02)
            served.send_signal(signal.SIGKILL)
            with pytest.raises(httpx.TransportError):
                asked.result()
    time.sleep(3)  # the builder notices within a second
    assert built(cache) == []
    assert not [path for path in (cache / "built").glob("model--demo--slowest-*") if path.is_dir()]
    with serving(root) as url:
        assert HfApi(endpoint=url, token=False).model_info("demo/slowest").safetensors
    assert built(cache) == ["slowest"]
    assert halves(cache) == []


def test_a_server_without_promises_never_loads_the_recipes() -> None:
    code = (
        "import sys; import hf_nb.offline.server.process;"
        "print([name for name in sys.modules if name.startswith('hf_nb.offline.content')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
