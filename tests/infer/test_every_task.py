"""Every text task at every place that can be asked here, for real: what comes back means what it should.

The table at the end says which could be answered where. Where one cannot, the test is that it is refused in our words.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from hf_nb import errors, infer
from hf_nb.infer.choose import defaults
from hf_nb.offline.content import build
from hf_nb.tasks import TASKS
from hf_nb.values import (
    Cells,
    Extract,
    Fills,
    Labels,
    Reply,
    Similarities,
    Spans,
    Vectors,
    Written,
)

if TYPE_CHECKING:
    from hf_nb.plumbing.session import Session
    from tests.infer.transformers_serve import Serving

pytestmark = pytest.mark.slow  # models are loaded, here, behind the router and in a third process
METHODS = ("local", "hf", "server", "transformers serve", "hashing")
WRITES = ("text-generation", "code-generation")
GREEDY = {"max_new_tokens": 12, "do_sample": False}
PARAMS: dict[str, dict[str, Any]] = {
    **dict.fromkeys(WRITES, GREEDY),
    "chat": {"max_tokens": 12, "temperature": 0},
}
# Routes that servers of OpenAI's kind have, and those that `transformers serve` has.
OPENAI = (*WRITES, "chat", "feature-extraction", "sentence-similarity")
SERVE = (*WRITES, "chat")


class Refusal(NamedTuple):
    """Why a place cannot answer, as the table says it; and the error, with words that stand in it."""

    word: str
    error: type[errors.HfNbError]
    said: str


def model(task: str) -> str:
    """The offline Hub's for this task."""
    (key,) = (key for key in defaults._shipped()["demo"] if key in (task, f"{task}:en-fr"))
    return defaults._shipped()["demo"][key].model


def refusal(task: str, method: str) -> Refusal | None:
    """Why this cannot be answered; None where it can."""
    match method:
        case "hashing" if task not in ("feature-extraction", "sentence-similarity"):
            return Refusal("vectors only", errors.BadInput, "turns texts into vectors")
        case "server" if task not in OPENAI:
            return Refusal("no such route", errors.Refused, f"does not do {task}")
        case "transformers serve" if task not in OPENAI:
            return Refusal("no such route", errors.Refused, f"does not do {task}")
        case "transformers serve" if task not in SERVE:
            return Refusal("no embeddings", errors.NotFound, "serve")
        case "local" | "hf" if not _is_there(model(task)):
            return Refusal("no model yet", errors.NotFound, model(task))
    return None


def _is_there(id: str) -> bool:
    try:
        build.named(id)
    except errors.HfNbError:
        return False
    return True


def cells() -> Iterator[Any]:
    """Each task with each method, and what the table says of them."""
    for task in TASKS:
        for method in METHODS:
            why = refusal(task, method)
            mark = pytest.mark.answers(task, method, why.word if why else "ok")
            yield pytest.param(task, method, marks=mark, id=f"{task}-{method.replace(' ', '_')}")


@pytest.mark.timeout(300)  # a model may have to be built first
@pytest.mark.parametrize(("task", "method"), list(cells()))
def test_a_task_is_answered_rightly_or_refused_in_our_words(
    task: str, method: str, everywhere: Session, serving: Serving
) -> None:
    why = refusal(task, method)
    if why is None:
        got = ask(task, method, everywhere, serving)
        assert got.source.task == task
        assert got.source.method.partition("/")[0] == {"transformers serve": "serve"}.get(method, method)
        assert got.source.finish in ("stop", "length")
        assert [one.error for one in got.source.attempts] in ([], [None])
        if task == "chat" and method == "transformers serve":  # its model goes on with a text
            assert got.text.strip() == here("text-generation", "What is the capital of France?", everywhere)
            return
        CHECKS[task](got)
        if task in WRITES:  # the likeliest words of the same weights are the same everywhere
            assert got.text.strip() == here(task, TASKS[task].example, everywhere)
        return
    with pytest.raises(why.error) as refused:
        ask(task, method, everywhere, serving)
    assert why.said in str(refused.value)
    assert len(str(refused.value).splitlines()) <= 3


