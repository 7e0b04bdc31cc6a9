"""A file behind an address: what is asked for, what is moved, and what a bad server does to it."""

from __future__ import annotations

import itertools
import random
import threading
import time
from collections.abc import Iterator
from contextvars import copy_context

import pytest

from hf_nb.data.files import kept as keeping
from hf_nb.data.files import meter, remote
from hf_nb.data.files.file import Range
from hf_nb.data.files.kept import Kept
from hf_nb.data.files.place import HubFile
from hf_nb.data.files.remote import Remote
from hf_nb.errors import (
    BadInput,
    Broken,
    Busy,
    Costly,
    NotFound,
    RateLimited,
    Refused,
    Stopped,
    Timeout,
    Unauthorized,
    Unreachable,
)
from hf_nb.plumbing.session import Session
from hf_nb.plumbing.settings import Settings
from tests.data.serving import Held, Server, serving

CONTENT = bytes(range(256)) * 8192  # 2 MB, every byte tells where it stands
FAR = 512 * 1024


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "kept", Kept())
    monkeypatch.setattr(remote, "PAUSE", 0.001)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving({"/a": CONTENT, "/none": b""}) as running:
        yield running


def test_far_ranges_come_each_by_itself_and_in_the_order_asked(server: Server) -> None:
    file = Remote(server.url("/a"))
    spans = [Range(3 * FAR, 3 * FAR + 10), Range(0, 5), Range(FAR, FAR + 7)]
    with meter.counting() as spent:
        assert file.read(spans) == [CONTENT[one.begin : one.end] for one in spans]
    assert (spent.bytes, spent.requests) == (22, 3) == (server.bytes, server.requests)


def test_near_ranges_come_together(server: Server) -> None:
    spans = [Range(0, 5), Range(1000, 1005), Range(50_000, 50_010), Range(1002, 1010)]
    assert Remote(server.url("/a")).read(spans) == [CONTENT[one.begin : one.end] for one in spans]
    assert server.requests == 1
    assert server.bytes == 50_010


def test_what_was_read_is_not_moved_again(server: Server) -> None:
    file = Remote(server.url("/a"))
    spans = [Range(10, 20), Range(FAR, FAR + 5)]
    assert file.cost(spans) == 15
    file.read(spans)
    assert file.cost(spans) == 0
    assert file.read(spans) == [CONTENT[10:20], CONTENT[FAR : FAR + 5]]
    assert server.requests == 2


def test_the_end_is_one_request_that_tells_the_size(server: Server) -> None:
    file = Remote(server.url("/a"))
    assert file.tail(100) == CONTENT[-100:]
    assert file.size == len(CONTENT)
    assert file.read([Range(len(CONTENT) - 50, len(CONTENT) - 10)]) == [CONTENT[-50:-10]]
    assert server.requests == 1
    assert server.asked[0].headers["Range"] == "bytes=-100"


def test_an_end_larger_than_the_file_is_the_file(server: Server) -> None:
    file = Remote(server.url("/a"))
    assert file.tail(10 * len(CONTENT)) == CONTENT
    assert file.size == len(CONTENT)


def test_an_empty_file_is_empty(server: Server) -> None:
    assert Remote(server.url("/none")).tail(10) == b""
    assert Remote(server.url("/none")).read([Range(0, 10)]) == [b""]
    assert Remote(server.url("/none")).size == 0


def test_a_range_beyond_the_end_ends_with_the_file(server: Server) -> None:
    file = Remote(server.url("/a"))
    assert file.read([Range(len(CONTENT) - 4, len(CONTENT) + 100)]) == [CONTENT[-4:]]
    assert file.read([Range(len(CONTENT) + 5, len(CONTENT) + 100)]) == [b""]


def test_a_server_without_ends_is_asked_for_the_size_first(server: Server) -> None:
    server.how.no_suffix = True
    assert Remote(server.url("/a")).tail(100) == CONTENT[-100:]
    assert server.bytes <= 101


