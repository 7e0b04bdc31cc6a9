"""An answer as bytes, and back: JSON, with the numbers of vectors as they lie in memory."""

from __future__ import annotations

import base64
import json
import time
from array import array
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from hf_nb.infer.call import Chunk, Moved, Parts, Usage
from hf_nb.values import ToolCall

if TYPE_CHECKING:
    from hf_nb.infer.shapes import Tally

SHORTEST = 8  # numbers of a vector; fewer are a list of scores
SCORES = "scores"


@dataclass(frozen=True)
class Kept:
    """A whole answer, when it was given, and what giving it has cost. `found_in`: seconds it took to find again."""

    text: str
    output: Any
    calls: tuple[ToolCall, ...]
    finish: str
    read: int | None
    written: int | None
    notes: tuple[str, ...]
    provider: str
    device: str | None
    seconds: float
    dollars: float | None
    at: float
    found_in: float = 0.0

    @property
    def when(self) -> datetime:
        """The time of the answer, here."""
        return datetime.fromtimestamp(self.at).astimezone()

    def parts(self) -> Parts:
        """As a backend would say it, all at once."""
        yield from self._parts()

    def _parts(self) -> Iterator[Chunk]:
        for note in self.notes:
            yield Chunk(note=note)
        yield Chunk(
            self.text,
            self.output,
            self.calls,
            self.found_in,
            self.finish,
            None if self.read is None and self.written is None else Usage(self.read, self.written),
            provider=self.provider,
            moved=Moved(),
            device=self.device,
        )


_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_NAMES = tuple(one.name for one in fields(Kept) if one.name != "found_in")


def of(tally: Tally, dollars: float | None, at: float | None = None) -> Kept:
    """What came, as it is kept; `at`: when."""
    return Kept(
        tally.text,
        tally.output,
        tuple(tally.calls),
        str(tally.finish),
        tally.read,
        tally.written,
        tuple(tally.notes),
        tally.provider,
        tally.device,
        tally.seconds,
        dollars,
        time.time() if at is None else at,
    )


def written(kept: Kept) -> bytes | None:
    """None where it holds what is no JSON."""
    told = {name: getattr(kept, name) for name in _NAMES}
    told["calls"] = [asdict(one) for one in kept.calls]
    told["output"], told["packed"] = _packed(kept.output)
    try:
        return _json.encode(told).encode("utf-8", "surrogatepass")
    except (TypeError, ValueError):
        return None


def plainly(tally: Tally, dollars: float | None, at: float) -> bytes | None:
    """The bytes of `written(of(…))`, in a third of the time for the usual answers of a batch: classes, spans, one text.

    The scores of classes lie there as numbers of eight bytes: writing one as a decimal takes a microsecond.
    """
    if tally.calls or tally.notes or are_vectors(tally.output):
        return written(of(tally, dollars, at))
    try:
        text = _json.encode(tally.text) if tally.texts else '""'
        scores = _scores(tally.output)
        output, kind = (_json.encode(tally.output), "") if scores is None else (scores, SCORES)
        rest = _rest(str(tally.finish), tally.read, tally.written, tally.provider, tally.device)
        paid = "null" if dollars is None else repr(float(dollars))
        told = f'{{"text":{text},"output":{output},{rest}"seconds":{tally.seconds:.7f},"dollars":{paid},'
        return f'{told}"at":{_told(at)},"packed":"{kind}"}}'.encode("utf-8", "surrogatepass")
    except (TypeError, ValueError):
        return None


@lru_cache(maxsize=256)
def _rest(finish: str, read: int | None, written: int | None, provider: str, device: str | None) -> str:
    """What the answers of a batch have in common."""
    told: dict[str, Any] = {"calls": [], "finish": finish, "read": read, "written": written, "notes": []}
    return f"{_json.encode({**told, 'provider': provider, 'device': device})[1:-1]},"


@lru_cache(maxsize=16)
def _told(at: float) -> str:
    return repr(at)


def _scores(output: Any) -> str | None:
    """Classes, each a label and a score and nothing else; None where it is something else."""
    if type(output) is not list or not output:
        return None
    numbers = []
    for one in output:
        if type(one) is not dict or len(one) != 2 or type(one.get("score")) is not float:
            return None
        numbers.append(one["score"])
    labels = _labels(tuple([one.get("label") for one in output]))
    return labels and f'[{labels},"{array("d", numbers).tobytes().hex()}"]'


@lru_cache(maxsize=1024)
def _labels(labels: tuple[Any, ...]) -> str | None:
    return _json.encode(labels) if all(type(one) is str for one in labels) else None


def read(body: bytes) -> Kept:
    """Back again; of bytes that are none of ours one of (ValueError, KeyError, TypeError)."""
    told = json.loads(body.decode("utf-8", "surrogatepass"))
    kind = told.pop("packed")
    if kind == SCORES:
        told["output"] = _classes(*told["output"])
    elif kind:
        told["output"] = [_numbers(one, kind) for one in told["output"]]
    told["calls"] = tuple(ToolCall(**one) for one in told["calls"])
    told["notes"] = tuple(map(str, told["notes"]))
    made = Kept(**told)
    if not isinstance(made.text, str) or not isinstance(made.seconds + made.at, float):
        raise TypeError(body[:20])
    return made


def _packed(output: Any) -> tuple[Any, str]:
    """Vectors as numbers of four bytes where that is all they are, else of eight; anything else as it is."""
    if not are_vectors(output):
        return output, ""
    try:
        rows = [array("d", one) for one in output]
    except TypeError:
        return output, ""
    small = [array("f", one) for one in rows]
    kind, rows = ("f", small) if all(map(_same, rows, small)) else ("d", rows)
    return [base64.b64encode(one.tobytes()).decode("ascii") for one in rows], kind


def _same(one: array[float], other: array[float]) -> bool:
    return array("d", other) == one


def are_vectors(output: Any) -> bool:
    """Whether it looks like rows of numbers."""
    return (
        isinstance(output, list)
        and bool(output)
        and all(
            isinstance(one, (list, tuple, array)) and len(one) >= SHORTEST and type(one[0]) is float
            for one in output
        )
    )


def _classes(labels: list[str], said: str) -> list[dict[str, Any]]:
    scores = array("d", bytes.fromhex(said))
    return [{"label": label, "score": score} for label, score in zip(labels, scores, strict=True)]


def _numbers(said: str, kind: str) -> list[float]:
    if kind not in ("f", "d"):
        raise ValueError(kind)
    made: array[float] = array(kind)
    made.frombytes(base64.b64decode(said, validate=True))
    return made.tolist()
