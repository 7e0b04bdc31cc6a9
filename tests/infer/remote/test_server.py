"""A server of OpenAI's kind, a real one on loopback: what it says comes through, and every failure has its error."""

import contextlib
import sys
import threading
import time
import types
from pathlib import Path
from typing import Any

import pytest

from hf_nb import errors, infer
from hf_nb.infer import keys, servers
from hf_nb.infer.backends import BACKENDS
from hf_nb.infer.backends.openai_like import Server
from hf_nb.infer.call import Call, Terms
from hf_nb.plumbing import folders, redact
from hf_nb.plumbing.session import Session
from hf_nb.plumbing.settings import METHODS
from hf_nb.values import ToolCall
from tests.infer.remote.asking import Ask, chat
from tests.infer.remote.served import Served
from tests.infer.remote.served import served as another

AT_MOST = 0.2  # seconds until a stop is done


def test_a_chat_comes_word_by_word_with_its_tokens(session: Session) -> None:
    chunks = list(Server(session, "box").stream(chat("echo", "Grüße, 世界 🌍"), Terms()))
    assert [one.text for one in chunks if one.text] == ["You", " said:", " Grüße,", " 世界", " 🌍"]
    assert [one.finish for one in chunks] == [*[None] * 5, "stop"]
    assert chunks[-1].usage is not None
    assert (chunks[-1].usage.read, chunks[-1].usage.written) == (5, 5)
    assert all(one.seconds >= 0 for one in chunks)


def test_a_text_is_gone_on_with(ask: Ask) -> None:
    assert ask("echo", "text-generation", "Once upon").text == "You said: Once upon"


@pytest.mark.parametrize(
    ("model", "task", "text"),
    [
        ("echo", "chat", "Grüße, 世界 🌍"),
        ("echo", "text-generation", "Once upon"),
        ("whole", "chat", "Hello"),
        ("echo", "feature-extraction", ["aab", "z"]),
    ],
)
def test_every_byte_that_went_and_came_is_counted(
    model: str, task: str, text: Any, ask: Ask, served: Served
) -> None:
    got = ask(model, task, text)
    assert (got.sent, got.received) == (served.read, served.written)
    assert min(got.sent, got.received) > 20


def test_the_bytes_of_whole_answers_are_in_the_numbers(session: Session, served: Served) -> None:
    for model in ("echo", "echo", "bad"):
        with contextlib.suppress(errors.BadInput):
            infer.run("Hello", task="chat", model=model, provider="box", session=session)
            so_far = served.read, served.written
    found = {one.model: one for one in infer.stats(session=session)}
    assert (found["echo"].sent, found["echo"].received) == so_far
    assert (found["bad"].sent, found["bad"].received) == (0, 0)


def test_a_server_that_does_not_stream_is_read_all_the_same(ask: Ask) -> None:
    got = ask("whole")
    assert (got.text, got.finish) == ("You said: Hello there", "stop")


def test_vectors_come_in_the_order_of_the_texts(ask: Ask) -> None:
    got = ask("echo", "feature-extraction", ["aab", "z"])
    assert [one[0] for one in got.output] == [2, 0]
    assert got.read == 3
    assert len(ask("echo", "feature-extraction", "one text").output) == 1


def test_sentences_are_compared_by_their_vectors(ask: Ask) -> None:
    got = ask("echo", "sentence-similarity", {"source_sentence": "ab", "sentences": ["ba", "cd", "abcd"]})
    assert got.output == pytest.approx([1, 0, 2**-0.5])


def test_calls_of_tools_are_put_together(ask: Ask) -> None:
    got = ask("tools")
    assert got.calls == [ToolCall("weather", '{"city": "Bern"}', "call_1"), ToolCall("time", "{}", "call_2")]
    assert got.finish == "tool_calls"


@pytest.mark.parametrize(
    ("model", "text", "finish"),
    [
        ("only-done", "all", "stop"),
        ("only-finish", "all", "length"),
        ("twice", "all", "stop"),
        ("split", "Zürich 🇨🇭 日本", "stop"),
    ],
)
def test_an_answer_is_whole_with_either_end_mark(model: str, text: str, finish: str, ask: Ask) -> None:
    got = ask(model)
    assert (got.text, got.finish) == (text, finish)


def test_a_server_that_never_closes_after_its_end_mark_is_not_waited_for(ask: Ask) -> None:
    began = time.monotonic()
    assert ask("open-end").text == "all"
    assert time.monotonic() - began < 1