def test_a_small_file_that_comes_only_whole_is_taken_apart(server: Server) -> None:
    server.how.whole = True
    file = Remote(server.url("/a"))
    assert file.tail(100) == CONTENT[-100:]
    assert file.read([Range(5, 9)]) == [CONTENT[5:9]]


@pytest.mark.parametrize("unsized", [False, True])
def test_a_large_file_that_comes_only_whole_is_not_listened_to(
    server: Server, monkeypatch: pytest.MonkeyPatch, *, unsized: bool
) -> None:
    monkeypatch.setattr(remote, "WHOLE", 300_000)
    server.how.whole, server.how.unsized = True, unsized
    with meter.counting() as spent, pytest.raises(BadInput, match="only whole"):
        Remote(server.url("/a")).tail(100)
    assert spent.bytes < 500_000


def test_an_answer_cut_in_the_middle_is_gone_on_with(server: Server) -> None:
    server.how.cut, server.how.cuts = 70_000, 2
    assert Remote(server.url("/a")).read([Range(0, 200_000)]) == [CONTENT[:200_000]]
    assert [one.headers["Range"] for one in server.asked] == [
        "bytes=0-199999",
        "bytes=70000-199999",
        "bytes=140000-199999",
    ]


def test_an_answer_that_is_always_cut_is_broken(server: Server) -> None:
    server.how.cut = 10
    with pytest.raises((Broken, Unreachable), match="broke off"):
        Remote(server.url("/a")).read([Range(0, 200_000)])


def test_a_server_that_gives_less_than_asked_is_asked_for_the_rest(server: Server) -> None:
    server.how.most = 30_000
    assert Remote(server.url("/a")).read([Range(10, 100_000)]) == [CONTENT[10:100_000]]


@pytest.mark.parametrize("how", [{"shift": 5}, {"nameless": True}])
def test_another_part_than_asked_for_is_not_taken_for_it(server: Server, how: dict[str, object]) -> None:
    for name, value in how.items():
        setattr(server.how, name, value)
    with pytest.raises(Broken, match="part of"):
        Remote(server.url("/a")).read([Range(100, 200)])


def test_a_compressed_answer_is_refused(server: Server) -> None:
    server.how.encoding = "gzip"
    with pytest.raises(BadInput, match="compressed"):
        Remote(server.url("/a")).read([Range(100, 200)])


def test_a_file_that_changes_midway_is_noticed(server: Server) -> None:
    file = Remote(server.url("/a"))
    file.read([Range(0, 10)])
    server.how.etag = '"two"'
    with pytest.raises(Broken, match="changed while it was read"):
        file.read([Range(FAR, FAR + 10)])
    with pytest.raises(Broken, match="changed while it was read"):  # and nothing of the old one is served
        file.read([Range(0, 10)])


def test_a_file_that_grows_midway_is_noticed(server: Server) -> None:
    server.how.etag = None
    file = Remote(server.url("/a"))
    file.tail(10)
    server.contents["/a"] = Held(CONTENT + b"more")
    with pytest.raises(Broken, match="another size"):
        file.read([Range(0, 10)])


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (401, Unauthorized),
        (403, Unauthorized),
        (404, NotFound),
        (410, NotFound),
        (429, RateLimited),
        (500, Busy),
        (503, Busy),
        (418, Refused),
    ],
)
def test_a_refusal_is_an_error_of_ours(server: Server, status: int, error: type[Exception]) -> None:
    server.how.status = status
    with pytest.raises(error):
        Remote(server.url("/a")).read([Range(0, 10)])
    assert server.requests == (remote.TRIES if status in (429, 500, 503) else 1)


def test_a_server_that_is_busy_once_is_asked_again(server: Server) -> None:
    server.how.statuses = [503, 500]
    assert Remote(server.url("/a")).tail(3) == CONTENT[-3:]


def test_nobody_there_is_unreachable() -> None:
    with serving({}) as server:
        gone = server.url("/a")
    with pytest.raises(Unreachable):
        Remote(gone).read([Range(0, 10)])


