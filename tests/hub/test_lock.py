"""The lock in one process: what was used is written down, and from then on held to, whoever asks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hf_nb import errors, render
from hf_nb.hub.versions import history, lock
from hf_nb.plumbing import http, lockfile
from hf_nb.plumbing.session import Session, use
from tests.hub.owning import Own

CARD = "---\nlicense: {}\n---\n# It\n"


class Locked:
    """A repository with two commits, and a session whose client is the official one's."""

    def __init__(self, own: Own, name: str, cache: Path) -> None:
        self.own, self.session, self.cache = own, own.session, cache
        self.api = own.api("teacher")
        self.id = self.api.create_repo(f"teacher/{name}", exist_ok=True).repo_id
        self.first = self.commit(
            {"config.json": b'{"v": 1}', "README.md": CARD.format("mit").encode(), "w.bin": b"w" * 3000}
        )

    def commit(self, files: dict[str, bytes]) -> str:
        from huggingface_hub import CommitOperationAdd

        operations = [CommitOperationAdd(path, content) for path, content in files.items()]
        with self.session.ledger.looking():
            return self.api.create_commit(self.id, operations, commit_message="change").oid

    def load(self, path: str = "config.json", **how: Any) -> bytes:
        """As any library would."""
        from huggingface_hub import hf_hub_download

        found = hf_hub_download(
            self.id, path, endpoint=self.own.hub.url, cache_dir=how.pop("cache_dir", self.cache), **how
        )
        return Path(found).read_bytes()

    def afresh(self) -> Session:
        """What a new kernel would begin with."""
        session = Session()
        session.settings.endpoint = self.own.hub.url
        self.session = self.own.session = session
        use(session)
        http.install(session)
        return session


@pytest.fixture
def locked(own: Own, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Locked:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "pyproject.toml").touch()
    monkeypatch.chdir(folder)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    use(own.session)
    http.install(own.session)
    return Locked(own, own.name("l"), tmp_path / "hub")


def entries() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(Path(lockfile.NAME).read_text())["assets"]
    return found


def test_what_was_used_is_written_with_commit_checksums_sizes_and_licence(locked: Locked) -> None:
    locked.load()
    locked.load("w.bin")
    written = lock.write(session=locked.session)
    (entry,) = entries()
    assert (entry["kind"], entry["id"], entry["revision"]) == ("model", locked.id, locked.first)
    assert (entry["asked"], entry["licence"]) == (["main"], "mit")
    found: Any = locked.api.get_paths_info(locked.id, ["config.json", "w.bin"])
    config, weights = found
    assert entry["files"] == {
        "config.json": {"digest": f"git:{config.blob_id}", "size": 8},
        "w.bin": {"digest": f"sha256:{weights.lfs.sha256}", "size": 3000},
    }
    assert written.written
    assert f"{locked.id}: new, at {locked.first[:12]}" in written.changes
    assert locked.id in str(written)
    assert locked.id in render.html(written)


def test_the_same_use_writes_the_same_bytes_cold_and_warm(locked: Locked) -> None:
    locked.load()
    locked.load("w.bin")
    lock.write(session=locked.session)
    before = Path(lockfile.NAME).read_bytes()
    assert not lock.write(session=locked.session).written
    Path(lockfile.NAME).unlink()
    session = locked.afresh()
    locked.load()
    lock.write(session=session)
    assert Path(lockfile.NAME).read_bytes() == before


def test_when_main_moves_on_the_locked_commit_is_loaded(locked: Locked, tmp_path: Path) -> None:
    locked.load()
    lock.write(session=locked.session)
    newer = locked.commit({"config.json": b'{"v": 2}'})
    locked.afresh()
    assert locked.load(cache_dir=tmp_path / "cold") == b'{"v": 1}'
    assert locked.load(cache_dir=tmp_path / "cold", revision="main") == b'{"v": 1}'
    assert locked.load(cache_dir=tmp_path / "cold", revision=locked.first) == b'{"v": 1}'
    with pytest.raises(errors.Refused, match=r"hf\.lock holds") as refused:
        locked.load(cache_dir=tmp_path / "cold", revision=newer)
    assert f"%hf lock --update {locked.id}" in str(refused.value)
    Path(lockfile.NAME).unlink()
    assert locked.load(cache_dir=tmp_path / "free") == b'{"v": 2}'


