"""What belongs to somebody, on its way to another machine: said, masked, put back, or not sent at all."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import hf_nb
from hf_nb import errors
from hf_nb.errors import Broken
from hf_nb.infer import privacy
from hf_nb.infer.backends.openai_like import Server
from hf_nb.infer.backends.providers import Providers
from hf_nb.infer.call import Call, Chunk, Parts, Terms
from hf_nb.infer.privacy import looking
from hf_nb.infer.privacy.answers import Back
from hf_nb.infer.privacy.masking import Mask
from hf_nb.plumbing import progress
from hf_nb.plumbing.session import Session
from hf_nb.values import ToolCall
from tests.infer import scripted
from tests.infer.remote import served as standing

MAIL, PHONE, CARD = "ann.lee@firma.example.org", "+44 7700 900123", "4012 8888 8888 1881"
TEXT = f"Write to {MAIL} or ring {PHONE}; {MAIL} is better."
KEY = "ghp_" + "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dE3fG5"


class Elsewhere:
    """Another machine: it keeps what it was sent, and answers with what `say` makes of it."""

    name, remote, device = "elsewhere", True, None

    def __init__(self, say: Any) -> None:
        self.say, self.got = say, list[Call]()

    def can(self, call: Call) -> bool:
        return True

    def stream(self, call: Call, terms: Terms) -> Parts:
        self.got.append(call)
        yield from self.say(call)


def words(call: Call) -> Iterator[Chunk]:
    """The text as it came, a few letters at a time."""
    text = call.input if isinstance(call.input, str) else call.input["messages"][-1]["content"]
    for at in range(0, len(text), 3):
        yield Chunk(text=text[at : at + 3])
    yield Chunk(finish="stop")


def whole(output: Any) -> Any:
    return lambda _: iter([Chunk(output=output, finish="stop")])


class Heard(progress.Silent):
    """What was said to the person."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def say(self, line: str) -> None:
        self.lines.append(line)


@pytest.fixture
def session() -> Session:
    return Session()


@pytest.fixture
def heard() -> Iterator[Heard]:
    listening = Heard()
    with progress.to(listening):
        yield listening


def call(task: str, input: Any, **params: Any) -> Call:
    return Call(task, "owner/name", None, input, params)


def asked(session: Session, backend: Any, one: Call, *, mask: bool = True) -> list[Chunk]:
    return [*privacy.asked(backend, one, Terms(mask=mask), session)]


def test_a_masked_text_goes_out_with_placeholders_and_comes_back_with_values(session: Session) -> None:
    there = Elsewhere(words)
    chunks = asked(session, there, call("text-generation", TEXT))
    assert there.got[0].input == "Write to [EMAIL_1] or ring [PHONE_1]; [EMAIL_1] is better."
    assert "".join(one.text for one in chunks) == TEXT
    assert chunks[0].note == "an e-mail address and a telephone number masked"
    assert not any(one.note for one in chunks[1:])


def test_nothing_of_a_cut_placeholder_is_shown_before_it_is_whole() -> None:
    mask = Mask(call("text-generation", TEXT))
    for size in range(1, 12):
        back, said = Back(call("text-generation", TEXT), mask), []
        masked = f"{mask.call.input} [EMAIL"
        for at in range(0, len(masked), size):
            said.append(back.chunk(Chunk(text=masked[at : at + size])).text)
            assert "[E" not in "".join(said)
        said.append(back.chunk(Chunk(finish="stop")).text)
        assert "".join(said) == f"{TEXT} [EMAIL"


@pytest.mark.parametrize("written", ["[EMAIL_1]", "[email_1]", "[ EMAIL_1 ]", "[Email _ 1]"])
def test_a_placeholder_that_a_model_writes_in_its_own_way_is_known(written: str) -> None:
    mask = Mask(call("text-generation", TEXT))
    assert mask.back(f"to {written}.") == f"to {MAIL}."
    back = Back(call("text-generation", TEXT), mask)
    assert "".join(back.chunk(Chunk(text=one)).text for one in f"to {written}.") == f"to {MAIL}."


def test_what_was_not_sent_is_not_put_in(session: Session) -> None:
    said = "[EMAIL_2] and [CARD_1] and [IBAN_99999] and [EMAIL_1"
    mask = Mask(call("text-generation", TEXT))
    assert mask.back(said) == said
    assert Mask(call("text-generation", f"[EMAIL_1] is {MAIL}")).call.input == "[EMAIL_1] is [EMAIL_2]"


