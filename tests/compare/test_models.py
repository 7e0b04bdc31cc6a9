"""Comparisons of real models of the offline Hub: labels, texts, copies, objects, a chat model as judge, a kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from hf_nb import compare
from hf_nb.errors import BadInput, NotFound
from hf_nb.plumbing import progress
from hf_nb.plumbing.session import Session
from hf_nb.values.comparisons import Beside
from tests.compare.material import CHATS, GOOD, OTHER, THIRD, WRITES, sentences

if TYPE_CHECKING:
    from hf_nb.offline.running import Running
    from hf_nb.values import Comparison

# PyTorch and transformers load in the tests' own process, and one process is killed and begun again.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hub: Running) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def session(served_hub: Running) -> Session:
    return Session()


def test_the_better_model_is_named_and_the_wrong_id_stops_nobody(session: Session) -> None:
    texts, labels = sentences()
    made = compare.run([GOOD, OTHER, "hfnb-demo/nothing"], texts, labels=labels, session=session)
    assert made.scores["sentiment-en"]["accuracy"].value > 0.8
    assert "sentiment-en is better" in str(made.verdict)
    assert "nothing gave no answer (NotFound" in str(made.verdict)
    assert made["sentiment-en"].contender.revision is not None
    assert (made["sentiment-en"].memory or 0) > 100_000


def test_a_model_of_other_labels_is_not_called_worse(session: Session) -> None:
    texts, labels = sentences(40)
    made = compare.run([GOOD, THIRD], texts, labels=labels, session=session)
    assert "topic-en is not measured" in str(made.verdict)
    assert "better" not in str(made.verdict)


def test_all_wrong_ids_are_an_error_with_the_nearest_right_ones(session: Session) -> None:
    with pytest.raises(NotFound) as wrong:
        compare.run(["hfnb-demo/sentimentt-en", "hfnb-demo/nothing"], ["x"], session=session)
    assert wrong.value.next_step


def test_a_copy_in_fewer_bits_is_held_against_the_model_itself(session: Session) -> None:
    texts, labels = sentences()
    both = [GOOD, {"model": GOOD, "copy": "int8"}]
    made = compare.run(both, texts, labels=labels, session=session)
    (alike,) = made.agreement
    assert alike.weights
    assert alike.rows == len(texts)
    assert alike.apart is not None
    assert 0 < alike.apart < 0.2
    assert (made[1].memory or 0) < (made[0].memory or 0)
    assert "The same weights" in str(made.verdict)


@pytest.mark.parametrize(
    ("model", "copy", "said"),
    [(WRITES, "int8", "no int8 copy of a model for text-generation"), (GOOD, "int4", "no copy called int4")],
)
def test_a_copy_that_cannot_be_is_refused_clearly(model: str, copy: str, said: str, session: Session) -> None:
    with pytest.raises(BadInput, match=said):
        compare.run(
            [{"model": model, "copy": copy}, {"model": model, "copy": copy, "name": "b"}],
            ["x"],
            session=session,
        )


def test_an_object_of_the_notebook_takes_part(session: Session) -> None:
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    model = AutoModelForSequenceClassification.from_pretrained(GOOD)
    tokenizer: Any = AutoTokenizer.from_pretrained(GOOD)
    texts, _ = sentences(12)
    made = compare.run({"mine": (model, tokenizer), "its": GOOD}, texts, session=session)
    assert made.values("mine") == made.values("its")
    assert made.to_dict()["contenders"][0]["model"].startswith("your ")


def test_settings_and_templates_of_one_model_are_contenders(session: Session) -> None:
    made = compare.run(
        {
            "plain": {"model": WRITES, "params": {"max_new_tokens": 8, "do_sample": False}},
            "asked": {
                "model": WRITES,
                "params": {"max_new_tokens": 8, "do_sample": False},
                "template": "Return {input}",
            },
        },
        ["the list", "a file"],
        session=session,
    )
    assert made.kind == "text"
    assert all(isinstance(one, str) and one for name in made.names for one in made.values(name))
    assert made["plain"].rate is not None
    assert made.verdict.findings[0].paired.metric == "seconds"


def test_a_chat_model_judges_and_an_unreadable_word_is_no_answer(session: Session) -> None:
    made = compare.run(
        {
            "a": {"model": CHATS, "params": {"max_tokens": 8}},
            "b": {"model": CHATS, "system": "Say no.", "params": {"max_tokens": 3}},
        },
        ["What is a cat?", "Where is Bern?"],
        task="chat",
        session=session,
    )
    found = made.judge(CHATS, session=session)
    assert found.judged is not None
    assert len(found.judged.all) == len(made.differing)
    assert found.judged.unanswered + len(found.judged.votes) == len(found.judged.all)


def test_texts_are_drawn_side_by_side_while_they_come(session: Session) -> None:
    class Looks(progress.Silent):
        draws_parts = True

        def __init__(self) -> None:
            self.seen: list[Any] = []

        def part(self, value: object, *, last: bool = False) -> None:
            self.seen.append(value)

    looks = Looks()
    both = {"a": {"model": WRITES, "params": {"max_new_tokens": 60}}, "b": {"model": CHATS, "task": "chat"}}
    with progress.to(looks):
        made = compare.run(both, "Return the", session=session)
    assert all(isinstance(one, Beside) for one in looks.seen)
    assert len(looks.seen) > 1
    assert made["a"].ok == made["b"].ok == 1
    assert made.kind == "text"


def test_a_comparison_that_was_killed_goes_on(hub: Running, tmp_path: Path, session: Session) -> None:
    """The process is ended with no warning; the next run asks what was not written down, and no more."""
    program = (
        "from hf_nb import compare\n"
        f"from tests.compare.test_models import many\nmany({str(tmp_path / 'kept')!r})\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program], env={**os.environ, **hub.environment}, cwd=Path(__file__).parents[2]
    )
    try:
        until = time.monotonic() + 100
        while sum(one.stat().st_size for one in tmp_path.glob("kept/*[!e].jsonl")) < 20_000:
            assert time.monotonic() < until
            assert process.poll() is None, "it ended before it was killed"
            time.sleep(0.05)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait(30)
    made = many(str(tmp_path / "kept"), session)
    assert made.paired == len(MANY)
    assert all(one.there >= 10 for one in made.showings)
    assert made["first"].alone.keys() == made["second"].alone.keys()


MANY = [f"This is number {at}, and I {'love' if at % 2 else 'hate'} it." for at in range(2_000)]


def many(journal: str, session: Session | None = None) -> Comparison:
    """Long enough to be killed in the middle."""
    return compare.run({"first": GOOD, "second": OTHER}, MANY, journal=journal, session=session)