FAILURES = {
    "unended": errors.Broken,
    "cut-mid": errors.Broken,
    "malformed": errors.Broken,
    "page-200": errors.Broken,
    "empty": errors.Broken,
    "cut-early": errors.Unreachable,
    "in-band": errors.Busy,
    "in-band-text": errors.Busy,
    "page-502": errors.Busy,
    "busy": errors.Busy,
    "loading": errors.Busy,
    "overloaded": errors.Busy,
    "bad": errors.BadInput,
    "unprocessable": errors.BadInput,
    "no-key": errors.Unauthorized,
    "forbidden": errors.Unauthorized,
    "no-money": errors.Spent,
    "no-quota": errors.Spent,
    "unknown": errors.NotFound,
    "not-supported": errors.NotFound,
    "moved": errors.NotFound,
    "too-long": errors.TooLarge,
    "too-big": errors.TooLarge,
    "filtered": errors.Filtered,
    "limited": errors.RateLimited,
}


@pytest.mark.parametrize("model", FAILURES)
def test_every_failure_has_its_error_in_three_lines(model: str, ask: Ask) -> None:
    with pytest.raises(errors.HfNbError) as wrong:
        ask(model)
    assert type(wrong.value) is FAILURES[model], wrong.value
    assert len(wrong.value._render_traceback_()) <= 3
    assert "!" not in str(wrong.value)


def test_the_wait_a_server_names_is_in_the_error(ask: Ask) -> None:
    with pytest.raises(errors.RateLimited) as limited:
        ask("limited")
    assert limited.value.after == 7
    with pytest.raises(errors.Busy) as busy:
        ask("busy")
    assert busy.value.after == 1.5


@pytest.mark.parametrize(
    ("model", "terms", "stage"),
    [
        ("silent", Terms(first=0.2, idle=5), "first"),
        ("stalled", Terms(first=5, idle=0.2), "idle"),
    ],
)
def test_a_silence_has_its_stage(model: str, terms: Terms, stage: str, ask: Ask, served: Served) -> None:
    began = time.monotonic()
    with pytest.raises(errors.Timeout) as late:
        ask(model, terms=terms)
    assert late.value.stage == stage
    assert time.monotonic() - began < 1
    assert served.idle(AT_MOST)


def test_the_end_of_all_time_comes_first(ask: Ask) -> None:
    terms = Terms()
    terms.ends = terms.clock.now() + 0.2
    with pytest.raises(errors.Timeout) as late:
        ask("endless", terms=terms)
    assert late.value.stage == "total"


def test_a_server_that_is_not_there(session: Session) -> None:
    session.settings.servers = {"box": "http://127.0.0.1:9/v1"}
    with pytest.raises(errors.Unreachable, match="box cannot be reached"):
        list(Server(session, "box").stream(chat("echo"), Terms()))


@pytest.mark.parametrize("model", ["endless", "silent", "stalled"])
def test_a_stop_from_elsewhere_is_done_at_once_and_the_server_sees_it(
    model: str, session: Session, served: Served
) -> None:
    terms = Terms()
    threading.Timer(0.3, terms.stop.set).start()
    with pytest.raises(errors.Stopped):
        list(Server(session, "box").stream(chat(model), terms))
    assert served.idle(AT_MOST)
    assert not [one for one in threading.enumerate() if one.name == "hf_nb answer" and lives_on(one)]


def lives_on(thread: threading.Thread) -> bool:
    thread.join(AT_MOST)
    return thread.is_alive()


def test_closing_the_answer_ends_the_servers_work(session: Session, served: Served) -> None:
    parts = Server(session, "box").stream(chat("endless"), Terms())
    assert next(parts).text == "on and on "
    parts.close()
    assert served.idle(AT_MOST)


def test_answers_that_end_well_share_one_connection(ask: Ask, served: Served) -> None:
    for model in ("echo", "only-done", "only-finish", "twice", "whole", "bad", "limited"):
        if model in FAILURES:
            with pytest.raises(errors.HfNbError):
                ask(model)
        else:
            ask(model)
    assert len({one.port for one in served.requests}) == 1


