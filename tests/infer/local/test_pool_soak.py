"""The soak of the pool, a small one: models that together exceed the budget, asked by many threads."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks.pool import soak

pytestmark = pytest.mark.slow


def test_many_threads_over_more_models_than_there_is_room_for_fail_nothing_and_hold_the_budget(
    served_hub: object, tmp_path: Path
) -> None:
    seen = soak(60, tmp_path)
    print(seen.line())
    assert seen.wrong == []
    assert seen.loads > 3, "models had to go"
    assert seen.held, seen.line()
