"""A disk that takes nothing more: told so, and really small."""

from __future__ import annotations

import errno
import hashlib
import io
import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi
from huggingface_hub.errors import HfHubHTTPError
from huggingface_hub.utils import httpx

from hf_nb.errors import Refused
from hf_nb.offline.handle import Handle
from hf_nb.offline.room import is_spent
from hf_nb.offline.store import Store
from tests.offline.small import DAY, FILES, TEACHER, incoming

BEARER = {"authorization": f"Bearer {TEACHER}"}
REPO = "demo/tiny"


def add(api: HfApi, name: str, content: bytes) -> Any:
    return api.create_commit(REPO, [CommitOperationAdd(name, io.BytesIO(content))], commit_message="add")


WRITES: dict[str, Callable[[HfApi], Any]] = {
    "a new repository": lambda api: api.create_repo("demo/new"),
    "a small file": lambda api: add(api, "new.txt", b"new"),
    "a commit longer than memory should hold": lambda api: add(api, "long.txt", b"long" * 500_000),
    "a deletion": lambda api: api.create_commit(
        REPO, [CommitOperationDelete("empty.txt")], commit_message="delete"
    ),
    "a branch": lambda api: api.create_branch(REPO, branch="new"),
    "a tag": lambda api: api.create_tag(REPO, tag="new"),
    "settings": lambda api: api.update_repo_settings(REPO, gated="auto"),
    "another name": lambda api: api.move_repo("demo/base", "demo/renamed"),
    "the end of a repository": lambda api: api.delete_repo("demo/base"),
}


@pytest.fixture
def api(mine):
    return HfApi(endpoint=mine.url, token=TEACHER)


@pytest.fixture
def raw(mine):
    with httpx.Client(base_url=mine.url, timeout=10, trust_env=False, headers=BEARER) as client:
        yield client


