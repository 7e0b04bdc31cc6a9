"""A server that fails in every way: ours is right each time, and a table shows it beside two other clients."""

from collections.abc import Iterator

import pytest

from tests.clients import prepare
from tests.infer.faults import matrix
from tests.infer.faults.faulty import TEXT, Faulty, serving
from tests.infer.faults.matrix import FAULTS, HARMLESS, LITELLM, OURS, SHOWN

# Nothing asks the Hub; the official client, whose HTTP library this uses, reads its address when it is first imported.
pytestmark = pytest.mark.usefixtures("served_hub")
# What the first server's failure is called; the harmless ones are none.
CALLED = {
    "429-retry-after": "RateLimited",
    "503": "Busy",
    "401": "Unauthorized",
    "404": "NotFound",
    "no-end-mark": "Broken",
    "cut-mid-chunk": "Broken",
    "malformed-json": "Broken",
    "in-band-object": "Busy",
    "in-band-string": "Busy",
    "stall-before-first": "Timeout",
    "stall-after-five": "Timeout",
    "hang-no-stream": "Timeout",
    "html-502": "Busy",
    "empty-200": "Broken",
    "drip-slower-than-idle": "Timeout",
}
# These fail after words have come.
LATER = (
    "no-end-mark",
    "cut-mid-chunk",
    "malformed-json",
    "in-band-object",
    "in-band-string",
    "stall-after-five",
    "drip-slower-than-idle",
)


@pytest.fixture(scope="module")
def server() -> Iterator[Faulty]:
    with serving() as running:
        yield running


@pytest.mark.parametrize("fault", [one for one in FAULTS if one not in HARMLESS and one != "400"])
def test_the_second_server_answers_where_the_first_fails(fault: str, server: Faulty) -> None:
    got, terms, wrong = matrix.ours(server, fault)
    assert wrong is None
    assert (got.text, got.finish) == (TEXT, "stop")
    assert [(one.method, one.error) for one in terms.trail] == [("first", CALLED[fault]), ("second", None)]
    assert got.seconds < 2


@pytest.mark.parametrize("fault", HARMLESS)
@pytest.mark.parametrize("seen", [False, True], ids=["held", "shown"])
def test_what_is_no_failure_is_answered_by_the_first(fault: str, *, seen: bool, server: Faulty) -> None:
    got, terms, wrong = matrix.ours(server, fault, seen=seen)
    assert wrong is None
    assert (got.text, got.finish) == (TEXT, "stop")
    assert [(one.method, one.error) for one in terms.trail] == [("first", None)]


@pytest.mark.parametrize("seen", [False, True], ids=["held", "shown"])
def test_a_wrong_request_is_sent_nowhere_else(*, seen: bool, server: Faulty) -> None:
    before = server.times("second", "400")
    _, terms, wrong = matrix.ours(server, "400", seen=seen)
    assert type(wrong).__name__ == "BadInput"
    assert wrong is not None
    assert "temperature" in str(wrong)
    assert server.times("second", "400") == before
    assert len(terms.trail) == 1


@pytest.mark.parametrize("fault", LATER)
def test_what_broke_off_in_view_ends_there(fault: str, server: Faulty) -> None:
    before = server.times("second", fault)
    got, terms, wrong = matrix.ours(server, fault, seen=True)
    assert type(wrong).__name__ == "Broken"
    assert got.text
    assert TEXT.startswith(got.text)
    assert len(got.text) < len(TEXT)
    assert server.times("second", fault) == before
    assert len(terms.trail) == 1


@pytest.mark.slow  # another environment, and a library that takes seconds to load
@pytest.mark.timeout(240)
def test_the_table_of_three_clients(server: Faulty) -> None:
    found = matrix.rows(server)
    print(f"\n{matrix.table(found)}")
    if not prepare.is_ready(prepare.ROUTER):
        print(f"litellm's column is missing; install it with: {prepare.HOW}")
    assert set(found) == set(FAULTS)
    for fault, cells in found.items():
        assert (LITELLM in cells) is prepare.is_ready(prepare.ROUTER)
        assert not cells[OURS].wrong(fault), fault
        assert not cells[SHOWN].wrong(fault), fault
