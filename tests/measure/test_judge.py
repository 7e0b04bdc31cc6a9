"""A judge is asked in both orders, and believed where they agree."""

import pytest

from hf_nb.errors import BadInput, Busy
from hf_nb.measure.judge import Match, judge
from hf_nb.measure.votes import Outcome, Vote

pytest.importorskip("scipy.stats")
MATCHES = [Match(at, f"question {at}", "a", "b", "x" * (at % 7 + 1), "x" * (at % 5 + 1)) for at in range(40)]


def longer(question, first, second):
    return "first" if len(first) > len(second) else "second" if len(second) > len(first) else "tie"


def test_a_fair_judge_is_steady_and_votes_as_it_thinks():
    made = judge(MATCHES, longer)
    assert made.steady.value == 1
    assert not made.biased
    for match, vote in zip(MATCHES, made.votes, strict=True):
        assert (
            vote.outcome
            == {"first": "left", "second": "right", "tie": "tie"}[
                longer("", match.left_answer, match.right_answer)
            ]
        )


def test_a_judge_who_prefers_what_it_reads_first_is_found_out_and_votes_for_nobody():
    made = judge(MATCHES, lambda *_: "first")
    assert made.biased
    assert made.first.value == 1
    assert made.steady.value == 0
    assert {vote.outcome for vote in made.votes} == {"tie"}


def test_each_match_is_asked_about_once_in_each_order():
    asked = []
    judge(MATCHES[:1], lambda *words: asked.append(words))
    assert asked == [("question 0", "x", "x"), ("question 0", "x", "x")]
    asked.clear()
    judge([MATCHES[6]], lambda *words: asked.append(words))
    assert [len(words[1]) for words in asked] == [7, 2]


def test_what_the_judge_does_not_answer_is_counted_and_costs_no_other():
    def shy(question, first, second):
        if question == "question 3":
            raise Busy("The model is overloaded.")
        return None if question == "question 4" else longer(question, first, second)

    made = judge(MATCHES, shy)
    assert made.unanswered == 2
    assert len(made.votes) == 38
    assert "overloaded" in made.all[3].failed


def test_a_judge_that_says_something_else_is_an_error_and_so_is_a_bug():
    with pytest.raises(BadInput, match="The judge said 'A'"):
        judge(MATCHES, lambda *_: "A")  # type: ignore[arg-type]
    with pytest.raises(ZeroDivisionError):
        judge(MATCHES, lambda *_: 1 / 0)  # type: ignore[arg-type]


def test_no_matches_are_no_bias():
    made = judge([], longer)
    assert (made.votes, made.p, made.biased, made.unanswered) == ((), 1.0, False, 0)


def test_agreement_with_people_is_of_the_same_items_whatever_the_sides():
    made = judge(MATCHES, longer)
    turn: dict[str, Outcome] = {"left": "right", "right": "left", "tie": "tie"}
    same = [Vote(one.right, one.left, turn[one.outcome], "ann", one.item) for one in made.votes[:30]]
    agreed = made.agreement(
        [*same, Vote("a", "c", "left", "ann", 0), Vote("a", "b", "left", "ann", "elsewhere")]
    )
    assert agreed.n == 30
    assert agreed.value == 1


def test_people_who_split_are_a_tie():
    made = judge(MATCHES, longer)
    people = [Vote("a", "b", "left", "ann", 0), Vote("a", "b", "right", "bob", 0)]
    people += [Vote("a", "b", "left", rater, 6) for rater in ("ann", "bob")] + [
        Vote("a", "b", "right", "cid", 6)
    ]
    assert made.agreement(people).value == 1  # 0 and 0 tie, 6: a is longer, and so say two of three
