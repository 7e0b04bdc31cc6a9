"""The file of kept answers: shared, bounded, mended, and never in the way."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from hf_nb.infer.remembered import disk as module
from hf_nb.infer.remembered import sieve
from hf_nb.infer.remembered.disk import Disk

MARK = b"a" * 20


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "answers" / "answers.sqlite3"


@pytest.fixture
def disk(path: Path) -> Iterator[Disk]:
    made = opened(path)
    yield made
    made.close()


def opened(path: Path, budget: int = 10_000_000) -> Disk:
    return Disk(path, lambda: budget)


def numbered(number: int) -> bytes:
    return number.to_bytes(20, "big")


def test_what_one_process_was_told_another_reads(path: Path, disk: Disk) -> None:
    disk.put(MARK, b"said")
    disk.flush()
    line = (
        "import sys; from pathlib import Path; from hf_nb.infer.remembered.disk import Disk;"
        "d = Disk(Path(sys.argv[1]), lambda: 10**7); print(d.get(b'a' * 20)); d.put(b'b' * 20, b'back')"
    )
    done = subprocess.run([sys.executable, "-c", line, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "b'said'"
    assert disk.get(b"b" * 20) == b"back"  # written when the other process ended


def test_nothing_is_made_before_something_is_kept(path: Path, disk: Disk) -> None:
    assert disk.get(MARK) is None
    assert disk.status() == (0, 0)
    assert not path.parent.exists()


def test_only_its_owner_reads_it(path: Path, disk: Disk) -> None:
    disk.put(MARK, b"said")
    disk.flush()
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


def test_it_is_written_without_being_asked_to(path: Path, disk: Disk) -> None:
    disk.put(MARK, b"said")
    thread = disk._thread
    assert thread is not None
    thread.join(30)
    assert not thread.is_alive()
    other = opened(path)
    assert other.get(MARK) == b"said"
    other.close()


def test_it_stays_within_its_budget_and_the_last_used_stay(path: Path) -> None:
    small = opened(path, 400_000)
    body = os.urandom(4_000)
    for number in range(300):
        small.put(numbered(number), body)
        if number % 10 == 0:
            small.flush()
            small.used(numbered(0))
    small.flush()
    number, size = small.status()
    assert 40 < number < 100
    assert size < 900_000  # with the journal beside it
    assert path.stat().st_size < 450_000
    assert small.get(numbered(0)) == body
    assert small.get(numbered(299)) == body
    assert small.get(numbered(5)) is None
    small.close()


def test_a_broken_file_is_set_aside_and_begun_anew(path: Path, disk: Disk) -> None:
    disk.put(MARK, b"said")
    disk.close()
    content = bytearray(path.read_bytes())
    content[:100] = b"\xff" * 100
    path.write_bytes(bytes(content))
    again = opened(path)
    assert again.get(MARK) is None
    again.put(MARK, b"anew")
    again.flush()
    assert again.get(MARK) == b"anew"
    assert again.problem == ""
    assert path.with_suffix(".broken").exists()
    again.close()


def test_one_that_is_no_database_at_all_is_set_aside_by_writing_too(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("this is no database, and it is longer than a header of one hundred bytes is " * 5)
    again = opened(path)
    again.put(MARK, b"one")
    again.flush()
    again.put(MARK, b"two")
    again.flush()
    assert again.get(MARK) == b"two"
    again.close()


def test_a_full_disk_is_said_and_what_is_there_is_read(disk: Disk, monkeypatch: pytest.MonkeyPatch) -> None:
    disk.put(MARK, b"said")
    disk.flush()
    writer = disk._writer
    assert writer is not None
    pages = writer.execute("PRAGMA page_count").fetchone()[0]
    writer.execute(f"PRAGMA max_page_count={pages}")  # SQLite says the same of a full disk
    disk.put(b"b" * 20, os.urandom(50_000))
    disk.flush()
    assert "full" in disk.problem
    assert disk.get(MARK) == b"said"
    assert disk.get(b"b" * 20) is None
    writer.execute("PRAGMA max_page_count=100000")
    disk.put(b"c" * 20, b"not yet")
    disk.flush()
    assert disk.get(b"c" * 20) is None
    monkeypatch.setattr(disk, "_until", 0.0)  # the minute is over
    disk.put(b"c" * 20, b"now")
    disk.flush()
    assert disk.get(b"c" * 20) == b"now"
    assert disk.problem == ""


def test_a_folder_that_cannot_be_made_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "answers").write_text("a file where the folder should be")
    blocked = opened(tmp_path / "answers" / "answers.sqlite3")
    blocked.put(MARK, b"said")
    assert blocked.get(MARK) == b"said"  # it waits to be written
    blocked.flush()
    assert blocked.problem
    blocked.close()


def test_while_another_process_writes_nothing_is_said_to_be_wrong(path: Path, disk: Disk) -> None:
    disk.put(MARK, b"said")
    disk.flush()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        assert opened(path).get(MARK) == b"said"
    finally:
        other.execute("ROLLBACK")
        other.close()
    assert disk.problem == ""


def test_processes_write_at_once_and_nothing_is_lost(path: Path) -> None:
    line = (
        "import sys; from pathlib import Path; from hf_nb.infer.remembered.disk import Disk;"
        "d = Disk(Path(sys.argv[1]), lambda: 10**7); n = int(sys.argv[2])\n"
        "for i in range(n, n + 200):\n    d.put(i.to_bytes(20, 'big'), b'x' * 50)\n    i % 20 or d.flush()\n"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", line, str(path), str(begin)]) for begin in (0, 200, 400)
    ]
    assert [one.wait(60) for one in started] == [0, 0, 0]
    disk = opened(path)
    assert disk.status()[0] == 600
    disk.close()


def test_threads_read_and_write_at_once(disk: Disk) -> None:
    wrong: list[BaseException] = []

    def work(begin: int) -> None:
        try:
            for number in range(begin, begin + 200):
                disk.put(numbered(number), numbered(number))
                assert disk.get(numbered(number)) == numbered(number)
                if number % 40 == 0:
                    disk.flush()
        except BaseException as one:  # noqa: BLE001 -- told below
            wrong.append(one)

    threads = [threading.Thread(target=work, args=(begin,)) for begin in (0, 1_000, 2_000)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert wrong == []
    assert disk.status()[0] == 600


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_child_has_a_file_of_its_own_and_leaves_the_parents_alone(path: Path, disk: Disk) -> None:
    disk.put(MARK, b"parent")
    disk.flush()
    child = os.fork()
    if not child:
        code = 1
        try:
            disk.put(b"b" * 20, b"child")
            code = 0 if disk.get(MARK) == b"parent" else 2
            disk.flush()
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert disk.get(b"b" * 20) == b"child"
    disk.put(MARK, b"still")
    disk.flush()
    assert sqlite3.connect(path).execute("SELECT count(*) FROM answers").fetchone() == (2,)


def test_a_table_of_another_form_is_begun_anew(path: Path, disk: Disk) -> None:
    disk.put(MARK, b"said")
    disk.close()
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version={module.FORM + 1}")
    connection.close()
    again = opened(path)
    assert again.get(MARK) is None
    again.put(MARK, b"anew")
    again.flush()
    again.put(MARK, b"anew")
    again.flush()
    assert again.get(MARK) == b"anew"
    again.close()


def test_cleared_it_is_empty_and_small_for_everybody(path: Path, disk: Disk) -> None:
    other = opened(path)
    for number in range(200):
        disk.put(numbered(number), os.urandom(5_000))
    disk.flush()
    assert other.get(numbered(3)) is not None
    assert disk.clear()[0] == 200
    assert other.get(numbered(3)) is None
    assert path.stat().st_size < 100_000
    other.close()


def test_what_cannot_be_cleared_is_not_said_to_be_gone(path: Path, disk: Disk) -> None:
    disk.put(MARK, b"an answer")
    disk.flush()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")  # another process writes, for longer than anybody waits
    assert disk.clear()[0] == 0
    other.execute("ROLLBACK")
    other.close()
    assert disk.get(MARK) == b"an answer"
    assert disk.clear()[0] == 1
    assert disk.get(MARK) is None


def test_answers_in_a_file_that_was_set_aside_are_cleared_too(path: Path, disk: Disk) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.with_suffix(".broken").write_bytes(b"half an answer")
    disk.clear()
    assert not path.with_suffix(".broken").exists()


def test_what_is_surely_new_is_not_looked_up_and_what_others_wrote_is_found(
    path: Path, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sieve, "HOLDS", 600.0)  # however slow the machine is
    disk.put(MARK, b"said")
    disk.flush()
    assert disk._sieve.lacks(b"b" * 20)
    assert not disk._sieve.lacks(MARK)
    assert disk._reader is None
    assert disk.get(b"b" * 20) is None
    assert disk._reader is None  # nobody was asked
    assert disk.get(MARK) == b"said"
    other = opened(path)
    other.put(b"b" * 20, b"by another")
    other.flush()
    assert disk.get(b"b" * 20) == b"by another"
    disk.put(b"c" * 20, b"more")
    disk.flush()
    assert not disk._sieve.lacks(b"b" * 20)  # read on in passing
    other.close()


def test_many_are_put_and_found_together(disk: Disk) -> None:
    bodies = {numbered(number): b"said %d" % number for number in range(1_200)}
    disk.put_many(bodies)
    assert disk.get_many([*bodies][:2]) == {numbered(0): b"said 0", numbered(1): b"said 1"}  # not yet written
    disk.flush()
    assert disk.get_many([*bodies, MARK]) == bodies
