"""How far it is, in one line that stands still and fits."""

import pytest

from hf_nb.plumbing.progress import Progress
from hf_nb.render import plain, progress

HALF = Progress("owner/name", 46_000_000, 92_000_000, "bytes", 4.6, "3 of 8 files", 9_900_000.0)


def test_a_bar_says_how_much_how_fast_how_long_and_how_many_files() -> None:
    assert progress.text(HALF, 120) == (
        "owner/name ━━━━━━━━━━━━────────────  50% 46 MB of 92 MB · 9.9 MB/s · 5 s left · 3 of 8 files"
    )


@pytest.mark.parametrize("room", [60, 80, 99, 120])
@pytest.mark.parametrize(
    "name", ["owner/name", "an-organisation/with-a-name-that-has-no-end-at-all-2.5-instruct"]
)
def test_it_fits_the_screen_and_the_bar_stands_still(room: int, name: str) -> None:
    lines = [
        progress.text(Progress(name, done, 92_000_000, "bytes", done / 1e7, "3 of 8 files"), room)
        for done in range(1_000_000, 92_000_000, 7_000_000)
    ]
    assert all(plain.measure(line) <= room for line in lines)
    assert len({line.index("%") for line in lines}) == 1


def test_the_time_left_is_not_guessed_from_the_first_moments() -> None:
    early = Progress("owner/name", 46_000_000, 92_000_000, "bytes", 0.5, "3 of 8 files")
    assert "left" not in progress.text(early)
    assert "left" in progress.text(HALF)


def test_what_is_over_is_one_quiet_line() -> None:
    over = Progress("owner/name", 92_000_000, 92_000_000, "bytes", 9.5, rate=9_700_000.0)
    assert progress.text(over) == "owner/name: 92 MB · 9.7 MB/s · in 9.5 s"
    assert "progressbar" not in progress.html(over)


def test_a_bar_in_a_notebook_is_read_aloud_and_escaped() -> None:
    shown = progress.html(Progress("<b>x", 1, 4, "rows", 1.0, "1 of 4 <i>"))
    assert 'role="progressbar"' in shown
    assert 'aria-valuenow="25"' in shown
    assert "<b>x" not in shown
    assert "<i>" not in shown
    assert "1 rows of 4 rows" in shown or "1 of 4 rows" in shown


def test_an_unknown_total_is_counted_without_a_bar() -> None:
    assert progress.text(Progress("reading", 1_200, None, "rows", 2.0)) == "reading: 1.2 k rows · 600 rows/s"
