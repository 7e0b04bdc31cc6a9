"""The lock across kernels: a notebook runs again later, and gets what it had, whichever way it asks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hf_nb.offline.running import Running, start
from tests.kernels import Kernel

pytestmark = pytest.mark.slow
MODEL, PULLED, DATA = "hfnb-demo/sentiment-en", "hfnb-demo/digits-vit", "hfnb-demo/digits"
PLAIN = "hfnb-demo/sentiment-fr"
NOTEBOOK = (
    "%load_ext hf_nb",
    f'%hf infer -m {MODEL} "I love it" -o answer',
    f"%hf pull {PULLED} -o pulled",
    f'import datasets; rows = datasets.load_dataset("{DATA}", split="test")',
    f'import transformers; plain = transformers.AutoConfig.from_pretrained("{PLAIN}")',
)
SEEN = """
import json
from hf_nb.plumbing import session
print(json.dumps({one.id: one.commit for one in session.current().ledger.uses()}))
"""


@pytest.fixture(scope="module")
def demo(served_hub: Running) -> Iterator[Running]:
    """The demo content on a copy of its own, which may be written to; built once, by the session's Hub."""
    with start(None, users=["teacher:hf_teacher_offline"]) as running:
        yield running


def play(
    demo: Running, folder: Path, home: Path, *more: str, cells: tuple[str, ...] = NOTEBOOK
) -> tuple[dict[str, str], str]:
    """The notebook in a fresh kernel: the commits it got, and what the last of `more` said."""
    folder.mkdir(exist_ok=True)
    environment = {**demo.environment, "HF_HOME": str(home), "HF_NB_DATA_DIR": str(home / "data")}
    said: list[str] = []
    with Kernel(environment, folder=folder) as kernel:
        for cell in (*cells, SEEN, *more):
            ran = kernel.run(cell, within=180)
            assert ran.error is None, (cell, ran.error and ran.error.shown)
            said.append(ran.text)
    seen: dict[str, str] = json.loads(said[len(cells)].splitlines()[-1])
    return seen, said[-1]


@pytest.mark.timeout(400)
def test_a_notebook_run_again_gets_what_it_had_and_a_check_says_what_is_newer(
    demo: Running, tmp_path: Path
) -> None:
    from huggingface_hub import HfApi

    project = tmp_path / "project"
    first, said = play(demo, project, tmp_path / "home", "%hf lock")
    assert "Written: hf.lock, 4 repositories" in said
    assert set(first) == {MODEL, PULLED, DATA, PLAIN}

    api = HfApi(endpoint=demo.url, token="hf_teacher_offline")
    for repo, kind in ((MODEL, "model"), (PULLED, "model"), (PLAIN, "model"), (DATA, "dataset")):
        api.upload_file(path_or_fileobj=b"later\n", path_in_repo="later.txt", repo_id=repo, repo_type=kind)

    # later, on another machine: nothing is cached, and main is elsewhere
    again, _ = play(demo, project, tmp_path / "home-2", "%hf lock --file again.lock")
    assert again == first
    assert (project / "again.lock").read_bytes() == (project / "hf.lock").read_bytes()
    # without the lock, two of the ways, which need no heavy library
    plain = f'import huggingface_hub; huggingface_hub.hf_hub_download("{PLAIN}", "config.json")'
    free, _ = play(demo, tmp_path / "free", tmp_path / "home-2", cells=(NOTEBOOK[0], NOTEBOOK[2], plain))
    assert set(free) == {PULLED, PLAIN}
    assert all(free[name] != first[name] for name in free)

    for words, code in ((["--online"], 0), (["--online", "--strict"], 1), ([], 0)):
        checked = terminal(demo, tmp_path / "home-2", project, "lock", "check", *words, "hf.lock")
        assert checked.returncode == code, checked.stdout + checked.stderr
        assert ("main has moved on: 1 commit" in checked.stdout) == bool(words)
    assert terminal(demo, tmp_path / "home-2", project, "lock", "--update", PULLED).returncode == 0
    told = json.loads((project / "hf.lock").read_text())["assets"]
    now = {one["id"]: one["revision"] for one in told}
    assert (now[PULLED], now[MODEL]) == (free[PULLED], first[MODEL])


def test_a_dataset_prepared_at_another_commit_does_not_stand_in_for_the_locked_one(
    demo: Running, tmp_path: Path
) -> None:
    from huggingface_hub import HfApi

    repo = "teacher/rows"
    api = HfApi(endpoint=demo.url, token="hf_teacher_offline")
    api.create_repo(repo, repo_type="dataset")
    commits = [
        api.upload_file(
            path_or_fileobj=f"a\n{n}\n".encode(), path_in_repo="train.csv", repo_id=repo, repo_type="dataset"
        ).oid
        for n in (1, 2)
    ]
    asset: dict[str, object] = {"kind": "dataset", "id": repo, "revision": commits[0], "asked": ["main"]}
    load = f'print(datasets.load_dataset("{repo}", split="train"'
    with Kernel({**demo.environment, "HF_HOME": str(tmp_path / "home")}, folder=tmp_path) as kernel:
        assert kernel.run("%load_ext hf_nb\nimport datasets").error is None
        assert kernel.run(f"{load})['a'][0])").text.endswith("2")
        (tmp_path / "hf.lock").write_text(json.dumps({"format": 1, "assets": [asset]}))
        refused = kernel.run(f"{load}, revision='{commits[1]}')['a'][0])").error
        assert refused is not None
        assert refused.name == "Refused"
        unreachable = f"from hf_nb.plumbing import http\nwith http.fault('connect'): {load})['a'][0])"
        assert kernel.run(unreachable).error is not None
        assert kernel.run(f"{load})['a'][0])").text.endswith("1")


def terminal(demo: Running, home: Path, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """`hf-nb`, as a check on every push would run it."""
    return subprocess.run(
        [sys.executable, "-m", "hf_nb", *words],
        cwd=folder,
        env={**os.environ, **demo.environment, "HF_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_a_plain_load_before_any_verb_of_ours_is_held_too_also_from_the_cache(
    demo: Running, tmp_path: Path
) -> None:
    from huggingface_hub import HfApi

    api = HfApi(endpoint=demo.url, token="hf_teacher_offline")
    newest, locked = [one.commit_id for one in api.list_repo_commits(MODEL)][:2]
    asset: dict[str, object] = {
        "kind": "model",
        "id": MODEL,
        "revision": locked,
        "asked": ["main"],
        "licence": None,
        "files": {},
    }
    load = f"from huggingface_hub import hf_hub_download as load; print(load('{MODEL}', 'config.json'"
    with Kernel({**demo.environment, "HF_HOME": str(tmp_path / "home")}, folder=tmp_path) as kernel:
        assert kernel.run("%load_ext hf_nb").error is None
        assert newest in kernel.run(f"{load}))").text
        (tmp_path / "hf.lock").write_text(json.dumps({"format": 1, "strict": False, "assets": [asset]}))
        for revision in ("", f", revision='{newest}', local_files_only=True", f", revision='{newest}'"):
            ran = kernel.run(f"{load}{revision}))")
            if not revision:
                assert locked in ran.text
                continue
            assert ran.error is not None, ran.text
            assert ran.error.name == "Refused"
            assert len(ran.error.traceback) <= 3
        config = f"import transformers; transformers.AutoConfig.from_pretrained('{MODEL}'"
        assert kernel.run(f"{config})", within=120).error is None
        refused = kernel.run(f"{config}, revision='{newest}')").error
        assert refused is not None
        assert "hf.lock holds" in refused.shown
