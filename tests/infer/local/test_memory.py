"""Models in memory: loaded once however many ask, the last few kept, warm when they are handed out."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hf_nb import errors
from hf_nb.infer.backends.local import Local, memory
from hf_nb.infer.call import Call, Terms
from hf_nb.plumbing.session import Session

pytestmark = pytest.mark.slow
MODEL = "hfnb-demo/sentiment-en"


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


def test_what_was_not_used_for_longest_goes_first(
    served_hub: Any, loads: list[str], copied: Callable[[str], Path], tmp_path: Path
) -> None:
    import shutil

    folder, local = copied(MODEL), Local(Session())
    copies = [str(shutil.copytree(folder, tmp_path / f"copy-{at}")) for at in range(memory.KEPT)]
    models = [str(folder), *copies]
    for model in models[: memory.KEPT]:
        classified(local, model)
    classified(local, models[0])
    classified(local, models[memory.KEPT])  # one too many: the second goes
    classified(local, models[0])
    assert loads == models
    classified(local, models[1])
    assert loads == [*models, models[1]]


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
    with pytest.raises(errors.Refused, match="safetensors"):
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
    import time

    local = Local(Session())
    began = time.perf_counter()
    (chunk,) = local.stream(Call("text-classification", MODEL, None, "x"), Terms())
    assert chunk.seconds < (time.perf_counter() - began) / 2


def test_it_is_quiet(served_hub: Any, capfd: pytest.CaptureFixture[str]) -> None:
    classified(Local(Session()))
    said = capfd.readouterr()
    assert "%|" not in said.err + said.out
    assert "Loading weights" not in said.err + said.out
