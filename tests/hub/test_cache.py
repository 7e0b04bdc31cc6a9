"""The local cache: what is there, what stays, what goes; the official library sees the same."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import hf_nb
from hf_nb import errors
from hf_nb.hub.disk.pull import pull
from hf_nb.offline.running import Running
from hf_nb.plumbing.lockfile import Mark
from hf_nb.plumbing.session import Session
from tests.hub.pulling import REPO, begin, files, own_cache, parts, serving

COMMIT = "0123456789abcdef0123456789abcdef0123456{}"
DAY = 86_400.0
HOLD = """
import sys; from huggingface_hub.utils import WeakFileLock
with WeakFileLock(sys.argv[1]): print("held", flush=True); sys.stdin.read()
"""


@pytest.fixture
def folder(served_hub: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache and data folder."""
    return own_cache(tmp_path / "cache", monkeypatch)


@pytest.fixture
def session() -> Session:
    return Session()


def put(
    folder: Path, repo: str, commit: int = 0, *, days: float = 0, refs: tuple[str, ...] = (), **content: bytes
) -> str:
    """A revision as the library would have left it, last used so many days ago; its commit."""
    name = COMMIT.format(commit)
    home = folder / f"models--{repo.replace('/', '--')}"
    used = time.time() - days * DAY
    for path, body in content.items():
        blob = home / "blobs" / hashlib.sha256(body).hexdigest()
        blob.parent.mkdir(parents=True, exist_ok=True)
        blob.write_bytes(body)
        os.utime(blob, (used, used))
        shown = home / "snapshots" / name / path
        shown.parent.mkdir(parents=True, exist_ok=True)
        shown.symlink_to(os.path.relpath(blob, shown.parent))
    for ref in refs:
        (home / "refs").mkdir(exist_ok=True)
        (home / "refs" / ref).write_text(name)
    return name


def ids(rows: Any) -> list[str]:
    return [row.id for row in rows]


# -- what is there


def test_an_empty_cache_is_an_answer(folder: Path, session: Session) -> None:
    found = hf_nb.cache.status(session=session)
    assert (len(found), found.size) == (0, 0)
    assert "empty" in str(found)


def test_every_revision_has_a_row_and_what_they_share_counts_once(folder: Path, session: Session) -> None:
    put(folder, "a/one", 1, days=3, refs=("main",), weights=b"w" * 1000, config=b"{}")
    put(folder, "a/one", 2, days=3, weights=b"w" * 1000, config=b"{1}")
    put(folder, "b/two", 3, days=2, weights=b"x" * 500)
    found = hf_nb.cache.status(session=session)
    assert [(row.repo, row.commit[-1], row.refs, row.size, row.files) for row in found] == [
        ("b/two", "3", (), 500, 1),
        ("a/one", "1", ("main",), 1002, 2),
        ("a/one", "2", (), 1003, 2),
    ]
    assert found.size == 1000 + 2 + 3 + 500
    assert {row.state for row in found} == {"cached"}
    assert found[0].used is not None
    assert 1.9 * DAY < (datetime.now(UTC) - found[0].used).total_seconds() < 2.1 * DAY
    assert json.loads(json.dumps(found.to_dict()))["revisions"][0]["repo"] == "b/two"
    assert list(found.to_pandas()["repo"]) == ["b/two", "a/one", "a/one"]


def test_one_repository_alone_can_be_asked_for(folder: Path, session: Session) -> None:
    put(folder, "a/one", weights=b"w" * 1000)
    put(folder, "b/two", weights=b"x" * 500)
    assert hf_nb.cache.status("b/two", session=session).size == 500
    with pytest.raises(errors.NotFound, match="Nothing of c/three"):
        hf_nb.cache.status("c/three", session=session)


