"""Votes: ratings against published ones, intervals that may be looked at, sides and raters."""

import math

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hf_nb.errors import BadInput
from hf_nb.measure import peeking
from hf_nb.measure.agreement import cohen, krippendorff
from hf_nb.measure.ratings import ratings
from hf_nb.measure.votes import Outcome, Vote, count, sides

stats = pytest.importorskip("scipy.stats")

# Agresti, "Categorical Data Analysis" (2002), table 10.10: the American League's East of 1987, wins of the row's team.
BASEBALL = {
    "Milwaukee": (0, 7, 9, 7, 7, 9, 11),
    "Detroit": (6, 0, 7, 5, 11, 9, 9),
    "Toronto": (4, 6, 0, 7, 7, 8, 12),
    "New York": (6, 8, 6, 0, 6, 7, 10),
    "Boston": (6, 2, 6, 7, 0, 7, 12),
    "Cleveland": (4, 4, 5, 6, 6, 0, 6),
    "Baltimore": (2, 4, 1, 3, 1, 7, 0),
}


def baseball() -> list[Vote]:
    teams = list(BASEBALL)
    made = []
    for winner, row in BASEBALL.items():
        for loser, wins in zip(teams, row, strict=True):
            made += [
                Vote(winner, loser, "left") if at % 2 else Vote(loser, winner, "right") for at in range(wins)
            ]  # on either side in turn
    return made


def many(left: str, right: str, lefts: int, rights: int, ties: int = 0) -> list[Vote]:
    return [
        *[Vote(left, right, "left")] * lefts,
        *[Vote(left, right, "right")] * rights,
        *[Vote(left, right, "tie")] * ties,
    ]


@pytest.mark.parametrize(
    ("team", "rating", "error"),
    [
        ("Milwaukee", 1.58, 0.343),
        ("Detroit", 1.44, 0.340),
        ("Toronto", 1.29, 0.337),
        ("New York", 1.25, 0.336),
        ("Boston", 1.11, 0.334),
        ("Cleveland", 0.68, 0.332),
    ],
)
def test_baseball_is_rated_as_in_the_book(team, rating, error):
    made = ratings(baseball(), hold=None).between(team, "Baltimore")
    assert made.value == pytest.approx(rating, abs=0.005)
    assert made.error == pytest.approx(error, abs=0.001)


def test_what_holds_ratings_back_hardly_moves_those_with_votes():
    held, free = ratings(baseball()), ratings(baseball(), hold=None)
    assert held.order() == free.order() == list(BASEBALL)
    assert held["Boston"].value == pytest.approx(free["Boston"].value, abs=0.02)


def test_two_contenders_are_rated_by_their_odds():
    made = ratings(many("a", "b", 30, 10), hold=None).between("a", "b")
    assert made.value == pytest.approx(math.log(3))
    assert made.error == pytest.approx((1 / 30 + 1 / 10) ** 0.5, rel=1e-4)


def test_davidsons_ties_of_two_by_hand():
    """With 40 wins, 20 losses and 40 ties: odds of 2, and a tie parameter of 40 / sqrt(40 x 20)."""
    made = ratings(many("a", "b", 40, 20, 40), hold=None)
    nu = 40 / (40 * 20) ** 0.5
    assert made.between("a", "b").value == pytest.approx(math.log(2), abs=1e-3)
    assert made.tying == pytest.approx(nu / (2 + nu), abs=1e-3)


def test_half_wins_draw_together_what_davidson_keeps_apart():
    votes = many("a", "b", 40, 20, 40)
    half = ratings(votes, ties="half", hold=None).between("a", "b")
    assert half.value == pytest.approx(math.log(60 / 40))
    assert half.value < ratings(votes, hold=None).between("a", "b").value


def test_one_who_won_every_vote_is_rated_high_not_infinite():
    made = ratings(many("a", "b", 20, 0)).between("a", "b")
    assert 2 < made.value < 8
    assert made.sign == 1
    assert not made.holds(20)


