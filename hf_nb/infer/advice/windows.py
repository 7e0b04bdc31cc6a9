"""Long texts, read in pieces: where pieces that repeat less of each other give the same answers, and sooner."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hf_nb.infer.advice import lines, trial
from hf_nb.infer.advice.habits import Habits
from hf_nb.infer.numbers import Seen
from hf_nb.values.advice import Tip

if TYPE_CHECKING:
    from hf_nb.plumbing.session import Session

LONG = 1_000  # characters: what may be longer than a window
FEWEST, MOST = 4, 12  # texts that are tried
SECONDS = 12.0  # that this may take, about
GAINS = 1.2  # times as quick, before it is worth a word
# Other pieces, by task: what its parameters may say. An answer is at most 15 tokens, so 32 of overlap hold it whole.
PIECES: dict[str, tuple[Mapping[str, int], ...]] = {
    "question-answering": (
        {"doc_stride": 32},
        {"doc_stride": 32, "max_seq_len": 512},
    ),
    "token-classification": ({"stride": 16}, {"stride": 32}),
}


def look(habits: Habits, session: Session, *, measure: bool) -> Iterator[Tip]:
    """One for each model that read long texts here."""
    for key, seen in habits.alone().items():
        long = [one for one in seen if one.call is not None and len(repr(one.call.input)) >= LONG]
        if measure and key[0] == "local" and key[2] in PIECES and len(long) >= FEWEST:
            tip = _tried(long, session)
            if tip is not None:
                yield tip


def _tried(long: Sequence[Seen], session: Session) -> Tip | None:
    """The quickest of the ways that give the same answers, if it is quicker than the one that was taken."""
    _, model, task = long[-1].key
    asked: Any = long[-1].call
    calls = [one.call for one in long if one.call is not None and one.call.params == asked.params]
    others = [one for one in PIECES[task] if not one.items() <= asked.params.items()]
    usual = sorted(one.seconds for one in long)[len(long) // 2]
    most = min(MOST, int(SECONDS / max(usual * (1 + len(others)), 1e-6)))
    calls = [*{repr(one.input): one for one in calls}.values()][-most:]
    if not others or min(most, len(calls)) < FEWEST:
        return None
    ways = [calls, *([replace(one, params={**one.params, **more}) for one in calls] for more in others)]
    told = trial.apart(ways, SECONDS / max(usual * sum(map(len, ways)), 1e-6), session)
    if told is None:
        return None
    now, *rest = told
    alike = [at for at, one in enumerate(rest) if _decided(one.said) == _decided(now.said)]
    best = min(alike, key=lambda at: rest[at].seconds, default=None)
    if best is None or now.seconds < GAINS * rest[best].seconds:
        return None
    times = now.seconds / rest[best].seconds
    more = others[best]
    line, cell = lines.one(model, task, params={**asked.params, **more})
    said = ", ".join(f"{name}={value}" for name, value in more.items())
    return Tip(
        "windows",
        f"{len(long):,} long texts were read by {model} in pieces that overlap ({task}).",
        f"Let the pieces repeat less: {said}.",
        line,
        f"the last {len(calls)} of them, tried both ways: the same answers, {times:.1f} times as quick",
        seconds=sum(one.seconds for one in long) * (1 - 1 / times),
        measured=True,
        cell=cell,
    )


def _decided(said: Any) -> Any:
    """An answer without how sure it is: that differs a little with what stands around it."""
    if isinstance(said, Mapping):
        return {name: _decided(one) for name, one in said.items() if name != "score"}
    return [_decided(one) for one in said] if isinstance(said, (list, tuple)) else said
