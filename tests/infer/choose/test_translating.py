"""Translations: for two languages, from the one the text is in, and by way of a third."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hf_nb import errors, infer
from hf_nb.infer.call import Call, Chunk, Parts, Terms
from hf_nb.infer.choose import Choice, Wish, choose
from hf_nb.plumbing.session import Session
from hf_nb.values import Written

FRENCH = "La maison est petite et le jardin est très beau."
DEMO = "hfnb-demo/translate-en-fr"


def translated(session: Session, text: str = "The house is small.", **params: str) -> Choice:
    return choose(Wish(task="translation", input=text, params=params), session)


def test_the_direction_is_said_and_handed_on(hub: Any) -> None:
    choice = translated(Session(), tgt_lang="French")
    assert choice.targets[0].model == DEMO
    assert choice.params == {"src_lang": "en", "tgt_lang": "fr"}
    assert choice.reason == "English to French: the default for translation"
    assert choice.input == "The house is small."


def test_without_a_direction_the_text_decides(hub: Any) -> None:
    assert translated(Session()).params == {"src_lang": "en", "tgt_lang": "fr"}
    with pytest.raises(errors.BadInput, match="No default model translates from French"):
        translated(Session(), FRENCH)


def test_what_is_said_of_the_text_beats_what_it_looks_like(hub: Any) -> None:
    assert translated(Session(), FRENCH, src_lang="en").targets[0].model == DEMO


@pytest.mark.parametrize(
    ("text", "params", "says"),
    [
        (FRENCH, {"tgt_lang": "fr"}, "in French already"),
        ("The house is small.", {"tgt_lang": "de"}, "from English to German"),
        ("The house is small.", {"tgt_lang": "Klingon"}, "no language 'Klingon'"),
    ],
)
def test_what_cannot_be_translated_says_why(text: str, params: dict[str, str], says: str, hub: Any) -> None:
    with pytest.raises(errors.BadInput, match=says) as wrong:
        translated(Session(), text, **params)
    assert wrong.value.next_step


def test_a_model_that_was_named_gets_the_text_and_the_languages_as_they_were_typed(hub: Any) -> None:
    text = "translate English to French: The house is small."
    choice = choose(Wish(model=DEMO, input=text, params={"tgt_lang": "fra_Latn"}), Session())
    assert (choice.input, choice.params) == (None, {})


def test_a_users_own_model_for_all_languages_is_left_alone(hub: Any) -> None:
    session = Session()
    session.settings.default_models = {"translation": DEMO}
    choice = translated(session, FRENCH, tgt_lang="Latin")
    assert (choice.targets[0].model, choice.reason) == (DEMO, "your default for translation")
    assert choice.params == {"tgt_lang": "Latin"}


class Translator:
    """Writes down what it was asked."""

    name, remote, device = "local", False, "script"

    def __init__(self) -> None:
        self.asked: list[Call] = []

    def can(self, call: Call) -> bool:
        return True

    def stream(self, call: Call, terms: Terms) -> Parts:
        self.asked.append(call)
        yield Chunk(text=f"{call.params['tgt_lang']}(", seconds=0.5)
        yield Chunk(text=f"{call.input})", seconds=0.5)
        yield Chunk(finish="stop")


def test_a_third_language_lies_in_between_where_no_model_has_both(hub: Any) -> None:
    session = Session()
    session.settings.default_models = {
        "translation:fr-en": "hfnb-demo/text2text-tiny",
        "translation:en-de": DEMO,
    }
    session.backends["local"] = translator = Translator()
    found = infer.run(FRENCH, task="translation", params={"tgt_lang": "German"}, session=session)
    assert isinstance(found, Written)
    assert found.text == f"de(en({FRENCH}))"
    assert [(one.model, one.params["src_lang"], one.params["tgt_lang"]) for one in translator.asked] == [
        ("hfnb-demo/text2text-tiny", "fr", "en"),
        (DEMO, "en", "de"),
    ]
    assert found.source.model == DEMO
    assert found.source.seconds == pytest.approx(2.0)
    assert found.source.reason == ("French to German by way of English; first by hfnb-demo/text2text-tiny")
    assert [one.model for one in found.source.attempts] == ["hfnb-demo/text2text-tiny", DEMO]


def test_the_first_of_two_steps_that_fails_is_the_error(hub: Any) -> None:
    session = Session()
    session.settings.default_models = {
        "translation:fr-en": "hfnb-demo/text2text-tiny",
        "translation:en-de": DEMO,
    }

    class Silent(Translator):
        def stream(self, call: Call, terms: Terms) -> Parts:
            self.asked.append(call)
            yield Chunk(finish="stop")

    session.backends["local"] = silent = Silent()
    with pytest.raises(errors.Broken, match="first of two models"):
        infer.run(FRENCH, task="translation", params={"tgt_lang": "de"}, session=session)
    assert len(silent.asked) == 1


def test_a_line_of_models_toml_adds_a_direction(
    hub: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_NB_CONFIG_DIR", str(tmp_path))
    (tmp_path / "models.toml").write_text(f'"translation:fr-en" = "{DEMO}"\n')
    choice = translated(Session(), FRENCH)
    assert choice.reason == "French to English: your default for translation"
