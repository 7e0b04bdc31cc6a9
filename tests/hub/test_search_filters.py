"""Every filter and every sort of a search, mixed at random, against answers worked out from the recipes alone."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hf_nb import errors
from hf_nb.hub.finding import filters as filtering
from hf_nb.hub.finding import paging
from hf_nb.hub.finding.search import search
from hf_nb.offline.running import Running
from hf_nb.plumbing import memory
from hf_nb.plumbing.session import Session
from tests.hub.many import FILTERS, FREE, SAID, SORTS, Recipe, amount, answer, key

pytestmark = pytest.mark.slow  # seconds, each against a Hub of its own or in a kernel

# What the Hub has no filter for; a range of parameters it has, in whole millions.
LOCAL = {"category", "max_bytes", "hardware", "status", "min_likes", "min_downloads", "fits"}
PARAMETERS = {"min_parameters", "max_parameters"}
KINDS = ["models", "datasets", "spaces"]
UPWARD = [f"{sort}:asc" for sort in ("likes", "created", "updated")]


@pytest.fixture
def session(many: Running, hub: Running, monkeypatch: pytest.MonkeyPatch) -> Session:
    """Beside `hub`: the official client asks its own Hub who runs it."""
    monkeypatch.setattr(memory, "free", lambda: FREE)
    made = Session()
    made.settings.endpoint = many.url
    made.settings.response_cache_minutes = 0
    return made


@st.composite
def questions(draw: st.DrawFn) -> dict[str, Any]:
    kind = draw(st.sampled_from(KINDS))
    names = draw(st.lists(st.sampled_from(FILTERS[kind]), max_size=3, unique=True))
    asked = {name: draw(st.sampled_from(SAID[name])) for name in names}
    sorts = [*SORTS[kind], *UPWARD, *[f"{sort}:asc" for sort in SORTS[kind][-1:]]]
    return {
        "kind": kind,
        "filters": asked,
        "sort": draw(st.sampled_from(sorts)),
        "limit": draw(st.sampled_from([1, 3, 20, 500])),
    }


def check(question: dict[str, Any], made: list[Recipe], session: Session) -> None:
    """The rows are the first of the right ones, in order; equals may stand in any order."""
    filters, sort, limit = dict(question["filters"]), question["sort"], question["limit"]
    right = answer(made, question["kind"], filters, sort)
    asked = {"kind": question["kind"], "sort": sort, "limit": limit, **filters}
    low, high = (
        amount(filters.get(f"{end}_parameters", other)) for end, other in (("min", 0), ("max", 10**15))
    )
    if low > high:
        with pytest.raises(errors.BadInput, match="No model has at least"):
            search(asked.pop("text", None), session=session, **asked)
        return
    found = search(asked.pop("text", None), session=session, **asked)
    assert len(found) == min(len(right), limit)
    by_id = {one["id"]: one for one in right}
    value = key(sort.partition(":")[0])
    for page in itertools.islice(found.pages(), 3):
        assert set(page.ids) <= by_id.keys(), "nothing else is let in, and nothing twice"
        assert [value(by_id.pop(id)) for id in page.ids] == [
            value(one) for one in right[page.before : page.before + limit]
        ]
        assert page.more == (len(right) > page.before + len(page))
        assert bool(page.checked) == bool(
            LOCAL & {name for name, said in filters.items() if said}
        ) or PARAMETERS & set(filters)


@pytest.mark.slow
@pytest.mark.parametrize(("page", "examples"), [(1000, 80), (7, 40), (1, 10)])
def test_any_mixture_of_filters_sort_and_limit_is_answered_rightly(
    page: int, examples: int, made: list[Recipe], session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "LONGEST", page)

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(question=questions())
    def holds(question: dict[str, Any]) -> None:
        check(question, made, session)

    holds()


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_every_filter_by_itself(kind: str, made: list[Recipe], session: Session) -> None:
    for name in FILTERS[kind]:
        for value in SAID[name]:
            check({"kind": kind, "filters": {name: value}, "sort": "trending", "limit": 500}, made, session)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("page", [1000, 7])
def test_every_sort_both_ways(
    kind: str, page: int, made: list[Recipe], session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "LONGEST", page)
    for sort in SORTS[kind]:
        for turned in ("", ":asc") if sort != "trending" else ("",):
            for limit in (5, 500) if page > 100 else (500,):
                check({"kind": kind, "filters": {}, "sort": sort + turned, "limit": limit}, made, session)


def test_no_filter_is_left_out_here() -> None:
    assert set(SAID) - {"text"} == set(filtering.FITS)
    for kind, names in FILTERS.items():
        fitting = {name for name, kinds in filtering.FITS.items() if kind.removesuffix("s") in kinds}
        assert set(names) - {"text"} == fitting
