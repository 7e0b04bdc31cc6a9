"""A span for every try, named as OpenTelemetry names such things, and what all the policies cost."""

import time
from collections.abc import Callable

import pytest

from hf_nb import errors
from hf_nb.infer.call import Chunk, Usage
from hf_nb.plumbing import spans
from tests.infer.policies.scripted import CALL, END, Scripted, Stage, gathered

GOOD = ("Good ", "answer.", Chunk(finish="length", usage=Usage(3, 2), provider="ours"))


def attempts(stage: Stage) -> list[spans.Span]:
    return [one for one in stage.session.spans.recent() if one.name == "infer.attempt"]


def test_every_try_has_a_span_that_says_whom_and_how_it_ended() -> None:
    stage = Stage(Scripted("a", [errors.Busy("busy")]), Scripted("b", GOOD))
    with stage.session.span("infer.run") as run:
        stage.ask()
    failed, worked = attempts(stage)
    assert failed.attributes == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "a",
        "gen_ai.request.model": "model/a",
        "hfnb.attempt": 1,
        "error.type": "Busy",
    }
    assert failed.error == "Busy: busy"
    assert worked.attributes == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "ours",
        "gen_ai.request.model": "model/b",
        "hfnb.attempt": 2,
        "gen_ai.response.finish_reasons": ["length"],
        "gen_ai.usage.input_tokens": 3,
        "gen_ai.usage.output_tokens": 2,
    }
    assert worked.error is None
    assert failed.parent_id == worked.parent_id == run.span_id


def test_a_stream_that_is_read_elsewhere_leaves_its_readers_span_alone() -> None:
    import contextvars

    stage = Stage(Scripted("a", ["One ", "two", END]))
    parts = stage.fallback().stream(CALL, stage.terms(seen=True))
    for _ in range(3):
        contextvars.copy_context().run(next, parts)
        assert spans.current() is None
    assert next(parts, None) is None
    assert len(attempts(stage)) == 1


def test_what_a_backend_does_stands_inside_its_attempt() -> None:
    seen = []

    class Looking(Scripted):
        def stream(self, call, terms):
            for chunk in super().stream(call, terms):
                seen.append(spans.current())
                yield chunk

    stage = Stage(Looking("a", GOOD))
    stage.ask()
    assert {one.name if one else None for one in seen} == {"infer.attempt"}


def test_no_part_follows_the_end_mark() -> None:
    stage = Stage(Scripted("a", ["Good.", END, "More.", END, errors.Broken("cut")]))
    assert stage.ask() == "Good."
    assert stage.trail == [("a", None)]


@pytest.mark.parametrize("wrong", [errors.Broken("cut"), errors.Unreachable("gone"), errors.Timeout("late")])
def test_what_breaks_after_the_end_mark_breaks_nothing(wrong: errors.HfNbError) -> None:
    stage = Stage(Scripted("a", ["Good.", END, wrong]))
    assert stage.ask() == "Good."


def test_an_error_that_is_a_mistake_of_ours_is_not_hidden() -> None:
    stage = Stage(Scripted("a", [ValueError("a mistake")]), second := Scripted("b", GOOD))
    with pytest.raises(ValueError, match="a mistake"):
        gathered(stage.fallback().stream(CALL, stage.terms()))
    assert not second.asked


@pytest.mark.bench
def test_all_policies_together_cost_a_tenth_of_a_millisecond() -> None:
    stage = Stage(Scripted("a", GOOD))
    backend = stage.session.backends["a"]
    bare, whole = _least(
        lambda: list(backend.stream(CALL, stage.terms())),
        lambda: list(stage.fallback().stream(CALL, stage.terms())),
    )
    print(f"policies on a call that works, its line of the trace with them: {(whole - bare) * 1e6:.0f} µs")
    assert whole - bare < 0.0001


def _least(*works: Callable[[], object], times: int = 1_000) -> list[float]:
    """Of this thread's processor time, turn by turn: others who work on the machine slow some calls, never all."""
    least = [float("inf")] * len(works)
    for _ in range(times):
        for at, work in enumerate(works):
            began = time.thread_time()
            work()
            least[at] = min(least[at], time.thread_time() - began)
    return least
