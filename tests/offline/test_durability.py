"""Nothing acknowledged is lost, nothing is half there: under kills, full disks, two writers and long random use."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest
from huggingface_hub import CommitOperationAdd, HfApi
from huggingface_hub.errors import HfHubHTTPError
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from hf_nb.errors import Refused
from hf_nb.offline.running import start
from hf_nb.offline.store import Store
from hf_nb.offline.verify import verify
from tests.benchmarks.kills import Trial
from tests.offline.modelled import Direct, Machine, Served
from tests.offline.small import DAY

WRITER = """
import sys
from pathlib import Path
from hf_nb.offline.store import Store
from tests.offline.small import DAY
store = Store.open(Path(sys.argv[1]))
if not store.repo_exists("model", "me/" + sys.argv[2]):
    store.create_repo("model", "me/" + sys.argv[2], created_at=DAY)
print("ready", flush=True)
sys.stdin.readline()
for number in range(40):
    for name in ("both", sys.argv[2]):
        files = {f"{sys.argv[2]}-{number}.txt": b"%d" % number, "same.txt": b"%d" % (number % 3)}
        files["w.bin"] = b"w" * number
        store.commit("model", "me/" + name, files, title=f"{sys.argv[2]} {number}", author="me", date=DAY)
store.close()
"""


@pytest.mark.slow
def test_ten_kills_lose_nothing_that_was_acknowledged(tmp_path):
    tally = Trial(tmp_path, seed=1).run(10)
    assert tally.kills >= 10
    assert tally.commits > 20
    assert tally.found == tally.commits


def _bounded(examples: int, steps: int) -> settings:
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],  # the steps that fail are printed; making them fewer takes minutes
        suppress_health_check=list(HealthCheck),
    )


@pytest.mark.slow
def test_a_store_does_what_a_simple_model_does():
    run_state_machine_as_test(type("Stored", (Machine,), {"make": Direct}), settings=_bounded(20, 25))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Warnings while validating metadata in README.md:UserWarning")
def test_a_served_hub_does_what_a_simple_model_does():
    run_state_machine_as_test(type("Served", (Machine,), {"make": Served}), settings=_bounded(2, 8))


@pytest.mark.slow
def test_a_second_server_is_refused_and_the_first_goes_on(tmp_path):
    with start(tmp_path / "hub", users=["me:hf_me_offline"]) as hub:
        with pytest.raises(Refused, match=r"Another process serves .*hub already") as refused:
            start(tmp_path / "hub")
        assert "--root" in refused.value.next_step
        api = HfApi(endpoint=hub.url, token="hf_me_offline")
        api.create_repo("me/one")
        api.upload_file(path_or_fileobj=b"1", path_in_repo="a.txt", repo_id="me/one")
        assert api.list_repo_files("me/one") == [".gitattributes", "a.txt"]
    with start(tmp_path / "hub") as hub:
        assert HfApi(endpoint=hub.url, token=False).model_info("me/one").id == "me/one"


@pytest.mark.slow
def test_two_processes_that_write_one_store_lose_nothing(tmp_path):
    root = tmp_path / "hub"
    store = Store.open(root)
    store.create_repo("model", "me/both", created_at=DAY)
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(root), name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in ("one", "two")
    ]
    for writer in writers:
        assert writer.stdout
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        assert writer.stdin
        writer.stdin.write("go\n")
        writer.stdin.flush()
    for writer in writers:
        writer.communicate(timeout=60)
        assert writer.returncode == 0
    found = verify(root)
    assert not found.damages, "\n".join(map(str, found.damages))
    titles = store.database.all("SELECT title FROM commits c JOIN repos r USING (rid) WHERE id = 'me/both'")
    assert len({row["title"] for row in titles}) == 1 + 2 * 40
    store.close()


@pytest.mark.slow
def test_a_hub_that_is_killed_gives_its_folder_free_at_once_and_clears_what_was_on_its_way(tmp_path):
    with start(tmp_path / "hub") as hub:
        incoming = hub.root / "blobs" / "incoming"
        (incoming / "parts-1-x").mkdir()
        (incoming / "parts-1-x" / "1-y").write_bytes(b"half")
        (incoming / "tmp1").write_bytes(b"half")
        hub.process.send_signal(signal.SIGKILL)
        hub.process.wait()
    with start(tmp_path / "hub"):
        assert list(incoming.iterdir()) == []


@pytest.mark.parametrize("left", [0, 100, 70_000])
def test_a_full_disk_leaves_the_hub_as_it_was(tmp_path, left):
    with start(tmp_path / "hub", users=["me:hf_me_offline"]) as hub:
        api = HfApi(endpoint=hub.url, token="hf_me_offline")
        api.create_repo("me/one")
        before = api.model_info("me/one").sha
        both = [CommitOperationAdd("a.txt", b"a" * 60_000), CommitOperationAdd("w.bin", b"w" * 60_000)]
        with hub.full_disk(left), pytest.raises((HfHubHTTPError, RuntimeError)):
            api.create_commit("me/one", both, commit_message="no room")
        assert api.model_info("me/one").sha == before
        found = verify(hub.root)
        assert not found.damages, "\n".join(map(str, found.damages))
        made = api.create_commit("me/one", both, commit_message="room again")
        assert api.model_info("me/one").sha == made.oid
        assert not verify(hub.root).damages
        assert not list((hub.root / "blobs" / "incoming").iterdir())
