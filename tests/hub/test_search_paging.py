"""Further pages: nothing twice and nothing lost, whatever the list, the Hub or the person does in between."""

from __future__ import annotations

import http.server
import itertools
import json
import pickle
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hf_nb import errors
from hf_nb.hub.finding import paging
from hf_nb.hub.finding.details import viewer_of
from hf_nb.hub.finding.search import search, search_more
from hf_nb.offline.running import Running, start
from hf_nb.offline.store import Store
from hf_nb.plumbing.session import Session
from hf_nb.values import SearchResult
from tests.hub.many import Recipe, answer, fill

pytestmark = pytest.mark.slow  # seconds, each against a Hub of its own or in a kernel


def session_of(url: str) -> Session:
    made = Session()
    made.settings.endpoint = url
    made.settings.response_cache_minutes = 0
    return made


@pytest.fixture
def session(many: Running, hub: Running) -> Session:
    return session_of(many.url)


def lists(hub: Running) -> list[dict[str, Any]]:
    """The requests for lists of repositories."""
    return [one for one in hub.requests() if one["path"] in ("/api/models", "/api/datasets", "/api/spaces")]


def after_the_wait(found: SearchResult) -> SearchResult:
    """The next page, once the time is over that a rate limit named."""
    try:
        return found.next()
    except errors.RateLimited as limited:
        time.sleep(limited.after or 0)
        return found.next()


def test_pages_follow_each_other_to_the_end(session: Session, made: list[Recipe]) -> None:
    right = answer(made, "models", {}, "likes")
    pages = list(search(sort="likes", limit=50, session=session).pages())
    assert [page.before for page in pages] == [0, 50, 100, 150, 200]
    assert {id for page in pages for id in page.ids} == {one["id"] for one in right}
    assert sum(map(len, pages)) == len(right)
    assert not pages[-1].more
    assert "Models 51 to 100, most likes first" in str(pages[1])
    last = pages[-1].next()
    assert (len(last), last.more) == (0, False)
    assert str(last) == f"No further models: these were all {len(right)}."


def test_the_same_page_is_the_same_when_asked_for_again(session: Session) -> None:
    first = search(limit=5, session=session)
    second = search_more(session=session)
    assert first.next() is second
    assert first.next() is second
    assert search_more(session=session) is second.next()
    assert second.next().before == 10


def test_more_of_the_last_search_as_many_as_wanted(session: Session) -> None:
    first = search(limit=5, session=session)
    more = search_more(30, session=session)
    assert len(more) == 30
    assert not set(more.ids) & set(first.ids)
    everything = search(limit=1000, session=session)
    assert [*first.ids, *more.ids] == everything.ids[:35]


