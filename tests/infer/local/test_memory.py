"""Models in memory: loaded once however many ask, kept under a budget, warm when they are handed out."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hf_nb import errors
from hf_nb.infer import weighing
from hf_nb.infer.backends.local import WAYS, Local, matmul
from hf_nb.infer.call import Call, Terms
from hf_nb.plumbing.session import Session

pytestmark = pytest.mark.slow
MODEL = "hfnb-demo/sentiment-en"


def until(true: Callable[[], bool]) -> None:
    """Wait for a state."""
    ends = time.monotonic() + 60
    while not true():
        assert time.monotonic() < ends
        time.sleep(0.01)


def classified(local: Local, model: str = MODEL, text: str = "I love it.") -> Any:
    (chunk,) = local.stream(Call("text-classification", model, None, text), Terms())
    return chunk.output


def test_many_who_ask_at_once_wait_for_one_loading_and_get_the_same(
    served_hub: Any, loads: list[str]
) -> None:
    local, got = Local(Session()), []
    threads = [threading.Thread(target=lambda: got.append(classified(local))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert loads == [MODEL]
    assert len(got) == 6
    assert all(one == got[0] for one in got)


def test_texts_of_all_lengths_at_once_get_the_scores_they_get_alone(local: Local) -> None:
    texts = ["I love it. " * size for size in (1, 3, 40, 90, 2, 60)] * 3
    alone = [classified(local, text=text) for text in texts]
    together: dict[int, Any] = {}
    threads = [
        threading.Thread(target=lambda at=at: together.update({at: classified(local, text=texts[at])}))
        for at in range(len(texts))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [together[at] for at in range(len(texts))] == alone


@pytest.fixture
def copies(copied: Callable[[str], Path], tmp_path: Path) -> list[str]:
    """The same model in four folders."""
    import shutil

    folder = copied(MODEL)
    return [str(folder), *(str(shutil.copytree(folder, tmp_path / f"copy-{at}")) for at in range(3))]


def sized(session: Session, model: str, count: float) -> Local:
    """A backend with room for so many of this model."""
    call = Call("text-classification", model, None, "")
    session.settings.model_memory = int(count * (weighing.expected(call, "cpu") or 0))
    return Local(session)


def test_what_was_not_used_for_longest_goes_first(copies: list[str], loads: list[str]) -> None:
    local = sized(Session(), copies[0], 3.5)
    for model in copies[:3]:
        classified(local, model)
    classified(local, copies[0])
    classified(local, copies[3])  # one too many: the second goes
    classified(local, copies[0])
    assert loads == copies
    assert [one.model for one in local.memory.seen()] == [copies[0], copies[3], copies[2]]
    assert sum(one.bytes for one in local.memory.seen()) <= local.session.settings.model_memory
    classified(local, copies[1])
    assert loads == [*copies, copies[1]]


def test_what_a_model_will_take_is_known_before_it_is_loaded(copies: list[str], local: Local) -> None:
    call = Call("text-classification", copies[0], None, "")
    told = weighing.expected(call, "cpu")
    classified(local, copies[0])
    call, way = replace(call, input="x"), WAYS["text-classification"]
    with local.memory.lent(call, way.auto, way.answer) as held:
        assert told == pytest.approx(
            held.bytes, rel=0.05
        )  # what it then holds in a quicker form is counted after


def test_what_a_second_form_of_its_layers_may_take_is_known_too(copies: list[str], local: Local) -> None:
    call = Call("text-classification", copies[0], None, "x")
    classified(local, copies[0])
    (there,) = (one for one in local.memory.seen() if one.model == copies[0])
    most = (weighing.expected(call, "cpu") or 0) + weighing.beside(
        call, matmul.LEAST // matmul.ROWS, matmul.TWICE
    )
    assert there.bytes <= most * 1.02
    assert weighing.beside(call, 1, matmul.TWICE) > weighing.beside(call, 10**9, matmul.TWICE) == 0
    assert weighing.beside(call, 1, 1000) == 0, "beyond the most nothing is held twice"


def test_one_that_answers_never_goes_and_the_budget_is_overdrawn_rather_than_waited_for_in_its_own_thread(
    copies: list[str],
) -> None:
    local = sized(Session(), copies[0], 1.2)
    way = WAYS["text-classification"]
    call = Call("text-classification", copies[0], None, "x")
    with local.memory.lent(call, way.auto, way.answer) as held:
        classified(local, copies[1])
        assert {one.model for one in local.memory.seen()} == {copies[0], copies[1]}
        assert held.busy
    classified(local, copies[2])
    assert [one.model for one in local.memory.seen()] == [copies[2]]


def test_another_thread_waits_for_room_until_the_one_that_answers_is_done(copies: list[str]) -> None:
    local, way = sized(Session(), copies[0], 1.2), WAYS["text-classification"]
    most: list[int] = []
    with local.memory.lent(Call("text-classification", copies[0], None, "x"), way.auto, way.answer):
        thread = threading.Thread(target=lambda: classified(local, copies[1]))
        thread.start()
        until(lambda: copies[1] in {key[0] for key in local.memory._locks})
        most.append(len(local.memory.seen()))
    thread.join()
    assert most == [1]
    assert [one.model for one in local.memory.seen()] == [copies[1]]


def test_a_model_larger_than_the_budget_is_loaded_alone(copies: list[str]) -> None:
    local = sized(Session(), copies[0], 0.5)
    classified(local, copies[0])
    classified(local, copies[1])
    assert [one.model for one in local.memory.seen()] == [copies[1]]


def test_one_that_the_machine_cannot_hold_is_refused_before_it_is_loaded(
    copies: list[str], loads: list[str]
) -> None:
    local = Local(Session())
    local.memory.placing.free = lambda _: 1_000
    with pytest.raises(errors.OutOfMemory, match=r"1,000 B|1\.0 kB|1 kB") as said:
        classified(local, copies[0])
    assert "--provider" in said.value.next_step
    assert loads == []


def test_the_device_with_room_is_taken_and_another_one_is_said(copies: list[str]) -> None:
    """cpu:0 stands for an accelerator here: another device by its name, with the same arithmetic."""
    local = Local(Session())
    local.memory.placing.devices = lambda: ("cpu:0", "cpu")
    space = {"cpu:0": 10**9, "cpu": 10**9}
    local.memory.placing.free = lambda device: space[device]
    (chunk,) = local.stream(Call("text-classification", copies[0], None, "x"), Terms())
    assert (chunk.device, chunk.note) == ("cpu:0", "")
    space["cpu:0"] = 1_000
    (chunk,) = local.stream(Call("text-classification", copies[1], None, "x"), Terms())
    assert chunk.device in ("cpu:0", "cpu"), "the idle one may go for it"
    local.memory.spare()
    (chunk,) = local.stream(Call("text-classification", copies[2], None, "x"), Terms())
    assert chunk.device == "cpu"
    assert "on the CPU: cpu:0 has" in chunk.note


class Full:
    """Answers as the model does, but for as long as `when` says so the memory is not enough."""

    def __init__(self, when: Callable[[], bool]) -> None:
        self.when = when

    def __enter__(self) -> None:
        from hf_nb.infer.backends.local.model import Loaded

        self.plainly, when = Loaded.passed, self.when
        plainly = self.plainly

        def passed(loaded: Loaded, pieces: list[Any]) -> Any:
            import torch

            if when():
                raise torch.OutOfMemoryError("out of memory")
            return plainly(loaded, pieces)

        Loaded.passed = passed  # type: ignore[method-assign,assignment]

    def __exit__(self, *_: object) -> None:
        from hf_nb.infer.backends.local.model import Loaded

        Loaded.passed = self.plainly  # type: ignore[method-assign]


def test_where_memory_ends_idle_models_go_and_the_answer_says_so(copies: list[str]) -> None:
    local = Local(Session())
    classified(local, copies[0])
    expected = classified(local, copies[1])
    with Full(lambda: len(local.memory.seen()) > 1):
        (chunk,) = local.stream(Call("text-classification", copies[1], None, "I love it."), Terms())
    assert chunk.output == expected
    assert chunk.note == f"{copies[0]} unloaded to make room"


def test_where_the_accelerator_is_full_the_cpu_answers_and_says_so(copies: list[str]) -> None:
    local = Local(Session())
    local.memory.placing.devices = lambda: ("cpu:0", "cpu")
    expected = classified(local, copies[0])
    there = local.memory.seen
    with Full(lambda: any(one.device == "cpu:0" for one in there())):
        (chunk,) = local.stream(Call("text-classification", copies[0], None, "I love it."), Terms())
    assert (chunk.output, chunk.device) == (expected, "cpu")
    assert chunk.note == "on the CPU: cpu:0 ran out of memory"


def test_where_nothing_helps_it_is_out_of_memory_and_nothing_stays_busy(copies: list[str]) -> None:
    local = Local(Session())
    with Full(lambda: True), pytest.raises(errors.OutOfMemory):
        classified(local, copies[0])
    assert not any(one.busy for one in local.memory.seen())
    assert classified(local, copies[0])


def test_rows_that_have_their_answer_are_not_asked_again(copies: list[str]) -> None:
    local, asked = Local(Session()), 0
    local.memory.placing.devices = lambda: ("cpu:0", "cpu")
    texts = [f"I love it. {number}" for number in range(6)]
    calls = [Call("text-classification", copies[0], None, text) for text in texts]
    alone = [classified(local, copies[0], text) for text in texts]
    (held,) = local.memory._loaded.values()
    held.at_once = 1  # a piece a pass

    def full() -> bool:
        nonlocal asked
        asked += 1
        return asked == 4 or (asked == 5 and local.memory.seen()[0].device == "cpu:0")

    with Full(full):
        got = list(local.several(calls, Terms()))
    assert sorted(number for number, _ in got) == list(range(6))
    assert [one.output for _, one in sorted(got)] == alone  # type: ignore[union-attr]
    assert {one.device for _, one in got} == {"cpu:0", "cpu"}  # type: ignore[union-attr]


def test_tasks_that_need_the_same_model_share_it(local: Local, loads: list[str], ask: Any) -> None:
    model = "hfnb-demo/similar-en"
    ask("feature-extraction", model, "x")
    before = len(loads)
    ask("sentence-similarity", model, {"source_sentence": "x", "sentences": ["y"]})
    assert len(loads) == before


def test_a_failed_loading_is_tried_again_when_asked_again(
    copied: Callable[[str], Path], local: Local
) -> None:
    folder = copied(MODEL)
    (folder / "model.safetensors").rename(folder / "away")
    with pytest.raises(errors.NotFound, match="no weights"):
        classified(local, str(folder))
    (folder / "away").rename(folder / "model.safetensors")
    assert classified(local, str(folder))


@pytest.mark.parametrize("damage", ["", "{", '{"model_type": "unheard-of"}', "[]"], ids=repr)
def test_a_repository_that_makes_no_sense_is_said_briefly(
    damage: str, copied: Callable[[str], Path], local: Local
) -> None:
    folder = copied(MODEL)
    (folder / "config.json").write_text(damage)
    with pytest.raises(errors.Lasting) as refused:
        classified(local, str(folder))
    assert len(str(refused.value).splitlines()) <= 3


def test_damaged_weights_are_said(copied: Callable[[str], Path], local: Local) -> None:
    folder = copied(MODEL)
    whole = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(errors.Lasting, match="cannot be loaded"):
        classified(local, str(folder))


def test_loading_is_not_counted_as_answering(served_hub: Any) -> None:
    local = Local(Session())
    began = time.perf_counter()
    (chunk,) = local.stream(Call("text-classification", MODEL, None, "x"), Terms())
    assert chunk.seconds < (time.perf_counter() - began) / 2


def test_it_is_quiet(served_hub: Any, capfd: pytest.CaptureFixture[str]) -> None:
    classified(Local(Session()))
    said = capfd.readouterr()
    assert "%|" not in said.err + said.out
    assert "Loading weights" not in said.err + said.out
