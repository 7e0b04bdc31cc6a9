"""Hugging Face's router: addresses and bodies are the official client's, and every shape of an answer is understood."""

import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from hf_nb import errors
from hf_nb.infer import remote
from hf_nb.infer.backends.providers import Providers
from hf_nb.infer.call import Call, Terms
from hf_nb.infer.shapes import Tally, shaped
from hf_nb.plumbing.session import Session
from hf_nb.tasks import TASKS
from hf_nb.values import Source
from tests.infer.remote.asking import chat
from tests.infer.remote.served import Served

TOKEN = "hf_canarycanarycanarycanary"
MODEL = "owner/echo"

# task -> what a task route answers, in the shapes that are met out there
SHAPES: dict[str, list[Any]] = {
    "text-classification": [
        [{"label": "good", "score": 0.9}, {"label": "bad", "score": 0.1}],
        [[{"label": "good", "score": 0.9}, {"label": "bad", "score": 0.1}]],
    ],
    "zero-shot-classification": [
        {"sequence": "x", "labels": ["sport", "money"], "scores": [0.8, 0.2]},
        [{"sequence": "x", "labels": ["sport", "money"], "scores": [0.8, 0.2]}],
        [{"label": "sport", "score": 0.8}, {"label": "money", "score": 0.2}],
    ],
    "token-classification": [
        [{"entity_group": "PER", "score": 0.9, "word": "Maria", "start": 0, "end": 5}],
        [{"entity": "B-PER", "score": 0.9, "word": "Maria", "start": 0, "end": 5, "index": 1}],
        [],
    ],
    "question-answering": [
        {"answer": "Geneva", "score": 0.9, "start": 15, "end": 21},
        [{"answer": "Geneva", "score": 0.9, "start": 15, "end": 21}],
    ],
    "table-question-answering": [
        {"answer": "Lyon", "coordinates": [[1, 0]], "cells": ["Lyon"], "aggregator": "NONE"},
        [{"answer": "Lyon", "coordinates": [[1, 0]], "cells": ["Lyon"]}],
    ],
    "summarization": [[{"summary_text": "Late ferry."}], {"summary_text": "Late ferry."}],
    "translation": [[{"translation_text": "La maison est petite."}]],
    "text2text-generation": [[{"generated_text": "houses"}]],
    "fill-mask": [
        [{"sequence": "a dict", "score": 0.5, "token": 7, "token_str": "dict"}],
        [[{"sequence": "a dict", "score": 0.5, "token": 7, "token_str": "dict"}]],
    ],
    "text-generation": [[{"generated_text": " items"}]],
    "code-generation": [[{"generated_text": " return a + b"}]],
    "feature-extraction": [[0.5, 1.0], [[0.5, 1.0]], [[[0.0, 0.5], [1.0, 1.5]]], [[0.0, 0.5], [1.0, 1.5]]],
    "sentence-similarity": [[0.9, 0.1]],
}
PLACE = [(task, one) for task, shapes in SHAPES.items() for one in shapes]
SOURCE = Source(MODEL, None, "hf", "", 0.0)