def test_those_who_never_met_are_not_compared():
    made = ratings([*many("a", "b", 5, 3), *many("c", "d", 2, 6)])
    assert made.groups == (("a", "b"), ("c", "d"))
    assert made.between("a", "c").low is None
    assert "no votes connect them" in made.between("a", "c").note
    assert ratings([*many("a", "b", 5, 3), *many("c", "d", 2, 6), Vote("b", "c", "tie")]).groups == (
        ("a", "b", "c", "d"),
    )


def test_the_side_is_taken_out_of_the_ratings():
    """Two equals, of whom one stood on the left nine times in ten, where the left wins three times in four."""
    votes = [*many("a", "b", 135, 45), *many("b", "a", 15, 5)]
    assert ratings(votes).between("a", "b").sign == 1
    made = ratings(votes, side=True)
    assert made.between("a", "b").sign == 0
    assert made.side
    assert made.side.value == pytest.approx(math.log(3), abs=0.1)
    assert sides(votes).biased
    assert sides(votes).uneven == ("a", "b")


def test_sides_drawn_by_lot_are_fair():
    made = sides([*many("a", "b", 12, 8), *many("b", "a", 7, 13)])
    assert not made.biased
    assert made.uneven == ()
    assert made.p == pytest.approx(stats.binomtest(19, 40).pvalue)


def test_votes_that_are_none_are_an_error():
    with pytest.raises(BadInput):
        Vote("a", "a", "left")
    with pytest.raises(BadInput):
        Vote("a", "b", "a")  # type: ignore[arg-type]
    with pytest.raises(BadInput):
        ratings([])
    with pytest.raises(BadInput, match="No vote is about"):
        ratings(many("a", "b", 1, 1))["c"]


def test_all_ties_are_equals():
    made = ratings(many("a", "b", 0, 0, 12)).between("a", "b")
    assert made.value == pytest.approx(0, abs=1e-6)
    assert made.sign == 0
    assert sides(many("a", "b", 0, 0, 12)).p == 1


def test_votes_count_from_either_side():
    made = count([*many("a", "b", 3, 1, 2), *many("b", "a", 5, 4), *many("a", "c", 9, 9)], "a", "b")
    assert (made.won, made.lost, made.tied, made.decided) == (7, 6, 2, 13)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from("abc"), st.sampled_from(["left", "right", "tie"]))
    )
)
def test_naming_the_sides_the_other_way_changes_no_rating(rows):
    votes = [Vote(left, right, outcome) for left, right, outcome in rows if left != right]
    turn: dict[str, Outcome] = {"left": "right", "right": "left", "tie": "tie"}
    if votes:
        turned = [Vote(one.right, one.left, turn[one.outcome]) for one in reversed(votes)]
        one, other = ratings(votes), ratings(turned)
        assert [made.value for made in one.ratings] == pytest.approx(
            [made.value for made in other.ratings], abs=1e-4
        )


def test_the_evidence_is_the_mixture_of_likelihoods():
    """By adding up over a fine grid of rates, weighed by the Beta."""
    rates = (numpy.arange(20_000) + 0.5) / 20_000
    weights = stats.beta(peeking.PRIOR, peeking.PRIOR).pdf(rates)
    mixed = numpy.average((rates / 0.5) ** 13 * ((1 - rates) / 0.5) ** 4, weights=weights)
    assert peeking.evidence(13, 4, 0.5) == pytest.approx(math.log(mixed), abs=1e-4)


def test_at_the_ends_of_the_interval_the_evidence_is_what_is_allowed():
    made = peeking.anytime(30, 10)
    ends = [one for one in (made.low, made.high) if one]
    assert ends[0] < 0.75 < ends[1]
    for end in ends:
        assert peeking.evidence(30, 10, end) == pytest.approx(math.log(20), abs=1e-6)
    assert ends[0] < stats.binomtest(30, 40).proportion_ci().low  # looking at will has its price


def test_no_votes_and_one_sided_votes_have_ends():
    assert peeking.anytime(0, 0).low is None
    assert peeking.anytime(0, 3).low == 0
    assert peeking.anytime(12, 0).high == 1
    assert peeking.settled(12, 0) == 1
    assert peeking.settled(0, 12) == -1
    with pytest.raises(BadInput):
        peeking.anytime(-1, 3)