def test_states_of_search_results_cost_no_scan(
    folder: Path, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(folder, "a/one", weights=b"w")
    begun = folder / "models--c--three" / "blobs" / f"{'0' * 64}.1234.incomplete"
    begun.parent.mkdir(parents=True)
    begun.write_bytes(b"half")
    monkeypatch.setattr("huggingface_hub.scan_cache_dir", None)
    assert hf_nb.cache.states(["a/one", "b/two", "c/three"]) == {
        "a/one": "cached",
        "b/two": "available",
        "c/three": "partial",
    }
    put(folder, "b/two", weights=b"w")
    assert hf_nb.cache.states(["b/two"]) == {"b/two": "cached"}


def test_a_damaged_file_is_named_with_the_line_that_heals_it(folder: Path, session: Session) -> None:
    commit = put(folder, "a/one", days=3, weights=b"w" * 1000, config=b"{}")
    put(folder, "b/two", weights=b"x")
    whole = hf_nb.cache.verify(session=session)
    assert (whole.verified, {row.state for row in whole}) == (3, {"cached"})
    assert [row.used for row in whole] == [row.used for row in hf_nb.cache.status(session=session)]
    (folder / "models--a--one" / "blobs" / hashlib.sha256(b"w" * 1000).hexdigest()).write_bytes(b"v" * 1000)
    assert {row.state for row in hf_nb.cache.status(session=session)} == {"cached"}, "nobody read the bytes"
    (broken,) = [row for row in hf_nb.cache.verify(session=session) if row.state == "damaged"]
    assert broken.id == "a/one"
    assert f"weights. To heal it: %hf pull a/one --revision {commit} --verify" in broken.note
    assert "1 damaged" in str(hf_nb.cache.verify(session=session))


def test_a_repository_the_library_cannot_read_is_shown_as_damaged(folder: Path, session: Session) -> None:
    put(folder, "a/one", weights=b"w" * 1000)
    next((folder / "models--a--one" / "blobs").iterdir()).unlink()
    (row,) = hf_nb.cache.status(session=session)
    assert (row.id, row.state) == ("a/one", "damaged")
    assert "Blob missing" in row.note


# -- what stays


def test_a_pin_survives_and_keeps_what_it_names(folder: Path, session: Session) -> None:
    put(folder, "a/one", days=9, weights=b"w" * 1000)
    put(folder, "b/two", days=1, weights=b"x" * 500)
    assert hf_nb.cache.pin("a/one", session=session)[0].pinned
    trimmed = hf_nb.cache.trim(0, session=Session())
    assert ids(trimmed) == ["b/two"]
    assert ids(trimmed.kept) == ["a/one"]
    assert not trimmed.enough
    assert "Kept: a/one (pinned)" in str(trimmed)
    assert not hf_nb.cache.unpin("a/one", session=session)[0].pinned
    assert ids(hf_nb.cache.trim(0, session=session)) == ["a/one"]


def test_a_pin_may_name_one_revision(folder: Path, session: Session) -> None:
    old = put(folder, "a/one", 1, days=9, weights=b"w" * 1000)
    put(folder, "a/one", 2, days=1, refs=("main",), weights=b"x" * 1000)
    hf_nb.cache.pin("a/one", revision=old, session=session)
    assert [row.commit[-1] for row in hf_nb.cache.trim(0, session=session)] == ["2"]
    assert (folder / "models--a--one" / "snapshots" / old / "weights").read_bytes() == b"w" * 1000
    with pytest.raises(errors.NotFound, match="not in the cache at v9"):
        hf_nb.cache.pin("a/one", revision="v9", session=session)
    with pytest.raises(errors.NotFound, match="not pinned"):
        hf_nb.cache.unpin("b/two", session=session)


def test_what_this_session_works_with_stays(folder: Path, session: Session) -> None:
    commit = put(folder, "a/one", days=9, weights=b"w" * 1000)
    session.ledger.saw("model", "a/one", commit, path="weights", mark=Mark(None, 1000))
    assert ids(hf_nb.cache.trim(0, session=session).kept) == ["a/one"]
    assert ids(hf_nb.cache.trim(0, session=Session())) == ["a/one"]


@pytest.mark.slow
def _named(folder: Path) -> list[Path]:
    """Files that have their place in a revision: without one there is nothing to evict."""
    return list(folder.glob("models--*/snapshots/*/*"))


def test_what_another_process_is_pulling_stays(served_hub: Running, folder: Path, tmp_path: Path) -> None:
    with (
        serving(tmp_path, files(part_bytes=400_000)) as (hub, _),
        hub.fault("stall", origin="cdn", match="*-00001-*"),
    ):
        with begin(hub, folder) as process:
            ends = time.monotonic() + 30
            while (len(parts(folder)) != 1 or not _named(folder)) and time.monotonic() < ends:
                time.sleep(0.05)
            session = Session()
            (row,) = {row.state for row in hf_nb.cache.status(session=session)}
            assert row == "loading"
            assert hf_nb.cache.states([REPO]) == {REPO: "loading"}
            trimmed = hf_nb.cache.trim(0, session=session)
            assert not trimmed.revisions
            assert trimmed.kept
            process.kill()
            process.communicate()
        assert hf_nb.cache.states([REPO]) == {REPO: "partial"}


def test_a_lock_of_the_official_library_is_respected(folder: Path, session: Session) -> None:
    put(folder, "a/one", weights=b"w" * 1000)
    lock = folder / ".locks" / "models--a--one" / "content.lock"
    lock.parent.mkdir(parents=True)
    held = subprocess.Popen(
        [
            sys.executable,
            "-c",
            HOLD,
            str(lock),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert held.stdout
    held.stdout.readline()
    trimmed = hf_nb.cache.trim(0, session=session)
    assert "being pulled" in trimmed.kept[0].note
    held.communicate()
    assert ids(hf_nb.cache.trim(0, session=session)) == ["a/one"]


# -- what goes


def test_the_longest_unused_goes_until_the_size_is_met(folder: Path, session: Session) -> None:
    for number in range(5):
        put(folder, f"a/m{number}", number, days=number, weights=bytes([number]) * 1000)
    plan = hf_nb.cache.trim("2.5kB", dry_run=True, session=session)
    assert (ids(plan), plan.freed, plan.size) == (["a/m4", "a/m3", "a/m2"], 3000, 2000)
    assert len(hf_nb.cache.status(session=session)) == 5, "a dry run removes nothing"
    done = hf_nb.cache.trim("2.5kB", session=session)
    assert (ids(done), done.freed, done.enough) == (ids(plan), 3000, True)
    after = hf_nb.cache.status(session=session)
    assert (ids(after), after.size) == (["a/m0", "a/m1"], 2000)


def test_a_content_that_two_revisions_share_goes_with_the_last_of_them(
    folder: Path, session: Session
) -> None:
    put(folder, "a/one", 1, days=3, shared=b"s" * 1000, old=b"o" * 10)
    kept = put(folder, "a/one", 2, days=3, refs=("main",), shared=b"s" * 1000, new=b"n" * 10)
    os.utime(folder / "models--a--one" / "snapshots" / kept / "new")
    trimmed = hf_nb.cache.trim(1015, session=session)
    assert (len(trimmed), trimmed.freed) == (1, 10)
    assert (folder / "models--a--one" / "snapshots" / kept / "shared").read_bytes() == b"s" * 1000


def test_two_repositories_of_the_same_commit_are_told_apart(folder: Path, session: Session) -> None:
    put(folder, "a/one", 1, days=3, weights=b"w" * 1000)
    put(folder, "b/copy", 1, days=1, weights=b"w" * 1000)
    assert ids(hf_nb.cache.trim(1500, session=session)) == ["a/one"]
    assert ids(hf_nb.cache.status(session=session)) == ["b/copy"]


def test_a_broken_off_download_goes_too(folder: Path, session: Session) -> None:
    begun = folder / "models--c--three" / "blobs" / f"{'0' * 64}.1234.incomplete"
    begun.parent.mkdir(parents=True)
    begun.write_bytes(b"h" * 700)
    os.utime(begun, (time.time() - DAY,) * 2)
    status = hf_nb.cache.status(session=session)
    assert (status.parts, status[0].state, status[0].size) == (700, "partial", 700)
    assert hf_nb.cache.trim(0, session=session).freed == 700
    assert not begun.exists()


@pytest.mark.parametrize(
    ("words", "size"), [("20GB", 20_000_000_000), ("500 MB", 500_000_000), ("1.5k", 1500), ("7", 7), (12, 12)]
)
def test_a_size_is_read_as_people_write_it(words: str | int, size: int) -> None:
    from hf_nb.hub.disk.cache import size_in

    assert size_in(words) == size


@pytest.mark.parametrize("words", ["", "many", "-5GB", "5 apples", -1, True])
def test_what_is_no_size_is_refused(words: Any, session: Session) -> None:
    with pytest.raises(errors.BadInput, match="is not a size"):
        hf_nb.cache.trim(words, session=session)


def test_a_trim_without_a_size_needs_the_setting(folder: Path, session: Session) -> None:
    put(folder, "a/one", weights=b"w" * 1000)
    with pytest.raises(errors.BadInput, match="Down to which size"):
        hf_nb.cache.trim(session=session)
    session.settings.cache_budget = 1
    assert ids(hf_nb.cache.trim(session=session)) == ["a/one"]


def test_a_pull_makes_room_inside_the_budget_and_says_so(
    hub: Running, folder: Path, session: Session
) -> None:
    put(folder, "a/old", days=9, weights=b"w" * 1_000_000)
    put(folder, "a/pinned", days=9, weights=b"p" * 1_000_000)
    hf_nb.cache.pin("a/pinned", session=session)
    session.settings.cache_budget = 2_000_000
    pulled = pull("hfnb-demo/sentiment-en", session=session)
    assert ids(hf_nb.cache.status(session=session)) == ["hfnb-demo/sentiment-en", "a/pinned"]
    assert "1.0 MB unused longest were removed" in str(pulled)
    assert "over its budget" in str(pulled)


def test_the_official_command_sees_what_a_trim_left(folder: Path, session: Session) -> None:
    from huggingface_hub import scan_cache_dir

    put(folder, "a/one", days=2, refs=("main",), weights=b"w" * 1000)
    put(folder, "b/two", days=1, refs=("main",), weights=b"x" * 500)
    hf_nb.cache.trim(600, session=session)
    left = scan_cache_dir(folder)
    assert ([repo.repo_id for repo in left.repos], left.warnings) == (["b/two"], [])
