"""Contenders on the same inputs: what each answered, how long it took, what people preferred.

A Comparison holds what happened; what may be said of it (`verdict`, `scores`, `slices`) is judged when it is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from hf_nb.errors import BadInput
from hf_nb.plumbing.extras import load
from hf_nb.values.answers import Source
from hf_nb.values.base import Value, frame
from hf_nb.values.batches import FailedRow, answer_of, score_of

if TYPE_CHECKING:
    import os

    import pandas

    from hf_nb.measure.intervals import Interval
    from hf_nb.measure.judge import Judgement
    from hf_nb.measure.ratings import Ratings
    from hf_nb.measure.scores import Scores
    from hf_nb.measure.slices import Slices
    from hf_nb.measure.verdict import Verdict
    from hf_nb.measure.votes import Vote
    from hf_nb.values.standings import Standings

JUDGING, EXPORTS = "hf_nb.compare.judging", "hf_nb.compare.exports"


@dataclass(frozen=True, repr=False)
class Contender(Value):
    """Who takes part: a model, who runs it, and how it is asked. `name` is short, and no other has it.

    `template`: what is asked in place of an input: "{input}", and "{column}" of a table; `system`: for a conversation;
    `copy`: the same weights in another form ("bf16", "int8", "onnx"); `held`: the object of the notebook, where the
    model is one.
    """

    name: str
    model: str
    task: str = ""
    provider: str = "auto"
    revision: str | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    template: str = ""
    system: str = ""
    copy: str = ""
    held: Any = field(default=None, compare=False)

    def to_dict(self) -> dict[str, Any]:
        """Without the object: it is known by its name."""
        shown = {name: value for name, value in vars(self).items() if name != "held"}
        return {**shown, "params": dict(self.params)}

    def brief(self) -> list[str]:
        return [self.name]


@dataclass(frozen=True, repr=False, eq=False)
class Showing(Value):
    """What became of one contender.

    `outputs`: in short, as a Batch holds them, None where there is none; `failures`: rows, and why; `wrong`: what stood
    in the way of all of them. `alone`: rows that were asked one at a time, so that their seconds can be compared.
    `memory`: bytes of the model, where it ran on this machine; `cost`: dollars of all rows, where a price is known;
    `seconds`: of the whole; `there`: rows that an earlier run had written down; `stopped`: it did not come to its end.
    """

    contender: Contender
    outputs: Sequence[Any]
    failures: tuple[FailedRow, ...] = ()
    alone: Mapping[int, Source] = field(default_factory=dict)
    source: Source | None = None
    memory: int | None = None
    cost: float | None = None
    seconds: float = 0.0
    there: int = 0
    stopped: bool = False
    wrong: FailedRow | None = None
    notes: tuple[str, ...] = ()

    @property
    def ok(self) -> int:
        """Rows with an answer."""
        return sum(one is not None for one in self.outputs)

    @property
    def failed(self) -> int:
        """Rows with a failure of their own."""
        return len(self.failures)

    @property
    def left(self) -> int:
        """Rows that were not reached."""
        return len(self.outputs) - self.ok - self.failed

    @property
    def rate(self) -> float | None:
        """Tokens a second, the median of the rows that were asked alone."""
        known = sorted(one.rate for one in self.alone.values() if one.rate)
        return known[len(known) // 2] if known else None

    def took(self, what: str = "seconds") -> list[float | None]:
        """A figure of the rows that were asked alone: seconds, first, read, written, cost. None elsewhere."""
        return [
            None if (one := self.alone.get(at)) is None else getattr(one, what)
            for at in range(len(self.outputs))
        ]


@dataclass(frozen=True, repr=False)
class Forecast(Value):
    """What the rest takes, as told by the rows that were asked alone. None where those do not say."""

    rows: int
    seconds: float | None
    dollars: float | None
    measured: int


@dataclass(frozen=True, repr=False)
class Likeness(Value):
    """How alike two answered on `rows` rows: `same`, to the letter; `alike`: 0 to 1, of texts and vectors.

    `low`, `high`: where the share of the same may lie; `apart`: the largest difference of a score; `weights`: both are
    the same weights, so that any difference is the method's or the copy's.
    """

    first: str
    second: str
    rows: int
    same: int
    low: float | None = None
    high: float | None = None
    alike: float | None = None
    apart: float | None = None
    weights: bool = False


@dataclass(frozen=True, repr=False)
class Beside(Value):
    """Texts while they come, side by side; a word on each that does not write."""

    names: tuple[str, ...]
    texts: tuple[str, ...]
    states: tuple[str, ...]


@dataclass(frozen=True, repr=False)
class Line(Value):
    """Figures of one contender, each an Interval (None: not measured)."""

    name: str
    ok: int
    failed: int
    left: int
    scores: Mapping[str, Interval]
    seconds: Interval | None
    first: float | None
    rate: float | None
    memory: int | None
    cost: float | None
    wrong: str = ""


@dataclass(frozen=True, repr=False, eq=False)
class Comparison(Value):
    """All contenders on all inputs.

    `kind`: of the answers, as a Batch's; `columns`: names -> values of each row, for slices; `label_names`: a model's
    labels -> those of the data; `votes`: blind ones, which are added to; `judged`: what a model said as judge;
    `estimate`: before the rest was asked; `versions`: of the libraries that answered here.
    """

    task: str
    kind: str
    inputs: Sequence[Any]
    showings: tuple[Showing, ...]
    labels: Sequence[Any] | None = None
    columns: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    wanted: tuple[str, ...] = ()  # slices
    metrics: tuple[str, ...] = ()
    label_names: Mapping[Any, Any] = field(default_factory=dict)
    votes: list[Vote] = field(default_factory=list)
    judged: Judgement | None = None
    estimate: Forecast | None = None
    budget: float | None = None
    seconds: float = 0.0
    stopped: bool = False
    notes: tuple[str, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)

    @property
    def contenders(self) -> tuple[Contender, ...]:
        """Who took part."""
        return tuple(one.contender for one in self.showings)

    @property
    def names(self) -> tuple[str, ...]:
        """What they are called."""
        return tuple(one.contender.name for one in self.showings)

    @property
    def rows(self) -> int:
        """All there are."""
        return len(self.inputs)

    @property
    def paired(self) -> int:
        """Rows that all contenders which answered at all have answered."""
        answered = [one.outputs for one in self.showings if one.ok]
        return sum(all(made is not None for made in row) for row in zip(*answered, strict=True))

    def __getitem__(self, name: str | int) -> Showing:
        if isinstance(name, int):
            return self.showings[name]
        for one in self.showings:
            if one.contender.name == name:
                return one
        raise BadInput(f"No contender is called {name}.", f"There are: {', '.join(self.names)}")

    def values(self, name: str | int) -> list[Any]:
        """The label, the text … of every row; None where there is none."""
        return [None if one is None else answer_of(self.kind, one) for one in self[name].outputs]

    @cached_property
    def measured(self) -> tuple[dict[str, Scores], dict[str, str]]:
        """What the labels say of each, and why they say nothing of some."""
        found: tuple[dict[str, Scores], dict[str, str]] = _judging("measured", self)
        return found

    @property
    def scores(self) -> dict[str, Scores]:
        """What the labels say of each."""
        return self.measured[0]

    @property
    def verdict(self) -> Verdict:
        """The sentence that the data support, votes among them."""
        found: Verdict = _judging("verdict", self)
        return found

    def slices(self, *names: str) -> dict[tuple[str, str], Slices]:
        """Parts of the rows, apart: by (first, second). Names: length, language, or a column that was asked for."""
        found: dict[tuple[str, str], Slices] = _judging("slices", self, names or self.wanted)
        return found

    @cached_property
    def agreement(self) -> tuple[Likeness, ...]:
        """How alike any two answered."""
        found: tuple[Likeness, ...] = _judging("agreement", self)
        return found

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The table under the verdict: figures of each contender, with where they may lie."""
        found: tuple[Line, ...] = _judging("lines", self)
        return found

    @cached_property
    def differing(self) -> tuple[int, ...]:
        """Rows that were not answered alike: where one was right and another wrong first, then the most unlike."""
        found: tuple[int, ...] = _judging("differing", self)
        return found

    def vote(self, row: int, winner: str | None, *, between: Sequence[str] = (), rater: str = "") -> Vote:
        """One that was preferred on a row; None: neither. `between`: the two that were shown, left and right."""
        found: Vote = _judging("vote", self, row, winner, between=between, rater=rater)
        self.votes.append(found)
        return found

    @property
    def voted(self) -> dict[tuple[str, str], str]:
        """What the votes support, at any look: by (first, second)."""
        found: dict[tuple[str, str], str] = _judging("voted", self)
        return found

    @property
    def ratings(self) -> Ratings:
        """Of the votes: how strongly each is preferred."""
        found: Ratings = _judging("rated", self)
        return found

    def judge(self, model: Any, **how: Any) -> Comparison:
        """The same with a model's word on every row, asked in both orders: `.judged`."""
        found: Comparison = load("hf_nb.compare.judge:judged")(self, model, **how)
        return found

    def plot(self) -> Standings:
        """Quality against seconds, or dollars where all have a price, drawn by the notebook (Vega-Lite)."""
        found: Standings = _judging("standings", self)
        return found

    def to_pandas(self) -> pandas.DataFrame:
        """A row per input: what it was, its label, and each contender's answer, score, seconds and failure."""
        return frame(load(f"{EXPORTS}:columns")(self))

    def to_jsonl(self, path: str | os.PathLike[str], *, replace: bool = False) -> Any:
        """Everything that is needed to ask the same again; `hf_nb.compare.load(path)` reads it."""
        return load(f"{EXPORTS}:to_jsonl")(self, path, replace=replace)

    def preferences(self, path: str | os.PathLike[str], *, replace: bool = False) -> Any:
        """Pairs of a chosen and a rejected answer, a line each, as TRL's DPO reads them."""
        return load(f"{EXPORTS}:preferences")(self, path, replace=replace)

    def report(self, path: str | os.PathLike[str], *, replace: bool = False) -> Any:
        """All of it as one page of HTML, which asks nobody for anything."""
        return load("hf_nb.compare.report:report")(self, path, replace=replace)

    def to_dict(self) -> dict[str, Any]:
        found: dict[str, Any] = load(f"{EXPORTS}:told")(self)
        return found

    def brief(self) -> list[str]:
        return [str(self.verdict)]


def _judging(verb: str, of: Comparison, *args: Any, **kwargs: Any) -> Any:
    """Judging stands above the values, so it is fetched when it is wanted."""
    return load(f"{JUDGING}:{verb}")(of, *args, **kwargs)


__all__ = [
    "Beside",
    "Comparison",
    "Contender",
    "Forecast",
    "Likeness",
    "Line",
    "Showing",
    "answer_of",
    "score_of",
]
