"""Blind votes: nobody is named before, none is lost and none is counted twice."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hf_nb.measure.votes import Outcome
from hf_nb.panels.compare import meant, voting
from hf_nb.panels.compare.book import FOLDER, Book
from hf_nb.plumbing.session import Session
from tests.infer.remote.served import Served
from tests.panels.asking import Page
from tests.panels.shapes import fits

BOTH = [
    {"name": "plain", "model": "echo", "provider": "box", "task": "chat"},
    {"name": "brief", "model": "echo", "provider": "box", "task": "chat", "template": "Briefly: {input}"},
]


def blind(
    page: Page, input: str = "Hello", contenders: Any = BOTH
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    going = page.begin("compare.blind", contenders=contenders, input=input)
    return going.answer(), going.events


def test_no_name_reaches_the_page_before_the_vote(page: Page):
    sides = set()
    for _ in range(12):
        answer, events = blind(page)
        fits("compare", "Blind", answer)
        said = json.dumps([{**answer, "tally": None}, events])
        for word in ("plain", "brief", "echo", "box", "seconds", "model"):
            assert word not in said
        pair = answer["pair"]
        assert {pair["left"]["text"], pair["right"]["text"]} == {
            "You said: Hello",
            "You said: Briefly: Hello",
        }
        voted = page.ask("compare.vote", pair=pair["id"], outcome="left")
        fits("compare", "Voted", voted)
        left, right = (one["name"] for one in voted["sides"])
        assert (left == "brief") == ("Briefly" in pair["left"]["text"])
        assert {left, right} == {"plain", "brief"}
        assert voted["sides"][0]["figures"]["seconds"] > 0
        sides.add(left)
    assert sides == {"plain", "brief"}, (
        "the sides are drawn by lot: one in two thousand runs draws them alike"
    )
    assert voted["tally"]["votes"] == 12


def test_both_answers_come_together(page: Page):
    """Who writes faster would be known by that: no word is told before both are there."""
    answer, events = blind(page)
    assert all(set(one) == {"at", "state"} for event in events for one in event["columns"])
    assert answer["pair"]


def test_votes_stay_through_a_restart_and_count_once_in_two_tabs(page: Page, boxed: Session):
    first, _ = blind(page)
    id = first["pair"]["id"]
    other = Page(boxed)  # another tab of the same kernel
    page.ask("compare.vote", pair=id, outcome="left")
    voted = other.ask("compare.vote", pair=id, outcome="tie")
    assert (voted["tally"]["votes"], voted["tally"]["ties"]) == (1, 1), "the last word counts, once"
    voting._pairs.clear()  # as after a restart
    tally = other.ask("compare.tally", contenders=BOTH)
    fits("compare", "Tally", tally)
    assert tally["votes"] == 1
    assert other.refused("compare.vote", pair=id, outcome="left")["type"] == "NotFound"
    other.desk.close()


def test_a_vote_is_taken_back_and_cast_again(page: Page):
    answer, _ = blind(page)
    id = answer["pair"]["id"]
    page.ask("compare.vote", pair=id, outcome="left")
    undone = page.ask("compare.undo", pair=id)
    fits("compare", "Undone", undone)
    assert undone["tally"]["votes"] == 0
    assert undone["pair"] == answer["pair"]
    page.ask("compare.vote", pair=id, outcome="right")
    (cast,) = Book(meant.contenders(BOTH)).cast()
    assert cast.vote.outcome == "right"
    assert cast.seen, "it was no longer blind, and says so"


def test_contenders_are_known_by_what_they_are_not_by_their_names(page: Page):
    answer, _ = blind(page)
    page.ask("compare.vote", pair=answer["pair"]["id"], outcome="left")
    renamed = [{**one, "name": f"new {at}"} for at, one in enumerate(BOTH)][::-1]
    tally = page.ask("compare.tally", contenders=renamed)
    assert tally["votes"] == 1
    assert {tally["pairs"][0]["first"], tally["pairs"][0]["second"]} == {"new 0", "new 1"}
    other = [{**BOTH[0], "params": {"temperature": 0.5}}, BOTH[1]]
    assert page.ask("compare.tally", contenders=other)["votes"] == 0


def test_half_a_line_of_a_machine_that_went_down_loses_no_other_vote(page: Page, tmp_path: Path):
    for _ in range(2):
        answer, _ = blind(page)
        page.ask("compare.vote", pair=answer["pair"]["id"], outcome="left")
    (file,) = (tmp_path / FOLDER).glob("*.jsonl")
    whole = file.read_bytes()
    file.write_bytes(whole[:-20])
    answer, _ = blind(page)
    voted = page.ask("compare.vote", pair=answer["pair"]["id"], outcome="tie")
    assert voted["tally"]["votes"] == 2
    assert (file.stat().st_mode & 0o777) == 0o600
    assert (file.parent / ".gitignore").read_text().strip() == "*"


def test_how_many_more_would_settle_it_is_said_and_holds(page: Page):
    """The same figure as `measure` gives, from the same votes."""
    from hf_nb.measure import peeking

    book = Book(meant.contenders(BOTH))
    for at in range(8):
        outcome: Outcome = "left" if at % 4 else "right"
        book.write(f"p{at}", "plain", "brief", outcome, input=str(at), answers=["a", "b"])
    tally = page.ask("compare.tally", contenders=BOTH)
    (pair,) = tally["pairs"]
    assert (pair["won"], pair["lost"]) == (6, 2)
    assert pair["more"] == peeking.more(6, 2)
    assert f"About {pair['more']} more" in pair["sentence"]


def test_a_failure_leaves_nothing_to_vote_on_and_is_named(page: Page):
    answer, _ = blind(page, contenders=[BOTH[0], {**BOTH[1], "model": "no-key"}])
    assert answer["pair"] is None
    assert [one["name"] for one in answer["failed"]] == ["brief"]
    assert answer["failed"][0]["wrong"]["type"] == "Unauthorized"


def test_of_three_the_pair_with_the_fewest_votes_is_drawn(boxed: Session):
    three = meant.contenders([*BOTH, {"name": "third", "model": "whole", "provider": "box", "task": "chat"}])
    from hf_nb.measure.votes import Vote

    votes = [Vote("plain", "brief", "left"), Vote("third", "brief", "tie")]
    for _ in range(20):
        assert {one.name for one in voting.draw(three, votes)} == {"plain", "third"}


def test_pairs_to_train_on_are_written_from_decided_votes(page: Page, tmp_path: Path):
    for outcome in ("left", "tie", "right"):
        answer, _ = blind(page, input=f"Say {outcome}")
        page.ask("compare.vote", pair=answer["pair"]["id"], outcome=outcome)
        if outcome == "right":
            chosen = answer["pair"]["right"]["text"]
    saved = page.ask("compare.pairs", contenders=BOTH, path="pairs.jsonl")
    fits("compare", "Saved", saved)
    lines = [json.loads(line) for line in (tmp_path / "pairs.jsonl").read_text().splitlines()]
    assert [one["prompt"] for one in lines] == ["Say left", "Say right"]
    assert lines[1]["chosen"] == chosen
    assert lines[1]["rejected"] != chosen
    assert page.refused("compare.pairs", contenders=BOTH, path="pairs.jsonl")["type"] == "Refused"


def test_no_credential_stands_in_the_file(page: Page, tmp_path: Path):
    token = "hf_" + "AbCdEfGhIjKlMnOpQrStUvWxYz01234567"
    answer, _ = blind(page, input=f"My token is {token}")
    page.ask("compare.vote", pair=answer["pair"]["id"], outcome="left")
    (file,) = (tmp_path / FOLDER).glob("*.jsonl")
    assert token not in file.read_text()


@pytest.mark.parametrize("outcome", ["both", "", "LEFT"])
def test_other_outcomes_are_refused(outcome: str, page: Page):
    answer, _ = blind(page)
    assert page.refused("compare.vote", pair=answer["pair"]["id"], outcome=outcome)["type"] == "BadInput"


def test_votes_of_several_at_once_are_whole_lines(boxed: Session, served: Served):
    import threading

    book = Book(meant.contenders(BOTH))

    def write(who: int) -> None:
        for at in range(50):
            book.write(
                f"{who}-{at}", "plain", "brief", "left", input="x" * 500, answers=["a" * 500, "b" * 500]
            )

    threads = [threading.Thread(target=write, args=(who,)) for who in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(book.cast()) == 200
