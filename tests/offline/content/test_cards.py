"""No card of the demo Hub shows a line that does not work."""

import re

import pytest

from hf_nb import tasks
from hf_nb.offline.content import zoo
from hf_nb.offline.content.build import built_folder, ensure
from hf_nb.offline.content.card import IN_A_CELL, MADE_UP


def test_cards_know_the_tasks_that_run() -> None:
    assert set(tasks.TASKS) & set(tasks.HUB_TASKS) == IN_A_CELL


@pytest.fixture(scope="module")
def cards() -> dict[str, str]:
    ensure()
    public = [recipe for recipe in zoo.built() if not recipe.private]
    return {recipe.id: (built_folder(recipe) / "README.md").read_text(encoding="utf-8") for recipe in public}


def test_a_cell_is_shown_exactly_where_a_cell_works(cards: dict[str, str]) -> None:
    for id, card in cards.items():
        task = re.search(r"^pipeline_tag: (\S+)", card, re.MULTILINE)
        loads = (
            re.search(r"\nlibrary_name: (sentence-)?transformers\n", card) is not None
            and "\n- pickle\n" not in card
        )
        works = loads and task is not None and task[1] in IN_A_CELL
        assert bool(re.search(r"%%hf (infer|chat|embed) -m", card)) == works, id


def test_every_card_says_what_is_made_up(cards: dict[str, str]) -> None:
    assert all(MADE_UP in card for card in cards.values())
