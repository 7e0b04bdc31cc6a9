"""Events come out the same however the bytes are cut, and every shape of the format is read."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as some

from hf_nb.errors import Broken
from hf_nb.plumbing.wire.sse import DONE, Event, comment, event, events

WHOLE = (
    "\ufeff: a comment\r\n\r\n"
    'data: {"word": "Zürich 🇨🇭"}\r\n\r\n'
    "data: first\r\ndata: second\r\n\r\n"
    "event: error\ndata: one\ndata:two\ndata\n\n"
    "id: 7\rdata: by returns alone\r\r"
    "retry: 10\nunknown: field\n\n"
    "data:\n\n"
    f"data: {DONE}\n\n"
).encode()
MEANT = [
    Event('{"word": "Zürich 🇨🇭"}'),
    Event("first\nsecond"),
    Event("one\ntwo\n", "error"),
    Event("by returns alone", id="7"),
    Event(DONE, id="7"),
]


def cut(whole: bytes, at: list[int]) -> Iterator[bytes]:
    places = sorted(one % (len(whole) + 1) for one in at)
    for begin, end in zip([0, *places], [*places, len(whole)], strict=True):
        yield whole[begin:end]


def test_every_shape_of_the_format_is_read() -> None:
    assert list(events([WHOLE])) == MEANT


@given(some.lists(some.integers(min_value=0, max_value=10_000), max_size=30))
def test_however_the_bytes_are_cut_the_events_are_the_same(at: list[int]) -> None:
    assert list(events(cut(WHOLE, at))) == MEANT


def test_one_byte_at_a_time_is_the_same() -> None:
    assert list(events(WHOLE[n : n + 1] for n in range(len(WHOLE)))) == MEANT


@given(
    some.lists(
        some.text(some.characters(exclude_categories=["Cs"], exclude_characters="\r\ufeff"), min_size=1)
    ),
    some.integers(min_value=1, max_value=7),
)
def test_what_is_written_is_read_again(texts: list[str], size: int) -> None:
    whole = b"".join(event(text, "said") for text in texts)
    read = events(whole[n : n + size] for n in range(0, len(whole), size))
    assert list(read) == [Event(text, "said") for text in texts]


def test_empty_lines_are_kept() -> None:
    assert list(events([event("\n"), event("a\n\nb")])) == [Event("\n"), Event("a\n\nb")]


def test_a_comment_is_no_event() -> None:
    assert list(events([comment("still\nthere"), event("x"), comment()])) == [Event("x")]


def test_a_last_event_without_its_empty_line_counts() -> None:
    assert list(events([b"data: a\n\ndata: [DONE]"])) == [Event("a"), Event(DONE)]


@pytest.mark.parametrize(
    "endless",
    [lambda: (b"x" * 1000 for _ in range(10**9)), lambda: (b"data: xxxxxxxxx\n" for _ in range(10**9))],
    ids=["a line", "an event of many lines"],
)
def test_what_never_ends_is_given_up(endless) -> None:
    with pytest.raises(Broken, match="longer than"):
        list(events(endless(), longest=100_000))
