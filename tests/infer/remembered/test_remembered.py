"""The same question has the same answer at once, and says so; whatever may be answered otherwise is asked anew."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hf_nb import errors, infer
from hf_nb.infer import remembered
from hf_nb.infer.call import Call, Chunk, Target
from hf_nb.infer.remembered import packed, sure
from hf_nb.infer.shapes import Tally
from hf_nb.plumbing.session import Session
from hf_nb.values import ToolCall, Value
from tests.infer import scripted
from tests.infer.remembered.conftest import model as made

GREEDY = {"temperature": 0}


def ask(session: Session, model: str, text: Any = "Of France?", **how: Any) -> Any:
    return infer.run(text, task=how.pop("task", "chat"), model=model, session=session, **how)


def anew(model: str, *steps: scripted.Step) -> tuple[Session, scripted.Scripted]:
    """A kernel that was started again."""
    session, talk, _ = scripted.session(Path(model), *steps)
    return session, talk


def test_the_same_question_is_asked_once_and_the_answer_says_when(there: Path, folder: Path) -> None:
    session, talk, model = scripted.session(folder, "Paris it is.")
    first = ask(session, model)
    again = ask(session, model)
    assert len(talk.asked) == 1
    assert (first.source.kept, again.text, again.source.finish) == (None, "Paris it is.", "stop")
    assert again.source.kept is not None
    assert again.source.seconds < first.source.seconds
    assert (again.source.read, again.source.written) == (first.source.read, first.source.written)
    assert f"(kept answer of {again.source.kept:%H:%M})" in str(again)
    assert f"(kept answer of {again.source.kept:%H:%M})" in again._repr_mimebundle_()["text/html"]
    assert "kept answer" not in str(first)
    assert again.to_dict()["source"]["kept"] == again.source.kept.isoformat()


def test_a_row_of_a_batch_is_the_same_question_and_the_batch_says_so(there: Path, folder: Path) -> None:
    session, talk, model = scripted.session(folder, "Paris.", "Rome.")
    how: dict[str, Any] = {"task": "text-generation", "model": model, "session": session}
    infer.run("The capital", **how)
    made = infer.batch(["The capital", "Another"], journal=False, **how)
    assert made.values == ["Paris.", "Rome."]
    assert (made.kept, len(talk.asked)) == (1, 2)
    single: Any = infer.run("Another", **how)  # and the other way round
    assert single.source.kept is not None


def test_a_kernel_that_was_started_again_has_it_too(there: Path, folder: Path) -> None:
    session, _, model = scripted.session(folder, "Paris it is.")
    ask(session, model)
    remembered.of(session).disk.flush()
    other, talk = anew(model)
    assert ask(other, model).text == "Paris it is."
    assert talk.asked == []
    assert b"Of France" not in there.read_bytes() + there.with_name(f"{there.name}-wal").read_bytes()


def test_a_stream_has_it_in_one_part_and_its_parts_are_counted_as_one(there: Path, folder: Path) -> None:
    session, talk, model = scripted.session(folder, "Paris it is.")
    assert "".join(infer.stream("Of France?", task="chat", model=model, session=session)) == "Paris it is."
    again = infer.stream("Of France?", task="chat", model=model, session=session)
    assert list(again) == ["Paris it is."]
    source: Any = again.value
    assert source.source.kept is not None
    assert source.source.rate is None  # nothing was written now
    assert len(talk.asked) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"text": "Of Italy?"},
        {"params": {"max_new_tokens": 3}},
        {"params": {"max_new_tokens": 4}},
        {"task": "text-generation"},
        {"params": {"stop": ["x"], "seed": 1}},
        {"params": {"stop": ["x"], "seed": 2}},
    ],
    ids=str,
)
def test_another_question_is_another_answer(there: Path, folder: Path, other: dict[str, Any]) -> None:
    session, talk, model = scripted.session(folder, "Paris.", "Three.", "Other.")
    ask(session, model)
    ask(session, model, params={"max_new_tokens": 30})
    assert ask(session, model, **other).text == "Other."
    assert len(talk.asked) == 3


def test_other_weights_are_another_model(there: Path, folder: Path) -> None:
    session, talk, model = scripted.session(folder, "Paris.", "Rome.")
    ask(session, model)
    (folder / "config.json").write_text('{"architectures": ["LlamaForCausalLM"], "trained": "further"}')
    assert ask(session, model).text == "Rome."
    assert len(talk.asked) == 2


def test_the_order_of_a_tables_columns_counts(there: Path) -> None:
    target, session = Target("local", "own/model", "c0ffee"), Session()
    one = Call(
        "table-question-answering", "own/model", "c0ffee", {"query": "?", "table": {"a": ["1"], "b": ["2"]}}
    )
    other = replace(one, input={"query": "?", "table": {"b": ["2"], "a": ["1"]}})
    remembered.put(session, one, target, tally(output={"answer": "1"}))
    assert remembered.get(session, one, target) is not None
    assert remembered.get(session, other, target) is None


def test_fresh_asks_anew_and_the_new_answer_stands_from_then_on(there: Path, folder: Path) -> None:
    session, talk, model = scripted.session(folder, "Paris.", "Lutetia.")
    ask(session, model)
    assert ask(session, model, fresh=True).text == "Lutetia."
    assert ask(session, model).text == "Lutetia."
    assert len(talk.asked) == 2


def test_what_failed_broke_off_or_was_stopped_is_asked_again(there: Path, folder: Path) -> None:
    session, talk, model = scripted.session(folder, errors.BadInput("No."), "one two three", "four")
    with pytest.raises(errors.BadInput):
        ask(session, model)
    stream = infer.stream("Of France?", task="chat", model=model, session=session)
    next(stream)
    stream.close()
    assert ask(session, model).text == "four"
    assert len(talk.asked) == 3


@pytest.mark.parametrize(
    ("own", "params", "kept"),
    [
        ({}, {}, True),
        ({}, {"temperature": 0.7}, False),
        ({}, {"top_p": 0.9}, False),
        ({}, {"do_sample": True}, False),
        ({}, {"temperature": 0.7, "seed": 3}, True),
        ({"do_sample": True}, {}, False),
        ({"do_sample": True}, {"do_sample": False}, True),
        ({"do_sample": True}, {"do_sample": None}, False),
        ({"do_sample": True}, GREEDY, True),
        ({"do_sample": True}, {"seed": 5}, True),
        ({"temperature": 0.6}, {}, True),
    ],
    ids=str,
)
def test_only_what_cannot_be_drawn_otherwise_is_kept(
    there: Path, tmp_path: Path, own: Mapping[str, Any], params: dict[str, Any], *, kept: bool
) -> None:
    session, talk, model = scripted.session(made(tmp_path / "own", **own), "Paris.", "Rome.")
    ask(session, model, params=params)
    again = ask(session, model, params=params)
    assert (len(talk.asked) == 1) is kept
    assert (again.source.kept is not None) is kept


def test_an_adapter_may_draw_as_its_base_does(there: Path, folder: Path) -> None:
    (folder / "adapter_config.json").write_text("{}")
    call, target = Call("chat", str(folder), "folder-1", "?"), Target("local", str(folder), "folder-1")
    assert not sure.greedy(call, target)


def tally(text: str = "", output: Any = None, **how: Any) -> Tally:
    found = Tally()
    found.add(Chunk(text, output, seconds=0.5, finish="stop", **how))
    return found


CHAT = Call("chat", "own/model", None, {"messages": [{"role": "user", "content": "Hello"}]}, GREEDY)


def test_who_answers_at_another_commit_tomorrow_is_believed_in_this_session_only(there: Path) -> None:
    session, target = Session(), Target("hf/far", "own/model")
    remembered.put(session, CHAT, target, tally("Good day.", provider="far"))
    found = remembered.get(session, CHAT, target)
    assert found is not None
    assert found.text == "Good day."
    remembered.of(session).disk.flush()
    assert remembered.get(Session(), CHAT, target) is None
    assert not there.exists()


def test_providers_draw_unless_they_are_told_not_to(there: Path) -> None:
    session, target = Session(), Target("hf", "own/model")
    free = replace(CHAT, params={})
    remembered.put(session, free, target, tally("Good day."))
    assert remembered.get(session, free, target) is None


@pytest.mark.parametrize(
    "target", [Target("ollama", "m", "c0ffee"), Target("hashing", "hashing-512", "c0ffee")]
)
def test_a_server_of_ones_own_is_always_asked(there: Path, target: Target) -> None:
    session = Session()
    remembered.put(session, CHAT, target, tally("Good day."))
    assert remembered.get(session, CHAT, target) is None


def test_masked_personal_data_is_never_kept(there: Path) -> None:
    session, target = Session(), Target("hf", "own/model", "c0ffee")
    personal = replace(CHAT, input={"messages": [{"role": "user", "content": "Write to ann@example.org"}]})
    for mask, setting in ((True, "show"), (False, "mask")):
        session.settings.personal = setting
        remembered.put(session, personal, target, tally("Dear ann@example.org"), mask=mask)
        assert remembered.get(session, personal, target, mask=mask) is None
    remembered.put(session, CHAT, target, tally("Good day."), mask=True)
    assert remembered.get(session, CHAT, target, mask=True) is not None  # nothing in it was masked
    remembered.of(session).disk.flush()
    assert b"ann@" not in there.read_bytes() + there.with_name(f"{there.name}-wal").read_bytes()


def test_a_token_in_an_answer_reaches_no_file(there: Path) -> None:
    session, target = Session(), Target("local", "own/model", "c0ffee")
    token = "hf_" + "a1B2" * 9
    remembered.put(session, CHAT, target, tally(f"It is {token}."))
    fill = Call("fill-mask", "own/model", "c0ffee", "It is [MASK].")
    remembered.put(
        session, fill, target, tally(output=[{"token_str": token, "score": 1.0, "sequence": token}])
    )
    assert infer.answers(session=session).entries == 0
    assert remembered.get(session, CHAT, target) is None


def test_a_quicker_copys_answer_is_not_kept_as_the_models(there: Path) -> None:
    session, target = Session(), Target("local", "own/model", "c0ffee")
    call = Call("text-classification", "own/model", "c0ffee", "I love it")
    said = tally(output=[{"label": "a", "score": 1.0}], note="2 windows; by its int8 copy")
    remembered.put(session, call, target, said)
    assert remembered.get(session, call, target) is None


def test_what_has_no_end_or_says_nothing_is_not_kept(there: Path) -> None:
    session, target = Session(), Target("local", "own/model", "c0ffee")
    cut, empty = tally("Good"), tally("")
    cut.finish = None
    for one in (cut, empty):
        remembered.put(session, CHAT, target, one)
        assert remembered.get(session, CHAT, target) is None


def test_hits_are_counted_apart_and_change_no_latency(there: Path, folder: Path) -> None:
    session, _, model = scripted.session(folder, "Paris it is.")
    for _ in range(4):
        ask(session, model)
    (one,) = infer.stats(session=session)
    assert (one.calls, one.answers, one.hits) == (1, 1, 3)
    assert one.p50 == pytest.approx(0.3)
    assert one.saved == pytest.approx(0.9)
    assert (one.read, one.written) == (5, 3)
    shown = str(infer.stats(session=session))
    assert "3 answers were kept and not asked for: 900 ms saved." in shown
    prometheus = infer.stats(session=session).prometheus()
    assert 'hfnb_kept_answers_total{method="local"' in prometheus


def test_with_nothing_to_keep_them_in_nothing_is_kept(there: Path, folder: Path) -> None:
    session, talk, model = scripted.session(folder, "Paris.", "Rome.")
    session.settings.answers_cache = 0
    ask(session, model)
    ask(session, model)
    assert len(talk.asked) == 2
    assert "No answer is kept" in str(infer.answers(session=session))


def test_one_answer_does_not_push_out_all_others(there: Path) -> None:
    session, target = Session(), Target("local", "own/model", "c0ffee")
    session.settings.answers_cache = 80_000
    remembered.put(session, CHAT, target, tally("word " * 4_000))
    assert remembered.get(session, CHAT, target) is None


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[]", b"\xff\xfe", b'{"packed": "x", "output": ["AAAA"]}', b"null"]
)
def test_what_was_not_written_by_us_is_asked_anew(there: Path, folder: Path, body: bytes) -> None:
    session, _, model = scripted.session(folder, "Paris.")
    ask(session, model)
    remembered.of(session).disk.flush()
    with sqlite3.connect(there) as connection:
        connection.execute("UPDATE answers SET body=?", (body,))
    connection.close()
    other, talk = anew(model, "Rome.")
    assert ask(other, model).text == "Rome."
    assert len(talk.asked) == 1
    assert ask(other, model).source.kept is not None


def test_a_broken_file_is_no_failure(there: Path, folder: Path) -> None:
    there.parent.mkdir(parents=True)
    there.write_bytes(b"no database " * 100)
    session, talk, model = scripted.session(folder, "Paris.")
    assert ask(session, model).text == "Paris."
    assert ask(session, model).text == "Paris."
    assert len(talk.asked) == 1


def test_they_are_counted_and_removed(there: Path, folder: Path) -> None:
    session, talk, model = scripted.session(folder, "Paris.", "Rome.", "Paris.")
    ask(session, model)
    ask(session, model, "Of Italy?")
    seen = infer.answers(session=session)
    assert (seen.entries, seen.latest, seen.cleared) == (2, 2, False)
    assert "2 answers of models" in str(seen)
    assert infer.answers(clear=True, session=session).entries == 2
    assert infer.answers(session=session).entries == 0
    ask(session, model)
    assert len(talk.asked) == 3


def test_the_calls_of_tools_come_back_as_they_were(there: Path, folder: Path) -> None:
    session, talk, model = scripted.session(folder, scripted.call("weather", city="Bern"))
    first, again = ask(session, model), ask(session, model)
    assert len(talk.asked) == 1
    assert again.calls == first.calls == (ToolCall("weather", '{"city": "Bern"}', "1"),)
    assert again.source.finish == "tool_calls"


@pytest.mark.parametrize(
    "output",
    [
        [[0.1, 2.5, -3.0, 1e-30, 0.0, 5.0, 6.0, 1 / 3]],
        [[float(one) / 2 for one in range(384)]] * 3,
        [0.25, 0.5],
        [[0.1, 0.2]],
        [{"label": "\ud800 half a character", "score": 0.1}],
        {"answer": "x", "coordinates": [[0, 1]]},
    ],
    ids=["double", "single", "scores", "short", "words", "cells"],
)
def test_numbers_come_back_to_the_last_bit(output: Any) -> None:
    body = packed.written(packed.of(tally(output=output), None))
    assert body is not None
    assert packed.read(body).output == output


@pytest.mark.parametrize(
    "said",
    [
        Tally(output=[{"label": "a", "score": 0.25}], finish="stop", parts=1, seconds=0.125, device="cpu"),
        Tally(texts=['Say "ü"\n', "…"], finish="length", read=3, written=9, provider="somebody"),
        Tally(output=[[0.5] * 12], finish="stop", notes=["two windows"]),
    ],
)
@pytest.mark.parametrize("dollars", [None, 0.0005])
def test_the_rows_of_a_batch_are_written_as_single_answers_are(said: Tally, dollars: float | None) -> None:
    body = packed.plainly(said, dollars, 12.5)
    assert body is not None
    assert packed.read(body) == packed.read(packed.written(packed.of(said, dollars, 12.5)) or b"")


def test_the_scores_of_classes_come_back_to_the_last_bit_and_damaged_ones_are_asked_anew() -> None:
    said = [
        {"label": "äh", "score": 0.1 + 0.2},
        {"label": "b", "score": float("inf")},
        {"label": "", "score": 5e-324},
    ]
    body = packed.plainly(tally(output=said), None, 12.5)
    assert body is not None
    assert packed.read(body).output == said
    for wrong in (body.replace(b'"b",', b""), body.replace(b"f07f", b"f07"), body.replace(b"f07f", b"zz7f")):
        assert wrong != body
        with pytest.raises((ValueError, KeyError, TypeError)):
            packed.read(wrong)


def test_vectors_take_four_bytes_a_number() -> None:
    body = packed.written(packed.of(tally(output=[[float(one) / 2 for one in range(1_000)]]), None))
    assert body is not None
    assert len(body) < 1_000 * 4 * 4 / 3 + 400


def test_what_is_no_json_is_asked_anew(there: Path) -> None:
    session, target = Session(), Target("local", "own/model", "c0ffee")
    odd = Call("text-classification", "own/model", "c0ffee", "text", {"function_to_apply": object()})
    remembered.put(session, odd, target, tally(output=[{"label": "a", "score": 1.0}]))
    assert remembered.get(session, odd, target) is None


def test_an_answer_by_way_of_another_model_is_not_the_models_own(there: Path) -> None:
    session, target = Session(), Target("local", "own/fr-de", "c0ffee")
    call = Call("summarization", "own/fr-de", "c0ffee", "The house", {"do_sample": False})
    remembered.put(session, call, target, tally("Das Haus"), also="first by own/en-fr")
    assert remembered.get(session, call, target) is None
    assert remembered.get(session, call, target, also="first by own/en-fr") is not None


def test_finding_one_again_takes_less_than_a_millisecond(there: Path) -> None:
    import time

    session, target = Session(), Target("local", "own/model", "c0ffee")
    calls = [Call("feature-extraction", "own/model", "c0ffee", f"text {at}") for at in range(200)]
    for one in calls:
        remembered.put(session, one, target, tally(output=[[float(at) for at in range(384)]]))
    took = []
    for one in calls:
        began = time.process_time()
        assert remembered.get(session, one, target) is not None
        took.append(time.process_time() - began)
    assert sorted(took)[100] < 0.001


@pytest.mark.usefixtures("hub")
@pytest.mark.parametrize(
    ("task", "text"),
    [
        ("text-classification", "I love it"),
        pytest.param("token-classification", "Maria lives in Geneva.", marks=pytest.mark.slow),
        pytest.param("fill-mask", "The room was [MASK].", marks=pytest.mark.slow),
        pytest.param(
            "question-answering",
            {"question": "Where does Maria live?", "context": "Maria lives in Geneva."},
            marks=pytest.mark.slow,
        ),
        ("feature-extraction", ["A room.", "A hotel."]),
        pytest.param(
            "sentence-similarity",
            {"source_sentence": "A room.", "sentences": ["A hotel.", "Fish."]},
            marks=pytest.mark.slow,
        ),
        pytest.param(
            "zero-shot-classification",
            {"text": "The striker scored.", "candidate_labels": ["sport", "food"]},
            marks=pytest.mark.slow,
        ),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_a_models_answer_of_every_kind_comes_back_the_same(there: Path, task: str, text: Any) -> None:
    session = Session()
    first: Any = infer.run(text, task=task, provider="local", session=session)
    again: Any = infer.run(text, task=task, provider="local", session=session)
    assert again.source.kept is not None
    assert _bare(again) == _bare(first)


def _bare(value: Value) -> dict[str, Any]:
    """Without who answered."""
    return {name: one for name, one in value.to_dict().items() if name != "source"}


@pytest.mark.slow
@pytest.mark.usefixtures("hub")
def test_a_model_object_of_the_kernel_is_always_asked(there: Path) -> None:
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    name = "hfnb-demo/sentiment-en"
    own = AutoModelForSequenceClassification.from_pretrained(name), AutoTokenizer.from_pretrained(name)
    session = Session()
    for _ in range(2):
        found: Any = infer.run("I love it", model=own, session=session)
        assert found.source.kept is None


def test_the_line_asks_anew_too(there: Path, folder: Path) -> None:
    from hf_nb.commands import tree
    from hf_nb.commands.tree import answer
    from hf_nb.plumbing import session as sessions

    session, talk, model = scripted.session(folder, "Paris.", "Rome.")
    sessions.use(session)
    line = ["infer", "--task", "chat", "-m", model, "Of France?"]
    assert answer(tree, line, "notebook").value.text == "Paris."
    assert answer(tree, line, "notebook").value.source.kept is not None
    assert answer(tree, [*line, "--fresh"], "notebook").value.text == "Rome."
    assert answer(tree, ["cache", "answers"], "notebook").value.entries == 1
    assert "fresh=True" in str(answer(tree, [*line, "--fresh", "--code"], "notebook").value)
    assert len(talk.asked) == 2
