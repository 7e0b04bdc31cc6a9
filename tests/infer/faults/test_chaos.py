"""Three servers that fail at random, in virtual time, through the real wire code; every call is checked to the end."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass

import pytest

from hf_nb import errors
from hf_nb.infer.call import Terms
from hf_nb.values import Attempt
from tests.infer.faults.played import DEAD, FAULTS, NAMES, PASSING, Asked, Played, Served, mix

# Nothing asks the Hub; the official client, whose HTTP library this uses, reads its address when it is first imported.
pytestmark = pytest.mark.usefixtures("served_hub")
LASTING = ("Unauthorized", "NotFound")
LONGEST_PAUSE = 8.0
TINY = 1e-6


@dataclass
class Account:
    """What a target's breaker has to do, written down from what its server did."""

    row: int = 0
    seconds: float = 2.0
    until: float | None = None
    early: float = 0.0
    last: str = ""

    def closed(self, now: float) -> bool:
        return self.until is None or now >= self.until - TINY

    def heard(self, error: str | None, after: float | None, now: float) -> None:
        if error is None:
            self.row, self.seconds, self.until = 0, 2.0, None
            return
        self.last = error
        if error == "NotFound":
            return
        probe = self.until is not None
        self.row += 1
        if error == "Unauthorized":
            self.opens(now, 600.0, 0.0)
        elif error == "RateLimited" and after is not None:
            self.opens(now, after, after)
        elif probe or self.row >= 3:
            self.opens(now, self.seconds, 2.0)
            self.seconds = min(300.0, 2 * self.seconds)

    def opens(self, now: float, seconds: float, early: float) -> None:
        if self.until is None:
            self.until = self.early = now
        self.until, self.early = max(self.until, now + seconds), max(self.early, now + early)


class Watch:
    """Checks each request when it is made, and each call when it is over."""

    def __init__(self, played: Played) -> None:
        self.played = played
        self.accounts = {name: Account() for name in NAMES}
        self.heard = 0
        self.first = 0
        self.now = 0.0
        played.watch = self.request

    def begin(self) -> None:
        self.heard, self.first, self.now = 0, len(self.played.served), self.played.clock.now()

    def request(self, served: Served, terms: Terms) -> None:
        """Nobody is asked who should be left alone, and nobody else waits for his turn in vain."""
        self.listen(terms)
        account, now = self.accounts[served.name], served.when
        asked = {one.name for one in self.played.served[self.first :]}
        assert now < terms.ends
        if not account.closed(now):
            assert now >= account.early - TINY, "asked before a server said, or too soon after it failed"
            assert served.name not in asked, "a target that is open was asked twice in one call"
            others = [self.accounts[name] for name in NAMES if name not in asked and name != served.name]
            assert not any(one.closed(now) for one in others), "an open target was asked before a closed one"
        if now - self.now > TINY:  # it waited
            for name in NAMES:
                assert name in asked or not self.accounts[name].closed(self.now), (
                    "it waited with somebody to ask"
                )

    def listen(self, terms: Terms) -> None:
        """Take in what has come since."""
        while self.heard < len(terms.trail):
            attempt, served = terms.trail[self.heard], self.played.served[self.first + self.heard]
            self.now += attempt.waited + attempt.seconds
            self.tells_what_happened(attempt, served, over=self.now >= terms.ends - TINY)
            if not (attempt.error == "Timeout" and self.now >= terms.ends - TINY):
                self.accounts[served.name].heard(attempt.error, served.after, self.now)
            self.heard += 1

    @staticmethod
    def tells_what_happened(attempt: Attempt, served: Served, *, over: bool) -> None:
        expected = FAULTS[served.fault][0] if served.fault else None
        assert attempt.method == served.name
        assert attempt.error == expected or (over and attempt.error == "Timeout"), (attempt, served)

    def over(self, got: Asked, *, seen: bool) -> str:
        """Check a whole call; its outcome in a word."""
        terms, last = got.terms, got.served[-1] if got.served else None
        self.listen(terms)
        assert len(terms.trail) == len(got.served)
        assert got.ended <= terms.ends + TINY
        assert got.ended - got.began == pytest.approx(
            sum(one.seconds + one.waited for one in terms.trail), abs=TINY
        )
        assert max(Counter(one.name for one in got.served).values(), default=0) <= 4
        assert not got.text or (last is not None and last.text.startswith(got.text)), "a glued text"
        if got.wrong is None:
            assert last is not None
            assert (last.fault, got.text, got.finish) == (None, last.text, "stop")
            return "answered"
        assert all(one.fault for one in got.served[:-1])
        kind = type(got.wrong).__name__
        if isinstance(got.wrong, errors.Timeout) and got.wrong.stage == "total":
            assert got.ended >= terms.ends - TINY
            return "Timeout (all)"
        if seen and got.text:
            assert kind == "Broken"
            return "Broken, shown"
        known = [
            account.last
            for name, account in self.accounts.items()
            if name in {one.name for one in got.served} or not account.closed(got.ended)
        ]
        assert kind == min(known, key=lambda one: one not in LASTING)
        for name, account in self.accounts.items():
            mine = [one for one in got.served if one.name == name]
            assert (
                len(mine) == 4
                or any(one.fault in ("401", "404") for one in mine)
                or any(one.when + (one.after or 0) >= terms.ends for one in mine)
                or (account.until or 0) >= terms.ends - TINY
                or terms.ends - got.ended <= LONGEST_PAUSE
            ), "it gave up with time and tries left"
        assert got.wrong.next_step
        assert len(str(got.wrong).splitlines()) <= 2
        return kind


@pytest.mark.parametrize("seed", range(6))
def test_five_hundred_calls_over_every_fault_end_in_time_and_rightly(seed: int) -> None:
    played = Played(seed, dict.fromkeys(NAMES, mix(0.35 + 0.1 * (seed % 4))))
    watch, outcomes = Watch(played), Counter[str]()
    for _ in range(500):
        seen = played.chance.random() < 0.5
        watch.begin()
        got = played.ask(played.chance.choice([3.0, 20.0, 60.0, 300.0]), seen=seen)
        outcomes[watch.over(got, seen=seen)] += 1
        played.clock.pass_(played.chance.choice([0.0, 1.0, 60.0]))
    met = Counter(one.fault or "good" for one in played.served)
    print(
        f"\n{len(played.served)} requests: {dict(met.most_common())}\n500 calls: {dict(outcomes.most_common())}"
    )
    assert set(met) == {*FAULTS, "good"}
    assert outcomes["answered"] > 250


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_of_ten_thousand_calls_with_one_target_dead_and_a_fifth_of_the_others_failing_nearly_all_are_answered() -> (
    None
):
    played = Played(13, {"one": DEAD, "two": mix(0.2, PASSING), "three": mix(0.2, PASSING)})
    played.names_ages = False
    watch, outcomes, took = Watch(played), Counter[str](), []
    began = time.perf_counter()
    for _ in range(10_000):
        watch.begin()
        got = played.ask(60.0)
        outcomes[watch.over(got, seen=False)] += 1
        took.append(got.ended - got.began)
        played.clock.pass_(1.0)
    took.sort()
    asked = Counter(one.name for one in played.served)
    print(
        f"\n10,000 calls in {time.perf_counter() - began:.0f} s: {dict(outcomes)}; virtual seconds"
        f" p50 {took[5_000]:.1f}, p99 {took[9_900]:.1f}, longest {took[-1]:.1f}; asked {dict(asked)}"
    )
    assert outcomes["answered"] >= 9_990
    assert asked["one"] < 1_000