def test_messages_tools_and_their_arguments_are_masked_and_a_picture_is_left_alone(session: Session) -> None:
    picture = "data:image/png;base64,4012888888881881/4012888888881881"
    messages: list[dict[str, Any]] = [
        {"role": "system", "content": f"You write for {MAIL}."},
        {
            "role": "user",
            "content": [
                {"type": "text", "text": PHONE},
                {"type": "image_url", "image_url": {"url": picture}},
            ],
        },
        {"role": "tool", "content": f"card {CARD}", "tool_call_id": "1"},
    ]
    wanted = (ToolCall("send", '{"to": "[EMAIL_1]", "card": "[CARD_1]"}'),)
    there = Elsewhere(lambda _: iter([Chunk(calls=wanted), Chunk(finish="tool_calls")]))
    chunks = asked(session, there, call("chat", {"messages": messages}, tools=[{"about": f"mail {MAIL}"}]))
    sent = json.dumps([there.got[0].input, there.got[0].params])
    assert not [one for one in (MAIL, PHONE, CARD) if one in sent]
    assert picture in sent
    assert json.loads(chunks[0].calls[0].arguments) == {"to": MAIL, "card": CARD}
    assert messages[0]["content"] == f"You write for {MAIL}."


def test_places_in_a_masked_text_are_places_in_the_text_itself(session: Session) -> None:
    text = f"Ann ({MAIL}) lives in Bern, ring {PHONE} or Geneva"
    masked = Mask(call("token-classification", text)).call.input
    spans = [
        {
            "entity_group": "LOC",
            "score": 0.9,
            "word": one,
            "start": masked.index(one),
            "end": masked.index(one) + len(one),
        }
        for one in ("Ann", "Bern", "Geneva", "[EMAIL_1]", "EMAIL")
    ]
    (chunk,) = asked(session, Elsewhere(whole(spans)), call("token-classification", text))
    assert [one["word"] for one in chunk.output] == ["Ann", "Bern", "Geneva", MAIL, MAIL]
    assert [text[one["start"] : one["end"]] for one in chunk.output] == ["Ann", "Bern", "Geneva", MAIL, MAIL]


def test_every_other_kind_of_answer_is_put_back_too(session: Session) -> None:
    context = f"Her card is {CARD}, her mail {MAIL}."
    asking = call("question-answering", {"question": "Which mail?", "context": context})
    masked = Mask(asking).call.input["context"]
    at = masked.index("[EMAIL_1]")
    (chunk,) = asked(
        session,
        Elsewhere(whole([{"answer": "[EMAIL_1]", "score": 0.9, "start": at, "end": at + 9}])),
        asking,
    )
    assert (chunk.output["answer"], context[chunk.output["start"] : chunk.output["end"]]) == (MAIL, MAIL)
    table = {"query": f"Who has {MAIL}?", "table": {"mail": [MAIL, "none"], CARD: ["1", "2"]}}
    there = Elsewhere(whole({"answer": "[EMAIL_1]", "cells": ["[EMAIL_1]"], "coordinates": [(0, 0)]}))
    (chunk,) = asked(session, there, call("table-question-answering", table))
    assert (chunk.output["answer"], chunk.output["cells"]) == (MAIL, [MAIL])
    assert CARD not in json.dumps(there.got[0].input)
    labels = {"text": "x", "candidate_labels": [MAIL, "nobody"]}
    rows = [{"label": "[EMAIL_1]", "score": 0.8}, {"label": "nobody", "score": 0.2}]
    (chunk,) = asked(session, Elsewhere(whole(rows)), call("zero-shot-classification", labels))
    assert chunk.output[0]["label"] == MAIL
    fills = [{"sequence": "to [EMAIL_1] now", "score": 0.5, "token": 1, "token_str": "now"}]
    (chunk,) = asked(session, Elsewhere(whole(fills)), call("fill-mask", f"to {MAIL} [MASK]"))
    assert chunk.output[0]["sequence"] == f"to {MAIL} now"


def test_an_answer_that_breaks_off_keeps_what_had_come(session: Session) -> None:
    def broken(one: Call) -> Iterator[Chunk]:
        yield Chunk(text="to [EMAIL")
        raise Broken("cut")

    parts = privacy.asked(Elsewhere(broken), call("text-generation", TEXT), Terms(mask=True), session)
    assert next(parts).text + next(parts).text == "to [EMAIL"
    with pytest.raises(Broken):
        next(parts)


# -- what the settings say


def test_unmasked_it_is_said_before_it_is_sent_and_what_this_machine_answers_is_not_looked_at(
    session: Session, heard: Heard
) -> None:
    there = Elsewhere(words)
    asked(session, there, call("text-generation", TEXT), mask=False)
    assert there.got[0].input == TEXT
    (line,) = heard.lines
    assert "an e-mail address and a telephone number" in line
    assert "elsewhere" in line
    assert "--mask" in line
    assert MAIL not in line
    there.remote = False
    asked(session, there, call("text-generation", f"{TEXT} {KEY}"), mask=True)
    assert there.got[1].input.endswith(KEY)
    assert len(heard.lines) == 1


def test_a_thousand_rows_of_one_job_are_one_note(session: Session, heard: Heard) -> None:
    with session.jobs.doing("batch") as job:
        for number in range(1000):
            privacy.guarded(call("text-generation", f"{number} {MAIL}"), session, where="hf", job=job)
    assert len(heard.lines) == 1


