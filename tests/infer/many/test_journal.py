"""What is written down of a batch: torn, of another batch, in use, on a full disk, with a credential in it."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hf_nb.errors import BadInput, Busy, TooLarge
from hf_nb.infer.many import journal
from hf_nb.infer.many.journal import Journal

OF = "this batch"
Opened = Callable[..., Journal]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "batch.jsonl"


@pytest.fixture
def opened(path: Path) -> Iterator[Opened]:
    every: list[Journal] = []

    def open_(of: str = OF, *, ours: bool = False) -> Journal:
        made = Journal(path, of, ours=ours)
        every.append(made)
        made.open()
        return made

    yield open_
    for one in every:
        one.close()


def write(opened: Opened, *rows: int) -> None:
    one = opened()
    for row in rows:
        one.answered(row, f"mark{row}", f"answer {row}")
    one.close()


def test_what_was_written_is_found_by_row_and_input(opened: Opened) -> None:
    write(opened, 0, 1)
    found = opened()
    assert (found.find(1, "mark1") or {})["answer"] == "answer 1"
    assert found.find(1, "mark0") is None
    assert found.find(2, "mark2") is None


def test_it_goes_on_behind_what_is_there_also_after_looking(opened: Opened) -> None:
    write(opened, 0, 1)
    one = opened()
    assert one.find(0, "mark0")
    one.answered(2, "mark2", "answer 2")
    one.close()
    again = opened()
    assert all(again.find(row, f"mark{row}") for row in range(3))


def test_a_failure_is_told_again_as_what_it_was(opened: Opened) -> None:
    one = opened()
    one.failed(3, "m", TooLarge("Too long.", "Shorten it."))
    one.close()
    line = opened().find(3, "m")
    assert line is not None
    wrong = journal.error(line["error"])
    assert (type(wrong), wrong.problem, wrong.next_step) == (TooLarge, "Too long.", "Shorten it.")


@pytest.mark.parametrize("name", ["SystemExit", "os", "Callable", "HfNbError"])
def test_a_class_that_is_none_of_ours_does_nothing(name: str) -> None:
    assert type(journal.error([name, "p", "n"])).__name__ == "HfNbError"


def test_every_torn_last_line_is_cut_off_and_the_rest_stays(opened: Opened, path: Path) -> None:
    write(opened, 0, 1, 2)
    whole = path.read_bytes()
    begins = whole.rindex(b"\n", 0, -1) + 1
    for cut in range(begins, len(whole)):
        path.write_bytes(whole[:cut])
        one = opened()
        assert len(one.there) == 2
        one.answered(2, "mark2", "answer 2")
        one.close()
        assert path.read_bytes() == whole


def test_a_spoilt_line_in_the_middle_costs_only_its_row(opened: Opened, path: Path) -> None:
    write(opened, 0, 1, 2)
    lines = path.read_bytes().splitlines(keepends=True)
    lines[2] = b"\xff\x00garbage" + b"[" * 100_000 + b"\n"
    path.write_bytes(b"".join(lines))
    found = opened()
    assert {row for row, _ in found.there} == {0, 2}


def test_a_file_that_is_no_journal_is_refused_and_left_alone(opened: Opened, path: Path) -> None:
    path.parent.mkdir()
    for text in ("text,label\nhello,1\n", '{"a": 1}\n', "no end of line"):
        path.write_text(text)
        with pytest.raises(BadInput, match="no journal"):
            opened()
        assert path.read_text() == text


def test_another_batch_is_refused(opened: Opened) -> None:
    write(opened, 0)
    with pytest.raises(BadInput, match="another batch"):
        opened("other parameters")


def test_a_second_one_at_it_is_refused_with_a_next_step(opened: Opened) -> None:
    one = opened()
    with pytest.raises(Busy) as wrong:
        opened()
    assert "journal=" in wrong.value.next_step
    one.close()
    opened().close()


def test_one_that_was_killed_holds_nobody_up(opened: Opened, path: Path) -> None:
    script = (
        "import os, signal, sys; from pathlib import Path; from hf_nb.infer.many.journal import Journal\n"
        f"j = Journal(Path(sys.argv[1]), {OF!r}, ours=False); j.open(); j.answered(0, 'mark0', 'a'); j.flush()\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", script, str(path)], check=False)
    assert opened().find(0, "mark0")


def test_a_full_disk_is_said_and_stops_nothing(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    one = opened()

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    one.answered(0, "m", "a")
    one.flush()
    assert "disk is full" in one.problem
    one.answered(1, "m", "b")
    one.close()


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    one = Journal(tmp_path / "file" / "batch.jsonl", OF, ours=True)
    one.open()
    assert "Not written down" in one.problem
    one.answered(0, "m", "a")
    one.close()


def test_an_answer_with_a_credential_is_not_written_down(opened: Opened, path: Path) -> None:
    secret = "hf_" + "A" * 34
    one = opened()
    one.answered(0, "m", f"your token is {secret}")
    one.answered(1, "m", "fine")
    one.close()
    assert secret not in path.read_text()
    assert len(opened().there) == 1


def test_no_input_stands_in_it_and_nobody_else_may_read_it(opened: Opened, path: Path) -> None:
    write(opened, 0)
    assert {"row", "input", "answer"} == json.loads(path.read_text().splitlines()[1]).keys()
    if sys.platform != "win32":
        assert path.stat().st_mode & 0o077 == 0


def test_our_own_folder_is_not_taken_up_by_git_and_old_ones_go(tmp_path: Path) -> None:
    folder = tmp_path / ".hf_nb" / "batches"
    folder.mkdir(parents=True)
    old = folder / "old.jsonl"
    old.write_text("")
    os.utime(old, (0, 0))
    one = Journal(folder / "new.jsonl", OF, ours=True)
    one.open()
    one.close()
    assert not old.exists()
    assert (tmp_path / ".hf_nb" / ".gitignore").read_text() == "*\n"
