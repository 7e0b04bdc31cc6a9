"""Every official command, typed after `%hf`: it runs, is refused with a reason, or the offline Hub has no such thing.

Which of the three is written in leaves.txt, so that no command changes sides unseen. To write it anew after a new
huggingface_hub: python -m tests.commands.test_official_leaves
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol

import pytest

from hf_nb.commands.official import index
from hf_nb.offline.running import Running, start
from hf_nb.offline.store import Store
from tests.clients.worker import Worker
from tests.commands import leaves
from tests.commands.conftest import LEAVES

FILE = Path(__file__).with_name("leaves.txt")
RAN, REFUSED, NO_ROUTE = "ran", "refused", "no route offline"
WANTED = dict(line.split("\t") for line in FILE.read_text(encoding="utf-8").splitlines())

Trials = Mapping[str, Mapping[str, Any]]


class Folders(Protocol):
    """Where new folders come from: pytest's, or `Temporary`."""

    def mktemp(self, basename: str) -> Path:
        """A new one."""


class Temporary:
    """Outside pytest."""

    def mktemp(self, basename: str) -> Path:
        """Left for the machine to clear."""
        return Path(tempfile.mkdtemp(prefix=basename))


@pytest.fixture(scope="module")
def trials(served_hub: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trials]:
    """Every line said once, in its order: reading on the demo content, writing on a Hub that begins empty."""
    root = tmp_path_factory.mktemp("leaves") / "store"
    store = Store.open(root)
    store.user(leaves.ME, leaves.ME_TOKEN, role="write")
    store.close()
    with start(root) as own:
        yield tried(served_hub, own, tmp_path_factory)


def tried(demo: Running, own: Running, folders: Folders) -> Trials:
    """What became of each."""
    done: dict[str, Any] = {}
    with Worker(_home(demo, folders, HF_TOKEN="hf_teacher_offline")) as reader:
        for leaf, (line, wanted) in leaves.READ.items():
            done[leaf] = reader.call("tests.commands.leaves:say", line) | {"wanted": wanted}
        for leaf, line in leaves.REFUSED.items():
            done[leaf] = reader.call("tests.commands.leaves:say", line) | {"wanted": ""}
    with Worker(_home(own, folders)) as writer:
        known = writer.call("tests.commands.leaves:prepare", str(folders.mktemp("files")))
        for leaf, (line, wanted) in leaves.WRITE.items():
            done[leaf] = writer.call("tests.commands.leaves:say", line.format(**known))
            done[leaf] |= {"wanted": wanted.format(**known)}
            known |= writer.call("tests.commands.leaves:between", leaf, known)
    return done


def outcome(trial: Mapping[str, Any]) -> str:
    """Which of the three."""
    if not trial["error"]:
        return RAN
    if trial["error"] == "Refused":
        return REFUSED
    return NO_ROUTE if "nothing behind" in trial["wrong"] else f"failed: {trial['wrong']}"


def _home(hub: Running, folders: Folders, **variables: str) -> dict[str, str]:
    environment = {**os.environ, **hub.environment, "HF_HOME": str(folders.mktemp("home"))}
    return environment | {"NO_COLOR": "1", "OMP_NUM_THREADS": "1"} | variables


@pytest.fixture(scope="module")
def installed(served_hub: Running, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Read in a process of its own: the official command asks its Hub something when it is imported."""
    with Worker(_home(served_hub, tmp_path_factory)) as worker:
        return worker.call("hf_nb.commands.official.index:read")


def test_the_words_shipped_are_those_of_the_installed_huggingface_hub(installed: Any) -> None:
    kept = json.loads(index.FILE.read_text(encoding="utf-8"))
    assert kept == installed, "python -m hf_nb.commands.official.index writes them anew"


def test_every_command_of_the_installed_huggingface_hub_is_in_the_table(installed: Any) -> None:
    names = {" ".join(leaf) for leaf in index.leaves(index.of(installed))}
    assert names - set(WANTED) == set(), "commands nobody has tried: add them to leaves.py and leaves.txt"
    assert set(WANTED) - names == set(), "commands there are no more"


@pytest.mark.parametrize("leaf", WANTED)
def test_a_command_does_what_the_table_says(
    leaf: str, trials: Trials, request: pytest.FixtureRequest
) -> None:
    trial = trials[leaf]
    found = outcome(trial)
    request.config.stash[LEAVES].note(leaf, "outcome", found)
    assert found == WANTED[leaf], trial
    if found == RAN:
        request.config.stash[LEAVES].note(leaf, "gives", trial["kind"].removeprefix("Official").lower())
        assert trial["said"]
        assert trial["wanted"] in trial["said"], trial
        assert trial["kind"].startswith("Official")
    else:
        problem, _, step = trial["wrong"].partition("\n")
        assert problem
        assert step, "what to do instead"
        assert len(trial["wrong"].splitlines()) <= 2


def test_a_list_is_typed_rows_and_one_thing_is_a_record(trials: Trials) -> None:
    for leaf, trial in trials.items():
        if trial["error"] or leaf in ("skills list", "auth list"):
            continue
        if leaf.endswith(" list"):
            assert trial["kind"] == "OfficialRows", leaf
        elif leaf.endswith(" info"):
            assert trial["kind"] == "OfficialRecord", leaf


def main() -> None:
    """Write the list from a run."""
    from hf_nb.offline.content import build

    build.ensure()
    folders = Temporary()
    root = folders.mktemp("leaves") / "store"
    store = Store.open(root)
    store.user(leaves.ME, leaves.ME_TOKEN, role="write")
    store.close()
    with start() as demo, start(root) as own:
        found = {leaf: outcome(trial) for leaf, trial in tried(demo, own, folders).items()}
    lines = [f"{leaf}\t{found[leaf]}" for leaf in (" ".join(one) for one in index.leaves())]
    FILE.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