def test_without_a_search_there_is_nothing_to_go_on_with(session: Session) -> None:
    with pytest.raises(errors.BadInput, match="no search here"):
        search_more(session=session)


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "status", "status": 503},
        {"kind": "status", "status": 429},
        {"kind": "status", "status": 401},
        {"kind": "cut"},
        {"kind": "corrupt"},
        {"kind": "refuse"},
        {"kind": "stall", "seconds": 5},
    ],
    ids=lambda fault: f"{fault['kind']} {fault.get('status', '')}",
)
@pytest.mark.timeout(20)
def test_a_page_that_fails_leaves_what_was_found_and_is_asked_for_again(
    fault: dict[str, Any],
    session: Session,
    many: Running,
    made: list[Recipe],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(paging, "LONGEST", 30)
    session.settings.deadline = session.settings.read_timeout = 0.5
    right = {one["id"] for one in answer(made, "models", {"min_likes": 2}, "trending")}
    with many.fault(**fault, match="GET /api/models", after=2):
        found = search(min_likes=2, limit=40, session=session)
        assert 0 < len(found) < 40
        assert found.stopped
        assert found.more
        assert f"Partial, {len(found)} of 40: {found.stopped}" in str(found)
        assert "Try again" in str(found)
        with pytest.raises(errors.HfNbError):
            found.next()
    rest = [found, *after_the_wait(found).pages()]
    ids = [id for page in rest for id in page.ids]
    assert set(ids) == right
    assert len(ids) == len(set(ids))


def test_the_stop_button_loses_no_row(
    session: Session, made: list[Recipe], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "LONGEST", 20)
    whole_page, asked = paging.Listing.page, []

    def stopped_once(listing: paging.Listing, size: int) -> Any:
        asked.append(size)
        if len(asked) == 3:
            raise KeyboardInterrupt
        return whole_page(listing, size)

    monkeypatch.setattr(paging.Listing, "page", stopped_once)
    with pytest.raises(KeyboardInterrupt):
        search(min_likes=5, limit=200, session=session)
    found = search_more(session=session)
    assert set(found.ids) == {one["id"] for one in answer(made, "models", {"min_likes": 5}, "trending")}


def test_looking_is_bounded_and_says_so(session: Session, made: list[Recipe]) -> None:
    right = {one["id"] for one in answer(made, "models", {"min_likes": 1500}, "trending")}
    found = search(min_likes=1500, look=60, limit=100, session=session)
    assert found.looked == 60
    assert found.more
    assert "(60 looked at, likes checked here); look further: --look 600" in str(found)
    assert "look further: <code>%hf search --more" in found._repr_mimebundle_()["text/html"]
    assert found.checked == ("likes",)
    later = search_more(look=1000, session=session)
    assert set(found.ids) | set(later.ids) == right
    assert not later.more
    none = search(min_likes="1M", look=60, session=session)
    assert "None of the first 60 models looked at match min likes 1M." in str(none)
    assert "No models match" in str(search(min_likes="1M", session=session))


def test_the_other_way_round_is_refused_where_the_end_is_too_far(
    session: Session, made: list[Recipe]
) -> None:
    with pytest.raises(errors.TooLarge, match="longer than the 100 looked at") as refused:
        search(sort="likes:asc", look=100, session=session)
    assert "--look 1000" in refused.value.next_step
    pages = list(search(sort="created:asc", limit=100, session=session).pages())
    assert [len(page) for page in pages][:2] == [100, 100]
    created = [row.created for page in pages for row in page]
    assert len(created) == len(answer(made, "models", {}, "created"))
    assert all(one and two and one <= two for one, two in itertools.pairwise(created))


def test_a_sorted_list_is_read_no_further_than_needed(
    session: Session, many: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "LONGEST", 40)
    found = search(min_likes=1500, sort="likes", limit=200, session=session)
    assert not found.more
    assert len(lists(many)) <= 2, "after the first with fewer there is none with more"


def test_pages_are_as_long_as_the_answer_needs(session: Session, many: Running) -> None:
    search(limit=7, session=session)
    search(limit=7, min_likes=1, session=session)
    asked = [one["query"] for one in lists(many)]
    assert "limit=8" in asked[0]
    assert "limit=100" in asked[1]
    assert len(asked) == 2


def test_a_list_that_shifts_between_pages_is_told_once_and_whole(
    made: list[Recipe], tmp_path: Path, hub: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    some = made[:80]
    fill(tmp_path / "store", some)
    with start(tmp_path / "store") as running:
        monkeypatch.setattr(paging, "LONGEST", 11)
        first = search(sort="likes", limit=10, session=session_of(running.url))
        store = Store.open(tmp_path / "store")
        with store.database.writing() as sql:  # the leader falls back: the Hub will list it once more
            sql.execute("UPDATE repos SET likes = 0, trending = 0 WHERE id = ?", (first[0].id,))
        store.close()
        ids = [id for page in first.pages() for id in page.ids]
    assert len(ids) == len(set(ids))
    assert set(ids) == {one["id"] for one in answer(some, "models", {}, "likes")}


def test_whether_a_space_runs_is_told_as_of_now(made: list[Recipe], tmp_path: Path, hub: Running) -> None:
    fill(tmp_path / "store", [one for one in made if one["kind"] == "space"])
    with start(tmp_path / "store") as running:
        session = session_of(running.url)
        session.settings.response_cache_minutes = 15
        running_now = search(kind="spaces", status="running", session=session, limit=100)
        store = Store.open(tmp_path / "store")
        with store.database.writing() as sql:
            asleep = json.dumps({"stage": "SLEEPING", "hardware": {"requested": "cpu-basic"}})
            sql.execute("UPDATE repos SET runtime = ? WHERE id = ?", (asleep, running_now[0].id))
        store.close()
        later = search(kind="spaces", status="running", session=session, limit=100)
    assert set(running_now.ids) - set(later.ids) == {running_now[0].id}


def test_details_come_with_the_list_or_of_the_rows_shown(
    session: Session, many: Running, made: list[Recipe]
) -> None:
    by_id = {one["id"]: one for one in made if one["kind"] == "dataset"}
    for likes, requests in ((None, 1), (0, 1), (1, 1 + 12)):
        many.clear_requests()
        found = search(kind="datasets", details=True, min_likes=likes, limit=12, session=session)
        assert len([one for one in many.requests() if one["path"].startswith("/api/datasets")]) == requests
        for row in found:
            recipe = by_id[row.id]
            assert row.rows == recipe["rows"]
            assert row.columns == (tuple(recipe["columns"]) if recipe["rows"] is not None else ())
            assert row.bytes == recipe["bytes"]
            assert row.seconds == pytest.approx(recipe["bytes"] * 8 / 100e6)
    assert "columns" in str(found)
    assert "≈" in str(search(kind="datasets", sort="size", session=session))


def test_cards_that_cannot_be_read_cost_their_columns_and_nothing_else(
    session: Session, many: Running
) -> None:
    session.settings.deadline = 0.5
    wanted = search(kind="datasets", min_likes=1, limit=12, session=session)
    with many.fault("status", status=503, match="GET /api/datasets/*"):
        found = search(kind="datasets", min_likes=1, details=True, limit=12, session=session)
    assert found.ids == wanted.ids
    assert found.stopped
    assert found.stopped.startswith("12 of 12 cards could not be read")


def test_the_dataset_viewer_is_asked_for_what_cards_do_not_say(
    session: Session, made: list[Recipe], odd: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hf_nb.hub.finding.details.viewer_of", lambda _: odd.url)
    features = {"question": {"dtype": "string"}, "answer": {"dtype": "string"}}
    about = {"features": features, "splits": {"train": {"num_examples": 77}, "test": {"num_examples": 3}}}
    odd.says = staticmethod(lambda _: {"dataset_info": {"default": about}, "pending": [], "failed": []})
    silent = {one["id"] for one in made if one["kind"] == "dataset" and one["rows"] is None}
    found = search(kind="datasets", details=True, limit=40, session=session)
    asked = [row for row in found if row.id in silent]
    assert asked
    assert {(row.rows, row.columns) for row in asked} == {(80, ("question", "answer"))}
    assert odd.count == len(asked), "a request for each that lacks it, and none for the others"
    for nonsense in (
        ["something"],
        {"dataset_info": [1]},
        {"dataset_info": {"a": {"features": 3, "splits": []}}},
    ):
        odd.says = staticmethod(lambda _, said=nonsense: said)
        found = search(kind="datasets", details=True, limit=40, session=session)
        assert {row.rows for row in found if row.id in silent} == {None}
        assert found.stopped is None


def test_only_the_real_hub_has_a_viewer(session: Session) -> None:
    assert viewer_of(session) is None
    session.settings.endpoint = "https://huggingface.co"
    assert viewer_of(session) == "https://datasets-server.huggingface.co"


def test_a_result_can_be_stored_and_read_again(session: Session) -> None:
    found = search(limit=3, session=session)
    again = pickle.loads(pickle.dumps(found))  # noqa: S301 -- its own
    assert again == found
    assert again.next().ids == []
    assert "further" not in found.to_dict()
    assert json.loads(json.dumps(found.to_dict())) == found.to_dict()


@pytest.mark.parametrize("kind", ["models", "datasets", "spaces"])
def test_a_frame_has_counts_dates_and_its_columns_even_when_empty(kind: str, session: Session) -> None:
    found = search(kind=kind, limit=200, session=session)
    frame = found.to_pandas()
    assert list(frame["id"]) == found.ids
    assert str(frame["likes"].dtype) == "Int64"
    assert str(frame["updated"].dtype).startswith("datetime64")
    empty = search("nothing-has-this", kind=kind, session=session).to_pandas()
    assert list(empty.columns) == list(frame.columns)
    assert dict(empty.dtypes) == dict(frame.dtypes)
    assert len(empty) == 0


@pytest.fixture
def odd() -> Iterator[Any]:
    """A Hub that answers every request with what `odd.says(count)` returns, and always has a further page."""

    class Odd(http.server.BaseHTTPRequestHandler):
        count, url = 0, ""
        says: Any = staticmethod(lambda _: [])

        def do_GET(self) -> None:
            Odd.count += 1
            content = json.dumps(Odd.says(Odd.count)).encode()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(content)))
            self.send_header("link", f'<{Odd.url}/api/models?cursor={Odd.count}>; rel="next"')
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None: ...

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Odd)
    Odd.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Odd
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    "page", [[], [{"id": "a/b"}], [None, 3, {"id": 7}, {"no": "id"}]], ids=["empty", "same", "odd"]
)
def test_a_list_without_end_comes_to_one(page: list[Any], odd: Any, hub: Running) -> None:
    odd.says = staticmethod(lambda _: page)
    found = search(min_likes=0, limit=3, look=40, category="nlp", session=session_of(odd.url))
    assert odd.count <= 22
    assert len(found) == 0


def test_an_answer_that_is_no_list_is_an_error(odd: Any, hub: Running) -> None:
    odd.says = staticmethod(lambda _: {"error": "no"})
    with pytest.raises(errors.Busy):
        search(session=session_of(odd.url))


def test_a_row_of_nonsense_is_a_row(odd: Any, hub: Running) -> None:
    nonsense = {"id": "a/b", "likes": float("nan"), "downloads": "many", "tags": [None, 3, "license:mit"]}
    nonsense |= {
        "lastModified": "yesterday",
        "safetensors": [1],
        "gated": False,
        "pipeline_tag": None,
        "private": None,
    }
    odd.says = staticmethod(lambda _: [nonsense, {"id": "c/d"}])
    found = search(limit=2, session=session_of(odd.url))
    assert found.ids == ["a/b", "c/d"]
    assert (found[0].likes, found[0].downloads, found[0].updated, found[0].licence) == (
        None,
        None,
        None,
        "mit",
    )
    assert "a/b" in str(found)
    assert len(found.to_pandas()) == 2