def test_snapshots_and_lists_are_of_the_locked_commit(locked: Locked, tmp_path: Path) -> None:
    from huggingface_hub import snapshot_download

    locked.load()
    lock.write(session=locked.session)
    locked.commit({"config.json": b'{"v": 2}', "new.txt": b"new"})
    locked.afresh()
    found = snapshot_download(locked.id, endpoint=locked.own.hub.url, cache_dir=tmp_path / "cold")
    assert Path(found).name == locked.first
    assert not (Path(found) / "new.txt").exists()
    assert "new.txt" not in locked.api.list_repo_files(locked.id)
    assert locked.api.model_info(locked.id).sha == locked.first


def test_a_tag_that_is_another_commit_is_refused_and_one_that_is_locked_is_held(
    locked: Locked, tmp_path: Path
) -> None:
    locked.load()
    lock.write(session=locked.session)
    locked.commit({"config.json": b'{"v": 2}'})
    with locked.session.ledger.looking():
        locked.api.create_tag(locked.id, tag="v2")
        locked.api.create_tag(locked.id, tag="v1", revision=locked.first)
    with pytest.raises(errors.Refused):
        locked.load(cache_dir=tmp_path / "cold", revision="v2")
    assert locked.load(cache_dir=tmp_path / "cold", revision="v1") == b'{"v": 1}'
    lock.write(session=locked.session)
    assert entries()[0]["asked"] == ["main", "v1"]


def test_two_revisions_of_one_repository_can_both_be_held(locked: Locked, tmp_path: Path) -> None:
    locked.load()
    second = locked.commit({"config.json": b'{"v": 2}'})
    locked.load(revision=second)
    lock.write(session=locked.session)
    assert [one["revision"] for one in entries()] == sorted([locked.first, second])
    third = locked.commit({"config.json": b'{"v": 3}'})
    locked.afresh()
    assert locked.load(cache_dir=tmp_path / "cold", revision=second) == b'{"v": 2}'
    assert locked.load(cache_dir=tmp_path / "cold") == b'{"v": 1}'
    with pytest.raises(errors.Refused):
        locked.load(cache_dir=tmp_path / "cold", revision=third)


def bend(**change: Any) -> None:
    whole = json.loads(Path(lockfile.NAME).read_text())
    for path, mark in change.items():
        whole["assets"][0]["files"][path.replace("_", ".")].update(mark)
    Path(lockfile.NAME).write_text(json.dumps(whole))


@pytest.mark.parametrize(
    ("path", "digest"), [("config_json", "git:" + "0" * 40), ("w_bin", "sha256:" + "0" * 64)]
)
def test_another_checksum_is_refused_before_the_file_is_anywhere(
    locked: Locked, tmp_path: Path, path: str, digest: str
) -> None:
    name = path.replace("_", ".")
    locked.load()
    locked.load("w.bin")
    lock.write(session=locked.session)
    bend(**{path: {"digest": digest}})
    locked.afresh()
    with pytest.raises(errors.Refused, match="its checksum differs"):
        locked.load(name, cache_dir=tmp_path / "cold")
    assert not [one for one in (tmp_path / "cold").rglob("*") if one.is_file() and one.suffix != ".lock"]


def test_a_cached_file_that_is_not_the_locked_one_is_refused_though_nobody_asks_for_it(
    locked: Locked,
) -> None:
    locked.load()
    locked.load("w.bin")
    lock.write(session=locked.session)
    bend(w_bin={"digest": "sha256:" + "0" * 64})
    locked.afresh()
    with pytest.raises(errors.Refused, match=r"w\.bin of .* is not the file"):
        locked.api.model_info(locked.id)
    with pytest.raises(errors.Refused, match=r"w\.bin of .* is not the file"):
        locked.load()


