"""The retry loop: who is asked after which failure, when, and what is told in the end."""

import signal
import threading
from typing import Any

import pytest

from hf_nb import errors
from hf_nb.infer.call import NEVER, Chunk, Terms
from hf_nb.plumbing import progress
from hf_nb.plumbing.clock import REAL
from tests.infer.policies.scripted import CALL, END, Scripted, Stage, gathered

GOOD = ("Good ", "answer.", END)
STOPPING = [errors.BadInput("bad"), errors.Filtered("no"), errors.TooLarge("long")]
ONLY_EQUAL = [
    errors.Unauthorized("who"),
    errors.Spent("spent"),
    errors.MissingExtra("torch"),
    errors.OutOfMemory("memory"),
    errors.Refused("gate"),
]
PASSING = [
    errors.RateLimited("slow down"),
    errors.Busy("busy"),
    errors.Unreachable("gone"),
    errors.Timeout("late", stage="connect"),
    errors.Timeout("late", stage="first"),
    errors.Timeout("late", stage="idle"),
    errors.Broken("cut"),
]


def named(one: Any) -> str:
    return f"{type(one).__name__}-{getattr(one, 'stage', '')}".rstrip("-")


@pytest.mark.parametrize("wrong", STOPPING, ids=named)
def test_a_wrong_question_is_asked_nobody_else(wrong: errors.HfNbError) -> None:
    stage = Stage(Scripted("a", [wrong]), second := Scripted("b", GOOD), other := Scripted("other", GOOD))
    with pytest.raises(type(wrong)) as raised:
        stage.ask()
    assert raised.value is wrong
    assert not second.asked
    assert not other.asked


def test_what_was_too_long_goes_on_to_the_targets_known_to_read_more_and_to_no_other() -> None:
    long = [errors.TooLarge("long")]
    stage = Stage(
        Scripted("a", long, window=512),
        unknown := Scripted("b", GOOD),
        same := Scripted("c", GOOD, window=512),
        Scripted("d", long, window=1024),
        fewer := Scripted("e", GOOD, window=768),
        Scripted("f", GOOD, window=4096),
        Scripted("other", GOOD, window=8192),
    )
    assert stage.ask() == "Good answer."
    assert stage.trail == [("a", "TooLarge"), ("d", "TooLarge"), ("f", None)]
    assert [one.asked for one in (unknown, same, fewer)] == [[], [], []]
    assert stage.clock.slept == []


@pytest.mark.parametrize(
    ("window", "others"),
    [(512, None), (None, 4096), (None, None), (512, 512), (512, 256)],
    ids=["unknown there", "unknown here", "unknown", "the same", "smaller"],
)
def test_what_was_too_long_ends_where_nobody_is_known_to_read_more(
    window: int | None, others: int | None
) -> None:
    wrong = errors.TooLarge("long")
    second, other = Scripted("b", GOOD, window=others), Scripted("other", GOOD, window=100_000)
    stage = Stage(Scripted("a", [wrong], window=window), second, other)
    with pytest.raises(errors.TooLarge) as raised:
        stage.ask()
    assert raised.value is wrong
    assert not second.asked
    assert not other.asked


def test_too_long_is_what_is_told_when_who_reads_more_is_busy() -> None:
    busy = Scripted("b", [errors.Busy("busy")], window=1024)
    stage = Stage(Scripted("a", [errors.TooLarge("long")], window=512), busy, Scripted("other", GOOD))
    with pytest.raises(errors.TooLarge, match=r"a 1×, b 4×"):
        stage.ask()


@pytest.mark.parametrize("wrong", ONLY_EQUAL, ids=named)
def test_what_lasts_goes_to_an_equal_target_and_never_to_another_model(wrong: errors.HfNbError) -> None:
    first = Scripted("a", [wrong])
    stage = Stage(first, Scripted("b", GOOD))
    assert stage.ask() == "Good answer."
    assert stage.trail == [("a", type(wrong).__name__), ("b", None)]
    stage = Stage(Scripted("a", [wrong]), other := Scripted("other", GOOD))
    with pytest.raises(type(wrong)):
        stage.ask()
    assert not other.asked
    assert stage.clock.slept == []


@pytest.mark.parametrize("wrong", PASSING, ids=named)
def test_what_passes_goes_to_the_next_target_at_once(wrong: errors.HfNbError) -> None:
    stage = Stage(Scripted("a", [wrong]), Scripted("b", GOOD))
    assert stage.ask() == "Good answer."
    assert stage.trail == [("a", type(wrong).__name__), ("b", None)]
    assert stage.clock.slept == []


