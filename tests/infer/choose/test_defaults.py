"""The table of defaults: what is shipped, what a user writes, and which counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from hf_nb import errors, infer, tasks
from hf_nb.infer.choose import Wish, choose
from hf_nb.infer.choose import defaults as table
from hf_nb.offline.content import catalogue
from hf_nb.plumbing import folders
from hf_nb.plumbing.session import Session
from tests.infer.choose.world import Chooses, methods


@pytest.mark.parametrize("hub", ["hub", "demo"])
def test_every_task_has_a_default_on_both_hubs(hub: str) -> None:
    keys = table._shipped()[hub]
    assert {table.task_of(key) for key in keys} == set(tasks.TASKS)
    for key, one in keys.items():
        assert table._checked(key, "") == key
        assert one.model.count("/") == 1
        assert one.model.startswith("hfnb-demo/") is (hub == "demo")


@pytest.mark.parametrize("key", sorted(table._shipped()["demo"]))
def test_every_default_of_the_offline_hub_is_there_and_is_for_its_task(key: str, hub: object) -> None:
    task, model = table.task_of(key), table._shipped()["demo"][key].model
    if model not in {one.id for one in catalogue.recipes().values()}:
        pytest.skip(f"the offline Hub has no recipe for {model} yet")
    choice = choose(Wish(task=task, model=model), Session())
    assert (choice.task, choice.targets[0].model) == (task, model)


def test_the_setting_beats_the_file_and_the_file_beats_what_is_shipped(
    session: Session, config: Path
) -> None:
    def model() -> str | None:
        found = table.find(["fill-mask"], table.layers(session))
        return found and f"{found.model} {found.source}"

    assert model() == "google-bert/bert-base-uncased defaults.toml"
    config.write_text('fill-mask = "me/filed"\n')
    assert model() == "me/filed models.toml"
    session.settings.default_models = {"fill-mask": "me/set"}
    assert model() == "me/set default_models"
    config.write_text('fill-mask = "me/changed"\n"translation:en-fr" = "me/fr"\n')
    session.settings.default_models = {}
    assert model() == "me/changed models.toml"
    rows = {(row[0], row[1]): row[2:] for row in infer.defaults(session=session).rows}
    assert rows["translation", "English to French"] == ("me/fr", "models.toml")
    assert rows["chat", "only here"] == ("Qwen/Qwen2.5-0.5B-Instruct", "defaults.toml")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("fill-mask = 3", "names no model"),
        ('fill-msk = "a/b"', "is no task"),
        ("fill-mask", "cannot be read"),
    ],
)
def test_a_wrong_file_is_named_with_its_line(text: str, says: str, session: Session, config: Path) -> None:
    config.write_text(text)
    with pytest.raises(errors.BadInput, match=says) as wrong:
        table.layers(session)
    assert str(config) in str(wrong.value)


def test_a_users_own_default_is_taken_for_every_language(session: Session, chooses: Chooses) -> None:
    session.settings.default_models = {"text-classification": "own/small"}
    choice = chooses(task="text-classification", input="C'est vraiment très bien, j'adore.")
    assert choice.targets[0].model == "own/small"
    assert choice.reason == "your default for text-classification"


def test_where_only_this_machine_can_answer_a_smaller_model_does(chooses: Chooses) -> None:
    choice = chooses(input="What is the capital of France?")
    assert (choice.task, choice.targets[0].model) == ("chat", "Qwen/Qwen2.5-0.5B-Instruct")
    assert choice.reason == "a question: the default for chat on this machine"


def test_a_users_own_default_is_never_replaced_by_a_smaller_one(chooses: Chooses, session: Session) -> None:
    session.settings.default_models = {"chat": "own/large"}
    with pytest.raises(errors.TooLarge, match="own/large"):
        chooses(input="What is the capital of France?")


def test_where_the_hub_can_answer_it_does(chooses: Chooses, token: None) -> None:
    choice = chooses(input="What is the capital of France?")
    assert (methods(choice), choice.targets[0].model) == (["hf"], "openai/gpt-oss-120b")


def test_texts_become_vectors_even_where_no_model_runs_and_that_is_said(
    chooses: Chooses, no_torch: None
) -> None:
    choice = chooses(task="feature-extraction", input="a")
    (target,) = choice.targets
    assert (target.method, target.model, target.equal) == ("hashing", "hashing-512", False)
    assert "torch" in target.reason
    assert "no token" in target.reason


def test_hashing_never_stands_in_for_a_model_that_was_named(chooses: Chooses, no_torch: None) -> None:
    with pytest.raises(errors.MissingExtra):
        chooses(model="own/embeds", task="feature-extraction", input="a")


def test_hashing_is_taken_when_it_is_asked_for(chooses: Chooses) -> None:
    assert methods(chooses(provider="hashing", input="a")) == ["hashing"]
    assert chooses(provider="hashing", input="a").task == "feature-extraction"
    with pytest.raises(errors.BadInput, match="cannot do chat"):
        chooses(provider="hashing", task="chat", input="a")
    with pytest.raises(errors.BadInput, match="own/embeds"):
        chooses(provider="hashing", model="own/embeds", input="a")


@pytest.fixture
def config(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("HF_NB_CONFIG_DIR", str(tmp_path))
    return folders.config() / table.FILE
