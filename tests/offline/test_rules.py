"""Which requests a fault strikes, and how often: the rules alone, without a server."""

from __future__ import annotations

import pytest

from hf_nb.errors import BadInput
from hf_nb.offline.server.rules import BEFORE, Request, Rules, request

TINY = request("hub", "GET", "/api/models/demo/tiny")
COMMIT = request("hub", "POST", "/api/datasets/demo/rows/commit/main", "teacher")
FILE = request("cdn", "GET", "/datasets/demo/rows/resolve/abc/data/train.csv")
LFS = request("hub", "POST", "/demo/tiny.git/info/lfs/objects/batch")


def strikes(many: int, **how: object) -> list[int]:
    """The numbers, from one, of the requests that are struck."""
    rules = Rules()
    rules.add({"kind": "refuse", **how})
    return [number for number in range(1, many + 1) if rules.pick(TINY, BEFORE)]


def struck(asked: Request, **how: object) -> bool:
    rules = Rules()
    rules.add({"kind": "refuse", **how})
    return bool(rules.pick(asked, BEFORE))


def test_so_many_times_after_so_many_and_every_so_many():
    assert strikes(5) == [1, 2, 3, 4, 5]
    assert strikes(5, count=2) == [1, 2]
    assert strikes(5, after=3) == [4, 5]
    assert strikes(9, every=3) == [3, 6, 9]
    assert strikes(20, after=4, every=5, count=2) == [9, 14]


def test_a_rate_is_about_right_and_the_same_for_the_same_seed():
    once = strikes(400, rate=0.25, seed=7)
    assert 70 < len(once) < 130
    assert strikes(400, rate=0.25, seed=7) == once
    assert strikes(400, rate=0.25, seed=8) != once
    assert strikes(50, rate=0) == []
    assert len(strikes(400, rate=0.5, count=9)) == 9


def test_two_rules_do_not_disturb_each_others_rate():
    rules = Rules()
    rules.add({"kind": "latency", "rate": 0.25, "seed": 7})
    rules.add({"kind": "refuse", "rate": 0.5})
    found = [number for number in range(1, 401) if "latency" in [r.kind for r in rules.pick(TINY, BEFORE)]]
    assert found == strikes(400, rate=0.25, seed=7)


@pytest.mark.parametrize(
    ("asked", "how"),
    [
        (TINY, {"match": "/api/models/*"}),
        (TINY, {"match": "GET /api/*"}),
        (TINY, {"match": "*/tiny"}),
        (TINY, {"match": "/api/{types}/{ns}/{name}"}),
        (TINY, {"match": "GET /api/{types}/{ns}/{name}"}),
        (TINY, {"origin": "hub"}),
        (TINY, {"repo": "demo/tiny"}),
        (TINY, {"repo": "models/Demo/Tiny"}),
        (TINY, {"user": ""}),
        (COMMIT, {"match": "POST /api/{types}/{ns}/{name}/commit/{rev}"}),
        (COMMIT, {"user": "teacher"}),
        (COMMIT, {"repo": "datasets/demo/rows", "user": "teacher", "origin": "hub"}),
        (FILE, {"origin": "cdn", "match": "*.csv"}),
        (FILE, {"repo": "datasets/demo/rows"}),
        (LFS, {"repo": "demo/tiny"}),
    ],
)
def test_what_fits_is_struck(asked, how):
    assert struck(asked, **how)


@pytest.mark.parametrize(
    ("asked", "how"),
    [
        (TINY, {"match": "POST *"}),
        (TINY, {"match": "/api/datasets/*"}),
        (TINY, {"match": "GET /api/{types}/{ns}/{name}/refs"}),
        (TINY, {"match": "POST /api/{types}/{ns}/{name}/commit/{rev}"}),
        (TINY, {"origin": "cdn"}),
        (TINY, {"repo": "datasets/demo/tiny"}),
        (TINY, {"repo": "demo/tin"}),
        (TINY, {"user": "teacher"}),
        (COMMIT, {"user": ""}),
        (FILE, {"origin": "hub"}),
        (FILE, {"match": "/{folder*}{ns}/{name}/resolve/{rev}/{path*}"}),
    ],
)
def test_what_does_not_fit_is_left_alone(asked, how):
    assert not struck(asked, **how)


@pytest.mark.parametrize(
    ("wrong", "hint"),
    [
        ({"kind": "meteor"}, "wrong-length"),
        ({"kind": "status", "status": 418}, "503"),
        ({"kind": "status"}, "503"),
        ({"kind": "status", "status": 403, "code": "RepoNotFound"}, "GatedRepo"),
        ({"kind": "lost", "status": 200}, "504"),
        ({"kind": "cut", "status": 503}, "status, lost"),
        ({"kind": "latency", "seconds": -1}, "seconds"),
        ({"kind": "latency", "seconds": float("nan")}, "seconds"),
        ({"kind": "latency", "jitter": "much"}, "jitter"),
        ({"kind": "cut", "count": 1.5}, "count"),
        ({"kind": "cut", "count": True}, "count"),
        ({"kind": "cut", "origin": "moon"}, "hub, cdn"),
        ({"kind": "cut", "colour": "red"}, "cut-upload"),
        ({"kind": "cut", "match": 3}, "match"),
        ({"kind": "cut", "match": "POST /api/{types}/{ns}/{name}/comit/{rev}"}, "/commit/{rev}"),
        ({"kind": "cut", "match": "GET /api/{types}/{ns}/{name}/commit/{rev}"}, "GET /api"),
    ],
)
def test_nonsense_is_refused_with_what_there_is(wrong, hint):
    with pytest.raises(BadInput) as caught:
        Rules().add(wrong)
    assert hint in str(caught.value)


def test_a_path_that_is_no_text_is_a_request_like_any_other():
    assert struck(request("hub", "GET", "/api/models/%ff/x"), match="*")