@pytest.mark.parametrize("wrong", [*PASSING, errors.NotFound("not served")], ids=named)
def test_another_model_answers_only_after_every_equal_target(wrong: errors.HfNbError) -> None:
    stage = Stage(Scripted("other", GOOD), Scripted("a", [wrong]), Scripted("b", [wrong]))
    fallback, terms = stage.fallback(), stage.terms()
    assert "".join(one.text for one in fallback.stream(CALL, terms)) == "Good answer."
    assert [one.method for one in terms.trail] == ["a", "b", "other"]
    assert fallback.served is not None
    assert not fallback.served.equal


def test_one_equal_target_without_access_keeps_another_model_out() -> None:
    stage = Stage(
        Scripted("a", [errors.Busy("busy")]),
        Scripted("b", [errors.Unauthorized("who", "%hf login")]),
        other := Scripted("other", GOOD),
    )
    with pytest.raises(errors.Unauthorized, match="who") as raised:
        stage.ask()
    assert "a 4×" in raised.value.problem
    assert raised.value.next_step == "%hf login"
    assert not other.asked


def test_when_all_were_tried_it_goes_round_again_after_a_pause() -> None:
    stage = Stage(
        Scripted("a", [errors.Busy("busy")], [errors.Busy("busy")], GOOD),
        Scripted("b", [errors.Broken("cut")]),
    )
    assert stage.ask() == "Good answer."
    assert stage.trail[:2] == [("a", "Busy"), ("b", "Broken")]
    assert stage.trail[-1] == ("a", None)
    assert 0 < sum(stage.clock.slept) <= 0.5 + 1.0
    assert sum(one.waited for one in stage.last.trail) == pytest.approx(sum(stage.clock.slept))


def test_no_target_is_tried_more_than_four_times_and_the_error_counts_them() -> None:
    stage = Stage(Scripted("a", [errors.Busy("a is busy.")]), Scripted("b", [errors.Busy("b is busy.")]))
    with pytest.raises(errors.Busy) as raised:
        stage.ask()
    assert raised.value.problem == "a is busy. Asked: a 4×, b 4×."
    assert raised.value.next_step
    assert len(stage.last.trail) == 8


@pytest.mark.parametrize(("after", "waited"), [(3.0, 3.0), (0.0, 0.0), (-5.0, 0.0)])
def test_the_wait_a_server_names_is_kept_exactly(after: float, waited: float) -> None:
    limited = errors.RateLimited("slow down", after=after)
    stage = Stage(a := Scripted("a", [limited], GOOD))
    assert stage.ask() == "Good answer."
    assert a.asked[1][0] - a.asked[0][0] == pytest.approx(waited)


def test_a_wait_beyond_the_deadline_is_not_begun() -> None:
    stage = Stage(Scripted("a", [errors.RateLimited("Slow down.", after=1e9)]))
    with pytest.raises(errors.RateLimited, match="Slow down"):
        stage.ask()
    assert stage.clock.slept == []


def test_the_pauses_of_a_crowd_differ() -> None:
    pauses = set()
    for seed in range(20):
        stage = Stage(Scripted("a", [errors.Unreachable("gone")], GOOD), seed=seed)
        stage.ask()
        pauses.add(round(sum(stage.clock.slept), 4))
    assert len(pauses) == 20
    assert max(pauses) <= 0.5


def test_a_long_wait_is_said_and_a_short_one_is_not() -> None:
    said: list[str] = []

    class Listener(progress.Silent):
        def say(self, line: str) -> None:
            said.append(line)

    with progress.to(Listener()):
        Stage(Scripted("a", [errors.Busy("The server is loading.", after=0.4)], GOOD)).ask()
        assert said == []
        Stage(Scripted("a", [errors.Busy("The server is loading.", after=7)], GOOD)).ask()
    assert said == ["a: The server is loading; once more in 7 s …"]


def test_one_deadline_holds_for_all_tries_together() -> None:
    stage = Stage(Scripted("a", [8, errors.Busy("busy")]), Scripted("b", [8, errors.Busy("busy")]))
    began = stage.clock.now()
    with pytest.raises((errors.Timeout, errors.Busy)):
        stage.ask(stage.terms(timeout=20))
    assert stage.clock.now() - began <= 20
    assert stage.trail[-1] == ("a", "Timeout")