@pytest.mark.parametrize(("won", "lost"), [(3, 1), (12, 4), (60, 40)])
def test_as_many_more_votes_as_are_named_settle_it_and_one_less_does_not(won, lost):
    rate, wanted = won / (won + lost), (peeking.more(won, lost) or 0) + won + lost
    assert peeking.evidence(rate * wanted, (1 - rate) * wanted, 0.5) >= math.log(20)
    assert peeking.evidence(rate * (wanted - 1), (1 - rate) * (wanted - 1), 0.5) < math.log(20)


def test_equals_are_never_promised_an_end():
    assert peeking.more(7, 7) is None
    assert peeking.more(0, 0) is None
    assert peeking.more(40, 10) == 0


@settings(deadline=None)
@given(st.integers(0, 300), st.integers(0, 300))
def test_the_interval_is_the_mirror_of_the_other_side(won, lost):
    one, other = peeking.anytime(won, lost), peeking.anytime(lost, won)
    if other.high is not None:
        assert one.low == pytest.approx(1 - other.high, abs=1e-9)
        assert one.holds(one.value)
    assert peeking.settled(won, lost) == -peeking.settled(lost, won)


def test_cohens_kappa_is_cohens_example():
    """Cohen 1960, table 1: 200 patients, kappa 0.492."""
    table = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]
    one = [row for row in range(3) for column in range(3) for _ in range(table[row][column])]
    other = [column for row in range(3) for column in range(3) for _ in range(table[row][column])]
    made = cohen(one, other)
    assert made.value == pytest.approx(0.492, abs=5e-4)
    kappa = pytest.importorskip("sklearn.metrics").cohen_kappa_score(one, other)
    assert made.value == pytest.approx(kappa)


def test_kappas_interval_is_about_fleisss():
    raters = pytest.importorskip("statsmodels.stats.inter_rater")
    one = [0] * 30 + [1] * 20
    other = [0] * 20 + [1] * 10 + [0] * 5 + [1] * 15
    expected, made = raters.cohens_kappa([[20, 10], [5, 15]]), cohen(one, other)
    assert made.value == pytest.approx(expected.kappa) == pytest.approx(0.4)
    assert (made.low, made.high) == pytest.approx((expected.kappa_low, expected.kappa_upp), abs=0.05)


def test_krippendorffs_alpha_is_krippendorffs_example():
    """Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", D: four observers, twelve units, 0.743."""
    lines = [
        "1233214 12***".replace(" ", ""),
        "1233224125*3",
        "*33323422 51*".replace(" ", ""),
        "1233244125 1*".replace(" ", ""),
    ]
    rows = [[None if one == "*" else int(one) for one in line] for line in lines]
    made = krippendorff(rows)
    assert made.value == pytest.approx(0.743, abs=5e-4)
    assert made.holds(0.743)
    assert "items" in made.note


def test_raters_who_all_say_the_same_have_no_kappa():
    made = cohen(["a"] * 30, ["a"] * 30)
    assert math.isnan(made.value)
    assert "not defined" in made.note
    assert math.isnan(krippendorff([["a", "a"], ["a", "a"]]).value)
    assert krippendorff([[1, None], [None, 1]]).n == 0
    assert cohen([], []).n == 0
    with pytest.raises(BadInput):
        cohen(["a"], ["a", "b"])
    with pytest.raises(BadInput):
        krippendorff([["a"], ["a", "b"]])


@pytest.mark.parametrize("truth", [0.5, 0.2])
def test_the_chance_of_ever_leaving_out_the_truth_is_within_the_promise_counted_exactly(truth):
    """Every way that 300 votes may come, added up; an ordinary interval would leave it out in a third of them."""
    alive, left = numpy.array([1.0]), 0.0
    for votes in range(1, 301):
        coming = numpy.zeros(votes + 1)
        coming[:-1] += alive * (1 - truth)
        coming[1:] += alive * truth
        against = numpy.array([peeking.evidence(won, votes - won, truth) for won in range(votes + 1)])
        left += coming[against >= math.log(20)].sum()
        alive = numpy.where(against >= math.log(20), 0.0, coming)
    assert 0.02 < left <= 0.05
