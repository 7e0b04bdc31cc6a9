"""What every way of answering promises, as tests: subclass `BackendTests`, say what your backend is asked, run pytest.

    class TestMine(BackendTests):
        models = {"text-generation": "owner/name"}

        @pytest.fixture
        def backend(self) -> Backend:
            return Mine(...)

A backend whose work shows somewhere gives `idle`; one that sends things gives `sent`; one that can be asked something
wrong lists it in `wrong`. Nothing is mocked: what is promised is tried on what you hand in.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ClassVar

import pytest

from hf_nb.errors import BadInput, HfNbError, Stopped, TooLarge
from hf_nb.infer.call import Backend, Call, Chunk, Terms
from hf_nb.infer.shapes import Tally, shaped
from hf_nb.tasks import TASKS, In
from hf_nb.values import Reply, Source, Written

AT_ONCE = 0.2  # seconds in which a stop is done
PATIENCE = 60.0  # seconds an answer may take here
TOGETHER = 4
UNICODE = "Grüße aus Zürich 🇨🇭, 日本語, עברית, e\u0301 and \u200b nothing"
CANARY = "hf_canarycanarycanarycanary"


class BackendTests:
    """The promises. Class attributes say what is asked; methods that return None leave a promise untried."""

    # task -> the model that is asked for it
    models: ClassVar[Mapping[str, str]] = {}
    # a task whose answer can be made to go on for seconds, and how
    lasting: str | None = None
    lasting_params: ClassVar[Mapping[str, Any]] = {"max_new_tokens": 100_000}
    # how many sentences are beyond all bounds; fewer where a backend would think about them for hours
    beyond: int = 20_000
    # parameters that make the same call have the same answer, by task
    same: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "text-generation": {"max_new_tokens": 8, "do_sample": False},
        "code-generation": {"max_new_tokens": 8, "do_sample": False},
        "chat": {"max_tokens": 8, "temperature": 0},
    }

    @pytest.fixture
    def backend(self) -> Backend:
        """The backend that is tried."""
        raise NotImplementedError

    def call(self, task: str, value: Any = None, **params: Any) -> Call:
        """A question of this task; the task's own example where no input is given."""
        value = TASKS[task].example if value is None else value
        return Call(task, self.models[task], None, value, {**self.same.get(task, {}), **params})

    def idle(self, seconds: float) -> bool | None:
        """Whether whoever does the work has stopped working, within so many seconds; None: nobody can tell."""
        return None

    def sent(self) -> str | None:
        """Everything that left for the other side; None: nobody looked."""
        return None

    def wrong(self) -> Sequence[tuple[Call, type[HfNbError]]]:
        """Questions that cannot be answered, and the error each must end in."""
        return ()

    # -- the promises

    def test_every_task_is_answered(self, backend: Backend) -> None:
        for task in self.models:
            call = self.call(task)
            assert backend.can(call), task
            shaped(call, fold(backend, call), _source(backend, call))

    def test_a_task_it_cannot_do_is_refused_before_it_is_asked(self, backend: Backend) -> None:
        call = Call("depth-estimation", next(iter(self.models.values())), None, "x")
        assert not backend.can(call)

    def test_the_last_part_alone_has_a_finish(self, backend: Backend) -> None:
        for task in self.models:
            *parts, last = backend.stream(self.call(task), _terms())
            assert last.finish in ("stop", "length", "tool_calls"), task
            assert [one.finish for one in parts] == [None] * len(parts), task
            assert all(one.seconds >= 0 for one in (*parts, last))

    def test_the_parts_fold_to_the_whole(self, backend: Backend) -> None:
        for task in self.models:
            call = self.call(task)
            shown, unshown = (_answer(backend, call, seen=seen) for seen in (True, False))
            assert _same(shown, unshown), task

    def test_a_text_comes_in_parts(self, backend: Backend) -> None:
        if self.lasting is None:
            pytest.skip("it answers in one piece")
        parts = backend.stream(self.call(self.lasting, **self.lasting_params), _terms())
        got: list[Chunk] = []
        for chunk in parts:
            got.append(chunk)
            if sum(bool(one.text) for one in got) == 3:
                break
        parts.close()
        assert not any(one.finish for one in got)

    def test_closing_the_answer_ends_the_work(self, backend: Backend) -> None:
        if self.lasting is None:
            pytest.skip("it answers in one piece")
        parts = backend.stream(self.call(self.lasting, **self.lasting_params), _terms())
        next(parts)
        began = time.monotonic()
        parts.close()
        assert time.monotonic() - began < AT_ONCE
        assert self.idle(AT_ONCE - (time.monotonic() - began)) is not False

    def test_a_stop_from_another_thread_ends_the_work(self, backend: Backend) -> None:
        if self.lasting is None:
            pytest.skip("it answers in one piece")
        terms = _terms()
        parts = backend.stream(self.call(self.lasting, **self.lasting_params), terms)
        next(parts)
        stopped: list[float] = []

        def stop() -> None:
            stopped.append(time.monotonic())
            terms.stop.set()

        timer = threading.Timer(0.02, stop)
        timer.start()
        with pytest.raises(Stopped):
            _drain(parts, pause=0.005)  # or a quick machine, or a late timer, is done before the stop
        assert time.monotonic() - stopped[0] < AT_ONCE
        assert self.idle(AT_ONCE) is not False
        timer.join()

    def test_a_stop_before_the_start_asks_nobody(self, backend: Backend) -> None:
        terms = _terms()
        terms.stop.set()
        before = self.sent()
        with pytest.raises(Stopped):
            _drain(backend.stream(self.call(next(iter(self.models))), terms))
        assert self.sent() == before

    def test_it_answers_after_a_stop(self, backend: Backend) -> None:
        task = self.lasting or next(iter(self.models))
        parts = backend.stream(self.call(task, **(self.lasting_params if self.lasting else {})), _terms())
        next(parts)
        parts.close()
        assert fold(backend, self.call(task)).finish

    def test_wrong_questions_end_in_their_errors(self, backend: Backend) -> None:
        for call, kind in self.wrong():
            with pytest.raises(HfNbError) as raised:
                fold(backend, call)
            assert isinstance(raised.value, kind), (call, raised.value)
            assert len(raised.value._render_traceback_()) <= 3

    def test_no_hub_token_leaves_for_a_stranger(
        self, backend: Backend, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        if self.sent() is None:
            pytest.skip("nobody looked at what was sent")
        monkeypatch.setenv("HF_TOKEN", CANARY)
        for task in self.models:
            fold(backend, self.call(task))
        assert CANARY not in str(self.sent())

    def test_every_script_comes_through(self, backend: Backend) -> None:
        for task in self.models:
            if (value := _of(task, UNICODE)) is not None:
                fold(backend, self.call(task, value))

    def test_an_empty_input_is_answered_or_refused_in_our_words(self, backend: Backend) -> None:
        for task in self.models:
            if (value := _of(task, "")) is not None:
                _answered_or(backend, self.call(task, value), HfNbError)

    def test_an_input_beyond_all_bounds_is_answered_or_too_large(self, backend: Backend) -> None:
        for task in self.models:
            if (value := _of(task, "A long, long story. " * self.beyond)) is not None:
                _answered_or(backend, self.call(task, value), (TooLarge, BadInput))

    def test_calls_at_the_same_time_do_not_mix(self, backend: Backend) -> None:
        task = next(iter(self.models))
        texts = [f"{_text(task)} Number {n}." for n in range(TOGETHER)]
        calls = [self.call(task, value) for text in texts if (value := _of(task, text)) is not None]
        alone = [_answer(backend, one) for one in calls]
        with ThreadPoolExecutor(TOGETHER) as together:
            got = list(together.map(lambda one: _answer(backend, one), calls))
        assert all(map(_same, got, alone))


def fold(backend: Backend, call: Call, terms: Terms | None = None) -> Tally:
    """The whole answer."""
    tally = Tally()
    for chunk in backend.stream(call, terms or _terms()):
        tally.add(chunk)
    return tally


def _terms(*, seen: bool = False) -> Terms:
    terms = Terms(first=PATIENCE, idle=PATIENCE, seen=seen)
    terms.ends = terms.clock.now() + PATIENCE
    return terms


def _answer(backend: Backend, call: Call, *, seen: bool = False) -> Any:
    return shaped(call, fold(backend, call, _terms(seen=seen)), _source(backend, call))


def _answered_or(
    backend: Backend, call: Call, refusal: type[HfNbError] | tuple[type[HfNbError], ...]
) -> None:
    try:
        assert fold(backend, call).finish
    except HfNbError as refused:
        assert isinstance(refused, refusal), (call.task, refused)  # noqa: PT017 -- either is right


def _source(backend: Backend, call: Call) -> Source:
    return Source(call.model, call.revision, backend.name, "", 0.0)


def _same(one: Any, other: Any) -> bool:
    """Scores to five places, which is what sums in another order leave of them."""
    if isinstance(one, (Written, Reply)):
        return bool(one.text == other.text)
    said, meant = one.to_dict(), other.to_dict()
    for either in (said, meant):
        either.pop("source")
    return bool(said == _about(meant))


def _about(value: Any) -> Any:
    match value:
        case float():
            return pytest.approx(value, abs=1e-5)
        case dict():
            return {key: _about(one) for key, one in value.items()}
        case list() | tuple():
            return [_about(one) for one in value]
        case _:
            return value


def _text(task: str) -> str:
    example = TASKS[task].example
    return example if isinstance(example, str) else "What is it"


def _of(task: str, text: str) -> Any:
    """An input of this task that holds a text of any kind; None where the task reads no free text."""
    example = TASKS[task].example
    match TASKS[task].input:
        case In.TEXT:
            return f"{text} [MASK]" if task == "fill-mask" and text else text
        case In.LABELLED:
            return {**example, "text": text}
        case In.QUESTION:
            return {**example, "context": text}
        case In.SENTENCES:
            return {**example, "source_sentence": text}
        case In.CHAT:
            return {"messages": [{"role": "user", "content": text}]}
    return None


def _drain(parts: Iterator[Chunk], pause: float = 0) -> None:
    for _ in parts:
        time.sleep(pause)