def ask(task: str, method: str, session: Session, serving: Serving) -> Any:
    """The answer to the task's own example."""
    provider, name = method, model(task)
    if method == "transformers serve":
        provider, name = "serve", serving.model
    return infer.run(
        TASKS[task].example,
        task=task,
        model=None if method == "hashing" else name,
        provider=provider,
        params=PARAMS.get(task, {}),
        session=session,
    )


def here(task: str, text: str, session: Session) -> str:
    """How the model for texts goes on with this one on this machine."""
    got: Any = infer.run(text, task=task, model=model(task), provider="local", params=GREEDY, session=session)
    return str(got.text).strip()


def labelled(label: str) -> Callable[[Labels], None]:
    """That label first, and all together certain."""

    def check(got: Labels) -> None:
        assert isinstance(got, Labels)
        assert got.label == label
        assert math.fsum(one.score for one in got) == pytest.approx(1, abs=1e-3)

    return check


def people_and_places(got: Spans) -> None:
    assert isinstance(got, Spans)
    assert [(one.label, one.word) for one in got] == [
        ("PER", "Maria Keller"),
        ("LOC", "Lisbon"),
        ("LOC", "Geneva"),
    ]
    assert all(got.input[one.start : one.end] == one.word for one in got)


def geneva(got: Extract) -> None:
    assert isinstance(got, Extract)
    assert got.answer == got.context[got.start : got.end] == "Geneva"


def lyon(got: Cells) -> None:
    assert isinstance(got, Cells)
    assert (got.cells, got.places) == (("Lyon",), ((1, 0),))


def what_was_decided(got: Written) -> None:
    written(got)
    assert "ten chairs" in got.text
    assert len(got.text) < len(got.input)


def in_french(got: Written) -> None:
    written(got)
    assert "maison" in got.text


def plural(got: Written) -> None:
    written(got)
    assert got.text.strip() == "houses"


def words_that_fit(got: Fills) -> None:
    assert isinstance(got, Fills)
    assert {one.word for one in got} & {"object", "dict", "dictionary", "list", "mapping"}
    assert all(one.sequence == got.input.replace("[MASK]", one.word) for one in got)


def goes_on(got: Written) -> None:
    written(got)
    assert 0 < (got.source.written or 0) <= GREEDY["max_new_tokens"]


def paris(got: Reply) -> None:
    assert isinstance(got, Reply)
    assert "Paris" in got.text
    assert [one["role"] for one in got.messages] == ["user", "assistant"]
    assert 0 < (got.source.written or 0) <= 12


def written(got: Written) -> None:
    """A text that is not empty, and its tokens counted, which the router's task routes do not."""
    assert isinstance(got, Written)
    assert got.text.strip()
    assert got.source.written or got.source.method.startswith("hf")


def of_length_one(got: Vectors) -> None:
    assert isinstance(got, Vectors)
    (vector,) = got.vectors
    assert len(vector) >= 100
    assert math.fsum(one * one for one in vector) == pytest.approx(1, abs=1e-3)


def soup(got: Similarities) -> None:
    assert isinstance(got, Similarities)
    near, far = (one.score for one in got.similarities)
    assert 1 > near > far + 0.1


CHECKS: dict[str, Callable[[Any], None]] = {
    "text-classification": labelled("positive"),
    "zero-shot-classification": labelled("sport"),
    "token-classification": people_and_places,
    "question-answering": geneva,
    "table-question-answering": lyon,
    "summarization": what_was_decided,
    "translation": in_french,
    "text2text-generation": plural,
    "fill-mask": words_that_fit,
    "text-generation": goes_on,
    "code-generation": goes_on,
    "chat": paris,
    "feature-extraction": of_length_one,
    "sentence-similarity": soup,
}