def test_when_the_time_is_over_nobody_else_is_asked() -> None:
    stage = Stage(Scripted("a", [30]), second := Scripted("b", GOOD))
    with pytest.raises(errors.Timeout) as raised:
        stage.ask(stage.terms(timeout=9))
    assert raised.value.stage == "total"
    assert not second.asked


def test_the_first_part_is_waited_for_shortly_while_there_is_somebody_else() -> None:
    stage = Stage(Scripted("a", [30, *GOOD]), Scripted("b", GOOD))
    assert stage.ask() == "Good answer."
    assert stage.trail == [("a", "Timeout"), ("b", None)]


def test_the_first_part_of_the_last_target_is_waited_for_until_the_deadline() -> None:
    alone = Stage(a := Scripted("a", [30, *GOOD]))
    assert alone.ask() == "Good answer."
    assert a.asked[0][2] == NEVER
    stage = Stage(Scripted("a", [errors.NotFound("no")]), Scripted("b", [30, *GOOD]))
    assert stage.ask() == "Good answer."


def test_a_slow_first_part_gets_more_time_the_next_time() -> None:
    stage = Stage(a := Scripted("a", [15, *GOOD]), Scripted("b", [errors.Busy("busy")]))
    assert stage.ask() == "Good answer."
    assert [first for *_, first in a.asked] == [10, 20]


def test_two_half_answers_are_never_put_together() -> None:
    stage = Stage(
        Scripted("a", ["Half of ", errors.Broken("cut")]),
        Scripted("b", ["Part of ", errors.Busy("busy")]),
        Scripted("c", GOOD),
    )
    assert stage.ask() == "Good answer."


def test_what_was_shown_is_not_said_again() -> None:
    stage = Stage(
        Scripted("a", ["Half of ", errors.Unreachable("Gone.", "Ask again.")]), second := Scripted("b", GOOD)
    )
    terms = stage.terms(seen=True)
    shown, wrong = gathered(stage.fallback().stream(CALL, terms))
    assert [one.text for one in shown] == ["Half of "]
    assert isinstance(wrong, errors.Broken)
    assert wrong.problem == "The answer broke off. Gone."
    assert wrong.next_step == "Ask again."
    assert not second.asked


def test_what_is_shown_may_begin_elsewhere_as_long_as_nothing_was_said() -> None:
    stage = Stage(Scripted("a", [Chunk(note="of a"), errors.Unreachable("gone")]), Scripted("b", GOOD))
    chunks = list(stage.fallback().stream(CALL, stage.terms(seen=True)))
    assert [one.text for one in chunks] == ["Good ", "answer.", ""]
    assert not any(one.note for one in chunks)


def test_what_is_shown_comes_as_it_comes() -> None:
    stage = Stage(Scripted("a", ["One ", 3, "two", END]))
    began = stage.clock.now()
    came = [
        (one.text, stage.clock.now() - began) for one in stage.fallback().stream(CALL, stage.terms(seen=True))
    ]
    assert came == [("One ", 0), ("two", 3), ("", 3)]


def test_an_answer_without_an_end_mark_is_no_answer() -> None:
    stage = Stage(Scripted("a", ["It looks whole."]), Scripted("b", GOOD))
    assert stage.ask() == "Good answer."
    assert stage.trail[0] == ("a", "Broken")


def test_the_last_half_answer_is_handed_over_before_its_error() -> None:
    stage = Stage(Scripted("a", ["Half of ", errors.Broken("cut")]))
    came, wrong = gathered(stage.fallback().stream(CALL, stage.terms()))
    assert [one.text for one in came] == ["Half of "]
    assert isinstance(wrong, errors.Broken)
    assert "4×" in wrong.problem


def test_a_stop_ends_a_wait_and_is_no_failure_of_anybody() -> None:
    stage = Stage(Scripted("a", [errors.Busy("busy", after=30)]))
    terms = stage.terms()
    stage.clock.at(stage.clock.now() + 2, terms.stop.set)
    began = stage.clock.now()
    with pytest.raises(errors.Stopped):
        stage.ask(terms)
    assert stage.clock.now() - began == pytest.approx(2)


