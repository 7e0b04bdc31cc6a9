"""Blind votes: the pair and its sides are drawn here by lot, and no name reaches the page before the vote is in.

Both answers come together when both are there: who writes faster would be known by that.
"""

from __future__ import annotations

import itertools
import secrets
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from hf_nb.compare import live as lives
from hf_nb.errors import BadInput, MissingExtra, NotFound
from hf_nb.measure import peeking
from hf_nb.measure.verdict import voted
from hf_nb.measure.votes import Vote, count
from hf_nb.panels import wire
from hf_nb.panels.compare import answers, meant, running
from hf_nb.panels.compare.book import Book

if TYPE_CHECKING:
    from hf_nb.panels.desk import Ask
    from hf_nb.plumbing.session import Session
    from hf_nb.values.comparisons import Contender

BETWEEN = 0.1  # seconds between two events
KEPT = 500  # pairs that may still be voted on


@dataclass
class Pair:
    """Two answers to one input, by sides. `cast`: a vote on it was shown who is who."""

    id: str
    contenders: tuple[Contender, ...]
    sides: tuple[str, str]
    input: str
    drawn: tuple[dict[str, Any], dict[str, Any]]
    figures: tuple[Any, Any]
    row: int | None = None
    cast: bool = False

    @property
    def book(self) -> Book:
        return Book(self.contenders)

    def plain(self) -> dict[str, Any]:
        """What a page may know before the vote."""
        left, right = self.drawn
        same = (left["text"], left["labels"]) == (right["text"], right["labels"])
        return {
            "id": self.id,
            "input": self.input,
            "row": self.row,
            "left": left,
            "right": right,
            "same": same,
        }


_pairs: OrderedDict[str, Pair] = OrderedDict()
_guard = threading.Lock()
_lot = secrets.SystemRandom()


def blind(ask: Ask, *, contenders: list[dict[str, Any]], input: Any, task: str = "") -> dict[str, Any]:
    """`compare.blind`: two of them answer; events say how far each side is, the answer is the pair."""
    ask.official()
    who, given = meant.contenders(contenders, task), meant.input(input, task)
    two = draw(who, [one.vote for one in Book(who).cast()])
    values: dict[int, Any] = {}
    wrongs: list[dict[str, Any]] = []
    with lives.stream(two, given, session=ask.session) as going:
        run = running.enter(going)
        ask.tell({"run": run, "columns": []})
        while not going.over:
            ends = [one for one in going.lately(BETWEEN) if one.kind in lives.ENDS]
            for at, kind, payload in ends:
                if kind == "failed":
                    wrongs.append({"name": two[at].name, "wrong": wire.wrong(payload)})
                    going.stop_all()
                elif kind == "value":
                    values[at] = payload
            if ends:
                ask.tell({"run": run, "columns": [{"at": one.at, "state": "done"} for one in ends]})
    made = None if len(values) < 2 else enter(who, two, meant.words(given), values[0], values[1], ask.session)
    return {"pair": made.plain() if made else None, "failed": wrongs, "tally": tallied(who)}


def vote(ask: Ask, *, pair: str, outcome: Literal["left", "right", "tie"]) -> dict[str, Any]:
    """`compare.vote`: written down, then who was who."""
    one = found(pair)
    left, right = one.sides
    texts = [one["text"] for one in one.drawn]
    one.book.write(pair, left, right, outcome, input=one.input, answers=texts, seen=one.cast)
    one.cast = True
    return {
        "sides": [
            {"name": name, "figures": figures} for name, figures in zip(one.sides, one.figures, strict=True)
        ],
        "outcome": outcome,
        "tally": tallied(one.contenders),
    }


def undo(ask: Ask, *, pair: str) -> dict[str, Any]:
    """`compare.undo`: a vote taken back. It may be voted on once more, which is then no longer blind."""
    one = found(pair)
    left, right = one.sides
    texts = [one["text"] for one in one.drawn]
    one.book.write(pair, left, right, None, input=one.input, answers=texts)
    return {"pair": one.plain(), "tally": tallied(one.contenders)}


def tally(ask: Ask, *, contenders: list[dict[str, Any]], task: str = "") -> dict[str, Any]:
    """`compare.tally`: what the votes on these contenders say so far."""
    return tallied(meant.contenders(contenders, task))


def draw(who: Sequence[Contender], votes: Sequence[Vote]) -> tuple[Contender, Contender]:
    """Two of them, by lot among the pairs with the fewest votes, their sides by lot too."""
    pairs = list(itertools.combinations(who, 2))
    if not pairs:
        raise BadInput("One contender cannot be voted on.", "Add another.")
    seen = [sum({one.left, one.right} == {a.name, b.name} for one in votes) for a, b in pairs]
    two = list(_lot.choice([one for one, so in zip(pairs, seen, strict=True) if so == min(seen)]))
    _lot.shuffle(two)
    return two[0], two[1]


def enter(
    who: Sequence[Contender], two: Sequence[Contender], input: str, left: Any, right: Any, session: Session
) -> Pair:
    """A pair that may be voted on."""
    made = Pair(
        token(),
        tuple(who),
        (two[0].name, two[1].name),
        input,
        (answers.drawn(left), answers.drawn(right)),
        (answers.figures(left, session), answers.figures(right, session)),
    )
    keep(made)
    return made


def token() -> str:
    """A name that says nothing of who is in it."""
    return secrets.token_hex(8)


def keep(made: Pair) -> None:
    """It may be voted on for a while."""
    with _guard:
        _pairs[made.id] = made
        while len(_pairs) > KEPT:
            _pairs.popitem(last=False)


def found(pair: str) -> Pair:
    """One that was shown."""
    made = _pairs.get(pair)
    if made is None:
        raise NotFound("This pair is no longer known.", "Run it again: the votes so far are kept.")
    return made


def tallied(who: Sequence[Contender]) -> dict[str, Any]:
    """How the votes stand, pair by pair, and what may be said of it at this look."""
    votes = [one.vote for one in Book(who).cast()]
    names = [one.name for one in who]
    pairs = [_between(votes, *two) for two in itertools.combinations(names, 2)]
    return {
        "votes": len(votes),
        "ties": sum(one.outcome == "tie" for one in votes),
        "pairs": [one for one in pairs if one["won"] + one["lost"] + one["tied"]],
        "ratings": _rated(votes) if len(names) > 2 else None,
    }


def _between(votes: Sequence[Vote], first: str, second: str) -> dict[str, Any]:
    so = count(votes, first, second)
    return {
        "first": first,
        "second": second,
        "won": so.won,
        "lost": so.lost,
        "tied": so.tied,
        "sentence": voted(so),
        "more": peeking.more(so.won, so.lost),
        "settled": peeking.settled(so.won, so.lost),
    }


def _rated(votes: Sequence[Vote]) -> list[dict[str, Any]] | None:
    """Bradley and Terry's scale; None where what it needs is not installed."""
    if not votes:
        return None
    from hf_nb.measure.ratings import ratings

    try:
        made = ratings(votes)
    except MissingExtra:
        return None
    return [
        {"name": name, "value": made[name].value, "low": made[name].low, "high": made[name].high}
        for name in made.order()
    ]