def test_an_address_that_is_none_is_bad_input() -> None:
    for address in ("ftp://example.org/a", "https://", "nonsense", "file:///etc/passwd"):
        with pytest.raises(BadInput, match="no address"):
            Remote(address)


def test_a_stalled_server_is_a_timeout(server: Server) -> None:
    server.how.stall = 5
    session = Session(Settings())
    session.settings.read_timeout = 0.2
    with pytest.raises(Timeout):
        Remote(server.url("/a"), session).read([Range(0, 1000)])


def test_a_stop_ends_a_read_that_hangs(server: Server) -> None:
    server.how.stall = 5
    stop, hangs, ended = threading.Event(), threading.Event(), []

    def told(spent: meter.Meter) -> None:
        if spent.bytes == 10:  # five of each range
            hangs.set()

    def work() -> None:
        with meter.counting(stop=stop, told=told), pytest.raises(Stopped):
            Remote(server.url("/a")).read([Range(0, 10), Range(FAR, FAR + 10)])
        ended.append(time.monotonic())

    thread = threading.Thread(target=work)
    thread.start()
    assert hangs.wait(20)
    began = time.monotonic()
    stop.set()
    thread.join(10)
    assert ended, "the read goes on"
    assert ended[0] - began < 2


def test_too_many_bytes_are_refused_before_the_first(server: Server) -> None:
    with meter.counting(cap=1000), pytest.raises(Costly) as refused:
        Remote(server.url("/a")).read([Range(0, 1500)])
    assert refused.value.bytes == 1500
    assert server.requests == 0