def test_a_stop_during_an_answer_keeps_what_had_come() -> None:
    stage = Stage(a := Scripted("a", ["Half of ", 4, *GOOD]), second := Scripted("b", GOOD))
    terms = stage.terms()
    stage.clock.at(stage.clock.now() + 2, terms.stop.set)
    came, wrong = gathered(stage.fallback().stream(CALL, terms))
    assert [one.text for one in came] == ["Half of "]
    assert isinstance(wrong, errors.Stopped)
    assert [(one.method, one.error) for one in terms.trail] == [("a", "Stopped")]
    assert a.closed == 1
    assert not second.asked


def test_closing_it_closes_who_answers() -> None:
    stage = Stage(a := Scripted("a", ["One ", "two", END]))
    terms = stage.terms(seen=True)
    parts = stage.fallback().stream(CALL, terms)
    assert next(parts).text == "One "
    parts.close()
    assert a.closed == 1
    assert [one.error for one in terms.trail] == ["Stopped"]


def test_who_cannot_do_the_task_is_passed_over() -> None:
    cannot = Scripted("a", GOOD)
    cannot.does = lambda call: call.task == "fill-mask"
    stage = Stage(cannot, Scripted("b", GOOD))
    assert stage.ask() == "Good answer."
    assert stage.trail == [("a", "Refused"), ("b", None)]
    assert not cannot.asked


def test_each_target_is_asked_for_its_own_model() -> None:
    stage = Stage(a := Scripted("a", [errors.Busy("busy")]), b := Scripted("b", GOOD))
    stage.ask()
    assert (a.asked[0][1], b.asked[0][1]) == ("model/a", "model/b")


def test_what_was_left_out_is_said_in_the_reason() -> None:
    stage = Stage(Scripted("a", [errors.RateLimited("slow", after=500)]), Scripted("b", GOOD))
    stage.ask()
    chunks = list(stage.fallback().stream(CALL, stage.terms()))
    assert [one.note for one in chunks if one.note] == ["a left out, since it was failing"]


def test_a_call_whose_time_is_over_before_it_began_asks_nobody() -> None:
    stage = Stage(a := Scripted("a", GOOD))
    with pytest.raises(errors.Timeout):
        stage.ask(stage.terms(timeout=0))
    assert not a.asked


def test_a_stop_ends_a_real_wait_within_a_fifth_of_a_second() -> None:
    stage = Stage(Scripted("a", [errors.Busy("busy", after=30)]))
    terms = Terms(REAL, REAL.now() + 60)
    stopped: list[float] = []

    def stop() -> None:
        stopped.append(REAL.now())
        terms.stop.set()

    threading.Timer(0.2, stop).start()
    _, wrong = gathered(stage.fallback().stream(CALL, terms))
    assert isinstance(wrong, errors.Stopped)
    assert REAL.now() - stopped[0] < 0.2


def test_the_stop_button_ends_a_real_wait_at_once() -> None:
    stage = Stage(Scripted("a", [errors.Busy("busy", after=30)]))
    threading.Timer(0.2, signal.raise_signal, [signal.SIGINT]).start()
    began = REAL.now()
    _, wrong = gathered(stage.fallback().stream(CALL, Terms(REAL, REAL.now() + 60)))
    assert isinstance(wrong, KeyboardInterrupt)
    assert REAL.now() - began < 0.4


def test_the_half_answer_is_said_to_be_from_who_gave_it() -> None:
    stage = Stage(
        Scripted("a", ["Half of ", errors.Broken("cut")]),
        Scripted("other", [errors.RateLimited("x", after=9)]),
    )
    fallback = stage.fallback()
    came, wrong = gathered(fallback.stream(CALL, stage.terms(timeout=8)))
    assert isinstance(wrong, errors.Broken)
    if came:
        assert fallback.served is stage.targets[0]


def test_who_was_not_tried_yet_comes_before_who_may_be_tried_again() -> None:
    stage = Stage(
        Scripted("a", [errors.Busy("busy", after=1)]),
        Scripted("b", [3, errors.Busy("busy")]),
        Scripted("c", GOOD),
    )
    assert stage.ask() == "Good answer."
    assert [one for one, _ in stage.trail] == ["a", "b", "c"]


def test_where_both_may_be_tried_again_the_model_that_was_asked_for_comes_first() -> None:
    now = errors.Busy("busy", after=0)
    stage = Stage(Scripted("other", [now], GOOD), Scripted("a", [now], GOOD))
    assert stage.ask() == "Good answer."
    assert [one for one, _ in stage.trail] == ["a", "other", "a"]
