"""The table of a session's numbers: no two rows alike, no column without a number, no share of too few answers."""

from __future__ import annotations

import pytest

from hf_nb.values.numbers import Stat, Stats


def seen(model: str, task: str, answers: int, method: str = "local") -> Stat:
    """So many answers, all of them good."""
    return Stat(method, model, task, answers, answers, success=1.0, p50=0.2, p95=0.3, p99=0.3)


TWO_TASKS = [seen("own/vectors", task, 3) for task in ("feature-extraction", "sentence-similarity")]
OTHER = Stat("hf", "own/vectors", "feature-extraction", calls=1, success=0.0, errors={"Busy": 1})


def said(*stats: Stat) -> tuple[str, str]:
    bundle = Stats(stats)._repr_mimebundle_()
    return bundle["text/plain"], bundle["text/html"]


def test_the_task_is_named_where_one_model_has_several_and_only_there() -> None:
    text, html = said(OTHER, *TWO_TASKS)
    rows = text.splitlines()[1:4]
    assert [row.split("  ")[0] for row in rows] == [
        "own/vectors",
        "own/vectors · feature-extraction",
        "own/vectors · sentence-similarity",
    ]
    assert 'own/vectors<div class="soft">sentence-similarity</div>' in html
    assert "own/vectors · hf: Busy 1" in text


def test_a_share_is_shown_of_answers_enough_to_have_one() -> None:
    for shown in said(seen("own/one", "chat", 3)):
        assert "median" in shown
        assert "95 %" not in shown
    for shown in said(seen("own/one", "chat", 40)):
        assert "95 % within" in shown
        assert "99 %" not in shown


def test_eighty_columns_hold_what_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    text, _ = said(
        *TWO_TASKS, seen("someone/with-a-rather-long-name-for-a-model", "chat", 40, "hf/hf-inference")
    )
    rows = text.splitlines()[:4]
    assert max(map(len, rows)) <= 80
    assert rows[0].split() == ["model", "method", "calls", "success", "median"]
    assert rows[3].split()[1:] == ["hf/hf-inference", "40", "100", "%", "200", "ms"]
