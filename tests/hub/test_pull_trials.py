"""Pulls that are killed, interrupted, refused, or have a neighbour; the long trials are tests/benchmarks/pulls.py."""

from __future__ import annotations

import ast
import random
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hf_nb import errors
from hf_nb.hub.disk.pull import pull
from hf_nb.offline.running import Running
from hf_nb.plumbing.session import Session
from tests.benchmarks.pulls import Tally, killed, together
from tests.hub.pulling import REPO, begin, contents, files, finish, own_cache, parts, serving, whole
from tests.kernels import Kernel

pytestmark = pytest.mark.slow  # seconds, each against a Hub of its own or in a kernel

FAULTS: dict[str, tuple[dict[str, Any], type[errors.HfNbError]]] = {
    "401": ({"kind": "status", "status": 401}, errors.Unauthorized),
    "403": ({"kind": "status", "status": 403}, errors.Unauthorized),
    "404": ({"kind": "status", "status": 404}, errors.NotFound),
    "500": ({"kind": "status", "status": 500}, errors.Busy),
    "503": ({"kind": "status", "status": 503}, errors.Busy),
    "refuse": ({"kind": "refuse"}, errors.Unreachable),
    "cut": ({"kind": "cut"}, errors.Unreachable),
    "lost": ({"kind": "lost"}, errors.Unreachable),
    "loop": ({"kind": "loop"}, errors.Passing),
    "portal": ({"kind": "portal"}, errors.Passing),
    "empty": ({"kind": "empty"}, errors.Passing),
    "corrupt": ({"kind": "corrupt"}, errors.Busy),
    "wrong length": ({"kind": "wrong-length"}, errors.Passing),
    "stall": ({"kind": "stall"}, errors.Timeout),
}
# What the listing survives, the contents need not; a rule on bodies strikes where there is one.
WHERE = {"listing": "/api/*", "contents": "GET /*/resolve/*"}


@pytest.fixture(scope="module")
def _many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, dict[str, str]]]:
    with serving(tmp_path_factory.mktemp("many")) as served:
        yield served


@pytest.fixture
def many(
    served_hub: Running, _many: tuple[Running, dict[str, str]]
) -> Iterator[tuple[Running, dict[str, str]]]:
    hub, digests = _many
    hub.clear_requests()
    yield hub, digests
    hub.clear_faults()


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.mark.slow
def test_a_pull_killed_at_random_moments_ends_whole_and_fetches_nothing_twice(many: Any, cache: Path) -> None:
    hub, digests = many
    tally = Tally()
    killed(hub, digests, cache, 4, random.Random(7), tally)  # noqa: S311 -- a die
    assert tally.kills == 4
    assert tally.again == 0, "no finished file is fetched again"
    assert tally.finished + tally.resumed > 0, "the kills struck while files came"
    assert tally.sent < 1.5 * tally.useful


@pytest.mark.slow
def test_two_processes_that_pull_evict_and_verify_leave_the_cache_intact(tmp_path: Path) -> None:
    with serving(tmp_path, files(part_bytes=100_000), more=2) as (hub, _):
        said = together(hub, tmp_path / "cache", 8, [REPO, f"{REPO}-0", f"{REPO}-1"])
    counts = [ast.literal_eval(line) for line in said]
    assert all(count["pull"] > 1 for count in counts)
    assert sum(count["evicted"] for count in counts) > 0


@pytest.mark.slow
def test_the_stop_button_leaves_a_usable_kernel_and_run_again_finishes(many: Any, cache: Path) -> None:
    hub, digests = many
    with Kernel(hub.environment | {"HF_HUB_CACHE": str(cache)}) as kernel:
        kernel.run("%load_ext hf_nb")
        with hub.fault("slow", origin="cdn", match="*", seconds=30):
            cell = kernel.begin(f"%hf pull {REPO}")
            _until(lambda: sum(parts(cache).values()) > 1_000_000)
            began = time.monotonic()
            kernel.interrupt()
            stopped = kernel.finish(cell)
            assert time.monotonic() - began < 10
        assert stopped.error is not None
        assert stopped.error.name == "Stopped"
        said = re.sub(r"\d+ of 9", "N of 9", stopped.error.shown)
        assert "Stopped. N of 9 files are here; the same line goes on." in said
        assert kernel.run("6 * 7").text == "42"
        before = sum(parts(cache).values())
        again = kernel.run(f"%hf pull {REPO}")
        assert again.error is None
        assert "9 files" in again.text or "files" in again.text
    whole(cache, digests)
    assert before > 0, "what had begun was kept"


@pytest.mark.slow
def test_ctrl_c_in_a_terminal_ends_at_once_and_the_same_line_goes_on(many: Any, cache: Path) -> None:
    hub, digests = many
    with (
        hub.fault("stall", origin="cdn", match="*", at=600_000),
        begin(hub, cache) as process,
    ):
        _until(lambda: len(contents(cache)) >= 4 and sum(parts(cache).values()) > 1_000_000)
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=20)
        assert time.monotonic() - began < 10, "a connection that hangs keeps nobody"
    assert process.returncode == 130
    assert "files are here; the same line goes on." in said
    assert "Traceback" not in said
    finish(hub, cache)
    whole(cache, digests)


@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_ends_in_a_typed_error_of_three_lines_and_the_next_pull_works(
    fault: str, where: str, many: Any, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub, _ = many
    own_cache(cache, monkeypatch)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_DOWNLOAD_TIMEOUT", 0.3)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_ETAG_TIMEOUT", 0.3)
    monkeypatch.setattr("huggingface_hub.file_download.time.sleep", lambda _: None)
    session = Session()
    session.settings.endpoint = hub.url
    session.settings.read_timeout = 0.3
    session.settings.deadline = 3.0
    how, kind = FAULTS[fault]
    began = time.monotonic()
    with hub.fault(**how, match=WHERE[where]), pytest.raises(kind) as caught:
        pull(REPO, "README.md", "model-00001-of-00005.safetensors", session=session)
    assert time.monotonic() - began < 10
    assert len(caught.value._render_traceback_()) <= 3
    assert caught.value.next_step or isinstance(caught.value, errors.NotFound)
    assert "not running" not in str(caught.value), "the Hub is there; it only misbehaves"
    session.settings.read_timeout = 10
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_DOWNLOAD_TIMEOUT", 10)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_ETAG_TIMEOUT", 10)
    assert len(pull(REPO, "README.md", "model-00001-of-00005.safetensors", session=session).files) == 2


def _until(there: Any, within: float = 30.0) -> None:
    ends = time.monotonic() + within
    while not there():
        assert time.monotonic() < ends, "it did not come to that"
        time.sleep(0.02)
