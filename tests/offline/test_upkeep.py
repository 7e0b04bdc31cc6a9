"""What nothing leads to is cleared away, and only that; what is damaged is named, and can be mended."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from huggingface_hub import CommitOperationAdd, HfApi
from huggingface_hub.utils import httpx

from hf_nb.errors import BadInput, Refused
from hf_nb.offline import history, repos, upkeep
from hf_nb.offline.changes import Change
from hf_nb.offline.conflicts import Outdated
from hf_nb.offline.running import start
from hf_nb.offline.store import Store
from hf_nb.offline.verify import put_aside, verify
from hf_nb.offline.xet.cas import Cas
from tests.offline.small import DAY, fill

NOW, LONG_AGO = timedelta(0), 1_600_000_000
MAIN = history.MAIN


@pytest.fixture
def store(tmp_path):
    made = Store.open(tmp_path / "hub")
    made.create_repo("model", "me/one", created_at=DAY)
    yield made
    made.close()


def rid(store: Store, id: str = "me/one") -> int:
    return repos.rid_of(store.database, "model", id)


def put(store: Store, files: dict[str, bytes], id: str = "me/one", **how) -> str:
    return store.commit("model", id, files, title=f"adds {sorted(files)}", author="me", date=DAY, **how)


def contents(store: Store) -> set[str]:
    return {path.name for kind in ("sha1", "sha256") for path in (store.root / "blobs" / kind).glob("??/*")}


def age(store: Store) -> None:
    """Everything on disk came long ago."""
    for path in (store.root / "blobs").rglob("*"):
        os.utime(path, (LONG_AGO, LONG_AGO))


def sound(root: Path) -> bool:
    found = verify(root)
    assert not found.damages, "\n".join(map(str, found.damages))
    return found.contents > 0


def run(*words: str, **how) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "hf_nb", "hub", *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, **how)


# -- clearing


def test_what_only_spares_clients_from_sending_again_goes_with_its_time(store):
    cas = Cas(store.root / "xet", store.blobs)
    old, new = (cas.path(name) for name in ("aa01", "bb02"))
    for path, age in ((old, 7200), (new, 60)):
        path.parent.mkdir(parents=True)
        path.write_bytes(b"xorb")
        os.utime(path, (time.time() - age,) * 2)
    name = cas.id
    assert upkeep.clear(store, timedelta(hours=1), dry_run=True, cas=cas).sent == 4
    assert (old.exists(), cas.id) == (True, name)
    freed = upkeep.clear(store, timedelta(hours=1), cas=cas)
    assert freed.sent == 4
    assert str(freed).endswith("4 bytes")
    assert (old.exists(), new.exists()) == (False, True)
    assert cas.id != name  # clients must not count on what they sent before


def test_what_a_squash_a_branch_and_a_repository_leave_behind_is_cleared(store):
    put(store, {"a.txt": b"old", "w.bin": b"weights of old"})
    put(store, {"a.txt": b"new", "w.bin": b"weights"})
    store.branch("model", "me/one", "dev")
    put(store, {"d/e.txt": b"on dev"}, revision="dev")
    store.create_repo("model", "me/two", created_at=DAY)
    put(store, {"two.txt": b"two", "w.bin": b"weights"}, "me/two")
    assert upkeep.clear(store, NOW) == upkeep.Freed()
    store.squash(rid(store), MAIN, message="one", author="me", date=DAY)
    store.unpoint(rid(store), "heads", "dev")
    store.delete_repo(rid(store, "me/two"))
    freed = upkeep.clear(store, NOW)
    # first, two steps and the one on dev; "old", its pointer and weights, "on dev", "two"
    assert (freed.commits, freed.contents) == (4, 5)
    assert freed.bytes == sum(map(len, (b"old", b"weights of old", b"on dev", b"two"))) + 127
    assert sound(store.root)
    assert upkeep.clear(store, NOW) == upkeep.Freed()


def test_what_is_young_stays(store):
    from datetime import UTC, datetime

    put(store, {"old.bin": b"1"})
    store.commit("model", "me/one", {"new.bin": b"2"}, title="new", author="me", date=datetime.now(UTC))
    store.squash(rid(store), MAIN, message="one", author="me", date=DAY)
    abandoned = store.blobs.put(b"nobody commits this", lfs=True)
    freed = upkeep.clear(store)
    assert (freed.commits, freed.contents) == (0, 0), "a young commit keeps those it builds on"
    age(store)
    assert upkeep.clear(store, timedelta(days=365 * 100)).contents == 0
    freed = upkeep.clear(store)
    assert freed.contents == 2, "the abandoned one and its pointer"
    assert not store.blobs.holds(abandoned)
    assert sound(store.root)


def test_a_dry_run_counts_the_same_and_removes_nothing(store):
    put(store, {"a.bin": b"1" * 1000})
    store.squash(rid(store), MAIN, message="one", author="me", date=DAY)
    put(store, {}, deletions=["a.bin"])
    store.squash(rid(store), MAIN, message="two", author="me", date=DAY)
    before = contents(store)
    said = upkeep.clear(store, NOW, dry_run=True)
    assert contents(store) == before
    assert said.bytes > 1000
    assert upkeep.clear(store, NOW) == said
    assert contents(store) < before


def test_uploads_that_were_broken_off_are_cleared_and_those_going_on_are_not(store):
    old, new = store.blobs.incoming / "parts-1-a-9", store.blobs.incoming / "parts-1-b-9"
    for folder in (old, new):
        folder.mkdir()
        (folder / "1-x").write_bytes(b"12345")
    for path in (old / "1-x", old):
        os.utime(path, (LONG_AGO, LONG_AGO))
    freed = upkeep.clear(store)
    assert (freed.leftovers, freed.bytes) == (1, 5)
    assert list(store.blobs.incoming.iterdir()) == [new]


def test_a_merged_pull_request_still_leads_to_its_commits(store):
    change = Change("Fix", "me", DAY, {"fix.txt": store.blobs.put_regular(b"fixed")})
    made, number = store.propose(rid(store), change, base=MAIN)
    store.merge(rid(store), number, author="me", date=DAY)
    with store.database.writing() as sql:
        sql.execute("DELETE FROM refs WHERE name = 'refs/pr/1'")
    store.squash(rid(store), MAIN, message="one", author="me", date=DAY)
    upkeep.clear(store, NOW)
    assert history.commit(store.database.connection, rid(store), made.oid).title == "Fix"
    assert sound(store.root)


def test_what_a_conversation_shows_stays(store):
    from hf_nb.offline import attachments

    with store.database.writing() as sql:
        name = attachments.keep(sql, store.blobs, b"GIF89a and more", "image/gif", "me", DAY)
    age(store)
    upkeep.clear(store, NOW)
    row = attachments.find(store.database.connection, name)
    assert row
    assert store.blobs.path("sha256", row["sha256"]).exists()


def test_an_overlay_clears_its_own_and_its_base_is_left_alone_while_it_is_there(store, tmp_path):
    put(store, {"a.bin": b"of the base"})
    copy = Store.overlay(store.root, tmp_path / "copy")
    put(copy, {"b.bin": b"its own"})
    copy.delete_repo(rid(copy))
    store.delete_repo(rid(store))
    before = contents(store)
    assert upkeep.clear(copy, NOW).contents == 2
    assert contents(store) == before
    with pytest.raises(Refused, match=r"is what the Hub in .*copy started from"):
        upkeep.clear(store, NOW)
    copy.close()
    for path in sorted(copy.root.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    assert upkeep.clear(store, NOW).contents == 3


def test_a_content_that_comes_again_counts_as_new(store):
    blob = store.blobs.put(b"weights", lfs=True)
    age(store)
    store.blobs.put(b"weights", lfs=True)
    assert upkeep.clear(store).contents == 0
    age(store)
    assert upkeep.clear(store).contents == 2
    assert not store.blobs.holds(blob)


def test_a_commit_whose_contents_were_cleared_meanwhile_has_to_be_sent_again(store):
    change = Change("late", "me", DAY, {"w.bin": store.blobs.put(b"weights", lfs=True)})
    upkeep.clear(store, NOW)
    with pytest.raises(Outdated, match="cleared away"):
        store.apply(rid(store), change, MAIN)
    assert sound(store.root)
    store.blobs.put(b"weights", lfs=True)
    store.apply(rid(store), change, MAIN)
    assert sound(store.root)


@pytest.mark.slow
def test_clearing_and_committing_at_once_never_loses_what_was_acknowledged(store):
    done: list[tuple[str, bytes]] = []
    ended = threading.Event()

    def write() -> None:
        number = 0
        while not ended.is_set():
            number += 1
            content = b"same %d" % (number % 4)
            try:
                put(store, {"a.bin": content, f"{number}.txt": content})
            except Outdated:  # a content was cleared between its upload and its commit
                continue
            done.append((f"{number}.txt", content))
            if number % 5 == 0:
                store.squash(rid(store), MAIN, message=f"{number}", author="me", date=DAY)
                put(store, {}, deletions=["a.bin", done.pop()[0]])

    writer = threading.Thread(target=write)
    writer.start()
    cleared, until = 0, time.monotonic() + 2
    while time.monotonic() < until and writer.is_alive():
        cleared += upkeep.clear(store, NOW).contents
        time.sleep(0.003)
    ended.set()
    writer.join()
    assert len(done) > 5
    assert cleared > 5
    assert sound(store.root)
    sql = store.database.connection
    tip = history.resolve(sql, rid(store), "main")
    assert tip
    held = {path: store.blobs.read(blob) for path, blob in history.blobs_of(sql, tip.tree).items()}
    assert {path: held[path] for path, _ in done} == dict(done)


@pytest.mark.parametrize("words", ["", "1", "d", "-1d", "1w", "1.5h", "1d 2h", "9999999d"])
def test_an_age_that_is_none_is_bad_input(words):
    with pytest.raises(BadInput):
        upkeep.age(words)


def test_ages_are_a_number_and_a_unit():
    found = [upkeep.age(words) for words in ("0", "90s", "30m", "12H", " 7d ")]
    assert found == [timedelta(seconds=seconds) for seconds in (0, 90, 1800, 43_200, 604_800)]


@pytest.mark.slow
def test_a_hub_that_is_served_clears_itself_and_the_command_line_leaves_it_alone(tmp_path):
    store = Store.open(tmp_path / "hub")
    store.create_repo("model", "me/one", created_at=DAY)
    put(store, {"a.bin": b"a" * 5000})
    store.delete_repo(rid(store))
    store.close()
    with start(tmp_path / "hub") as hub:
        refused = run("gc", "--root", str(hub.root))
        assert (refused.returncode, "Traceback" in refused.stderr) == (1, False), refused.stderr
        assert "Another process serves" in refused.stderr
        assert hub.clear().bytes == 0
        assert hub.clear("0", dry_run=True).contents == 3
        below = run("gc", "--older-than", "0", env={**os.environ, **hub.environment, **hub.key})
        assert below.stdout.startswith("freed 0 commits, 0 trees, 3 contents"), below
        with pytest.raises(Refused, match="is no age"):
            hub.clear("soon")
        assert run("verify", "--root", str(hub.root)).returncode == 0
    assert run("gc", "--root", str(hub.root), "--dry-run").stdout.startswith("would free 0 commits")
    nothing = run("gc", "--root", str(tmp_path / "nowhere"))
    assert nothing.returncode == 1
    assert not (tmp_path / "nowhere").exists()


# -- verifying

WRONG = {
    "UPDATE tag_counts SET everyone = everyone + 1 WHERE tag = 'license:mit'": "license:mit' of models is counted",
    "DELETE FROM tags WHERE tag = 'tiny'": "demo/tiny is found by other tags",
    "INSERT INTO names (names, rowid, words) SELECT 'delete', rid, folded FROM repos WHERE id = 'demo/tiny'": (
        "demo/tiny is not found by its name"
    ),
    "INSERT INTO names (rowid, words) VALUES (999, 'gone/away')": "Names of repositories are known that are not there",
    "UPDATE refs SET target = 'f00' WHERE name = 'refs/heads/feature/x'": "refs/heads/feature/x leads to f00",
    "UPDATE repos SET sha = 'f00' WHERE id = 'demo/tiny'": "the repository's sha is f00",
    "DELETE FROM commits WHERE title = 'Add model'": "which is not there or leads back",
    "UPDATE commits SET parent = oid WHERE parent IS NULL": "which is not there or leads back",
    "DELETE FROM changes WHERE path = 'config.json'": "did not change what it says",
    "UPDATE trees SET entries = substr(entries, 1, length(entries) - 1)": "is not what its name says",
    "DELETE FROM trees WHERE oid IN (SELECT tree FROM commits WHERE title = 'base')": "which is not known",
    "DELETE FROM blobs WHERE sha256 IS NOT NULL": "which is not known",
    "UPDATE blobs SET sha256 = substr(sha256, 2) || '0' WHERE sha256 IS NOT NULL": "is no pointer to",
    "DELETE FROM repos WHERE id = 'demo/tiny'": "rows of repositories that are not there",
}


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    root = tmp_path_factory.mktemp("filled") / "hub"
    store = Store.open(root)
    fill(store)
    store.close()
    return root


def test_a_sound_hub_is_found_sound_and_is_not_written_to(filled):
    before = {path: path.stat().st_mtime_ns for path in filled.rglob("*") if path.is_file()}
    found = verify(filled)
    assert (found.damages, found.repos) == ([], 7)
    assert found.contents > 10
    after = {path: path.stat().st_mtime_ns for path in filled.rglob("*") if path.is_file()}
    # SQLite's own two files beside the tables come and go with whoever reads
    assert {path: when for path, when in after.items() if "sqlite-" not in path.name} == {
        path: when for path, when in before.items() if "sqlite-" not in path.name
    }


@pytest.mark.parametrize("statement", WRONG)
def test_tables_that_contradict_each_other_are_found(filled, tmp_path, statement):
    store = Store.overlay(filled, tmp_path / "hub")
    with store.database.writing() as sql:
        sql.execute(statement)
    store.close()
    assert WRONG[statement] in "\n".join(damage.problem for damage in verify(store.root).damages)


def test_a_database_that_cannot_be_read_is_said_to_be_so(filled, tmp_path):
    store = Store.overlay(filled, tmp_path / "hub")
    store.close()
    file = store.root / "hub.sqlite"
    file.write_bytes(b"\0" * 5000 + file.read_bytes()[5000:])
    assert "database" in verify(store.root).damages[0].problem


def test_a_content_its_owner_has_erased_is_no_damage(store):
    put(store, {"w.bin": b"weights"})
    blob = next(one for one in store.database.all("SELECT * FROM blobs") if one["sha256"])
    store.erase(rid(store), {blob["sha256"]}, rewrite=False)
    assert not store.blobs.path("sha256", blob["sha256"]).exists()
    assert sound(store.root)


def spoil(store: Store, id: str, path: str, content: bytes | None) -> Path:
    """Change a kept content on disk, or take it away; where it was."""
    sql = store.database.connection
    tip = history.resolve(sql, rid(store, id), "main")
    assert tip
    place = store.blobs.path_of(history.blobs_of(sql, tip.tree)[path])
    if content is None:
        place.unlink()
    else:
        place.write_bytes(content)
    return place


def test_damage_is_named_with_what_holds_it_and_what_to_do(store):
    put(store, {"a.txt": b"fine", "w.bin": b"weights", "lost.txt": b"lost", "d/short.txt": b"shorter"})
    store.duplicate(rid(store), "me/two", private=False, created_at=DAY)
    put(store, {"more.txt": b"1"})
    put(store, {}, deletions=["w.bin"])
    spoil(store, "me/two", "w.bin", b"wEights")
    spoil(store, "me/one", "lost.txt", None)
    spoil(store, "me/one", "d/short.txt", b"short")
    found = {
        damage.problem.split(" is ")[1]: damage for damage in verify(store.root).damages if damage.holders
    }
    assert len(verify(store.root).damages) == 3
    assert set(found) == {"damaged.", "missing."}
    text = "\n".join(map(str, verify(store.root).damages))
    assert "model me/two: w.bin (main)" in text
    assert "model me/one: w.bin (in commit " in text
    assert "model me/one: lost.txt (main)" in text
    assert "model me/one: d/short.txt (main)" in text
    assert "a.txt" not in text
    assert "--repair" in found["damaged."].next_step
    assert "Upload it again" in found["missing."].next_step


def test_damage_below_an_overlay_is_mended_where_it_is(store, tmp_path):
    put(store, {"w.bin": b"weights"})
    copy = Store.overlay(store.root, tmp_path / "copy")
    place = spoil(copy, "me/one", "w.bin", b"wEights")
    found = verify(copy.root)
    assert f"--root {store.root} --repair" in found.damages[0].next_step
    assert put_aside(copy.root, found) == []
    assert put_aside(store.root, verify(store.root))
    assert not place.exists()
    copy.close()


def test_what_is_sound_is_never_put_aside(store):
    put(store, {"w.bin": b"weights"})
    place = spoil(store, "me/one", "w.bin", b"wEights")
    found = verify(store.root)
    place.write_bytes(b"weights")
    assert put_aside(store.root, found) == []


@pytest.mark.slow
def test_damaged_files_are_refused_in_words_and_the_client_mends_them_by_uploading_again(tmp_path):
    files = {
        "same.txt": b"same length",
        "short.txt": b"shorter",
        "gone.txt": b"gone",
        "w.bin": b"weights" * 900,
        "README.md": b"---\ntags: [red]\n---\n",
        ".gitattributes": b"*.bin filter=lfs diff=lfs merge=lfs -text\n",
    }
    with start(tmp_path / "hub", users=["me:hf_me_offline"]) as hub:
        api = HfApi(endpoint=hub.url, token="hf_me_offline")
        api.create_repo("me/one")
        operations = [CommitOperationAdd(path, content) for path, content in files.items()]
        api.create_commit("me/one", operations, commit_message="all")
        store = Store.open(hub.root)
        for path, content in {
            "same.txt": b"SAME length",
            "short.txt": b"short",
            "gone.txt": None,
            "w.bin": b"Weights" * 900,
            "README.md": b"---",
            ".gitattributes": None,
        }.items():
            spoil(store, "me/one", path, content)
        store.close()
        for path in ("short.txt", "gone.txt", "README.md", ".gitattributes"):
            answer = httpx.get(f"{hub.url}/me/one/resolve/main/{path}", trust_env=False)
            assert (answer.status_code, answer.headers["x-error-code"]) == (500, "Damaged"), path
        assert httpx.get(f"{hub.url}/me/one/resolve/main/same.txt", trust_env=False).status_code == 200
        assert api.model_info("me/one").tags

        done = run("verify", "--root", str(hub.root), "--repair")
        assert done.returncode == 1, done
        assert "model me/one: gone.txt (main)" in done.stdout
        assert done.stdout.count("moved aside") == 4
        operations = [CommitOperationAdd(path, content) for path, content in files.items()]
        api.create_commit("me/one", operations, commit_message="again")
        done = run("verify", "--root", str(hub.root))
        assert done.returncode == 0, done.stdout
        for path, content in files.items():
            answer = httpx.get(
                f"{hub.url}/me/one/resolve/main/{path}", trust_env=False, follow_redirects=True
            )
            assert answer.content == content, path


@pytest.mark.slow
def test_verifying_beside_a_busy_server_finds_nothing_wrong(tmp_path):
    with start(tmp_path / "hub", users=["me:hf_me_offline"]) as hub:
        api = HfApi(endpoint=hub.url, token="hf_me_offline")
        api.create_repo("me/one")
        ended = threading.Event()

        def write() -> None:
            number = 0
            while not ended.is_set():
                number += 1
                api.upload_file(
                    path_or_fileobj=b"%d" % number, path_in_repo=f"{number % 5}.bin", repo_id="me/one"
                )
                if number % 7 == 0:
                    api.super_squash_history("me/one")
                    hub.clear("0")

        writer = threading.Thread(target=write)
        writer.start()
        until = time.monotonic() + 1.5
        try:
            while time.monotonic() < until:
                assert sound(hub.root)
        finally:
            ended.set()
            writer.join()
