"""Who keeps failing is left alone, and asked again one at a time; nothing the caller does counts."""

from __future__ import annotations

import contextlib
import threading
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from hf_nb import errors
from hf_nb.infer import keys
from hf_nb.infer.policies import breaker
from hf_nb.infer.policies.breaker import Breaker, Open, State
from hf_nb.plumbing.session import Session
from tests.infer.policies.scripted import CALL, END, Scripted, Stage, gathered

GOOD = ("Good.", END)
BUSY = errors.Busy("busy")


def failing(times: int = 3, **how: Any) -> Breaker:
    made = Breaker(**how)
    for _ in range(times):
        made.failed(BUSY, 0.0, probe=made.enter(0.0))
    return made


def test_it_opens_with_the_third_failure_in_a_row() -> None:
    assert failing(2).state(0) is State.CLOSED
    assert failing(3).state(0) is State.OPEN
    broken_row = failing(2)
    broken_row.worked(probe=broken_row.enter(0))
    broken_row.failed(BUSY, 0, probe=broken_row.enter(0))
    assert broken_row.state(0) is State.CLOSED


def test_when_its_time_is_over_one_alone_may_try() -> None:
    made = failing()
    with pytest.raises(Open) as closed:
        made.enter(1.9)
    assert closed.value.until == 2.0
    assert closed.value.last is BUSY
    assert made.state(2) is State.HALF
    assert made.enter(2)
    with pytest.raises(Open):
        made.enter(2)


def test_a_probe_that_fails_keeps_it_open_twice_as_long_up_to_five_minutes() -> None:
    made, now, times = failing(), 0.0, []
    for _ in range(10):
        with pytest.raises(Open) as closed:
            made.enter(now)
        times.append(closed.value.until - now)
        now = closed.value.until
        made.failed(BUSY, now, probe=made.enter(now))
    assert times == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300]


def test_a_probe_that_works_closes_it_and_it_begins_anew() -> None:
    made = failing()
    made.failed(BUSY, 2, probe=made.enter(2))
    made.worked(probe=made.enter(6))
    assert made.state(6) is State.CLOSED
    for _ in range(3):
        made.failed(BUSY, 7, probe=made.enter(7))
    with pytest.raises(Open) as closed:
        made.enter(7)
    assert closed.value.until == 9


def test_a_probe_that_is_stopped_lets_the_next_one_in() -> None:
    made = failing()
    made.failed(GeneratorExit(), 2, probe=made.enter(2))
    assert made.enter(2)


@pytest.mark.parametrize(
    "wrong",
    [
        errors.Stopped(),
        GeneratorExit(),
        KeyboardInterrupt(),
        errors.BadInput("bad"),
        errors.NotFound("none"),
        errors.Filtered("no"),
        errors.TooLarge("long"),
        errors.OutOfMemory("memory"),
        errors.MissingExtra("torch"),
        errors.Refused("gate"),
        errors.Timeout("over", stage="total"),
        ValueError("ours"),
    ],
    ids=lambda one: type(one).__name__,
)
def test_what_the_caller_did_never_counts(wrong: BaseException) -> None:
    made = failing(2)
    for _ in range(5):
        made.failed(wrong, 0, probe=made.enter(0))
    assert made.state(0) is State.CLOSED


@pytest.mark.parametrize(("after", "until"), [(7.5, 7.5), (0.0, 0.0), (1e9, 600.0)])
def test_a_server_that_says_when_is_not_asked_before(after: float, until: float) -> None:
    made = Breaker()
    made.failed(errors.RateLimited("slow", after=after), 0, probe=made.enter(0))
    assert made.state(until) is State.HALF
    if until:
        assert made.state(until - 0.001) is State.OPEN
        with pytest.raises(Open):
            made.enter(until - 0.001, alone=True)


@pytest.mark.parametrize("wrong", [errors.Unauthorized("who"), errors.Spent("spent")])
def test_without_access_it_stays_open_until_access_may_have_changed(wrong: errors.HfNbError) -> None:
    stamp = ["one token"]
    made = Breaker(lambda: tuple(stamp))
    made.failed(wrong, 0, probe=made.enter(0))
    with pytest.raises(Open):
        made.enter(599)
    stamp[0] = "another"
    assert made.enter(1)


