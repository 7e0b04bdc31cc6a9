"""Quicker copies of a model: taken only where they gain and say the same; the verdict is kept, and shown."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from hf_nb import infer, render
from hf_nb.errors import BadInput
from hf_nb.infer.backends.local import WAYS, Local, accel, matmul, passes
from hf_nb.infer.backends.local.accel import copies, kept, probe, sureness
from hf_nb.infer.backends.local.model import AT_ONCE, Loaded
from hf_nb.infer.call import Call, Chunk, Terms
from hf_nb.infer.parity import sentences
from hf_nb.plumbing import folders
from hf_nb.plumbing.session import Session
from hf_nb.values import Parity, Way

pytestmark = pytest.mark.slow
MODEL = "hfnb-demo/sentiment-en"
TASK = "text-classification"
TRIED = probe.TRIED


@pytest.fixture
def loaded(local: Local, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Loaded]:
    """A few hundred texts are enough here to earn a trial back."""
    monkeypatch.setenv("HF_NB_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(probe, "TRIED", 0.1)
    way = WAYS[TASK]
    with local.memory.lent(Call(TASK, MODEL, None, ""), way.auto, way.answer, Terms()) as held:
        mine = copy.copy(held)
        mine.kept, mine.at_once = {"matmul": 1.0}, AT_ONCE
        yield mine


def asked(loaded: Loaded, texts: list[str], *, faster: bool) -> dict[int, Any]:
    read = WAYS[TASK].read
    assert read is not None
    calls = [Call(TASK, MODEL, None, one) for one in texts]
    return dict(passes.several(loaded, calls, Terms(), read, faster=faster))


def top(said: Any) -> str:
    assert isinstance(said, Chunk), said
    return str(max(said.output, key=lambda one: one["score"])["label"])


def scores(said: Any) -> list[float]:
    return [one["score"] for one in said.output]


def put(loaded: Loaded, monkeypatch: pytest.MonkeyPatch, shift: float) -> list[int]:
    """The only copy there can be: its scores are off by `shift`, back and forth; how many rows it was asked."""
    import torch

    rows: list[int] = []

    def make(which: Loaded) -> tuple[Any, int]:
        def answer(tensors: dict[str, Any]) -> Any:
            rows.append(len(tensors["input_ids"]))
            logits = which.model(**tensors).logits
            sign = torch.tensor([1.0 if at % 2 else -1.0 for at in range(logits.shape[1])])
            return SimpleNamespace(logits=logits + shift * sign)

        return answer, 7

    monkeypatch.setattr(copies, "_WAYS", {"bf16": make})
    monkeypatch.setattr(copies, "NAMES", {"bf16": ""})
    return rows


def quick(monkeypatch: pytest.MonkeyPatch, times: float) -> None:
    """The clock says that a copy is so many times as quick as the model."""
    turns = iter(range(10_000))
    monkeypatch.setattr(probe, "_timed", lambda *_: times if next(turns) % 2 == 0 else 1.0)


def test_a_quick_copy_that_says_the_same_answers_in_place_of_the_model(
    loaded: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = put(loaded, monkeypatch, 0.0)
    quick(monkeypatch, 2.0)
    texts = sentences(300)
    plain = {at: top(one) for at, one in asked(loaded, texts, faster=False).items()}
    assert not rows
    said = asked(loaded, texts, faster=True)
    assert {at: top(one) for at, one in said.items()} == plain
    assert sum(rows) >= 300
    assert all(one.note.endswith("by its bf16 copy") for one in said.values())
    assert loaded.kept["copy"].name == "bf16"
    assert loaded.kept["bytes_beside"] == 7 + matmul.beside(loaded.model)


@pytest.mark.parametrize(
    ("times", "shift"), [(1.2, 0.0), (9.0, 50.0)], ids=["not quick enough", "decides otherwise"]
)
def test_a_copy_that_gains_little_or_decides_otherwise_is_not_taken(
    times: float,
    shift: float,
    loaded: Loaded,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    put(loaded, monkeypatch, shift)
    quick(monkeypatch, times)
    asked(loaded, sentences(300), faster=True)
    assert loaded.kept["copy"] is None
    found = kept.find(loaded, TASK)
    assert found is not None
    assert found.taken is None
    assert found.ways[0].why == request.node.callspec.id


def test_what_a_copy_decides_narrowly_is_asked_of_the_model_itself(
    loaded: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error large enough to turn narrow answers round: the labels stay those of the model."""
    texts = sentences(300)
    plain = asked(loaded, texts, faster=False)
    narrow = sorted(_apart(one) for one in plain.values())[20]
    put(loaded, monkeypatch, narrow / 4)
    made = copies.make(loaded, "bf16", TASK)
    assert made is not None
    loaded.kept["copy"] = made
    unsafe = asked(loaded, texts, faster=True)
    made.doubt = 4 * narrow / 4
    safe = asked(loaded, texts, faster=True)
    labels = {at: top(one) for at, one in plain.items()}
    assert {at: top(one) for at, one in safe.items()} == labels
    again = [at for at in safe if scores(safe[at]) == pytest.approx(scores(plain[at]), abs=1e-6)]
    assert 0 < len(again) < 300
    assert all(unsafe[at].output != safe[at].output for at in again)


