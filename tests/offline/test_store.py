"""What is kept on disk, and that it is kept whole."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import pytest

from hf_nb.errors import BadInput, NotFound
from hf_nb.offline import history, lfs
from hf_nb.offline.blobs import Blobs
from hf_nb.offline.store import Store
from tests.offline.small import DAY


@pytest.fixture
def store(tmp_path):
    made = Store.open(tmp_path / "hub")
    made.create_repo("model", "me/one", created_at=DAY)
    yield made
    made.close()


def put(store: Store, files: dict[str, bytes], **how) -> str:
    return store.commit("model", "me/one", files, title="t", author="me", date=DAY, **how)


def paths(store: Store) -> list[str]:
    row = store.database.one("SELECT rid, sha FROM repos WHERE id = 'me/one'")
    assert row
    sql = store.database.connection
    return sorted(history.blobs_of(sql, history.commit(sql, row["rid"], row["sha"]).tree))


def kept(store: Store) -> int:
    """Bytes of tables and contents, without the note of who reads them."""
    files = [path for path in store.root.rglob("*") if path.is_file() and path.parent.name != "overlays"]
    return sum(path.stat().st_size for path in files)


def test_the_same_files_and_dates_give_the_same_commit_everywhere(tmp_path):
    found = set()
    for name in ("a", "b"):
        store = Store.open(tmp_path / name)
        store.create_repo("model", "me/one", created_at=DAY)
        found.add(put(store, {"x": b"1", "d/y": b"2"}))
        found.update(row["oid"] for row in store.database.all("SELECT oid FROM repos"))
        store.close()
    assert len(found) == 2


def test_a_given_commit_id_is_kept(store):
    assert put(store, {"x": b"1"}, oid="a" * 40) == "a" * 40
    with pytest.raises(BadInput):
        put(store, {"x": b"2"}, oid="a" * 40)


def test_additions_and_deletions(store):
    put(store, {"a.txt": b"1", "d/b.txt": b"2", "d/c.txt": b"3"})
    put(store, {"e.txt": b"4"}, deletions=["d/", "a.txt"])
    assert paths(store) == [".gitattributes", "e.txt"]
    with pytest.raises(NotFound, match="A file with this name doesn't exist"):
        put(store, {}, deletions=["gone"])


@pytest.mark.parametrize(
    "path", ["", "../x", "a/../b", "/x", "a//b", ".git/config", "a/.git/x", "x\0y", "..\\b", "\\b", "x/"]
)
def test_no_path_leads_out_of_a_repository(store, path):
    with pytest.raises(BadInput):
        put(store, {path: b"1"})


def test_a_file_cannot_be_a_folder_too(store):
    put(store, {"a": b"1"})
    with pytest.raises(BadInput):
        put(store, {"a/b": b"2"})
    assert paths(store) == [".gitattributes", "a"]


@pytest.mark.parametrize(
    "id", ["one", "a/b/c", "a/../b", "a/b.git", "a/b--c", "../b", "a/", "a/" + "x" * 100, "a/b c"]
)
def test_no_strange_ids(store, id):
    with pytest.raises(BadInput):
        store.create_repo("model", id, created_at=DAY)


def test_what_is_there_cannot_be_made_again_in_any_case(store):
    with pytest.raises(BadInput):
        store.create_repo("model", "Me/ONE", created_at=DAY)
    store.create_repo("dataset", "me/one", created_at=DAY)


def test_large_files_go_to_lfs_by_pattern_or_by_size_and_empty_ones_never(store, tmp_path, monkeypatch):
    monkeypatch.setattr(lfs, "LARGE", 1000)
    on_disk = tmp_path / "big.txt"
    on_disk.write_bytes(b"x" * 2000)
    put(
        store,
        {
            "m.safetensors": b"w",
            "empty.bin": b"",
            "small.txt": b"s",
            "my big.txt": on_disk,
            "logs/events.tfevents.1": b"e",
        },
    )
    sql = store.database.connection
    row = store.database.one("SELECT rid, sha FROM repos WHERE id = 'me/one'")
    assert row
    blobs = history.blobs_of(sql, history.commit(sql, row["rid"], row["sha"]).tree)
    assert {path for path, blob in blobs.items() if blob.sha256} == {
        "m.safetensors",
        "my big.txt",
        "logs/events.tfevents.1",
    }
    assert blobs["my big.txt"].sha256 == hashlib.sha256(b"x" * 2000).hexdigest()
    assert b"my[[:space:]]big.txt filter=lfs" in store.blobs.read(blobs[".gitattributes"])
    put(store, {"my big.txt": b"now small"})
    assert store.database.one("SELECT count(*) FROM blobs WHERE sha256 IS NOT NULL")[0] == 4


def test_a_failed_commit_leaves_nothing_behind(store, monkeypatch):
    before = paths(store), store.database.one("SELECT count(*) FROM commits")[0]

    def broken(*_, **__):
        raise RuntimeError

    monkeypatch.setattr("hf_nb.offline.repos.describe", broken)
    with pytest.raises(RuntimeError):
        put(store, {"x": b"1"})
    assert (paths(store), store.database.one("SELECT count(*) FROM commits")[0]) == before


def test_a_content_that_cannot_be_written_leaves_no_half_of_it(tmp_path, monkeypatch):
    blobs = Blobs(tmp_path)

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        blobs.put_regular(b"x")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_an_overlay_starts_as_its_original_and_leaves_it_alone(store, tmp_path):
    put(store, {"x.txt": b"old", "m.bin": b"weights"})
    size = kept(store)
    copy = Store.overlay(store.root, tmp_path / "copy")
    put(copy, {"x.txt": b"new"})
    second = Store.overlay(copy.root, tmp_path / "second")
    sql = second.database.connection
    row = second.database.one("SELECT rid, sha FROM repos")
    assert row
    found = {
        path: second.blobs.read(blob)
        for path, blob in history.blobs_of(sql, history.commit(sql, row["rid"], row["sha"]).tree).items()
    }
    assert (found["x.txt"], found["m.bin"]) == (b"new", b"weights")
    assert kept(store) == size
    copy.close()
    second.close()


def test_front_matter_of_every_sort_is_survived(store):
    for front in (
        b"---\n- a\n- b\n---\n",
        b"---\nlicense: {a: 1}\ntags: 7\nlanguage: [no, {x: y}]\n---\n",
        b"---\n: :\n---\n",
        b"\xff\xfe",
        b"---\n",
        b"---\na: 2024-01-01\n---",
        b"---\n" + b"[" * 300_000 + b"\n---\n",
    ):
        put(store, {"README.md": front + b"", f"n{len(front)}-{front[:9].hex()}": b"1"})
    put(store, {"config.json": b"[1]", "model.safetensors": b"\xff" * 20, "x.gguf": b"GG"})
    assert store.repo_exists("model", "me/one")


def test_dates_are_kept_to_the_millisecond():
    from hf_nb.offline.repos import stamp

    assert stamp(datetime(2024, 2, 3, 4, 5, 6, 789_999, tzinfo=UTC)) == "2024-02-03T04:05:06.789Z"