def test_a_new_token_and_a_new_setting_count_as_a_change(monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session()
    changes = (
        lambda: monkeypatch.setenv("HF_TOKEN", "hf_" + "a" * 34),
        lambda: setattr(session.settings, "router", "http://127.0.0.1:1/other"),
        lambda: monkeypatch.setenv("HF_NB_KEY_OURS", "sk-other"),
        lambda: keys.store("ours", "sk-stored"),
    )
    for number, change in enumerate(changes):
        made = breaker.of("a", str(number), session)
        made.failed(errors.Unauthorized("who"), 0, probe=made.enter(0))
        with pytest.raises(Open):
            made.enter(1)
        change()
        assert made.enter(1)


def test_a_late_answer_from_before_does_not_close_what_a_server_asked_for() -> None:
    made = Breaker()
    early = made.enter(0)
    made.failed(errors.RateLimited("slow", after=60), 1, probe=made.enter(0))
    made.worked(probe=early)
    assert made.state(2) is State.OPEN


def test_calls_that_fail_together_open_it_once() -> None:
    made = Breaker()
    entered = [made.enter(0) for _ in range(10)]
    for probe in entered:
        made.failed(BUSY, 0, probe=probe)
    assert made.state(2) is State.HALF


def test_it_is_the_sessions_and_a_targets() -> None:
    session = Session()
    assert breaker.of("a", "m", session) is breaker.of("a", "m", session)
    assert breaker.of("a", "n", session) is not breaker.of("a", "m", session)
    assert breaker.of("a", "m", Session()) is not breaker.of("a", "m", session)


def test_the_next_call_does_not_ask_who_was_failing() -> None:
    stage = Stage(a := Scripted("a", [BUSY]), Scripted("b", GOOD))
    for _ in range(10):
        assert stage.ask() == "Good."
    assert len(a.asked) == 3
    stage.clock.pass_(2)
    stage.ask()
    assert len(a.asked) == 4


def test_who_has_nobody_else_may_ask_a_failing_target_early() -> None:
    stage = Stage(a := Scripted("a", *[[BUSY]] * 5, GOOD))
    for seconds in (60, 1):  # four tries; then, when it may be asked again, a fifth
        with pytest.raises(errors.Busy):
            stage.ask(stage.terms(timeout=seconds))
        stage.clock.pass_(4)
    now = stage.clock.now()
    assert breaker.of("a", "model/a", stage.session).until == now + 4
    assert stage.ask() == "Good."
    assert stage.clock.now() == now
    assert len(a.asked) == 6


def test_who_has_nobody_else_waits_where_the_server_said_when() -> None:
    stage = Stage(Scripted("a", [errors.RateLimited("slow", after=30)], GOOD))
    began = stage.clock.now()
    with pytest.raises(errors.RateLimited):
        stage.ask(stage.terms(timeout=5))
    assert stage.ask(stage.terms(timeout=60)) == "Good."
    assert stage.clock.now() == began + 30


def test_of_many_threads_one_alone_is_the_probe() -> None:
    made, entered, gate = failing(), [], threading.Barrier(8)

    def call() -> None:
        gate.wait()
        with contextlib.suppress(Open):
            entered.append(made.enter(2))

    threads = [threading.Thread(target=call) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert entered == [True]


def test_who_was_let_in_meanwhile_is_asked_again_at_once() -> None:
    stage = Stage(Scripted("a", [errors.Unauthorized("who")], GOOD))
    with pytest.raises(errors.Unauthorized):
        stage.ask()
    assert stage.ask() == "Good."


def test_without_access_it_is_left_alone_while_an_equal_one_answers() -> None:
    stage = Stage(a := Scripted("a", [errors.Unauthorized("who")]), Scripted("b", GOOD))
    for _ in range(5):
        stage.ask()
        stage.clock.pass_(60)
    assert len(a.asked) == 1


def test_a_stopped_stream_says_nothing_about_the_target() -> None:
    stage = Stage(a := Scripted("a", ["One ", "two", END]))
    for _ in range(5):
        parts = stage.fallback().stream(CALL, stage.terms(seen=True))
        next(parts)
        parts.close()
    assert len(a.asked) == 5
    assert breaker.of("a", "model/a", stage.session).state(stage.clock.now()) is State.CLOSED


def test_what_is_told_of_a_target_that_is_not_asked_is_what_it_said() -> None:
    stage = Stage(a := Scripted("a", [errors.RateLimited("a: slow down.", after=500)]))
    for _ in range(2):
        _, wrong = gathered(stage.fallback().stream(CALL, stage.terms()))
        assert isinstance(wrong, errors.RateLimited)
        told = (wrong.problem, wrong.next_step)
    assert told == ("a: slow down. It is not asked again yet.", "Try again in 500 s.")
    assert len(a.asked) == 1


class AgainstAModel(RuleBasedStateMachine):
    """The breaker beside a plain account of what it promises, under any order of calls, results and waits."""

    def __init__(self) -> None:
        super().__init__()
        self.breaker = Breaker()
        self.now = 0.0
        self.under_way: list[bool] = []
        self.row = 0  # failures since it last worked
        self.times = 0  # how often in a row it opened for failures
        self.until: float | None = None
        self.probing = False

    @rule(seconds=st.floats(0, 400))
    def wait(self, seconds: float) -> None:
        self.now += seconds

    @rule()
    def call(self) -> None:
        may = self.until is None or (self.now >= self.until and not self.probing)
        if not may:
            with pytest.raises(Open) as closed:
                self.breaker.enter(self.now)
            assert closed.value.until > self.now
            return
        probe = self.breaker.enter(self.now)
        assert probe is (self.until is not None)
        self.probing = self.probing or probe
        self.under_way.append(probe)

    def _end(self, which: int) -> bool:
        probe = self.under_way.pop(which % len(self.under_way))
        if probe:
            self.probing = False
        return probe

    @precondition(lambda self: self.under_way)
    @rule(which=st.integers(0, 99))
    def works(self, which: int) -> None:
        probe = self._end(which)
        self.breaker.worked(probe=probe)
        if probe or self.until is None:
            self.row, self.times, self.until = 0, 0, None

    @precondition(lambda self: self.under_way)
    @rule(
        which=st.integers(0, 99),
        wrong=st.sampled_from([BUSY, errors.Broken("x"), errors.Timeout("x", stage="idle")]),
    )
    def fails(self, which: int, wrong: errors.HfNbError) -> None:
        probe = self._end(which)
        self.breaker.failed(wrong, self.now, probe=probe)
        self.row += 1
        if probe or (self.until is None and self.row >= 3):
            self._opens(min(300.0, 2.0 * 2**self.times))
            self.times += 1

    @precondition(lambda self: self.under_way)
    @rule(which=st.integers(0, 99), after=st.floats(0, 900))
    def is_limited(self, which: int, after: float) -> None:
        probe = self._end(which)
        self.breaker.failed(errors.RateLimited("x", after=after), self.now, probe=probe)
        self.row += 1
        self._opens(min(after, 600.0))

    @precondition(lambda self: self.under_way)
    @rule(which=st.integers(0, 99))
    def is_refused(self, which: int) -> None:
        probe = self._end(which)
        self.breaker.failed(errors.Unauthorized("x"), self.now, probe=probe)
        self.row += 1
        self._opens(600.0)

    @precondition(lambda self: self.under_way)
    @rule(
        which=st.integers(0, 99),
        wrong=st.sampled_from([GeneratorExit(), errors.Stopped(), errors.BadInput("x"), errors.Timeout("x")]),
    )
    def ends_otherwise(self, which: int, wrong: BaseException) -> None:
        self.breaker.failed(wrong, self.now, probe=self._end(which))

    def _opens(self, seconds: float) -> None:
        self.until = max(self.until if self.until is not None else self.now, self.now + seconds)

    @invariant()
    def the_state_is_the_models(self) -> None:
        expected = (
            State.CLOSED if self.until is None else State.HALF if self.now >= self.until else State.OPEN
        )
        assert self.breaker.state(self.now) is expected


TestAgainstAModel = AgainstAModel.TestCase
TestAgainstAModel.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