def _apart(said: Any) -> float:
    import math

    first, second = sorted((math.log(one["score"]) for one in said.output), reverse=True)[:2]
    return first - second


def test_a_copy_that_breaks_in_the_middle_is_left_and_nothing_is_lost(
    loaded: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(_: Any) -> Any:
        raise RuntimeError("could not create a primitive")

    loaded.kept["copy"] = copies.Copy("bf16", TASK, breaks, 1)
    said = asked(loaded, sentences(100), faster=True)
    assert len(said) == 100
    assert all(isinstance(one, Chunk) for one in said.values())
    assert loaded.kept["copy"] is None


def test_the_verdict_is_kept_on_the_disk_and_holds_for_this_model_only(
    loaded: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(loaded, monkeypatch, 0.0)
    quick(monkeypatch, 2.0)
    asked(loaded, sentences(300), faster=True)
    another = copy.copy(loaded)
    another.kept = {"matmul": 1.0}
    monkeypatch.setattr(probe, "compare", lambda *_, **__: pytest.fail("measured again"))
    asked(another, sentences(70), faster=True)  # too few to measure, enough for what is known
    assert another.kept["copy"].name == "bf16"
    monkeypatch.setattr(kept, "_versions", lambda: {"torch": "another"})
    assert kept.find(loaded, TASK) is None


@pytest.mark.parametrize(
    "damage", ["", "{", "[]", '{"ways": 3}', '{"ways": [{"evil": 1}], "versions": {}}'], ids=repr
)
def test_a_damaged_verdict_is_measured_again(
    damage: str, loaded: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(loaded, monkeypatch, 0.0)
    asked(loaded, sentences(300), faster=True)
    (file,) = (folders.cache() / "accel").glob("*.json")
    assert json.loads(file.read_text())["model"] == MODEL
    file.write_text(damage)
    assert kept.find(loaded, TASK) is None


def test_a_full_disk_does_not_stop_it(loaded: Loaded, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("HF_NB_CACHE_DIR", str(tmp_path / "file" / "cache"))
    put(loaded, monkeypatch, 0.0)
    assert len(asked(loaded, sentences(300), faster=True)) == 300


def test_margins_are_the_least_of_a_row_and_filler_does_not_count() -> None:
    import torch

    said = SimpleNamespace(
        logits=torch.tensor([[[3.0, 1.0, 0.0], [2.0, 1.5, 0.0]], [[5.0, 1.0, 0.0], [0.0, 0.0, 0.0]]])
    )
    assert sureness.margins(said, [2, 1], "token-classification") == [0.5, 4.0]


def test_a_trial_that_these_texts_cannot_earn_back_is_not_made(
    loaded: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probe, "TRIED", TRIED)
    for enough, count in ((False, 64), (False, 300), (True, 1_500)):
        pieces = [loaded.reader.plain(one) for one in sentences(count)]
        assert probe.due(None, pieces, kept.Before()) is enough
        assert probe.due(None, pieces, kept.Before(tokens=100_000))
    monkeypatch.setattr(probe, "compare", lambda *_, **__: pytest.fail("measured"))
    asked(loaded, sentences(300), faster=True)


def test_a_copy_that_takes_long_to_make_waits_for_a_batch_that_earns_it_back(
    loaded: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = put(loaded, monkeypatch, 0.0)
    quick(monkeypatch, 2.0)
    ways = copies._WAYS
    monkeypatch.setattr(copies, "_WAYS", {**ways, "onnx": ways["bf16"]})
    monkeypatch.setattr(copies, "NAMES", {"bf16": "", "onnx": ""})
    pieces = [loaded.reader.plain(one) for one in sentences(300)]
    found, taken, enough = probe.compare(loaded, TASK, pieces, Terms(), before=kept.Before())
    assert taken is not None
    assert taken.name == "bf16"
    assert [one.why for one in found.ways] == ["", probe.FEW]
    assert enough > probe.tokens(pieces)
    kept.write(loaded, found)
    kept.plainly(loaded, TASK, kept.Before(0, probe.tokens(pieces) * 4 // 3))
    measured: list[int] = []

    def again(_: Any, __: str, pieces: Any, *___: Any, **____: Any) -> Any:
        measured.append(len(pieces))
        return found, taken

    monkeypatch.setattr(accel, "measured", again)
    for count in (300, 500):
        loaded.kept.pop("copy", None)
        asked(loaded, sentences(count), faster=True)
    assert len(measured) == 1
    assert measured[0] >= 500
    assert rows


def test_what_was_read_before_counts_towards_a_trial(loaded: Loaded, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three hundred texts are too few to try it; the same three hundred, again and again, are not."""
    rows = put(loaded, monkeypatch, 0.0)
    quick(monkeypatch, 2.0)
    monkeypatch.setattr(copies, "_WAYS", {"onnx": copies._WAYS["bf16"]})
    monkeypatch.setattr(copies, "NAMES", {"onnx": ""})
    pieces = [loaded.reader.plain(one) for one in sentences(300)]
    # a second for the few that are looked at, so many for all; three rounds and a half earn the export back
    round_ = probe.tokens(pieces) / probe.tokens(probe._some(pieces))
    monkeypatch.setattr(probe, "EXPORTED", 3.5 * round_ * probe.SAVED - probe.TRIED)
    look = probe._answered
    monkeypatch.setattr(probe, "_answered", lambda *some: probe.Answered(look(*some).said, [1.0]))
    asked_for = []
    for _ in range(5):
        loaded.kept = {"matmul": 1.0}  # as in another process: what was read is kept on the disk
        said = asked(loaded, sentences(300), faster=True)
        asked_for.append(all(one.note.endswith("by its onnx copy") for one in said.values()))
    assert asked_for == [False, False, False, True, True]
    assert rows


def test_a_copy_that_is_far_slower_is_left_after_a_few_texts(
    loaded: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = put(loaded, monkeypatch, 0.0)
    now = [0.0]
    made: Any = copies._WAYS["bf16"]

    def slowly(which: Loaded) -> tuple[Any, int]:
        answer, size = made(which)

        def later(tensors: dict[str, Any]) -> Any:
            now[0] += 60.0
            return answer(tensors)

        return later, size

    monkeypatch.setattr(copies, "_WAYS", {"bf16": slowly})
    monkeypatch.setattr("hf_nb.infer.backends.local.accel.probe.time.process_time", lambda: now[0])
    loaded.at_once = 128
    pieces = [loaded.reader.plain(one) for one in sentences(300)]
    found, taken, _ = probe.compare(loaded, TASK, pieces, Terms(), before=kept.Before())
    assert taken is None
    assert found.ways[0].why == "not quick enough"
    assert sum(rows) < probe.ROWS / 4


def test_every_copy_of_a_trained_model_is_measured_and_shown(served_hub: Any) -> None:
    found = infer.parity(MODEL, inputs=sentences(12))
    assert isinstance(found, Parity)
    assert [one.name for one in found.ways] == ["bf16", "int8", "onnx"]
    made = [one for one in found.ways if one.speed]
    assert len(made) >= 2
    assert all(0 < one.difference < 5 for one in made if one.name != "onnx")
    shown = str(found)
    assert MODEL in shown
    assert all(one.name in shown for one in found.ways)
    assert "<table" in render.html(found)


def test_a_model_without_classes_to_compare_is_refused(served_hub: Any) -> None:
    with pytest.raises(BadInput, match="no quicker copy"):
        infer.parity("hfnb-demo/pydoc-mlm")
    with pytest.raises(BadInput, match="list of texts"):
        infer.parity(MODEL, inputs="a text")


def test_hostile_names_in_a_verdict_do_nothing() -> None:
    evil = "<script>alert(1)</script>"
    found = Parity(evil, evil, 3, evil, (Way(evil, 2.0, 1.0, 0.1, 1.0, 0.0, taken=True),), None, {evil: evil})
    assert "<script" not in render.html(found)


def test_nothing_is_quicker_where_accel_is_off(loaded: Loaded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accel, "chosen", lambda *_: pytest.fail("asked"))
    asked(loaded, sentences(300), faster=False)


def test_vectors_that_differ_in_the_fifth_place_are_too_far_off(
    local: Local, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half the bits never give the same vectors, however quick; the same bits by another way do."""
    import torch

    monkeypatch.setenv("HF_NB_CACHE_DIR", str(tmp_path / "cache"))
    task = "feature-extraction"
    call, way = Call(task, "hfnb-demo/minilm-embeddings", None, ""), WAYS[task]

    def copied(which: Loaded, kind: Any) -> tuple[Any, int]:
        model = copies._plain(which).to(kind)
        return lambda tensors: model(**tensors), 1

    def broken(which: Loaded) -> tuple[Any, int]:
        def answer(tensors: dict[str, Any]) -> Any:
            shape = (*tensors["input_ids"].shape, which.config.hidden_size)
            return SimpleNamespace(last_hidden_state=torch.full(shape, torch.nan))

        return answer, 1

    ways = {
        "bf16": lambda which: copied(which, torch.bfloat16),
        "onnx": lambda which: copied(which, torch.float32),
        "int8": broken,
    }
    monkeypatch.setattr(copies, "_WAYS", ways)
    quick(monkeypatch, 2.0)
    with local.memory.lent(call, way.auto, way.answer, Terms()) as held:
        mine = copy.copy(held)
        mine.kept = {"matmul": 1.0, "recipe": held.kept["recipe"]}
        pieces = [piece for text in sentences(40) for piece in mine.reader.pieces(text)]
        found, taken, _ = probe.compare(mine, task, pieces, Terms())
    why = {one.name: one.why for one in found.ways}
    assert why["bf16"] == "too far off"
    assert why["int8"] == "too far off"
    assert taken is not None
    assert taken.name == "onnx"


def test_the_foot_of_a_batch_says_which_copy_answered_and_what_it_left(
    served_hub: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_NB_CACHE_DIR", str(tmp_path / "cache"))
    texts = sentences(400)
    session = Session()
    way = WAYS[TASK]
    plain = _batch(texts, session, "off")
    assert not any("copy" in one for one in plain.notes)
    local = session.backends["local"]
    call = Call(TASK, MODEL, plain.source.revision, "")
    with local.memory.lent(call, way.auto, way.answer) as held:
        rows = put(held, monkeypatch, 0.0)
        made = copies.make(held, "bf16", TASK)
        assert made is not None
        made.doubt = sorted(_gap(dict(one)) for one in plain.outputs)[len(texts) // 10]
        held.kept["copy"] = made
        found = _batch(texts, session, "auto")
        held.kept["copy"] = None
    assert found.values == plain.values
    (said,) = [one for one in found.notes if "copy" in one]
    by, left = map(int, re.findall(r"(\d+) (?:rows by its bf16 copy|that it was not sure of)", said))
    assert by + left == len(texts)
    assert 0 < left < len(texts) // 4
    assert sum(rows) >= len(set(texts))
    assert f"%hf parity {MODEL}" in said
    assert said in str(found)


def _gap(scores: dict[str, float]) -> float:
    import math

    first, second = sorted(map(math.log, scores.values()), reverse=True)[:2]
    return first - second


def _batch(texts: list[str], session: Session, setting: str) -> Any:
    session.settings.accel, session.settings.answers_cache = setting, 0
    return infer.batch(texts, model=MODEL, provider="local", journal=False, session=session)