@pytest.mark.parametrize("name", ["config.json", "w.bin"])
def test_bytes_that_are_not_the_locked_ones_are_refused_though_the_headers_are_right(
    locked: Locked, tmp_path: Path, name: str
) -> None:
    locked.load(name)
    lock.write(session=locked.session)
    locked.afresh()
    with (
        locked.own.hub.fault("corrupt", match=f"GET */{name}"),
        pytest.raises(errors.Refused, match="checksum differs"),
    ):
        locked.load(name, cache_dir=tmp_path / "cold")
    assert not list((tmp_path / "cold").rglob("snapshots/*/*"))
    locked.own.hub.clear_faults()
    assert locked.load(name, cache_dir=tmp_path / "cold") == (
        b'{"v": 1}' if name == "config.json" else b"w" * 3000
    )


def test_without_a_network_another_cached_commit_is_not_taken_for_the_locked_one(
    locked: Locked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hf_nb.plumbing.transports.retry.PATIENCE", 0.1, raising=False)
    locked.load()
    lock.write(session=locked.session)
    kept = Path(lockfile.NAME).read_text()
    Path(lockfile.NAME).unlink()
    locked.commit({"config.json": b'{"v": 2}'})
    assert locked.load() == b'{"v": 2}'
    Path(lockfile.NAME).write_text(kept)
    session = locked.afresh()
    with http.fault("connect", session), pytest.raises(errors.Refused, match="does not answer"):
        locked.load()
    with http.fault("connect", session):
        assert locked.load(revision=locked.first) == b'{"v": 1}'
    assert locked.load() == b'{"v": 1}'
    with http.fault("connect", session):
        assert locked.load() == b'{"v": 1}'


def test_without_a_network_another_cached_snapshot_is_not_taken_either(locked: Locked) -> None:
    from huggingface_hub import snapshot_download

    def load() -> str:
        return snapshot_download(locked.id, endpoint=locked.own.hub.url, cache_dir=locked.cache)

    load()
    lock.write(session=locked.session)
    kept = Path(lockfile.NAME).read_text()
    Path(lockfile.NAME).unlink()
    locked.commit({"config.json": b'{"v": 2}'})
    load()
    Path(lockfile.NAME).write_text(kept)
    session = locked.afresh()
    with http.fault("connect", session), pytest.raises(errors.Refused, match="does not answer"):
        load()
    assert Path(load()).name == locked.first


def test_strict_refuses_what_is_not_in_it_and_otherwise_nobody_asks(locked: Locked, tmp_path: Path) -> None:
    from huggingface_hub import hf_hub_download

    locked.load()
    lock.write(session=locked.session)
    other: dict[str, Any] = {
        "repo_id": "demo/tiny",
        "filename": "config.json",
        "endpoint": locked.own.hub.url,
    }
    hf_hub_download(**other, cache_dir=tmp_path / "one")
    locked.afresh()
    lock.write(strict=True, session=locked.session)
    with pytest.raises(errors.Refused, match="strict") as refused:
        hf_hub_download(**other, cache_dir=tmp_path / "two")
    assert "%hf lock --update demo/tiny" in str(refused.value)
    assert locked.load() == b'{"v": 1}'
    lock.update("demo/tiny", session=locked.session)
    hf_hub_download(**other, cache_dir=tmp_path / "two")


def test_the_setting_turns_it_off_and_reading_about_is_free(locked: Locked, tmp_path: Path) -> None:
    locked.load()
    lock.write(session=locked.session)
    newer = locked.commit({"config.json": b'{"v": 2}'})
    session = locked.afresh()
    assert history.log(locked.id, session=session)[0].id == newer
    session.settings.lock = False
    assert locked.load(cache_dir=tmp_path / "free") == b'{"v": 2}'


def test_update_moves_on_and_says_when_the_licence_changed(locked: Locked, tmp_path: Path) -> None:
    locked.load()
    locked.load("w.bin")
    lock.write(session=locked.session)
    newer = locked.commit({"config.json": b'{"v": 2}', "README.md": CARD.format("cc-by-nc-4.0").encode()})
    with locked.session.ledger.looking():
        locked.api.delete_file("w.bin", locked.id)
        newest = locked.api.model_info(locked.id).sha
    assert newest != newer
    session = locked.afresh()
    moved = lock.update(locked.id, session=session)
    assert f"{locked.id}: the licence changed from mit to cc-by-nc-4.0" in moved.changes
    assert f"{locked.id}: {locked.first[:12]} → {str(newest)[:12]}" in moved.changes
    assert f"{locked.id}: no longer there: w.bin" in moved.changes
    assert locked.load(cache_dir=tmp_path / "cold") == b'{"v": 2}'
    assert not lock.write(session=session).written
    assert lock.update(session=session).changes == ()


def test_a_check_says_what_has_moved_changed_or_gone(locked: Locked) -> None:
    locked.load()
    locked.load("w.bin")
    lock.write(session=locked.session)
    session = locked.afresh()
    good = lock.check(online=True, contents=True, session=session)
    assert (good.ok, good.findings, good.exit_code) == (True, (), 0)
    assert [(one.files, one.cached) for one in good.repos] == [(2, 2)]

    locked.commit({"config.json": b'{"v": 2}', "README.md": CARD.format("other").encode()})
    moved = lock.check(online=True, session=session)
    assert moved.ok
    assert [one.level for one in moved.findings] == ["information", "information"]
    assert "main has moved on: 1 commit" in moved.findings[0].what
    assert "the licence there is other, locked was mit" in str(moved)
    assert not lock.check(online=True, strict=True, session=session).ok
    assert lock.check(session=session).findings == ()

    bend(config_json={"digest": "git:" + "0" * 40})
    changed = lock.check(online=True, session=session)
    assert changed.exit_code == 1
    assert {one.what for one in changed.findings if one.level == "failure"} == {
        "in the cache it is another file",
        "has another checksum on the Hub",
    }
    assert "FAILED" in str(changed)
    assert "FAILED" in render.html(changed)


def test_a_check_reads_the_cached_bytes_when_told_to(locked: Locked) -> None:
    locked.load("w.bin")
    lock.write(session=locked.session)
    (blob,) = [one for one in locked.cache.rglob("blobs/*") if one.stat().st_size == 3000]
    blob.write_bytes(b"W" * 3000)
    assert lock.check(session=locked.session).ok
    damaged = lock.check(contents=True, session=locked.session)
    assert [one.what for one in damaged.findings] == ["in the cache it is damaged: its checksum differs"]


def test_a_check_of_what_the_hub_no_longer_has_fails_and_goes_on(locked: Locked) -> None:
    locked.load()
    lock.write(session=locked.session)
    with locked.session.ledger.looking():
        locked.api.delete_repo(locked.id)
    gone = lock.check(online=True, session=locked.afresh())
    assert not gone.ok
    assert "There is no" in gone.findings[0].what


def test_nothing_used_is_nothing_to_lock(own: Own, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(errors.BadInput, match="nothing to lock"):
        lock.write(session=own.session)
    with pytest.raises(errors.BadInput, match="no lock file"):
        lock.check(session=own.session)
    with pytest.raises(errors.BadInput, match="no lock to update"):
        lock.update(session=own.session)


def test_a_hostile_lock_stops_every_load_until_it_is_mended(locked: Locked) -> None:
    Path(lockfile.NAME).write_text('{"format": 1, "assets": [{"kind": "model", "id": "../x"}]}')
    with pytest.raises(errors.BadInput, match="is no repository's"):
        locked.load()
    Path(lockfile.NAME).unlink()
    assert locked.load() == b'{"v": 1}'


def test_no_token_and_no_address_stand_in_the_file(locked: Locked) -> None:
    locked.load()
    lock.write(session=locked.session)
    text = Path(lockfile.NAME).read_text()
    assert "hf_" not in text
    assert "127.0.0.1" not in text
    assert str(Path.home()) not in text
