"""The sentence says what the data support, and no more."""

import numpy
import pytest

from hf_nb.errors import BadInput
from hf_nb.measure.metrics import score
from hf_nb.measure.scores import numbers
from hf_nb.measure.verdict import verdict, voted
from hf_nb.measure.votes import Count

pytest.importorskip("scipy.stats")


def answers(right: int, n: int, task: str = "question-answering"):
    return score(task, ["y"] * right + ["n"] * (n - right), ["y"] * n, metrics=["accuracy"]).all


def seconds(values):
    return numbers("seconds", list(values), higher=False, scale="ratio")


def test_what_is_settled_is_said_with_its_interval():
    made = verdict({"A": answers(360, 400), "B": answers(330, 400)})
    assert str(made) == "A is better on accuracy by 5–10 points (n = 400)."
    assert made.settled
    assert made.findings[0].better == "A"


def test_a_ratio_is_said_as_how_many_times():
    rng = numpy.random.default_rng(4)
    slow = rng.lognormal(0, 0.2, 300)
    quick = slow / 4 * rng.lognormal(0, 0.3, 300)
    made = str(verdict({"A": [seconds(slow)], "B": [seconds(quick)]}))
    assert made.startswith("B is 3.")
    assert "× faster (3." in made
    cheap = numbers("tokens", [2.0, 3.0] * 20, higher=False, scale="ratio")
    dear = numbers("tokens", [4.0, 7.0] * 20, higher=False, scale="ratio")
    assert "A is 2.2× lower in tokens (2.1–2.2)" in str(verdict({"A": [cheap], "B": [dear]}))


def test_the_same_is_said_whoever_is_named_first():
    one, other = answers(360, 400), answers(330, 400)
    assert str(verdict({"B": other, "A": one})) == str(verdict({"A": one, "B": other}))


def test_what_is_not_settled_is_not_said_and_the_rows_it_takes_are_named():
    made = verdict({"A": answers(20, 40), "B": answers(18, 40)})
    assert not made.settled
    assert made.more
    assert str(made).startswith("No difference between A and B on accuracy is shown (")
    assert f"About {made.more:,} more rows would show a difference of the size seen." in str(made)
    assert "better" not in str(made)


def test_as_many_rows_as_were_named_settle_it():
    first = verdict({"A": answers(20, 40), "B": answers(18, 40)})
    times = 2 + (first.more or 0) // 40
    assert verdict({"A": answers(20 * times, 40 * times), "B": answers(18 * times, 40 * times)}).settled


def test_equals_are_promised_nothing():
    made = verdict({"A": answers(20, 40), "B": answers(20, 40)})
    assert made.more is None
    assert "come out the same" in str(made)


def test_one_row_says_that_it_says_nothing():
    made = verdict({"A": [seconds([1.0])], "B": [seconds([9.0])]})
    assert not made.settled
    assert "one of the rows says nothing about others" in str(made)


def test_many_comparisons_ask_for_more_than_one_does():
    """A difference that shows alone (p = 0.04) does not among ten pairs."""
    one, other = answers(28, 40), answers(22, 40)
    assert verdict({"A": one, "B": other}).settled
    crowd = {"A": one, "B": other} | {name: answers(25, 40) for name in "CDE"}
    made = verdict(crowd)
    assert not made.settled
    assert len(made.findings) == 10
    assert "other comparisons" in str(made)


def test_of_several_each_better_one_is_better_than_somebody():
    made = str(verdict({"A": answers(390, 400), "B": answers(300, 400), "C": answers(302, 400)}))
    assert "A is better than B on accuracy" in made
    assert "A is better than C on accuracy" in made
    assert "Not shown: accuracy of B and C" in made


def test_contenders_without_a_common_measure_are_an_error():
    with pytest.raises(BadInput, match="no metric in common"):
        verdict({"A": answers(1, 2), "B": [seconds([1.0, 2.0])]})
    with pytest.raises(BadInput, match="One contender"):
        verdict({"A": answers(1, 2)})


@pytest.mark.parametrize(
    ("won", "lost", "said"),
    [
        (30, 10, "A is preferred to B in 75 % of 40 decided votes (52 %–91 %, 1 tie)."),
        (10, 30, "B is preferred to A in 75 % of 40 decided votes (52 %–91 %, 1 tie)."),
        (12, 4, "About 20 more decided votes would settle it"),
        (5, 5, "No number of votes is in sight"),
        (0, 0, "No vote has preferred A or B yet, 1 tie."),
    ],
)
def test_votes_are_said_the_same_way(won, lost, said):
    assert said in voted(Count("A", "B", won, lost, 1))


def test_an_impossible_text_makes_an_infinite_perplexity_and_no_verdict():
    sure = score("text-generation", [[-1.0, -2.0]] * 30).all
    never = score("text-generation", [[-1.0, float("-inf")]] + [[-1.0, -2.0]] * 29).all
    assert never[0].value == float("inf")
    assert never[0].interval().low is None
    assert not verdict({"A": sure, "B": never}).settled


def test_clusters_are_asked_about_as_wholes():
    """Ten conversations of twenty equal turns are ten, not two hundred."""
    one, other = answers(140, 200), answers(60, 200)
    clusters = [at // 20 for at in range(200)]
    made = verdict({"A": one, "B": other}, clusters=clusters)
    assert made.rows == 10
    assert verdict({"A": one, "B": other}).findings[0].p < made.findings[0].p


def test_what_one_is_better_on_is_said_in_one_breath() -> None:
    labels = ["yes", "no"] * 100
    wrong = ["no" if at % 4 == 0 else label for at, label in enumerate(labels)]
    made = {name: score("text-classification", said, labels) for name, said in (("a", labels), ("b", wrong))}
    said = str(verdict(made))
    assert said.count("a is better") == 1
    assert "on accuracy by" in said
    assert "points and on macro f1 by" in said
