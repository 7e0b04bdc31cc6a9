"""Search against the offline Hub: a filter admits nothing else, a wrong word is refused before the Hub is asked."""

import json
from typing import Any

import pytest

from hf_nb import errors
from hf_nb.hub.finding.search import SORTS, search
from hf_nb.plumbing import http
from hf_nb.plumbing.session import Session
from hf_nb.render.repos import ORDERS


@pytest.fixture
def session(hub: Any) -> Session:
    made = Session()
    made.settings.response_cache_minutes = 0  # what the Hub says now, not what it said to another test
    return made


def test_a_word_finds_what_bears_it(session: Session) -> None:
    found = search("sentiment", session=session)
    assert "hfnb-demo/sentiment-en" in found.ids
    assert all("sentiment" in one for one in found.ids)
    assert found[0].kind == "model"
    row = next(row for row in found if row.id == "hfnb-demo/sentiment-en")
    assert (row.task, row.licence, row.languages) == ("text-classification", "apache-2.0", ("en",))
    assert row.parameters is not None
    assert row.parameters > 1_000


@pytest.mark.parametrize(
    ("filters", "holds"),
    [
        ({"task": "text-generation"}, lambda row: row.task == "text-generation"),
        ({"library": "transformers"}, lambda row: "transformers" in row.tags),
        ({"language": "fr"}, lambda row: "fr" in row.languages),
        ({"licence": "mit"}, lambda row: row.licence == "mit"),
        ({"author": "hfnb-demo"}, lambda row: row.id.startswith("hfnb-demo/")),
        (
            {"task": "text-classification", "language": "en"},
            lambda row: row.task == "text-classification" and "en" in row.languages,
        ),
        ({"kind": "datasets", "licence": "cc-by-4.0"}, lambda row: row.licence == "cc-by-4.0"),
        (
            {"kind": "datasets", "task": "image-classification"},
            lambda row: "task_categories:image-classification" in row.tags,
        ),
        ({"kind": "spaces", "sdk": "gradio"}, lambda row: row.sdk == "gradio"),
    ],
    ids=str,
)
def test_a_filter_admits_no_other(filters: dict[str, Any], holds: Any, session: Session) -> None:
    found = search(session=session, limit=1000, **filters)
    assert len(found) > 0
    assert all(holds(row) for row in found), found.ids
    everything = search(kind=filters.get("kind", "models"), limit=1000, session=session)
    assert set(found.ids) <= set(everything.ids)
    assert len(found) == len([row for row in everything if holds(row)]), "and leaves none out"


@pytest.mark.parametrize("sort", sorted(set(SORTS) - {"trending"}))
def test_every_sort_is_descending_and_turned_round_on_request(sort: str, session: Session) -> None:
    kind = "datasets" if sort == "size" else "models"
    down = search(kind=kind, sort=sort, limit=1000, session=session)
    up = search(kind=kind, sort=f"{sort}:asc", limit=1000, session=session)
    key = {"size": "bytes"}.get(sort, sort)
    values = [getattr(row, key) for row in down if getattr(row, key) is not None]
    assert len(values) > 2
    assert values == sorted(values, reverse=True)
    assert [getattr(row, key) for row in up][: len(values)] == values[::-1], "those without a value come last"
    assert set(up.ids) == set(down.ids)


def test_the_limit_is_met_and_more_is_told_truthfully(session: Session) -> None:
    everything = search(limit=1_000, session=session)
    assert not everything.more
    some = search(limit=3, session=session)
    assert (len(some), some.more) == (3, True)
    assert not search(limit=len(everything), session=session).more


def test_a_search_costs_one_request(session: Session, hub: Any) -> None:
    search("sentiment", session=session)
    asked = [one for one in hub.requests() if one["path"].startswith("/api/models")]
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("wrong", "hint"),
    [
        ({"kind": "modles"}, "models"),
        ({"task": "text-clasification"}, "text-classification"),
        ({"sort": "best"}, "downloads"),
        ({"limit": 0}, "1 to"),
        ({"kind": "spaces", "task": "text-classification"}, "--sdk"),
        ({"kind": "models", "sdk": "gradio"}, "spaces --sdk gradio"),
    ],
    ids=str,
)
def test_a_wrong_word_is_refused_with_the_right_one_and_nothing_is_asked(
    wrong: dict[str, Any], hint: str, session: Session, hub: Any
) -> None:
    with pytest.raises(errors.BadInput) as refused:
        search(session=session, **wrong)
    assert hint in str(refused.value)
    assert hub.requests() == []


def test_nothing_found_is_an_answer(session: Session) -> None:
    found = search("no-such-thing-anywhere", session=session)
    assert len(found) == 0
    assert "No models match" in str(found)


def test_the_result_is_rows_json_and_a_table(session: Session) -> None:
    found = search("sentiment", session=session)
    assert json.loads(json.dumps(found.to_dict()))["rows"][0]["id"] == found[0].id
    frame = found.to_pandas()
    assert list(frame["id"]) == found.ids
    assert [row.id for row in found[:2]] == found.ids[:2]


FAULTS: list[tuple[dict[str, Any], type[errors.HfNbError]]] = [
    ({"kind": "status", "status": 401}, errors.Unauthorized),
    ({"kind": "status", "status": 403}, errors.Unauthorized),
    ({"kind": "status", "status": 400}, errors.BadInput),
    ({"kind": "connect"}, errors.Unreachable),
    ({"kind": "cut"}, errors.Unreachable),
    ({"kind": "timeout"}, errors.Timeout),
    ({"kind": "status", "status": 500}, errors.Busy),
    ({"kind": "status", "status": 503}, errors.Busy),
    (
        {
            "kind": "status",
            "status": 429,
            "headers": {"RateLimit": '"api";r=0;t=7', "RateLimit-Policy": '"fixed window";"api";q=500;w=300'},
        },
        errors.RateLimited,
    ),
]


@pytest.mark.parametrize(
    ("fault", "kind"), FAULTS, ids=[f"{fault['kind']} {fault.get('status', '')}" for fault, _ in FAULTS]
)
def test_every_failure_is_typed_short_and_says_what_to_do(
    fault: dict[str, Any], kind: type[errors.HfNbError], session: Session
) -> None:
    session.settings.deadline = 0.3
    with http.fault(session=session, **fault), pytest.raises(kind) as caught:
        search("x", session=session)
    assert len(caught.value._render_traceback_()) <= 3
    if isinstance(caught.value, errors.Passing):
        assert caught.value.next_step
    if isinstance(caught.value, errors.RateLimited):
        assert caught.value.after == 7


def test_a_refusal_of_the_gate_passes_untranslated(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "https://huggingface.co")
    far = Session()
    far.settings.local_only = True
    with pytest.raises(errors.Refused, match="local_only"):
        search("x", session=far)


def test_every_order_has_words() -> None:
    assert set(ORDERS) == set(SORTS) | {f"{sort}:asc" for sort in SORTS if sort != "trending"}
