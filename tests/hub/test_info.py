"""One repository, read: everything its card and files say, whatever kind it is and whatever is wrong with it."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from hf_nb import errors
from hf_nb.hub.reading.info import info
from hf_nb.offline.running import Running
from hf_nb.plumbing import http
from hf_nb.plumbing.session import Session
from hf_nb.values import Security
from tests.hub import odd

LEARNER, TEACHER = "hf_learner_offline", "hf_teacher_offline"


@pytest.fixture
def session(hub: Any) -> Session:
    """Asks the Hub each time."""
    session = Session()
    session.settings.response_cache_minutes = 0
    return session


@pytest.fixture(scope="module")
def odd_hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with odd.served(tmp_path_factory.mktemp("odd")) as running:
        yield running


@pytest.fixture
def among_odd(odd_hub: Running) -> Session:
    session = Session()
    session.settings.endpoint = odd_hub.url
    odd_hub.clear_requests()
    return session


@pytest.fixture
def as_teacher(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", TEACHER)


def watchers() -> int:
    """Threads of tqdm that watch over bars."""
    return sum(type(one).__name__ == "TMonitor" for one in threading.enumerate())


def test_reading_many_cards_leaves_no_threads_behind(session: Session) -> None:
    before = watchers()
    for name in ("sentiment-en", "ner-en", "minilm-embeddings", "nli-en"):
        assert info(f"hfnb-demo/{name}", session=session).card
    assert watchers() == before


def test_a_model_tells_its_card_files_parameters_and_results(session: Session) -> None:
    repo = info("hfnb-demo/sentiment-en", session=session)
    assert (repo.kind, repo.task, repo.licence, repo.languages) == (
        "model",
        "text-classification",
        "apache-2.0",
        ("en",),
    )
    assert {"README.md", "config.json", "model.safetensors"} <= {file.path for file in repo.files}
    assert repo.bytes > 10_000
    assert sum(repo.parameters.values()) > 1_000
    assert repo.scores[0].dataset == "120 hand-written English sentences"
    assert repo.scores[0].verified is None
    assert repo.commit is not None
    assert len(repo.commit) == 40
    assert not repo.card.startswith("---"), "the YAML is not the card's text"
    assert "trained" in repo.card.lower()
    assert repo.terms is not None
    assert repo.terms.open
    assert repo.spaces == ("hfnb-demo/sentiment-demo",)
    assert repo.architecture == "ModernBertForSequenceClassification"
    assert next(file for file in repo.files if file.path == "model.safetensors").large


def test_an_adapter_and_a_quantised_copy_say_what_they_were_made_from(session: Session) -> None:
    adapter = info("hfnb-demo/sentiment-en-slang-lora", session=session)
    assert (adapter.relation, adapter.base_models) == ("adapter", ("hfnb-demo/sentiment-en",))
    gguf = info("hfnb-demo/pydoc-gpt-gguf", session=session)
    assert (gguf.relation, gguf.architecture, gguf.context) == ("quantized", "llama", 512)
    assert {one.precision for one in gguf.weights} == {"F16", "Q8_0"}


@pytest.mark.parametrize("name", ["datasets/hfnb-demo/sklearn-tables", "hfnb-demo/sklearn-tables"])
def test_a_dataset_tells_its_subsets_with_or_without_its_prefix(name: str, session: Session) -> None:
    repo = info(name, session=session)
    assert repo.kind == "dataset"
    iris = repo.subsets[0]
    assert (iris.name, iris.rows, iris.columns["target"]) == ("iris", 150, "class of 3")
    assert [split.name for split in iris.splits] == ["train", "test"]
    assert iris.bytes == 6000


def test_a_space_tells_its_sdk_its_state_and_why_it_stopped(session: Session) -> None:
    repo = info("spaces/hfnb-demo/digit-reader", session=session)
    assert repo.runtime is not None
    assert (repo.sdk, repo.stage) == ("gradio", "RUNTIME_ERROR")
    assert (repo.hardware, repo.runtime.requested) == (None, "cpu-basic")
    assert repo.runtime.sleeps_after == 172_800
    assert "KeyError" in str(repo.runtime.error)
    assert "KeyError" in str(repo)
    assert repo.models == ("hfnb-demo/digits-vit",)


def test_a_renamed_model_is_found_under_its_old_name_and_says_so(session: Session) -> None:
    repo = info("hfnb-demo/sentiment-english", session=session)
    assert (repo.id, repo.renamed_from) == ("hfnb-demo/sentiment-en", "hfnb-demo/sentiment-english")
    assert "hfnb-demo/sentiment-english is now called hfnb-demo/sentiment-en" in str(repo)


def test_a_model_costs_three_requests(session: Session, hub: Any, tmp_path: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    info("hfnb-demo/ner-en", session=session)
    paths = [one["path"] for one in hub.requests() if "agent-harnesses" not in one["path"]]
    assert len(paths) <= 3, paths


def test_everything_is_there_for_a_program_too(session: Session) -> None:
    import json

    for name in ("hfnb-demo/sentiment-en", "datasets/hfnb-demo/digits", "spaces/hfnb-demo/digit-reader"):
        given = info(name, session=session).to_dict()
        assert json.loads(json.dumps(given)) == given
        assert {"licence", "terms", "files", "scores", "memory", "security", "runtime", "subsets"} <= set(
            given
        )


@pytest.mark.parametrize("wrong", ["", "   ", "a/b/c", "owner/na me", "owner/../../etc", "--x"])
def test_what_cannot_be_an_id_is_refused(wrong: str, session: Session) -> None:
    with pytest.raises(errors.Lasting):
        info(wrong, session=session)


def test_an_unknown_revision_is_not_an_unknown_model(session: Session) -> None:
    with pytest.raises(errors.NotFound, match="revision") as missing:
        info("hfnb-demo/sentiment-en@no-such-branch", session=session)
    assert "%hf refs hfnb-demo/sentiment-en" in missing.value.next_step


def test_a_commit_is_a_revision(session: Session) -> None:
    commit = info("hfnb-demo/sentiment-en", session=session).commit
    repo = info(f"hfnb-demo/sentiment-en@{commit}", session=session)
    assert (repo.commit, repo.revision) == (commit, commit)


def test_a_private_model_is_invisible_until_one_may_see_it(
    session: Session, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(errors.NotFound):
        info("hfnb-lab/sentiment-en-draft", session=session)
    request.getfixturevalue("as_teacher")
    assert info("hfnb-lab/sentiment-en-draft", session=session).private


def test_a_gated_model_can_be_read_about_and_says_how_to_get_in(session: Session) -> None:
    repo = info("hfnb-lab/sentiment-de", session=session)
    assert repo.gated == "manual"
    assert repo.access is not None
    assert repo.access.granted is False
    assert repo.access.ask == f"{session.settings.endpoint}/hfnb-lab/sentiment-de"
    assert repo.access.fields == ("What for", "I will not use it commercially")
    assert "the owner lets people in" in str(repo)
    assert repo.card == ""
    assert "those who have access" in str(repo.note)


def test_who_has_access_is_told_so_and_reads_the_card(session: Session, as_teacher: None) -> None:
    repo = info("hfnb-lab/sentiment-de", session=session)
    assert repo.access is not None
    assert repo.access.granted is True
    assert repo.card
    assert TEACHER not in str(repo.to_dict())


def test_a_pickle_that_would_run_code_is_named_with_what_it_imports(session: Session) -> None:
    repo = info("hfnb-lab/pickled-weights", session=session)
    assert isinstance(repo.security, Security)
    assert repo.security.status == "unsafe"
    (issue,) = repo.security.issues
    assert (issue.path, issue.level, issue.imports) == ("model.pkl", "unsafe", ("builtins.exec",))
    assert set(repo.security.pickles) == {"model.pkl", "pytorch_model.bin"}


def test_code_of_its_own_is_named(among_odd: Session) -> None:
    repo = info("odd/code", session=among_odd)
    assert repo.security is not None
    assert repo.security.code == ("modeling_odd.py",)
    assert "trust_remote_code" in str(repo)
    script = info("datasets/odd/script", session=among_odd)
    assert script.security is not None
    assert script.security.code == ("script.py",)


def test_a_card_in_which_nothing_is_as_it_should_be_is_read_all_the_same(among_odd: Session) -> None:
    repo = info("odd/weird", session=among_odd)
    assert (repo.licence, repo.languages, repo.base_models, repo.scores) == (None, (), (), ())
    assert "cannot be read" in str(repo.note)
    assert "nothing is as it should be" in repo.card
    assert repo.terms is not None
    assert repo.terms.sort == "unknown"
    assert "No licence is stated" in " ".join(str(repo).split())
    assert repo._repr_mimebundle_()["text/html"]
    table = info("datasets/odd/weird-set", session=among_odd)
    assert table.subsets[0].columns == {"q": "class of 2", "s": "list of list of int64", "t": "{u}"}
    assert table._repr_mimebundle_()["text/html"]


def test_a_card_without_end_is_not_fetched(among_odd: Session, odd_hub: Running) -> None:
    repo = info("odd/huge", session=among_odd)
    assert "MB of text" in str(repo.note)
    assert not [one for one in odd_hub.requests() if "/resolve/" in one["path"]]


def test_a_repository_without_a_card_says_so(among_odd: Session) -> None:
    assert "no card" in str(info("odd/none", session=among_odd).note)


def test_hundreds_of_files_are_folded(among_odd: Session) -> None:
    repo = info("odd/many", session=among_odd)
    assert len(repo.files) > 600
    assert len(str(repo).splitlines()) < 40
    assert len(info("odd/many", files=True, session=among_odd).brief()) == len(repo.files)


def test_a_hostile_card_is_read_and_shown(among_odd: Session) -> None:
    repo = info("odd/hostile", session=among_odd)
    html = repo._repr_mimebundle_()["text/html"]
    assert "<script" not in html
    assert "onerror=hfnbHacked" not in html.replace("&lt;img src=x onerror=hfnbHacked", "")


def test_a_card_that_cannot_be_had_does_not_spoil_the_rest(
    session: Session, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr("hf_nb.hub.reading.info.PATIENCE", 0.5)
    with http.fault("status", session, match="*/resolve/*", status=503):
        repo = info("hfnb-demo/digits-vit", session=session)
    assert repo.files
    assert "could not be read" in str(repo.note)


def test_a_scan_that_cannot_be_had_does_not_spoil_the_rest(
    session: Session, hub: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hf_nb.hub.reading.info.PATIENCE", 0.5)
    with hub.fault("status", match="*/paths-info/*", status=500):
        repo = info("hfnb-lab/pickled-weights", session=session)
    assert repo.card
    assert "could not be read" in str(repo.note)


def test_without_a_hub_the_next_step_says_how_to_start_one(session: Session) -> None:
    with http.fault("connect", session), pytest.raises(errors.Unreachable, match="hf-nb hub run"):
        info("hfnb-demo/sentiment-en", session=session)


def test_a_hub_that_hangs_is_given_up_in_time(session: Session, hub: Any) -> None:
    session.settings.read_timeout = 0.5
    session.settings.deadline = 2
    began = time.monotonic()
    with hub.fault("stall", seconds=20, match="/api/models/*"), pytest.raises(errors.Timeout) as late:
        info("hfnb-demo/sentiment-en", session=session)
    assert time.monotonic() - began < 10
    assert len(late.value._render_traceback_()) <= 3
    assert late.value.next_step


def test_the_stop_button_does_not_wait_for_the_card(
    session: Session, hub: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    began = time.monotonic()
    stop = threading.Timer(1.0, os.kill, (os.getpid(), signal.SIGINT))
    stop.start()
    with hub.fault("stall", seconds=20, match="*/resolve/*"), pytest.raises(KeyboardInterrupt):
        info("hfnb-demo/topic-en", session=session)
    assert time.monotonic() - began < 8
    assert info("hfnb-demo/sentiment-en", session=session).card, "and the next question is answered"


def test_a_token_that_is_not_accepted_is_said_and_not_shown(
    session: Session, hub: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_no_such_token_canary")
    with (
        hub.fault("status", status=401, match="/api/models/*"),
        pytest.raises(errors.Unauthorized) as refused,
    ):
        info("hfnb-demo/sentiment-en", session=session)
    assert "canary" not in str(refused.value)
    assert refused.value.next_step
