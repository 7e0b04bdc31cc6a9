"""How many processors there are for us, and how many of them others leave."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hf_nb.plumbing import processors


@pytest.mark.parametrize(
    ("said", "count"),
    [
        ("200000 100000\n", 2),
        ("150000 100000\n", 2),
        ("5000 100000\n", 1),
        ("max 100000\n", None),
        ("?", None),
    ],
)
def test_a_container_s_quota_counts_in_whole_processors(tmp_path: Path, said: str, count: int | None) -> None:
    file = tmp_path / "cpu.max"
    file.write_text(said)
    assert processors.quota(file) == count
    assert processors.quota(tmp_path / "missing") is None


def test_a_machine_of_sixty_four_that_lends_two_has_two(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "cpu.max"
    file.write_text("200000 100000")
    monkeypatch.setattr(processors, "QUOTA", file)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(64)), raising=False)
    processors.there.cache_clear()
    try:
        assert processors.there() == 2
    finally:
        processors.there.cache_clear()


@pytest.mark.parametrize(
    ("load", "own", "count"),
    [(0.0, 0.0, 8), (8.0, 8.0, 8), (8.0, 0.0, 1), (5.0, 2.0, 5), (40.0, 0.0, 1), (0.4, 1.0, 8)],
)
def test_what_others_keep_at_work_is_left_to_them_and_what_we_use_ourselves_is_not_counted(
    monkeypatch: pytest.MonkeyPatch, load: float, own: float, count: int
) -> None:
    monkeypatch.setattr(os, "getloadavg", lambda: (load, 0.0, 0.0), raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    monkeypatch.setattr(processors, "there", lambda: 8)
    monkeypatch.setattr(processors, "_own", type("Own", (), {"now": lambda _: own})())
    assert processors.free() == count


def test_what_we_use_is_forgotten_as_the_load_average_forgets_it(monkeypatch: pytest.MonkeyPatch) -> None:
    now, spent = [1_000.0], [100.0]
    monkeypatch.setattr("hf_nb.plumbing.processors.time.monotonic", lambda: now[0])
    monkeypatch.setattr("hf_nb.plumbing.processors.time.process_time", lambda: spent[0])
    use = processors.Use(share=0.0, at=now[0], spent=spent[0])
    for _ in range(240):  # a minute with two processors at work
        now[0] += 0.25
        spent[0] += 0.5
        use.now()
    assert use.now() == pytest.approx(2 * (1 - 1 / 2.718), rel=0.02)
    now[0] += 300
    assert use.now() < 0.02
