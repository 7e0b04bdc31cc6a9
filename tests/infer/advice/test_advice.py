"""A session that has a habit is told what it costs; one that has not is not. Every line works as it stands."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from types import SimpleNamespace
from typing import Any

import pytest

import hf_nb
from hf_nb import errors, infer
from hf_nb.commands import tree
from hf_nb.commands.tree import answer
from hf_nb.infer import numbers
from hf_nb.infer.advice import copies, failing, habits, loading, places, repeats, singles
from hf_nb.infer.call import Call, Chunk, Parts, Target, Terms
from hf_nb.infer.shapes import Tally
from hf_nb.plumbing import session as sessions
from hf_nb.plumbing.session import Session
from hf_nb.tasks import TASKS
from hf_nb.values import Advice, Attempt, LoadedModel, Parity, Tip
from hf_nb.values.parity import Way

LOCAL = Target("local", "own/model", "c0ffee")
SORTING = "text-classification"


@pytest.fixture
def session() -> Iterator[Session]:
    made = Session()
    made.settings.answers_cache = 1_000_000
    sessions.use(made)
    yield made
    sessions.use(None)


def told(
    session: Session,
    text: str = "I love it",
    seconds: float = 0.1,
    *,
    target: Target = LOCAL,
    task: str = SORTING,
    trail: tuple[Attempt, ...] = (),
    params: dict[str, Any] | None = None,
    cost: float | None = None,
    kind: str = "infer",
    named: bool = False,
    finish: str | None = "stop",
    written: int | None = None,
    times: int = 1,
) -> None:
    """So many answers, as `run` notes them."""
    for _ in range(times):
        asking: Any = SimpleNamespace(
            session=session,
            tally=Tally(seconds=seconds, finish=finish, written=written),
            terms=SimpleNamespace(trail=list(trail)),
            call=Call(task, target.model, target.revision, text, params or {}),
            task=TASKS[task],
            backend=SimpleNamespace(served=target),
            cost=lambda _served: cost,
            kept=None,
            followed=SimpleNamespace(job=SimpleNamespace(kind=kind)),
            named=named,
        )
        numbers.note(asking, None, seconds)


def looked(look: Callable[..., Iterator[Tip]], session: Session, *, measure: bool = True) -> list[Tip]:
    return list(look(habits.read(session), session, measure=measure))


def typed(line: str) -> Any:
    """What is pasted into a cell, typed."""
    import shlex

    assert line.startswith("%hf ")
    return answer(tree, shlex.split(line.removeprefix("%hf ")), "notebook").value


class Engine:
    """A model that takes so long for a pass, however many go through it."""

    name, remote, device = "local", False, "cpu"

    def __init__(self, alone: float = 0.01, among: float = 0.001) -> None:
        self.alone, self.among = alone, among
        self.asked: list[str] = []

    def can(self, call: Call) -> bool:
        return True

    def stream(self, call: Call, terms: Terms) -> Parts:
        self.asked.append(call.input)
        time.sleep(self.alone)
        yield Chunk(output=[{"label": "a", "score": 1.0}], finish="stop")

    def several(self, calls: Sequence[Call], terms: Terms) -> Iterator[tuple[int, Chunk]]:
        time.sleep(self.among * len(calls))
        for number in range(len(calls)):
            yield number, Chunk(output=[{"label": "a", "score": 1.0}], finish="stop")


def ask_one_by_one(session: Session, engine: Engine, number: int = 20, **how: Any) -> None:
    session.backends["local"] = engine
    for at in range(number):
        told(session, f"text {at}", 0.1, **how)


# -- one by one


def test_questions_one_by_one_are_tried_as_a_batch(session: Session) -> None:
    engine = Engine()
    ask_one_by_one(session, engine)
    (tip,) = looked(singles.look, session)
    assert tip.measured
    assert 1.0 < tip.seconds < 2.0  # of the two seconds they took, most
    assert engine.asked[-1] == "text 19"
    assert infer.stats(session=session)[0].answers == 20  # trying is not asking
    assert "20 questions went to own/model one by one" in tip.seen
    texts, asked = ["a", "b"], []
    named = SimpleNamespace(infer=SimpleNamespace(batch=lambda *given, **how: asked.append((given, how))))
    exec(tip.line, {"hf_nb": named, "texts": texts})  # noqa: S102 -- pasted, as it is meant to be
    assert asked == [((texts,), {"model": "own/model", "task": SORTING})]


@pytest.mark.parametrize(
    ("engine", "how"),
    [
        (Engine(), {"number": 15}),  # too few
        (Engine(0.001, 0.004), {}),  # nothing to gain
        (Engine(), {"kind": "batch"}),  # they were a batch
    ],
    ids=["few", "no gain", "batch"],
)
def test_where_a_batch_gains_nothing_nothing_is_said(
    session: Session, engine: Engine, how: dict[str, Any]
) -> None:
    ask_one_by_one(session, engine, **how)
    assert looked(singles.look, session) == []


def test_what_may_not_be_tried_is_not_said_to_be_measured(session: Session) -> None:
    engine = Engine()
    ask_one_by_one(session, engine)
    assert looked(singles.look, session, measure=False) == []
    assert engine.asked == []


def test_the_turns_of_a_conversation_are_no_batch(session: Session) -> None:
    told(session, target=Target("hf/far", "own/model"), task="chat", seconds=1.0, times=20)
    assert looked(singles.look, session) == []


def test_elsewhere_it_is_reckoned_and_nothing_is_sent(session: Session) -> None:
    told(session, target=Target("hf/far", "own/model"), seconds=1.0, times=20)
    (tip,) = looked(singles.look, session)
    assert not tip.measured
    assert tip.seconds == pytest.approx(15.0)  # four at a time
    assert "hf/far" not in session.backends


@pytest.mark.usefixtures("hub")
def test_a_real_model_is_tried_both_ways(session: Session) -> None:
    session.settings.answers_cache = 0
    for at in range(24):
        infer.run(f"The room number {at} was small, but we loved the view.", model="hfnb-demo/sentiment-en")
    before = infer.stats()[0].answers
    found = looked(singles.look, session)
    assert infer.stats()[0].answers == before
    assert all(one.measured and one.seconds > 0 for one in found)
    if found:  # how much it gains is the machine's affair
        texts = ["I love it.", "I hate it."]
        batch: Any = eval(found[0].line, {"hf_nb": hf_nb, "texts": texts})  # noqa: S307 -- the same
        assert len(batch.values) == 2


def test_a_bound_far_above_all_that_was_written_is_lowered_where_that_is_quicker(session: Session) -> None:
    class Keeping(Engine):
        """Room is kept for as much as the bound says: with much of it few go side by side."""

        def several(self, calls: Sequence[Call], terms: Terms) -> Iterator[tuple[int, Chunk]]:
            time.sleep(len(calls) * calls[0].params["max_new_tokens"] / 1e5)
            yield from super().several(calls, terms)

    def tip(engine: Engine, bound: int, finish: str = "stop") -> Tip:
        infer.stats(reset=True)
        ask_one_by_one(
            session,
            engine,
            task="text-generation",
            params={"max_new_tokens": bound},
            finish=finish,
            written=40,
        )
        (found,) = looked(singles.look, session)
        return found

    found = tip(Keeping(), 500)
    assert "of at most 64 tokens each" in found.change
    assert '"max_new_tokens": 64' in found.line
    assert "the bound was 500 tokens" in found.how
    for engine, bound, finish in (
        (Engine(), 500, "stop"),
        (Keeping(), 100, "stop"),
        (Keeping(), 500, "length"),
    ):
        found = tip(engine, bound, finish)
        assert "at most" not in found.change
        assert f'"max_new_tokens": {bound}' in found.line


# -- the same again


def test_questions_asked_again_while_nothing_is_kept(session: Session) -> None:
    session.settings.answers_cache = 0
    told(session, "the same", 0.2, times=6)
    told(session, "another", 0.2)
    (tip,) = looked(repeats.look, session)
    assert tip.seconds == pytest.approx(1.0)
    assert "5 of the last 7 questions" in tip.seen
    assert typed(tip.line).value == repeats.BYTES
    assert session.settings.answers_cache == repeats.BYTES
    assert looked(repeats.look, session) == []
    assert typed(tip.undo).value == 0


def test_what_a_cache_would_not_hold_is_not_promised(session: Session) -> None:
    session.settings.answers_cache = 0
    told(session, task="text-generation", params={"temperature": 0.8}, times=9)
    told(session, target=Target("ollama", "m"), times=9)
    told(session, target=Target("hf", "own/model"), task="text-generation", times=9)
    for at in range(9):
        told(session, f"text {at}")
    assert looked(repeats.look, session) == []


# -- places


def test_a_slower_place_while_an_equal_one_was_there(session: Session) -> None:
    told(session, target=Target("hf/slow", "own/model"), seconds=3.0, times=5)
    told(session, target=Target("hf/fast", "own/model"), seconds=1.0, times=5)
    (tip,) = looked(places.look, session)
    assert tip.seconds == pytest.approx(10.0)
    assert "hf/slow took 3.0 times as long as hf/fast" in tip.seen
    typed(tip.line)
    assert session.settings.policy == "fastest seen"
    assert looked(places.look, session) == []  # it is so already
    typed(tip.undo)
    assert session.settings.policy == "as listed"


def test_where_the_place_was_named_another_name_is_told(session: Session) -> None:
    told(session, target=Target("hf/slow", "own/model"), seconds=3.0, times=5, named=True)
    told(session, target=Target("hf/fast", "own/model"), seconds=1.0, times=5)
    (tip,) = looked(places.look, session)
    assert tip.setting is None
    assert 'provider="hf/fast"' in tip.line


def test_a_dearer_place(session: Session) -> None:
    told(session, target=Target("hf/dear", "own/model"), cost=0.02, times=5)
    told(session, target=Target("hf/fair", "own/model"), cost=0.005, times=5)
    (tip,) = looked(places.look, session)
    assert tip.dollars == pytest.approx(0.075)
    typed(tip.line)
    assert session.settings.policy == "free first"


@pytest.mark.parametrize(
    "there",
    [
        [("hf/a", "own/model", 1.0), ("hf/b", "own/model", 1.1)],
        [("hf/a", "own/model", 3.0), ("hf/b", "own/other", 1.0)],
        [("local", "own/model", 3.0), ("hf/b", "own/model", 1.0)],  # for speed nothing is sent out
        [("hf/a", "own/model", 3.0)],
    ],
    ids=["alike", "another model", "here", "alone"],
)
def test_places_that_are_no_better_are_not_told(
    session: Session, there: list[tuple[str, str, float]]
) -> None:
    for method, model, seconds in there:
        told(session, target=Target(method, model), seconds=seconds, times=5)
    assert looked(places.look, session) == []


# -- failing first


FAILED = (Attempt("local", "own/model", "OutOfMemory", "…", 2.0, 0.5), Attempt("hf", "own/model"))


def test_a_place_that_always_fails_first_is_asked_last(session: Session) -> None:
    told(session, target=Target("hf", "own/model"), trail=FAILED, times=4)
    (tip,) = looked(failing.look, session)
    assert tip.seconds == pytest.approx(10.0)
    assert "local failed 4 times (OutOfMemory)" in tip.seen
    typed(tip.line)
    assert session.settings.methods == ["hf", "local"]
    assert looked(failing.look, session) == []
    typed(tip.undo)
    assert session.settings.methods == ["local", "hf"]


def test_a_place_that_mostly_answers_stays_first(session: Session) -> None:
    told(session, times=9)
    told(session, target=Target("hf", "own/model"), trail=FAILED, times=4)
    assert looked(failing.look, session) == []


# -- memory


def loaded(session: Session, model: str, *seconds: float) -> None:
    for one in seconds:
        with session.span("infer.load", **{"gen_ai.request.model": model}) as here:
            pass
        here.seconds = one


class Held:
    """What lies in memory."""

    def __init__(self, size: int, budget: int) -> None:
        self.size, self.budget = size, budget
        self.memory = self

    def seen(self) -> list[LoadedModel]:
        return [LoadedModel(one, SORTING, None, self.size, "cpu", None, 1) for one in ("own/a", "own/b")]  # type: ignore[arg-type]

    def budgets(self) -> dict[str, int]:
        return {"cpu": self.budget}


def test_models_that_push_each_other_out_are_given_room(session: Session) -> None:
    session.backends["local"] = Held(1_000_000, 1_500_000)
    loaded(session, "own/a", 2.0, 2.0, 2.0)
    loaded(session, "own/b", 1.0, 1.0)
    (tip,) = looked(loading.look, session)
    assert tip.seconds == pytest.approx(4.0)
    typed(tip.line)
    assert session.settings.model_memory == 2_400_000
    typed(tip.undo)
    assert session.settings.model_memory == 0


@pytest.mark.parametrize(
    ("size", "budget", "times"), [(1_000_000, 1_500_000, 2), (10**15, 10**6, 4), (1_000_000, 10**9, 4)]
)
def test_where_there_is_room_or_none_at_all_nothing_is_said(
    session: Session, size: int, budget: int, times: int
) -> None:
    session.backends["local"] = Held(size, budget)
    loaded(session, "own/a", *[2.0] * times)
    loaded(session, "own/b", 1.0)
    assert looked(loading.look, session) == []


# -- quicker copies


def compared(speed: float) -> Parity:
    way = Way("bf16", speed, 1.0, 0.001, 1.0, 0.05, taken=speed >= 1.3)
    return Parity("own/model", SORTING, 64, "this one", (way,))


def test_batches_that_a_quicker_copy_would_answer(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies, "parity", lambda *_a, **_k: compared(2.0))
    numbers.note_many(session, LOCAL, SORTING, 1_000, 8.0)
    (tip,) = looked(copies.look, session)
    assert tip.measured
    assert tip.seconds == pytest.approx(4.0)
    typed(tip.line)
    assert session.settings.accel == "auto"
    assert looked(copies.look, session) == []
    typed(tip.undo)
    assert session.settings.accel == "off"


@pytest.mark.parametrize(
    ("speed", "rows", "seconds"), [(1.1, 1_000, 8.0), (2.0, 100, 8.0), (2.0, 1_000, 900.0)]
)
def test_no_copy_is_told_of_that_gains_nothing_or_takes_long_to_compare(
    session: Session, monkeypatch: pytest.MonkeyPatch, speed: float, rows: int, seconds: float
) -> None:
    monkeypatch.setattr(copies, "parity", lambda *_a, **_k: compared(speed))
    numbers.note_many(session, LOCAL, SORTING, rows, seconds)
    assert looked(copies.look, session) == []


def test_a_model_that_cannot_be_compared_is_no_failure(session: Session) -> None:
    numbers.note_many(session, Target("local", "/no/such/folder"), SORTING, 1_000, 8.0)
    assert looked(copies.look, session) == []


# -- all of it


def test_a_session_that_did_nothing_is_told_so(session: Session) -> None:
    found = infer.advice()
    assert len(found) == 0
    assert "Nothing was answered" in str(found)
    told(session)
    assert "no change would have saved much" in str(infer.advice())


def test_the_largest_gain_is_first_and_five_are_the_most(session: Session) -> None:
    for number in range(8):
        told(session, target=Target(f"hf/{number}", f"own/{number}"), seconds=1.0 + number, times=20)
    told(session, target=Target("hf", "own/x"), cost=0.5, times=5)
    told(session, target=Target("hf/fair", "own/x"), cost=0.1, times=5)
    found = infer.advice()
    assert len(found) == 5
    assert found[0].kind == "cheaper"  # two dollars are more than two minutes
    gains = [one.seconds for one in found[1:]]
    assert gains == sorted(gains, reverse=True)
    assert found.seconds == pytest.approx(sum((1.0 + n) * 20 for n in range(8)) + 1.0)
    shown = str(found)
    assert "1. Would have saved ≈ $2." in shown
    assert "Reckoned: " in shown
    assert json.loads(json.dumps(found.to_dict()))["tips"][0]["kind"] == "cheaper"


def test_a_gain_not_worth_a_word_is_left_out(session: Session) -> None:
    session.settings.answers_cache = 0
    told(session, "the same", 0.001, times=9)
    assert len(infer.advice()) == 0


def test_advice_is_taken_and_taken_back_by_its_number(session: Session) -> None:
    session.settings.answers_cache = 0
    with pytest.raises(errors.BadInput, match="No advice was given yet"):
        typed("%hf advice --take 1")
    told(session, "the same", 2.0, times=3)
    found = typed("%hf advice --no-trial")
    assert isinstance(found, Advice)
    assert "To take one: %hf advice --take 1" in str(found)
    typed("%hf advice --take 1")
    typed("%hf advice --take 1")  # twice is once
    assert session.settings.answers_cache == repeats.BYTES
    typed("%hf advice --undo 1")
    assert session.settings.answers_cache == 0
    with pytest.raises(errors.BadInput, match="was not taken"):
        typed("%hf advice --undo 1")
    with pytest.raises(errors.BadInput, match="no advice 7"):
        typed("%hf advice --take 7")


def test_a_change_of_code_is_the_users_own(session: Session) -> None:
    told(session, target=Target("hf/far", "own/model"), seconds=1.0, times=20)
    infer.advice()
    with pytest.raises(errors.BadInput, match="your code") as wrong:
        infer.take_advice(1)
    assert "hf_nb.infer.batch(texts" in str(wrong.value.next_step)


def test_names_are_text_and_nothing_else(session: Session) -> None:
    evil = '"); import os; <script>alert(1)</script>\x1b[31m'
    told(session, target=Target("hf/far", evil), seconds=1.0, times=20)
    found = infer.advice()
    shown = found._repr_mimebundle_()
    assert "<script>" not in shown["text/html"]
    assert "\x1b" not in shown["text/plain"]
    asked: list[Any] = []
    named = SimpleNamespace(infer=SimpleNamespace(batch=lambda *_a, **how: asked.append(how["model"])))
    exec(found[0].line, {"hf_nb": named, "texts": []})  # noqa: S102 -- pasted, as it is meant to be
    assert asked == [evil]


def test_what_was_asked_is_remembered_for_a_while_if_it_is_short() -> None:
    session = Session()
    told(session, "x" * 100, times=300)
    assert sum(one.call is not None for one in habits.read(session).latest) == numbers.ASKED
    told(session, "x" * 50_000)
    assert habits.read(session).latest[-1].call is None
    infer.stats(reset=True, session=session)
    assert habits.read(session).latest == ()
