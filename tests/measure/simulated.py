"""What the statistics promise, tried on made-up data where the truth is known.

    python -m tests.measure.simulated 2000      so many trials of each; the tests run fewer

interval    of so many intervals, the share that hold the truth (95 % promised)
peeking     of so many runs of votes, looked at after each, the share in which every interval held the truth
false       of so many verdicts on equals, the share that call one better (at most 5 %)
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable

import numpy

from hf_nb.measure import peeking
from hf_nb.measure.figure import MEAN
from hf_nb.measure.intervals import bootstrap, wilson
from hf_nb.measure.metrics import score
from hf_nb.measure.paired import paired
from hf_nb.measure.ratings import ratings
from hf_nb.measure.scores import Score, averaged, numbers
from hf_nb.measure.verdict import verdict
from hf_nb.measure.votes import Vote

Rng = numpy.random.Generator
ROWS = 200


def share(rng: Rng) -> bool:
    """Wilson's, of a share between 5 and 95 %."""
    truth = rng.uniform(0.05, 0.95)
    made = wilson(int(rng.binomial(ROWS, truth)), ROWS)
    return made.holds(truth)


def skewed_mean(rng: Rng) -> bool:
    """BCa, of a mean of skewed values."""
    made = bootstrap(MEAN, averaged(list(rng.gamma(2, 1, ROWS))), draws=1000, seed=int(rng.integers(1 << 30)))
    return made.holds(2)


def macro_f1(rng: Rng) -> bool:
    """BCa, of a figure that is no average: both labels right 70 % of the time, 40 % of rows of the first."""
    labels = rng.random(ROWS) < 0.4
    guesses = labels ^ (rng.random(ROWS) < 0.3)
    truth = (2 * 0.28 / (0.4 + 0.28 + 0.18) + 2 * 0.42 / (0.6 + 0.42 + 0.12)) / 2
    made = (
        score("text-classification", guesses, labels, metrics=["macro_f1"])
        .all[0]
        .interval(seed=int(rng.integers(1 << 30)))
    )
    return made.holds(truth)


def paired_shares(rng: Rng) -> bool:
    """Two answers to the same rows, 80 and 75 % right, not independent."""
    hard = rng.random(ROWS)
    one, other = hard < 0.8, numpy.where(rng.random(ROWS) < 0.6, hard < 0.75, rng.random(ROWS) < 0.75)
    made = paired(_right(one), _right(other)).difference
    return made.holds(0.05)


def paired_marks(rng: Rng) -> bool:
    """Two marks for the same rows, 0.3 apart, BCa."""
    base = rng.normal(0, 2, ROWS)
    one, other = base + rng.gamma(2, 0.5, ROWS), base + rng.gamma(1, 0.7, ROWS)
    made = bootstrap(MEAN, averaged(list(one - other)), draws=1000, seed=int(rng.integers(1 << 30)))
    return made.holds(0.3)


def clusters(rng: Rng) -> bool:
    """Sixty conversations of five turns that resemble each other: the mean, drawn by conversation."""
    values = (rng.normal(0, 1, (60, 1)) + rng.normal(0, 1, (60, 5))).reshape(-1)
    made = bootstrap(
        MEAN,
        averaged(list(values)),
        clusters=[at // 5 for at in range(300)],
        draws=1000,
        seed=int(rng.integers(1 << 30)),
    )
    return made.holds(0)


def rated(rng: Rng) -> bool:
    """Bradley-Terry of three with ties: how far apart the first two are."""
    truth = numpy.array([0.5, 0.0, -0.5])
    votes = []
    for _ in range(300):
        i, j = rng.choice(3, 2, replace=False)
        chances = numpy.exp([truth[i], truth[j], math.log(0.7) + (truth[i] + truth[j]) / 2])
        votes.append(Vote(f"m{i}", f"m{j}", rng.choice(["left", "right", "tie"], p=chances / chances.sum())))
    made = ratings(votes).between("m0", "m1")
    return made.holds(0.5)


def peeked(rng: Rng) -> bool:
    """1,000 votes, looked at after each one, through the interval itself where it is nearest to failing."""
    truth = rng.uniform(0.1, 0.9)
    won = numpy.cumsum(rng.random(1000) < truth)
    against = [peeking.evidence(float(one), float(at - one), truth) for at, one in enumerate(won, 1)]
    worst = int(numpy.argmax(against))
    made = peeking.anytime(float(won[worst]), float(worst + 1 - won[worst]))
    return made.holds(truth)


def falsely_settled(rng: Rng) -> bool:
    """Equals, voted on 1,000 times, stopped as soon as one is said to be preferred."""
    won = numpy.cumsum(rng.random(1000) < 0.5)
    return any(peeking.settled(float(one), float(at - one)) for at, one in enumerate(won, 1))


def falsely_better(rng: Rng) -> bool:
    """Three equals on 60 rows, by accuracy, macro-F1 and seconds: whether anything is called better."""
    labels = rng.integers(0, 2, 60)
    contenders = {}
    for name in "ABC":
        guesses = numpy.where(rng.random(60) < 0.75, labels, 1 - labels)
        took = numbers("seconds", list(rng.lognormal(0, 0.7, 60)), higher=False, scale="ratio")
        contenders[name] = [*score("text-classification", guesses, labels), took]
    return verdict(contenders, seed=int(rng.integers(1 << 30))).settled


HELD: dict[str, Callable[[Rng], bool]] = {
    "interval: share": share,
    "interval: skewed mean": skewed_mean,
    "interval: macro-F1": macro_f1,
    "interval: paired shares": paired_shares,
    "interval: paired marks": paired_marks,
    "interval: clusters": clusters,
    "interval: ratings": rated,
    "peeking: every look": peeked,
}
FALSE: dict[str, Callable[[Rng], bool]] = {
    "false: votes stopped at will": falsely_settled,
    "false: verdict on equals": falsely_better,
}


def rate(trial: Callable[[Rng], bool], trials: int, seed: int = 0) -> float:
    """The share of trials that say yes."""
    rng = numpy.random.default_rng(seed)
    return sum(trial(rng) for _ in range(trials)) / trials


def _right(values: numpy.ndarray) -> Score:
    made: Score = score(
        "text-classification", values, numpy.ones(len(values), bool), metrics=["accuracy"]
    ).all[0]
    return made


def main(trials: int) -> None:
    for name, trial in (HELD | FALSE).items():
        started, found = time.process_time(), rate(trial, trials)
        print(
            f"{name:32} {100 * found:5.1f} %   {trials:,} trials, {time.process_time() - started:.0f} s",
            flush=True,
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
