"""Two runs into one folder: the second is told so, a killed one stands in nobody's way, and what it did is kept."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import pytest

import hf_nb
from hf_nb.data.preparing import journal
from hf_nb.data.preparing.alone import alone
from hf_nb.errors import BadInput, Busy
from tests.data.prepare.test_prepare import digests

ROWS = [{"id": at, "text": f"some words {at}"} for at in range(1_200)]
# Blocks of 300 rows; with HOLD it stands still in the third, until it is killed.
SCRIPT = """
    import os, sys, time
    import hf_nb
    from hf_nb.data.preparing import prepare
    from hf_nb.errors import HfNbError
    prepare.ROWS = 300

    def longer(row):
        if row["id"] == 700 and os.environ.get("HOLD"):
            time.sleep(300)
        return {"n": len(row["text"])}

    try:
        made = hf_nb.data.prepare(sys.argv[1], to=sys.argv[2], map=longer, replace="--replace" in sys.argv)
    except HfNbError as wrong:
        sys.exit(f"{type(wrong).__name__}: {wrong}")
    print(made.resumed, made.blocks)
"""


@pytest.fixture
def words(tmp_path: Path) -> list[str]:
    """The command of a run into `out`."""
    (tmp_path / "run.py").write_text(textwrap.dedent(SCRIPT))
    pa.parquet.write_table(pa.Table.from_pylist(ROWS), tmp_path / "rows.parquet")
    return [sys.executable, str(tmp_path / "run.py"), str(tmp_path / "rows.parquet"), str(tmp_path / "out")]


@contextmanager
def held(words: list[str], blocks: int = 2) -> Iterator[subprocess.Popen[str]]:
    """A run that has written so many blocks, and stands still in the next."""
    lines = Path(words[3]) / journal.NAME
    run = subprocess.Popen(words, env={**os.environ, "HOLD": "1"}, stderr=subprocess.PIPE, text=True)
    try:
        until = time.monotonic() + 90
        while not (lines.exists() and len(lines.read_text().splitlines()) > blocks):
            assert run.poll() is None
            assert time.monotonic() < until
            time.sleep(0.02)
        yield run
    finally:
        run.kill()
        run.communicate()


def again(words: list[str], *more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*words, *more], capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT], ids=["killed", "interrupted"])
def test_a_second_run_is_refused_and_goes_on_when_the_first_is_gone(
    how: signal.Signals, words: list[str], tmp_path: Path
) -> None:
    with held(words) as first:
        before = digests(tmp_path / "out")
        for more in ([], ["--replace"]):
            second = again(words, *more)
            assert second.returncode == 1
            assert "Busy: Another run is writing into" in second.stderr
            assert "Another folder" in second.stderr
            assert digests(tmp_path / "out") == before, "nothing of the first one's was touched"
        first.send_signal(how)
        first.wait(60)
    third = again(words)
    assert (third.returncode, third.stdout.split()) == (0, ["2", "4"]), third.stderr
    found = hf_nb.data.open(tmp_path / "out").read(0, 2_000).to_pylist()
    assert found == [{**row, "n": len(str(row["text"]))} for row in ROWS]


def test_of_two_that_begin_together_at_most_one_writes_and_nothing_is_broken(
    words: list[str], tmp_path: Path
) -> None:
    runs = [
        subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(3)
    ]
    said = [run.communicate(timeout=120) for run in runs]
    assert 0 in {run.returncode for run in runs}
    assert all(
        run.returncode == 0 or "Another run" in wrong for run, (_, wrong) in zip(runs, said, strict=True)
    )
    assert again(words).stdout.split() == ["4", "4"]
    assert hf_nb.data.open(tmp_path / "out").count() == len(ROWS)


def test_a_run_within_a_run_is_refused_and_a_failed_one_lets_go(tmp_path: Path) -> None:
    def inner(row: dict[str, Any]) -> dict[str, Any]:
        hf_nb.data.prepare(ROWS, to=tmp_path / "out", replace=True)
        return row

    with pytest.raises(BadInput, match="Busy: Another run"):
        hf_nb.data.prepare(ROWS, to=tmp_path / "out", map=inner)
    assert hf_nb.data.prepare(ROWS, to=tmp_path / "out", replace=True).splits == (("train", 1_200),)


def test_a_folder_of_somebody_else_gets_no_lock(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("years")
    with pytest.raises(BadInput, match="other files"):
        hf_nb.data.prepare(ROWS, to=tmp_path)
    assert [one.name for one in tmp_path.iterdir()] == ["thesis.tex"]


def test_where_the_disk_has_no_locks_it_goes_on_and_where_it_may_not_write_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(number: int) -> Any:
        def acquire(*_: object, **__: object) -> None:
            raise OSError(number, os.strerror(number))

        return acquire

    monkeypatch.setattr("filelock.FileLock.acquire", failing(errno.ENOLCK))
    assert hf_nb.data.prepare(ROWS, to=tmp_path / "out").splits == (("train", 1_200),)
    monkeypatch.setattr("filelock.FileLock.acquire", failing(errno.EACCES))
    with pytest.raises(BadInput, match="cannot be written"), alone(tmp_path):
        pass


def test_a_lock_is_free_again_after_its_block(tmp_path: Path) -> None:
    for _ in range(2):
        with alone(tmp_path), pytest.raises(Busy, match="now"), alone(tmp_path):
            pass