def holds(hub) -> tuple[set[Path], list[Any]]:
    """Every content, and every row that a reader could see."""
    with sqlite3.connect(hub.root / "hub.sqlite") as sql:
        names = [row[0] for row in sql.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = [(name, sql.execute(f"SELECT count(*) FROM {name}").fetchone()[0]) for name in names]  # noqa: S608 -- our own tables
        rows += sql.execute("SELECT * FROM repos ORDER BY rid").fetchall()
        rows += sql.execute("SELECT * FROM refs ORDER BY rid, name").fetchall()
    sql.close()
    return {path for path in (hub.root / "blobs").rglob("*") if path.is_file()}, rows


def refused(act: Callable[[], Any]) -> None:
    with pytest.raises(HfHubHTTPError) as caught:
        act()
    answer = caught.value.response
    assert (answer.status_code, answer.headers["x-error-code"]) == (507, "InsufficientStorage")
    assert answer.json()["error"] == "The Hub's disk takes nothing more: nothing was written."
    assert answer.headers["x-request-id"]


@pytest.mark.parametrize("what", WRITES)
def test_a_full_disk_refuses_every_write_and_changes_nothing(mine, api, raw, what):
    before = holds(mine)
    with mine.full_disk():
        refused(lambda: WRITES[what](api))
        assert holds(mine) == before
        assert incoming(mine) == []
        content = raw.get(f"/{REPO}/resolve/main/tokenizer_config.json").content
        assert content == FILES["tokenizer_config.json"]
        assert len(raw.get("/api/models").json()) >= 4
        assert api.model_info(REPO).id == REPO


def test_when_there_is_room_again_everything_is_written(mine, api):
    with mine.full_disk():
        refused(lambda: add(api, "again.txt", b"again"))
    add(api, "again.txt", b"again")
    assert "again.txt" in api.list_repo_files(REPO)


def test_a_disk_that_fills_up_halfway_keeps_no_half(mine, raw):
    content = b"0123456789" * 300_000
    sha256 = hashlib.sha256(content).hexdigest()
    order = {
        "operation": "upload",
        "transfers": ["basic"],
        "objects": [{"oid": sha256, "size": len(content)}],
    }
    told = raw.post(f"/{REPO}.git/info/lfs/objects/batch", json=order).json()
    link = told["objects"][0]["actions"]["upload"]["href"]
    with httpx.Client(timeout=10, trust_env=False) as other:
        with mine.full_disk(left=2_000_000):
            answer = other.put(link, content=content)
            assert (answer.status_code, answer.headers["x-error-code"]) == (507, "InsufficientStorage")
            assert incoming(mine) == []
        assert other.put(link, content=content).status_code == 200


def test_a_disk_is_told_in_bytes(mine):
    for wrong in (-1, True, "much"):
        with pytest.raises(Refused, match="A disk cannot take"), mine.full_disk(left=wrong):
            pass


def test_tables_that_may_not_grow_go_back_and_can_be_written_again(tmp_path):
    store = Store.open(tmp_path / "hub")
    sql = store.database.connection
    sql.execute(f"PRAGMA max_page_count = {sql.execute('PRAGMA page_count').fetchone()[0]}")

    def fill() -> None:
        for number in range(200):
            store.create_repo("model", f"me/model-{number}", created_at=DAY)

    with pytest.raises(sqlite3.OperationalError, match="full") as caught:
        fill()
    assert is_spent(caught.value)
    assert not sql.in_transaction
    sql.execute("PRAGMA max_page_count = 1000000")
    store.create_repo("model", "me/after", created_at=DAY)
    assert store.repo_exists("model", "me/after")
    with sqlite3.connect(tmp_path / "hub" / "hub.sqlite") as reader:
        assert reader.execute("SELECT count(*) FROM repos WHERE id = 'me/after'").fetchone()[0] == 1
    reader.close()
    store.close()


def test_tables_that_may_only_be_read_count_as_full(tmp_path):
    store = Store.open(tmp_path / "hub")
    store.database.connection.execute("PRAGMA query_only = ON")
    with pytest.raises(sqlite3.OperationalError) as caught:
        store.create_repo("model", "me/model", created_at=DAY)
    assert is_spent(caught.value)
    store.close()


def test_other_errors_are_no_full_disk():
    assert not any(
        is_spent(wrong) for wrong in (OSError(errno.EACCES, ""), sqlite3.OperationalError("x"), None)
    )
    assert all(is_spent(OSError(number, "")) for number in (errno.ENOSPC, errno.EDQUOT, errno.EROFS))


# -- a file system of four megabytes

_INSIDE = 'mount -t tmpfs -o size=4m none "$0" && exec "$@"'


class Small:
    """A Hub whose folder is a file system of its own that only its process sees."""

    def __init__(self, root: Path) -> None:
        words = ["unshare", "-rm", "sh", "-c", _INSIDE, str(root), sys.executable, "-m", "hf_nb.offline"]
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdin
        assert self.process.stdout
        told = {"root": str(root), "users": [f"teacher:{TEACHER}:write"]}
        self.process.stdin.write(json.dumps(told) + "\n")
        self.process.stdin.flush()
        said = json.loads(self.process.stdout.readline())
        self.hub, self.api = Handle(said["url"], said["admin"]), HfApi(endpoint=said["url"], token=TEACHER)
        self.root = Path(f"/proc/{self.process.pid}/root{root}")

    def stop(self) -> None:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()


@pytest.fixture
def small(tmp_path):
    """Such a Hub, where this machine lets a test mount one."""
    root = tmp_path / "small"
    root.mkdir()
    if not shutil.which("unshare"):
        pytest.skip("a small file system needs unshare(1)")
    tried = subprocess.run(
        ["unshare", "-rm", "sh", "-c", _INSIDE, str(root), "true"],
        capture_output=True,
        text=True,
        check=False,
    )
    if tried.returncode:
        pytest.skip(f"this machine lets nobody mount a small file system: {tried.stderr.strip()}")
    made = Small(root)
    yield made
    made.stop()


@pytest.mark.slow
def test_a_really_full_disk_is_said_clearly_leaves_no_half_and_works_again_with_room(small):
    api = small.api
    api.create_repo("teacher/model")

    def write(name: str, content: bytes) -> None:
        operation = CommitOperationAdd(name, io.BytesIO(content))
        api.create_commit("teacher/model", [operation], commit_message=name)

    write("first.txt", b"first")
    (small.root / "ballast").write_bytes(bytes(1_000_000))
    refused(lambda: write("large.txt", b"large" * 1_000_000))
    written = 0

    def fill() -> None:
        nonlocal written
        while written < 200:
            write(f"{written}.txt", str(written).encode() * 30_000)
            written += 1

    refused(fill)
    assert 0 < written < 200
    refused(lambda: write(f"{written}.txt", str(written).encode() * 30_000))
    names = set(api.list_repo_files("teacher/model"))
    assert names == {".gitattributes", "first.txt", *(f"{number}.txt" for number in range(written))}
    assert [path for path in (small.root / "blobs" / "incoming").iterdir() if path.is_file()] == []
    (small.root / "ballast").unlink()
    write("after.txt", b"after" * 10_000)
    assert "after.txt" in api.list_repo_files("teacher/model")
    assert api.list_repo_commits("teacher/model")[0].title == "after.txt"
