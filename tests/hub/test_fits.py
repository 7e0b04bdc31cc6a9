"""Whether a model has room here, by what a list says of it: in the filter of a search, in `info`."""

from __future__ import annotations

from typing import Any

import pytest

import hf_nb
from hf_nb import errors
from hf_nb.hub import fits
from hf_nb.plumbing import memory
from hf_nb.plumbing.session import Session

DEMO = "hfnb-demo/sentiment-en"
GB = 10**9


@pytest.fixture
def session(hub: Any) -> Session:
    return Session()


@pytest.mark.parametrize(
    ("parameters", "there", "verdict"),
    [
        (10**9, 16 * GB, "fits"),
        (10**9, 4_500_000_000, "tight"),
        (10**9, 3 * GB, "too large"),
        (1, 0, "too large"),
    ],
)
def test_four_bytes_a_number_and_what_stands_beside(parameters: int, there: int, verdict: str) -> None:
    found = fits.room(parameters, None, there)
    assert found
    assert found.verdict == verdict
    assert found.bytes > 4 * parameters
    assert (verdict == "fits") == ("free" not in found.sentence)


def test_numbers_stored_shorter_stand_there_twice_while_they_are_loaded() -> None:
    plain, short = (fits.peak(4 * GB, stored, 0) for stored in (4 * GB, 2 * GB))
    assert short == pytest.approx(plain + 2 * GB, rel=0.01)


@pytest.mark.parametrize("count", [None, 0])
def test_of_unknown_size_nothing_is_said(count: int | None) -> None:
    assert fits.room(count) is None


def test_a_container_may_take_less_than_the_machine_has(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    most, taken = tmp_path / "most", tmp_path / "taken"
    monkeypatch.setattr(memory, "_LIMITS", ((most, taken),))
    whole = memory.free()
    most.write_text("max")
    taken.write_text("5")
    assert memory.free() > 0
    most.write_text("1000")
    assert memory.free() == 995 < whole


def test_a_search_leaves_out_what_has_no_room_and_counts_what_it_cannot_tell(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = hf_nb.search(limit=100, session=session)
    unknown = sum(not row.parameters for row in hf_nb.search(limit=100, min_parameters=0, session=session))
    found = hf_nb.search(fits=True, limit=100, session=session)
    assert DEMO in found.ids
    assert 0 < len(found) < len(every)
    assert all(row.parameters for row in found)
    assert "of unknown size left out" in str(found)
    assert unknown >= 0
    monkeypatch.setattr(memory, "_machine", lambda: 1_000)
    assert not hf_nb.search(fits=True, limit=100, session=session)


def test_only_models_have_to_fit(session: Session) -> None:
    with pytest.raises(errors.BadInput):
        hf_nb.search(kind="datasets", fits=True, session=session)


def test_info_says_whether_there_is_room(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = str(hf_nb.info(DEMO, session=session))
    assert "fits, at most ≈" in shown
    monkeypatch.setattr(memory, "_machine", lambda: 1_000)
    assert "too large: at most ≈" in str(hf_nb.info(DEMO, session=session))
    assert hf_nb.info("datasets/hfnb-demo/digits", session=session).fits is None
