"""A place that refuses every row beside one that answers: real servers, and none of its refusals is a row's."""

from __future__ import annotations

import queue
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hf_nb import infer
from hf_nb.errors import BadInput
from hf_nb.infer import keys, remote
from hf_nb.infer.many.places import SAME
from hf_nb.plumbing.session import Session
from tests.infer.many.places import Place, expected, several, targets
from tests.infer.remote.served import Served, served

Three = tuple[Session, Served, Served, Served]
SAYS = "temperature must be at most 2"


@pytest.fixture
def three(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Three]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HF_NB_CONFIG_DIR", str(tmp_path / "config"))
    with served() as one, served() as other, served() as third:
        made = Session()
        made.settings.servers = {"one": one.address, "other": other.address, "third": third.address}
        yield made, one, other, third
        remote.client(made).close()


def batch(session: Session, texts: list[str], *names: str, **more: Any) -> Any:
    names = names or ("one", "other")
    given: dict[str, Any] = {"model": "echo", "task": "chat", "provider": names[0], "targets": [*names]}
    return infer.batch(texts, session=session, **given, **more)


def asked(server: Served) -> Counter[str]:
    posts = [one.body for one in list(server.requests) if one.method == "POST"]
    return Counter(body["messages"][0]["content"] for body in posts)


@pytest.mark.parametrize("rows", [5, SAME - 1, 120])
@pytest.mark.parametrize("says", ["bad", "unprocessable", "too-long", "filtered", "no-key", "forbidden"])
def test_what_one_server_refuses_to_everybody_the_other_answers(three: Three, says: str, rows: int) -> None:
    session, one, other, _ = three
    one.says = says
    texts = [f"row {number}" for number in range(rows)]
    made = batch(session, texts)
    assert made.values == [f"You said: {text}" for text in texts]
    assert (made.failed, made.served) == (0, {"other": rows})
    assert asked(other) == Counter(texts), "each once"
    assert max(asked(one).values(), default=1) == 1
    assert asked(one).total() <= SAME + session.settings.batch_at_once


def test_a_wrong_key_on_one_server_costs_no_row(three: Three) -> None:
    session, one, other, _ = three
    keys.store("one", "a-key-that-is-wrong")
    keys.store("other", "a-key-that-is-right")
    one.says = "echoes-key"
    texts = [f"row {number}" for number in range(80)]
    made = batch(session, texts)
    assert made.values == [f"You said: {text}" for text in texts]
    assert "a-key-that-is-wrong" not in repr(made) + other.sent()
    assert "a-key-that-is-right" not in one.sent()


def test_vectors_of_a_server_that_refuses_come_from_the_other(three: Three) -> None:
    session, one, _, _ = three
    one.says = "bad"
    texts = [f"row {number}" for number in range(120)]
    made = infer.batch(
        texts,
        model="echo",
        task="feature-extraction",
        provider="one",
        targets=["one", "other"],
        session=session,
    )
    assert made.failed == 0
    assert len(made.vectors) == 120


def test_of_three_servers_two_that_refuse_cost_no_row(three: Three) -> None:
    session, one, other, third = three
    one.says, third.says = "bad", "unprocessable"
    texts = [f"row {number}" for number in range(90)]
    made = batch(session, texts, "one", "other", "third")
    assert made.values == [f"You said: {text}" for text in texts]
    assert asked(other) == Counter(texts)


def test_what_all_servers_refuse_is_told_of_each_row(three: Three) -> None:
    session, one, other, _ = three
    one.says = other.says = "bad"
    texts = [f"row {number}" for number in range(6)]
    made = batch(session, texts)
    assert made.failed == 6
    assert all(SAYS in wrong.next_step for wrong in made.failures)
    assert asked(one) == asked(other) == Counter(texts)


def test_what_all_servers_refuse_to_all_rows_is_raised(three: Three) -> None:
    session, one, other, _ = three
    one.says = other.says = "bad"
    with pytest.raises(BadInput, match=SAYS):
        batch(session, [f"row {number}" for number in range(4 * SAME)])


def test_when_the_other_is_gone_nothing_is_waited_for(three: Three) -> None:
    session, one, _, _ = three
    one.says = "bad"
    with served() as gone:
        address = gone.address
    session.settings.servers = {**session.settings.servers, "gone": address}
    texts = [f"row {number}" for number in range(6)]
    made = batch(session, texts, "one", "gone")
    assert made.failed == 6
    assert any(SAYS in wrong.next_step for wrong in made.failures)


def bad(text: str, _: int) -> BadInput | None:
    return BadInput("This text is bad.") if "bad" in text else None


def test_a_row_that_is_refused_where_others_are_answered_is_asked_nowhere_else() -> None:
    one, other = Place(bad), Place(bad, pace=0.002)
    session = several(one=one, other=other)
    texts = [f"row {number}{' bad' if number in (70, 90) else ''}" for number in range(120)]
    made: Any = infer.batch(texts, session=session, **targets("one", "other"))
    assert [one.row for one in made.failures] == [70, 90]
    assert [value for value in made.values if value] == [
        expected(text) for text in texts if "bad" not in text
    ]
    assert Counter(one.asked + other.asked) == Counter(texts), "each once"


def test_bad_rows_at_the_beginning_are_told_once_and_their_answers_stay_in_order() -> None:
    one, other = Place(bad), Place(bad)
    session = several(one=one, other=other)
    texts = [f"row {number}{' bad' if number < 12 else ''}" for number in range(60)]
    made: Any = infer.batch(texts, session=session, **targets("one", "other"))
    assert [one.row for one in made.failures] == [*range(12)]
    assert made.values[12:] == ["good"] * 48
    assert max(Counter(one.asked + other.asked).values()) <= 2


def test_a_place_that_refuses_does_not_turn_while_its_rows_wait_for_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from hf_nb.infer.many.line import Line

    taken: queue.SimpleQueue[int] = queue.SimpleQueue()
    take = Line.take

    def counted(line: Line, *given: Any) -> Any:
        taken.put(1)
        return take(line, *given)

    monkeypatch.setattr(Line, "take", counted)
    one, other = Place(lambda *_: BadInput("Not here.")), Place(pace=0.3)
    session = several(one=one, other=other)
    session.settings.batch_at_once = 1
    made: Any = infer.batch(
        [f"row {number}" for number in range(4)], session=session, **targets("one", "other")
    )
    assert made.failed == 0
    assert taken.qsize() < 100, "it looks twenty times a second, and not as often as it can"