@pytest.mark.parametrize(("setting", "sent"), [("send", TEXT), ("mask", "Write to [EMAIL_1] or ring")])
def test_a_setting_sends_it_or_masks_it_without_a_word(
    session: Session, heard: Heard, setting: str, sent: str
) -> None:
    session.settings.personal = setting
    there = Elsewhere(words)
    asked(session, there, call("text-generation", TEXT), mask=False)
    assert there.got[0].input.startswith(sent)
    assert heard.lines == []


def test_a_setting_refuses_it_and_masked_it_goes_all_the_same(session: Session) -> None:
    session.settings.personal = "refuse"
    there = Elsewhere(words)
    with pytest.raises(errors.Refused, match="an e-mail address") as refused:
        asked(session, there, call("text-generation", TEXT), mask=False)
    assert "--mask" in refused.value.next_step
    asked(session, there, call("text-generation", TEXT), mask=True)
    assert len(there.got) == 1


def test_a_project_may_only_make_it_stricter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for said, became in (("mask", "mask"), ("send", "show")):
        Path("pyproject.toml").write_text(f'[tool.hf_nb]\npersonal = "{said}"\n')
        assert Session().settings.personal == became


# -- keys


@pytest.mark.parametrize("setting", ["send", "show", "mask", "refuse"])
@pytest.mark.parametrize("around", ["{}", "my key is {}  # pragma: allowlist secret", "a\nb {}\n"])
def test_a_key_is_never_sent_whatever_is_set(session: Session, setting: str, around: str) -> None:
    session.settings.personal = setting
    there = Elsewhere(words)
    for one in (
        call("text-generation", around.format(KEY)),
        call("chat", {"messages": [{"role": "user", "content": around.format(KEY)}]}),
        call("text-generation", "x", stop=[around.format(KEY)]),
    ):
        with pytest.raises(errors.Refused, match="a key") as refused:
            asked(session, there, one)
        assert KEY not in str(refused.value)
    assert there.got == []


def test_a_key_in_use_here_is_known_by_its_value(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMPANY_API_KEY", "plain-words-of-a-company")
    with pytest.raises(errors.Refused, match="COMPANY_API_KEY"):
        privacy.guarded(call("text-generation", "say plain-words-of-a-company"), session)


# -- over real servers, and by the verbs


@pytest.fixture
def box() -> Iterator[standing.Served]:
    with standing.served() as running:
        yield running


def test_a_server_of_this_machine_is_not_another_machine(session: Session, box: standing.Served) -> None:
    session.settings.servers = {"box": box.address}
    server = Server(session, "box")
    assert not privacy._leaves(server)
    session.settings.servers = {"box": "https://models.example/v1"}
    assert privacy._leaves(server)
    assert privacy._leaves(Providers(session))


def test_by_the_verbs_the_value_holds_the_text_and_the_other_side_and_the_trace_do_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_NB_DATA_DIR", str(tmp_path / "data"))
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "config.json").write_text("{}")
    for name in ("model.safetensors", "tokenizer.json"):
        (folder / name).touch()
    echo = lambda one: one.input if isinstance(one.input, str) else one.input["messages"][-1]["content"]  # noqa: E731
    session, talk, model = scripted.session(folder, *itertools.repeat(echo, 4))
    talk.remote = True
    made: Any = hf_nb.infer.run(TEXT, model=model, task="text-generation", mask=True, session=session)
    assert (made.text, made.input) == (TEXT, TEXT)
    assert "masked" in made.source.reason
    parts = hf_nb.infer.stream(TEXT, model=model, task="text-generation", mask=True, session=session)
    assert "".join(parts) == TEXT
    first = hf_nb.infer.chat(f"I am {MAIL}", model=model, mask=True, session=session)
    second = hf_nb.infer.chat("And who am I?", model=model, session=session)
    assert (first.text, second.text) == (f"I am {MAIL}", "And who am I?")
    sent = json.dumps([one.input for one in talk.asked])
    assert MAIL not in sent
    assert sent.count("[EMAIL_1]") >= 5
    session.spans.flush()
    written = "".join(one.read_text() for one in tmp_path.rglob("*.jsonl"))
    assert "infer.attempt" in written
    assert MAIL not in written


PICTURE = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAUA"


@pytest.mark.parametrize("text", [f"data: {TEXT}", f"data:text/plain;base64,{MAIL}", f"{PICTURE} of {MAIL}"])
def test_a_text_that_begins_like_a_picture_is_read_as_a_text(text: str) -> None:
    call = Call("text-classification", "own/model", None, text)
    assert looking.texts(call) == [text]
    assert MAIL not in str(Mask(call).call.input)
    with pytest.raises(errors.Refused) as refused:
        looking.refuse_keys([f"data: {KEY}"])
    assert refused.value.found


def test_a_picture_is_sent_as_it_is() -> None:
    call = Call("image-classification", "own/model", None, PICTURE)
    assert looking.texts(call) == []
    assert looking.changed(call, str.upper).input == PICTURE