@pytest.fixture
def session(served: Served, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """A Hub on this machine, whose router is the server."""
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    made = Session()
    made.settings.endpoint = served.address.removesuffix("/v1")
    yield made
    remote.client(made).close()


def answer(call: Call, session: Session, provider: str | None = None) -> Tally:
    tally = Tally()
    for chunk in Providers(session, provider).stream(call, Terms(first=5, idle=5)):
        tally.add(chunk)
    return tally


def of(task: str, **params: Any) -> Call:
    return Call(task, MODEL, None, TASKS[task].example, params)


@pytest.mark.parametrize(("task", "output"), PLACE)
def test_every_shape_of_an_answer_becomes_a_value(
    task: str, output: Any, session: Session, served: Served
) -> None:
    served.output = output
    call = of(task)
    tally = answer(call, session)
    assert tally.finish == "stop"
    shaped(call, tally, SOURCE)
    if task == "feature-extraction":
        assert tally.output == [[0.5, 1.0]]


def test_many_texts_become_as_many_vectors(session: Session, served: Served) -> None:
    call = Call("feature-extraction", MODEL, None, ["a", "b"])
    served.output = [[1.0, 2.0], [3.0, 4.0]]
    assert answer(call, session).output == [[1.0, 2.0], [3.0, 4.0]]
    served.output = [[[1.0, 2.0], [3.0, 4.0]], [[1.0, 1.0]]]
    assert answer(call, session).output == [[2.0, 3.0], [1.0, 1.0]]


# which of these make sense all the same: nothing was found, no cell is named
SENSE: dict[str, list[Any]] = {
    "token-classification": [[], [[]]],
    "table-question-answering": [{"answer": "x", "score": "much"}],
}
NONSENSE = [
    {},
    [],
    "text",
    7,
    [[]],
    [{"label": "x"}],
    {"answer": "x", "score": "much"},
    [[1.0], [2.0, 3.0]],
]


@pytest.mark.parametrize("task", SHAPES)
def test_nonsense_is_broken_and_nothing_else(task: str, session: Session, served: Served) -> None:
    for output in NONSENSE:
        if output not in (*SHAPES[task], *SENSE.get(task, ())):
            served.output = output
            with pytest.raises(errors.Broken):
                answer(of(task), session)


def test_a_place_that_is_not_in_the_input_is_broken(session: Session, served: Served) -> None:
    for task, output in (
        ("question-answering", {"answer": "x", "score": 1.0, "start": 15, "end": 999}),
        ("token-classification", [{"entity": "X", "score": 1.0, "word": "x", "start": -3, "end": 2}]),
        ("table-question-answering", {"answer": "x", "coordinates": [[9, 0]], "cells": ["x"]}),
    ):
        served.output = output
        with pytest.raises(errors.Broken):
            answer(of(task), session)


# what the official client is told -> the parameters of ours
GIVEN: dict[str, dict[str, Any]] = {
    "text-classification": {"top_k": 2},
    "zero-shot-classification": {"multi_label": True},
    "question-answering": {"top_k": 1},
    "fill-mask": {"top_k": 3},
    "summarization": {"truncation": "longest_first"},
    "feature-extraction": {"normalize": True},
}


@pytest.mark.parametrize(
    "task", [one for one in SHAPES if one not in ("code-generation", "text2text-generation")]
)
def test_what_is_sent_is_what_the_official_client_sends(
    task: str, session: Session, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    from huggingface_hub.inference._providers import get_provider_helper, hf_inference

    monkeypatch.setattr(hf_inference, "_check_supported_task", lambda *_: None)
    params, value = GIVEN.get(task, {}), TASKS[task].example
    served.output = SHAPES[task][0]
    answer(of(task, **params), session)
    sent = served.requests[-1]
    theirs = dict(params)
    if task == "zero-shot-classification":
        theirs |= {"candidate_labels": value["candidate_labels"]}
        value = value["text"]
    helper = get_provider_helper("hf-inference", task, MODEL)
    # not prepare_request, which asks huggingface.co what kind of program this is
    about = helper._prepare_mapping_info(MODEL)
    meant = helper._prepare_payload_as_dict(value, theirs, provider_mapping_info=about)
    address = helper._prepare_url(TOKEN, about.provider_id)
    # below /router, where this process asks a Hub of this machine
    assert sent.path.removeprefix("/router") == urlsplit(address).path.removeprefix("/router")
    assert sent.headers["authorization"] == f"Bearer {TOKEN}"
    ours = dict(sent.body)
    if task == "text-generation":  # as its client adds them
        assert ours.pop("stream") is True
        assert ours["parameters"].pop("return_full_text") is False
    assert {"parameters": {}, **ours} == {"parameters": {}, **(meant or {})}


def test_how_words_are_found_stands_by_itself_where_texts_are_rewritten(
    session: Session, served: Served
) -> None:
    served.output = [{"summary_text": "x"}]
    answer(of("summarization", max_new_tokens=5, truncation="longest_first"), session)
    assert served.requests[-1].body["parameters"] == {
        "truncation": "longest_first",
        "generate_parameters": {"max_new_tokens": 5},
    }


@pytest.mark.parametrize(("provider", "model"), [(None, MODEL), ("swift-demo", f"{MODEL}:swift-demo")])
def test_a_chat_names_its_provider_behind_the_model(
    provider: str | None, model: str, session: Session, served: Served
) -> None:
    assert answer(chat(MODEL), session, provider).text == "You said: Hello there"
    assert served.requests[-1].path == "/router/v1/chat/completions"
    assert served.requests[-1].body["model"] == model


def test_texts_are_gone_on_with_where_the_hub_says(session: Session, served: Served) -> None:
    served.mapping = {
        "swift-demo": {"status": "live", "providerId": "echo", "task": "text-generation"},
        "thrifty-demo": {"status": "live", "providerId": "their-echo", "task": "text-generation"},
    }
    text = "You said: Return the list of"
    assert answer(of("text-generation"), session).text == text
    asked = [(one.method, one.path) for one in served.requests]
    assert asked[0] == ("GET", f"/api/models/{MODEL}?expand=inferenceProviderMapping")
    assert asked[1] == ("POST", "/router/swift-demo/v1/completions")
    assert answer(of("text-generation"), session, "thrifty-demo").text == text
    assert served.requests[-1].body["model"] == "their-echo"


def test_a_provider_does_texts_alone(session: Session) -> None:
    assert Providers(session, "swift-demo").can(of("chat"))
    assert not Providers(session, "swift-demo").can(of("fill-mask"))
    with pytest.raises(errors.NotFound):
        answer(of("fill-mask"), session, "swift-demo")


def test_no_id_leads_out_of_the_routers_addresses(session: Session, served: Served) -> None:
    for model in ("../../api/whoami-v2", "a/../b", "a b", "a?b", "a/b/c", ""):
        with pytest.raises(errors.NotFound):
            answer(Call("fill-mask", model, None, "x [MASK]"), session)
    assert not served.requests


def test_without_a_token_the_hubs_router_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HF_TOKEN", raising=False)
    with pytest.raises(errors.Unauthorized, match="needs a token"):
        answer(chat(MODEL), Session())


def test_a_router_elsewhere_gets_its_own_key_and_never_the_hubs_token(
    session: Session, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.settings.endpoint = "http://127.0.0.1:9"
    session.settings.router = served.address.removesuffix("/v1")
    answer(chat(MODEL), session)
    monkeypatch.setenv("HF_NB_KEY_HF", "of-that-router")
    answer(chat(MODEL), session)
    assert [one.headers["authorization"] for one in served.requests] == ["Bearer -", "Bearer of-that-router"]
    assert "canary" not in served.sent()


def test_who_pays_is_said_where_it_is_set(session: Session, served: Served) -> None:
    answer(chat(MODEL), session)
    session.settings.bill_to = "our-company"
    answer(chat(MODEL), session)
    assert [one.headers.get("x-hf-bill-to") for one in served.requests] == [None, "our-company"]


@pytest.mark.parametrize("switch", ["allow_remote", "allow_inference"])
def test_a_switch_closes_the_router(switch: str, session: Session, served: Served) -> None:
    setattr(session.settings, switch, False)
    with pytest.raises(errors.Refused, match=switch):
        answer(chat(MODEL), session)
    assert not served.requests


@pytest.mark.parametrize(
    ("model", "kind"),
    [("limited", errors.RateLimited), ("busy", errors.Busy), ("cut-early", errors.Unreachable)],
)
def test_one_question_is_one_request(
    model: str, kind: type[errors.HfNbError], session: Session, served: Served
) -> None:
    with pytest.raises(kind):
        answer(chat(f"owner/{model}"), session)
    assert len(served.requests) == 1


def test_a_limit_the_hub_named_is_not_waited_for_here(session: Session, served: Served) -> None:
    began = time.monotonic()
    for _ in range(2):
        with pytest.raises(errors.RateLimited) as limited:
            answer(chat("owner/limited"), session)
        assert limited.value.after
    assert time.monotonic() - began < 3


def test_uploads_switched_off_leave_the_router_open(session: Session) -> None:
    session.settings.allow_upload = False
    assert answer(chat(MODEL), session).finish == "stop"


def test_an_error_of_the_router_keeps_the_token_to_itself(session: Session) -> None:
    with pytest.raises(errors.Unauthorized) as refused:
        answer(chat("owner/echoes-key"), session)
    assert "canary" not in str(refused.value)
    assert "login" in refused.value.next_step
