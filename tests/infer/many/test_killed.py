"""10,000 rows with 37 bad ones, the process killed three times: each good row once, each bad one explained."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.infer.many.planted import BAD, MODEL, ROWS, planted, rows

if TYPE_CHECKING:
    from hf_nb.offline.running import Running

pytestmark = [pytest.mark.slow, pytest.mark.timeout(480)]
KILLED_AT = (1_500, 4_500, 7_500)  # lines of the journal
GROUP = 2_500  # rows that may be asked again after a kill: what was not on the disk yet


def lines(path: Path) -> int:
    return path.read_bytes().count(b"\n") if path.exists() else 0


def begin(hub: Running, folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "tests.infer.many.killed",
            folder,
            folder / "journal.jsonl",
            folder / "out.json",
        ],
        env={**os.environ, **hub.environment},
        cwd=Path(__file__).parents[3],
        stdout=subprocess.DEVNULL,
    )


def test_a_batch_killed_three_times_answers_each_good_row_once_and_explains_each_bad_one(
    hub: Running, tmp_path: Path
) -> None:
    journal = tmp_path / "journal.jsonl"
    for at in KILLED_AT:
        process = begin(hub, tmp_path)
        while lines(journal) < at:
            assert process.poll() is None, "it ended before it was killed"
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.wait(30)
        written = journal.read_bytes()
        journal.write_bytes(written + b'{"row": 3, "inp')  # and its last line is torn
    last = begin(hub, tmp_path)
    assert last.wait(300) == 0
    found = json.loads((tmp_path / "out.json").read_text())

    bad = planted()
    assert (found["rows"], found["ok"], found["failed"]) == (ROWS, ROWS - BAD, BAD)
    assert found["rows"] == found["ok"] + found["failed"]
    assert {row for row, _, _ in found["errors"]} == bad
    assert all(error == "BadInput" and problem for _, error, problem in found["errors"])
    assert all((value is None) == (at in bad) for at, value in enumerate(found["values"]))
    assert found["there"] >= KILLED_AT[-1]
    assert "rows were there." in found["said"]
    # each row stands in the journal once, with its own answer
    stands = Counter(json.loads(line)["row"] for line in journal.read_text().splitlines()[1:])
    assert set(stands) == set(range(ROWS)) - bad
    assert set(stands.values()) == {1}
    # what went through the model again is what was not on the disk when it was killed
    passed = Counter((tmp_path / "passed").read_text().splitlines())
    assert len(passed) == ROWS - BAD
    again = sum(count - 1 for count in passed.values())
    assert again <= GROUP * len(KILLED_AT)
    print(f"asked again after three kills: {again} of {ROWS}")


def test_the_answers_are_those_of_one_question_at_a_time(hub: Running, tmp_path: Path) -> None:
    from hf_nb import infer

    some = [one for at, one in enumerate(rows()[:60]) if at not in planted()]
    together = infer.batch(some, model=MODEL, journal=False)
    for text, label, score in zip(some, together.values, together.scores, strict=True):
        alone: Any = infer.run(text, model=MODEL)
        assert (alone.label, alone.score) == (label, pytest.approx(score, abs=1e-5))