def test_reads_at_the_same_time_stay_within_one_bound_together() -> None:
    with serving({"/a": CONTENT}, latency=0.05) as server, meter.counting(cap=1_000_000) as spent:
        file = Remote(server.url("/a"), size=len(CONTENT))
        came: list[str] = []

        def read(at: int) -> None:
            try:
                file.read([Range(at * 200_000, at * 200_000 + 150_000)])
                came.append("read")
            except Costly:
                came.append("refused")

        threads = [threading.Thread(target=copy_context().run, args=(read, at)) for at in range(10)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        assert (came.count("read"), came.count("refused")) == (6, 4)
        assert server.bytes == spent.bytes == 900_000
        assert spent.left == 100_000
        assert spent.promised == 0


def test_a_read_that_failed_gives_back_what_it_was_promised() -> None:
    with serving({"/a": CONTENT}) as server, meter.counting(cap=1_000_000) as spent:
        file = Remote(server.url("/none-of-that-name"), size=len(CONTENT))
        with pytest.raises(NotFound):
            file.read([Range(0, 900_000)])
        assert (spent.left, spent.promised) == (1_000_000, 0)


def test_sixteen_ranges_ask_for_the_address_once(server: Server) -> None:
    with serving({"/a": CONTENT}, redirect=server.origin) as front:
        file = Remote(front.url("/a"))
        file.read([Range(at, at + 10) for at in range(0, len(CONTENT), len(CONTENT) // 12)])
        assert server.requests > 10
        assert front.requests == 1
        file.read([Range(FAR + 99, FAR + 105)])
        assert front.requests == 1


def test_an_address_whose_time_is_over_is_asked_for_anew(server: Server) -> None:
    with serving({}, redirect=server.origin) as front:
        file = Remote(front.url("/a"))
        file.read([Range(0, 10)])
        server.how.expired = {"s1"}
        assert file.read([Range(FAR, FAR + 10)]) == [CONTENT[FAR : FAR + 10]]
        assert front.requests == 2
        server.how.expired = {f"s{number}" for number in range(100)}
        with pytest.raises(Unauthorized):
            file.read([Range(2 * FAR, 2 * FAR + 10)])
        assert front.requests == 3, "asked once more, and no oftener"


def test_an_address_that_leads_to_itself_ends() -> None:
    with serving({}, loop=True) as server, pytest.raises(Broken, match="without end"):
        Remote(server.url("/a")).read([Range(0, 10)])


def test_the_token_goes_to_the_hub_and_not_to_the_storage(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")
    with serving({}, redirect=server.origin) as front:
        monkeypatch.setenv("HF_ENDPOINT", front.origin)
        session = Session(Settings())
        file = Remote(HubFile("ada/notes", "a", "f" * 40), session)
        server.contents["/datasets/ada/notes/resolve/" + "f" * 40 + "/a"] = server.contents["/a"]
        file.read([Range(0, 10), Range(FAR, FAR + 10)])
        assert "Authorization" in front.asked[0].headers
        assert all("Authorization" not in one.headers for one in server.asked)
        server.clear()
        Remote(server.url("/a"), session).read([Range(0, 10)])
        assert "Authorization" not in server.asked[0].headers


def test_local_only_lets_no_range_out() -> None:
    session = Session(Settings())
    session.settings.local_only = True
    with pytest.raises(Refused, match="local_only"):
        Remote("https://example.org/a", session).tail(10)


def test_no_secret_of_an_address_is_in_its_name() -> None:
    file = Remote("https://me:pass@example.org/a%20b.parquet?Signature=secret#x")
    assert file.name == "https://example.org/a b.parquet"


def test_two_threads_that_want_the_same_fetch_it_once(server: Server) -> None:
    server.how.latency = 0.1
    file = Remote(server.url("/a"))
    found: list[bytes] = []
    threads = [
        threading.Thread(target=copy_context().run, args=(lambda: found.extend(file.read([Range(0, 1000)])),))
        for _ in range(8)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join(20)
    assert found == [CONTENT[:1000]] * 8
    assert server.requests == 1


def test_who_waits_for_another_reads_when_that_one_is_stopped(server: Server) -> None:
    server.how.stall, stop, hangs = 5, threading.Event(), threading.Event()
    file, found = Remote(server.url("/a")), []

    def first() -> None:
        with meter.counting(stop=stop, told=lambda _: hangs.set()), pytest.raises(Stopped):
            file.read([Range(0, 100)])

    def second() -> None:
        found.extend(file.read([Range(0, 100)]))

    one, two = threading.Thread(target=first), threading.Thread(target=second)
    one.start()
    assert hangs.wait(20)
    two.start()
    server.how.stall = None
    stop.set()
    one.join(10)
    two.join(10)
    assert found == [CONTENT[:100]]


def test_the_largest_are_not_kept_and_the_last_used_stay() -> None:
    store = Kept(most=1000)
    for at in range(20):
        store.put("f", Range(at * 100, at * 100 + 100), b"x" * 100)
        store.get("f", Range(0, 100))
    assert store.bytes <= 1000
    assert store.get("f", Range(0, 100)) is not None
    assert store.get("f", Range(100, 200)) is None
    store.put("f", Range(0, 5000), b"x" * 5000)
    assert store.get("f", Range(0, 5000)) is None


def test_what_is_dear_outlives_what_is_not() -> None:
    store = Kept(most=1000)
    store.put("f", Range(0, 100), b"x" * 100)
    store.prefer("f", [Range(0, 100)])
    for at in range(1, 30):
        store.put("f", Range(at * 100, at * 100 + 100), b"x" * 100)
    assert store.get("f", Range(0, 100)) is not None
    store.forget("f")
    assert store.bytes == 0
    assert keeping.MOST == 32_000_000


def test_a_small_file_is_one_request_and_never_more_than_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    small = CONTENT[: 300 * 1024]
    with serving({"/a": small}) as server:
        known = Remote(server.url("/a"), size=len(small))
        assert known.cost([Range(0, 10)]) == len(small)
        assert known.read([Range(0, 10), Range(len(small) - 5, len(small))]) == [small[:10], small[-5:]]
        assert known.tail(1000) == small[-1000:]
        assert (server.requests, server.bytes) == (1, len(small))
        assert known.cost([Range(7, 200_000)]) == 0
        server.clear()
        unknown = Remote(server.url("/a"))
        assert unknown.tail(128 * 1024) == small[-128 * 1024 :]
        assert unknown.cost([Range(0, 10)]) == len(small) - 128 * 1024
        assert unknown.read([Range(0, 10), Range(0, len(small))]) == [small[:10], small]
        assert (server.requests, server.bytes) == (2, len(small))


def test_a_small_file_is_not_fetched_whole_beyond_what_was_agreed() -> None:
    small = CONTENT[: 300 * 1024]
    with serving({"/a": small}) as server, meter.counting(cap=10_000):
        file = Remote(server.url("/a"), size=len(small))
        assert file.read([Range(5, 100)]) == [small[5:100]]
        assert server.bytes == 95


def test_what_overlaps_with_what_is_kept_is_not_moved_again(server: Server) -> None:
    file = Remote(server.url("/a"))
    size = len(CONTENT)
    file.tail(100_000)
    file.read([Range(0, 1000), Range(3000, 4000)])
    server.clear()
    assert file.cost([Range(500, 3500)]) == 2000
    assert file.cost([Range(size - 90_000, size - 5)]) == 0
    assert file.read([Range(500, 3500)]) == [CONTENT[500:3500]]
    assert server.bytes == 2000
    assert file.read([Range(size - 150_000, size - 10)]) == [CONTENT[size - 150_000 : size - 10]]
    assert server.bytes == 2000 + 50_000


def test_two_threads_that_want_parts_of_a_small_file_fetch_it_once() -> None:
    small = CONTENT[: 200 * 1024]
    with serving({"/a": small}, latency=0.2) as server:
        file = Remote(server.url("/a"), size=len(small))
        found: list[bytes] = []
        reads = [
            threading.Thread(target=lambda at=at: found.append(file.read([Range(at, at + 9)])[0]))
            for at in (10, 90_000)
        ]
        for one in reads:
            one.start()
        for one in reads:
            one.join()
        assert sorted(found) == sorted([small[10:19], small[90_000:90_009]])
        assert server.requests == 1


def test_kept_parts_are_put_together_and_let_go_of_in_any_order() -> None:
    dice = random.Random(2)  # noqa: S311 -- the same each time
    store = Kept(most=20_000)
    for _ in range(3000):
        begin = dice.randrange(30_000)
        one = Range(begin, begin + dice.randrange(1, 3000))
        pieces = store.within("f", one)
        assert all(CONTENT[part.begin : part.end] == raw for part, raw in pieces)
        assert all(left.end <= right.begin for (left, _), (right, _) in itertools.pairwise(pieces))
        store.put("f", one, CONTENT[one.begin : one.end])
        if dice.random() < 0.2:
            store.prefer("f", [one])
        assert store.bytes <= store.most
        if store.get("f", one) is not None:
            assert store.within("f", one) == [(one, CONTENT[one.begin : one.end])]
    store.forget("f")
    assert (store.bytes, store.within("f", Range(0, 30_000))) == (0, [])


def test_what_came_for_one_token_is_not_read_with_another(monkeypatch: pytest.MonkeyPatch) -> None:
    path = "/datasets/ada/notes/resolve/" + "f" * 40 + "/a"
    with serving({path: CONTENT}) as front:
        monkeypatch.setenv("HF_ENDPOINT", front.origin)
        file = Remote(HubFile("ada/notes", "a", "f" * 40), Session(Settings()))
        asked = []
        for token in ("hf_" + "a" * 34, "hf_" + "b" * 34, None, "hf_" + "a" * 34):
            if token is None:
                monkeypatch.delenv("HF_TOKEN")
            else:
                monkeypatch.setenv("HF_TOKEN", token)
            assert file.read([Range(0, 10)]) == [CONTENT[:10]]
            asked.append(front.requests)
            assert not any(token and token in repr(key) for key in vars(remote)["kept"]._plain)
        assert asked == [1, 2, 3, 3]


def test_one_constant_says_how_much_may_be_moved() -> None:
    from hf_nb.data import source

    assert source.CAP is meter.CAP