def test_many_at_once_do_not_mix(ask: Ask) -> None:
    texts: dict[int, str] = {}
    threads = [
        threading.Thread(target=lambda n=n: texts.update({n: ask("echo", input=f"number {n}").text}))
        for n in range(12)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert texts == {n: f"You said: number {n}" for n in range(12)}


def test_one_question_is_one_request(ask: Ask, served: Served) -> None:
    with pytest.raises(errors.Busy):
        ask("busy")
    assert len(served.requests) == 1


# -- the Hub's token


def test_the_hubs_token_never_goes_to_a_server(
    ask: Ask, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_canarycanarycanarycanary")
    ask("echo")
    assert "canary" not in served.sent()
    assert served.requests[0].headers["authorization"] == "Bearer -"


def test_a_hub_token_given_as_a_servers_key_is_stopped_at_the_gate(
    ask: Ask, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_NB_KEY_BOX", "hf_canarycanarycanarycanary")
    with pytest.raises(errors.Refused, match="Hub token"):
        ask("echo")
    monkeypatch.setenv("HF_TOKEN", "acompanystokenlikenoother")
    monkeypatch.setenv("HF_NB_KEY_BOX", "acompanystokenlikenoother")
    with pytest.raises(errors.Refused, match="Hub token"):
        ask("echo")
    assert not served.requests


def test_a_redirect_is_not_followed_with_a_key_or_a_text(
    ask: Ask, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_NB_KEY_BOX", "box-key-of-its-own")
    with another() as elsewhere:
        served.moved_to = elsewhere.address.removesuffix("/v1")
        with pytest.raises(errors.NotFound, match="has moved"):
            ask("moved")
        assert not elsewhere.requests


def test_each_server_gets_its_own_key(
    session: Session, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_NB_KEY_BOX", "key-of-box")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-openai-alone-0000")
    with another() as other:
        session.settings.servers = {"box": served.address, "my-other": other.address}
        for name in ("box", "my-other"):
            list(Server(session, name).stream(chat("echo"), Terms()))
        assert served.requests[0].headers["authorization"] == "Bearer key-of-box"
        assert other.requests[0].headers["authorization"] == "Bearer -"
    assert keys.find("openai", "https://api.openai.com/v1") == "sk-of-openai-alone-0000"
    assert keys.find("openai", "https://api.openai.com.evil.example/v1") == keys.NONE


def test_a_key_in_use_is_taken_out_of_whatever_is_shown_or_stored(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_NB_KEY_BOX", "plain-words-of-a-box")
    assert redact.text("it said plain-words-of-a-box") == "it said plain-words-of-a-box"
    ask("echo")
    assert redact.text("it said plain-words-of-a-box") == f"it said {redact.MARK}"
    assert redact.tree({"said": ["plain-words-of-a-box"]}) == {"said": [redact.MARK]}


def test_a_key_that_a_server_repeats_is_not_shown(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_NB_KEY_BOX", "box7key7of7its7own")
    with pytest.raises(errors.Unauthorized) as refused:
        ask("echoes-key")
    assert "box7key" not in str(refused.value)
    assert "HF_NB_KEY_BOX" in refused.value.next_step
    assert "second line" not in str(refused.value)


# -- local_only, switches


def test_local_only_lets_a_server_of_this_machine_answer_and_no_other(ask: Ask, session: Session) -> None:
    session.settings.local_only = True
    assert ask("echo").finish == "stop"
    session.settings.servers = {"box": "https://models.example/v1"}
    with pytest.raises(errors.Refused, match="local_only"):
        ask("echo")


def test_remote_models_switched_off_leave_loopback_on(ask: Ask, session: Session) -> None:
    session.settings.allow_remote = False
    assert ask("echo").finish == "stop"
    session.settings.servers = {"box": "https://models.example/v1"}
    with pytest.raises(errors.Refused, match="allow_remote"):
        ask("echo")
    session.settings.allow_inference = False
    with pytest.raises(errors.Refused, match="allow_inference"):
        ask("echo")


def test_the_official_offline_mode_does_not_mean_servers_of_ones_own(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.is_offline_mode", lambda: True)
    assert ask("echo").finish == "stop"


# -- the list of servers


def test_a_server_is_added_listed_asked_and_removed(served: Served) -> None:
    session = Session()
    servers.add("box", served.address, key="secret-of-box", session=session)
    assert keys._file().stat().st_mode & 0o777 == 0o600
    again = Session()  # what was saved is there for the next session
    assert again.settings.servers == {"box": served.address}
    table = servers.list(session=again)
    assert table.rows == (("box", served.address, "stored", False),)
    assert "secret-of-box" not in str(table)
    assert [row[0] for row in servers.models("box", session=again).rows] == ["echo", "other"]
    assert served.requests[0].headers["authorization"] == "Bearer secret-of-box"
    servers.remove("box", session=session)
    assert keys._filed() == {}
    with pytest.raises(errors.BadInput, match="no server called 'box'"):
        servers.models("box", session=session)


def test_a_project_or_a_variable_cannot_add_a_server_and_a_team_file_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = 'servers = { planted = "https://evil.example/v1" }'
    monkeypatch.setenv("HF_NB_SERVERS", "planted=https://evil.example/v1")
    monkeypatch.chdir(tmp_path)
    assert Session().settings.servers == {}
    (tmp_path / "team.toml").write_text(line.replace("planted", "ours"))
    monkeypatch.setenv("HF_NB_TEAM_CONFIG", str(tmp_path / "team.toml"))
    assert [*Session().settings.servers] == ["ours"]
    (tmp_path / "pyproject.toml").write_text(f"[tool.hf_nb]\n{line}")
    session = Session()
    assert "planted" not in session.settings.servers
    with pytest.raises(errors.Refused, match="may not set servers"):
        session.settings.check()


def test_a_keyring_is_used_where_there_is_one_and_a_broken_one_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ring: Any = types.ModuleType("keyring")
    kept: dict[tuple[str, str], str] = {}
    ring.set_password = lambda service, name, key: kept.update({(service, name): key})
    ring.get_password = lambda service, name: kept.get((service, name))
    ring.delete_password = lambda service, name: kept.pop((service, name))
    monkeypatch.setitem(sys.modules, "keyring", ring)
    assert keys.store("box", "in-the-ring") == "the system's keyring"
    assert keys.find("box", "https://x.example") == "in-the-ring"
    assert not keys._file().exists()
    keys.forget("box")
    assert keys.find("box", "https://x.example") == keys.NONE

    def locked(*_: str) -> None:
        raise RuntimeError("no keyring is open")

    ring.set_password = ring.get_password = ring.delete_password = locked
    assert keys.store("box", "in-the-file") == str(keys._file())
    assert keys.find("box", "https://x.example") == "in-the-file"


def test_a_key_stands_in_no_trace(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_NB_KEY_BOX", "box7key7of7its7own")
    session = Session()
    session.settings.servers = {"box": served.address}
    for model in ("echo", "echoes-key"):
        with contextlib.suppress(errors.HfNbError):
            list(Server(session, "box").stream(chat(model), Terms()))
    written = [one.read_text() for one in folders.data().rglob("*") if one.is_file()]
    assert any("/v1/chat/completions" in one for one in written)
    assert not any("box7key" in one for one in written)


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("local", "http://127.0.0.1:1/v1"),
        ("hf", "https://x.example/v1"),
        ("hashing", "https://x.example/v1"),
        ("Box", "https://x.example/v1"),
        ("a/b", "https://x.example/v1"),
        ("box", "http://x.example/v1"),
        ("box", "ftp://127.0.0.1"),
        ("box", "https://me:pass@x.example/v1"),
    ],
)
def test_a_wrong_name_or_address_is_refused(name: str, address: str) -> None:
    with pytest.raises(errors.BadInput):
        servers.add(name, address, save=False, session=Session())


def test_no_server_can_take_the_name_of_a_backend() -> None:
    assert set(BACKENDS) <= METHODS


def test_a_hub_token_is_not_kept_as_a_key() -> None:
    with pytest.raises(errors.BadInput, match="Hub token"):
        keys.store("box", "hf_canarycanarycanarycanary")


def test_an_unknown_server_offers_the_nearest(session: Session) -> None:
    with pytest.raises(errors.BadInput, match="Nearest: box"):
        Server(session, "boxx")


# -- what is sent


@pytest.mark.parametrize(
    ("params", "sent"),
    [
        ({"max_new_tokens": 7}, {"max_tokens": 7}),
        ({"do_sample": False}, {"temperature": 0}),
        ({"do_sample": True, "temperature": 0.5, "stop": ["."]}, {"temperature": 0.5, "stop": ["."]}),
        ({"seed": None}, {}),
    ],
)
def test_parameters_go_under_their_names_there(
    params: dict[str, Any], sent: dict[str, Any], session: Session, served: Served
) -> None:
    list(Server(session, "box").stream(Call("text-generation", "echo", None, "x", params), Terms()))
    body = served.requests[0].body
    assert {k: v for k, v in body.items() if k not in ("model", "prompt", "stream", "stream_options")} == sent


def test_what_no_server_knows_is_refused_before_anything_is_sent(session: Session, served: Served) -> None:
    for call in (
        Call("text-generation", "echo", None, "x", {"num_beams": 3}),
        Call("text-generation", "echo", None, "half \ud83d"),
        Call("text-generation", "echo", None, "x", {"temperature": float("nan")}),
        Call("feature-extraction", "echo", None, "x", {"normalize": True}),
    ):
        with pytest.raises(errors.BadInput):
            list(Server(session, "box").stream(call, Terms()))
    with pytest.raises(errors.NotFound):
        list(Server(session, "box").stream(Call("fill-mask", "echo", None, "x"), Terms()))
    assert not served.requests
