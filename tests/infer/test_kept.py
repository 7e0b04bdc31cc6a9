"""Models in memory are seen with what they really take, and let go when they are told: the next call loads anew."""

from __future__ import annotations

import gc
import threading
import weakref
from datetime import UTC, datetime
from typing import Any

import pytest

from hf_nb import errors, infer, render
from hf_nb.plumbing.session import Session
from hf_nb.values import Unloaded

pytestmark = pytest.mark.slow
LABELS, VECTORS, WRITES = "hfnb-demo/sentiment-en", "hfnb-demo/similar-en", "hfnb-demo/pydoc-gpt"


@pytest.fixture
def session(served_hub: object) -> Session:
    return Session()


def held(session: Session) -> Any:
    """What stands behind the one model in memory."""
    (one,) = session.backends["local"].memory._loaded.values()
    return one


def test_nothing_is_in_memory_before_anything_was_asked(session: Session) -> None:
    assert len(infer.loaded(session=session)) == 0
    assert "first asked" in str(infer.loaded(session=session))
    with pytest.raises(errors.NotFound) as said:
        infer.unload(LABELS, session=session)
    assert said.value.next_step


def test_a_loaded_model_is_seen_with_the_bytes_of_its_numbers(session: Session) -> None:
    from safetensors import safe_open

    before = datetime.now(tz=UTC)
    for _ in range(3):
        infer.run("I love it.", model=LABELS, session=session)
    (one,) = infer.loaded(session=session)
    assert (one.model, one.task, one.device, one.uses, one.busy) == (
        LABELS,
        "text-classification",
        "cpu",
        3,
        False,
    )
    assert one.revision == infer.run("Again.", model=LABELS, session=session).to_dict()["source"]["revision"]
    assert before <= one.used <= datetime.now(tz=UTC)
    with safe_open(held(session).folder / "model.safetensors", "pt") as weights:
        stored = sum(weights.get_tensor(name).nbytes for name in weights.keys())  # noqa: SIM118 -- it is no dict
    beside = held(session).kept.get("bytes_beside", 0)  # layers in a second form, where that is quicker here
    assert stored <= one.bytes - beside <= 1.05 * stored, "its buffers are few"


def test_tasks_that_share_a_model_are_one_row(session: Session) -> None:
    infer.embed("x", model=VECTORS, session=session)
    infer.similar("x", ["y"], model=VECTORS, session=session)
    (one,) = infer.loaded(session=session)
    assert (one.task, one.uses) == ("sentence-similarity", 2)
    assert infer.unload(VECTORS, "feature-extraction", session=session).bytes == one.bytes


def test_what_is_unloaded_is_really_gone_and_the_next_call_loads_it_again(
    session: Session, loads: list[str]
) -> None:
    first = infer.run("I love it.", model=LABELS, session=session)
    gone = weakref.ref(held(session).model)
    size = infer.loaded(session=session).bytes
    unloaded = infer.unload(LABELS, session=session)
    assert isinstance(unloaded, Unloaded)
    assert unloaded.bytes == size > 0
    assert gone() is None, "nobody else holds it"
    assert len(infer.loaded(session=session)) == 0
    again = infer.run("I love it.", model=LABELS, session=session)
    assert again.to_dict()["labels"] == first.to_dict()["labels"]
    assert loads == [LABELS, LABELS]


def test_one_that_is_answering_is_not_taken_away(session: Session) -> None:
    writing = infer.stream(
        "def f", task="text-generation", model=WRITES, params={"max_new_tokens": 2_000}, session=session
    )
    next(writing)
    (one,) = infer.loaded(session=session)
    assert one.busy
    with pytest.raises(errors.Busy) as said:
        infer.unload(WRITES, session=session)
    assert said.value.next_step
    assert next(writing), "it goes on"
    writing.close()
    assert not infer.loaded(session=session)[0].busy
    assert infer.unload(WRITES, session=session).bytes > 0


def test_a_failed_call_is_not_busy_for_ever(session: Session) -> None:
    infer.run("fine", model=LABELS, session=session)
    with pytest.raises(errors.BadInput):
        infer.run("half a character: \ud800", model=LABELS, session=session)
    assert not infer.loaded(session=session)[0].busy


def test_unloading_while_many_ask_fails_no_call(session: Session) -> None:
    wrong: list[BaseException] = []
    over = threading.Event()

    def asks() -> None:
        try:
            for _ in range(15):
                infer.run("I love it.", model=LABELS, session=session)
        except BaseException as error:  # noqa: BLE001 -- it is looked at
            wrong.append(error)

    def unloads() -> None:
        while not over.wait(0.005):
            try:
                infer.unload(LABELS, session=session)
            except (errors.Busy, errors.NotFound):
                pass
            except BaseException as error:  # noqa: BLE001
                wrong.append(error)

    asking = [threading.Thread(target=asks) for _ in range(3)]
    unloading = threading.Thread(target=unloads)
    for thread in (*asking, unloading):
        thread.start()
    for thread in asking:
        thread.join()
    over.set()
    unloading.join()
    assert wrong == []
    assert not any(one.busy for one in infer.loaded(session=session))


def test_only_what_was_named_goes(session: Session) -> None:
    infer.run("fine", model=LABELS, session=session)
    infer.embed("x", model=VECTORS, session=session)
    assert [one.model for one in infer.loaded(session=session)] == [VECTORS, LABELS], "the last used first"
    with pytest.raises(errors.NotFound) as said:
        infer.unload("hfnb-demo/sentiment-em", session=session)
    assert said.value.nearest[0] == LABELS
    with pytest.raises(errors.NotFound):
        infer.unload(LABELS, "fill-mask", session=session)
    with pytest.raises(errors.BadInput, match="text-clasification"):
        infer.unload(LABELS, "text-clasification", session=session)
    infer.unload(LABELS, session=session)
    gc.collect()
    assert [one.model for one in infer.loaded(session=session)] == [VECTORS]


def test_it_is_shown_as_a_table_and_as_a_line(session: Session) -> None:
    infer.run("fine", model=LABELS, session=session)
    models = infer.loaded(session=session)
    text, html = str(models), render.html(models)
    for said in (LABELS, "text-classification", "idle", f"%hf loaded --unload {LABELS}"):
        assert said in text
    assert f'title="{models.bytes:,} bytes"' in html
    assert f"%hf loaded --unload {LABELS}" in html.replace("<code>", "").replace("</code>", "")
    assert models.brief() == [LABELS]
    gone = infer.unload(LABELS, session=session)
    assert str(gone).startswith(f"{LABELS}: unloaded, ")
    assert render.html(gone)
