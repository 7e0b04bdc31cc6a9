"""The same weights in another form: bf16, int8 or ONNX Runtime, beside the model itself.

Unlike a batch, which takes a copy only where it decides as the model does and asks the model again where it is not
sure, a contender is the copy alone: that is what is compared.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from hf_nb.compare.lanes import Lane
from hf_nb.errors import BadInput, Broken, HfNbError
from hf_nb.infer import backends
from hf_nb.infer.call import Call, Terms
from hf_nb.infer.many import answers
from hf_nb.infer.many.choice import Chosen
from hf_nb.infer.many.rows import Row
from hf_nb.infer.run import terms
from hf_nb.infer.shapes import Tally
from hf_nb.values.answers import Source

if TYPE_CHECKING:
    from hf_nb.infer.backends.local.accel import Copy
    from hf_nb.infer.backends.local.model import Loaded

GROUP = 32  # rows between two looks at whether somebody wants it to end


@dataclass
class CopyLane(Lane):
    """Answers by a copy, on this machine."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.contender = replace(self.contender, provider="local")
        self._copy: Copy | None = None

    def ready(self) -> Chosen:
        """Refused where there is no such copy."""
        made = super().ready()
        from hf_nb.infer.backends.local.accel.sureness import TASKS

        if made.task.name not in TASKS:
            raise BadInput(
                f"There is no {self.contender.copy} copy of a model for {made.task.name}.",
                f"Copies are made for {', '.join(sorted(TASKS))}",
            )
        return made

    def weigh(self) -> None:
        """The copy's own bytes: the model it was made of is not needed to answer."""
        self.memory = self._copy.bytes if self._copy is not None else self.memory

    def _answer(self, row: Row) -> tuple[Any, Source]:
        asked = terms(self.session, self.timeout, self.stop, seen=False)
        for _, said in self._through([row], asked):
            if isinstance(said, HfNbError):
                raise said
            return said[0], said[1]
        raise Broken("The model gave no answer for this row.")

    def _work(self, start: int, end: int) -> None:
        self.failed.clear()
        left = [at for at in range(start, end) if at not in self.known]
        for begin in range(0, len(left), GROUP):
            rows = [self._row(at) for at in left[begin : begin + GROUP]]
            for at, row in zip(left[begin : begin + GROUP], rows, strict=True):
                if isinstance(row, HfNbError):
                    self.failed[at] = row
            asked = [one for one in rows if isinstance(one, Row)]
            for number, said in self._through(asked, Terms(self.session.clock, stop=self.stop)):
                if isinstance(said, HfNbError):
                    self.failed[number] = said
                else:
                    self.known[number] = said[0]

    def _through(
        self, rows: Sequence[Row], asked: Terms
    ) -> Iterator[tuple[int, tuple[Any, Source] | HfNbError]]:
        """Each row's answer by the copy, and how it went."""
        from hf_nb.infer.backends.local import WAYS, passes

        chosen, target = self.ready(), self.ready().tiers[0][0]
        local: Any = backends.find("local", self.session)
        calls = [
            Call(chosen.task.name, target.model, target.revision, one.input, chosen.params) for one in rows
        ]
        way = WAYS[chosen.task.name]
        if not calls:
            return
        assert way.read is not None
        with local.turns.turn(asked), local.memory.lent(calls[0], way.auto, way.answer, asked) as loaded:
            copy, began = self._made(loaded), time.perf_counter()
            for at, said in passes.several(loaded, calls, asked, way.read, copy=copy):
                yield rows[at].number, self._said(said, loaded, (time.perf_counter() - began) / len(rows))

    def _said(self, said: Any, loaded: Loaded, seconds: float) -> tuple[Any, Source] | HfNbError:
        if isinstance(said, HfNbError):
            return said
        name = self.contender.copy
        if f"its {name} copy" not in said.note:
            return Broken(
                f"The {name} copy of {self.contender.model} fails on this row.", "Compare without it."
            )
        tally = Tally()
        tally.add(said)
        chosen = self.ready()
        target = chosen.tiers[0][0]
        return answers.short(chosen.task, tally), Source(
            target.model, target.revision, "local", f"its {name} copy", seconds, loaded.device,
            chosen.task.name,
        )  # fmt: skip

    def _made(self, loaded: Loaded) -> Copy:
        if self._copy is None:
            from hf_nb.infer.backends.local import accel
            from hf_nb.infer.backends.local.accel import copies

            name, task = self.contender.copy, self.ready().task.name
            if why := accel.cannot(loaded, task):
                raise BadInput(f"{self.contender.model} has no {name} copy: {why}.", "Compare without it.")
            try:
                self._copy = copies.make(loaded, name, task)
            except Exception as wrong:
                raise BadInput(
                    f"No {name} copy of {self.contender.model} can be made: {type(wrong).__name__}."
                ) from wrong
            if self._copy is None:
                raise BadInput(
                    f"No {name} copy of {self.contender.model} can be made here.",
                    '%pip install "hf-nb[onnx]"' if name == "onnx" else "Compare without it.",
                )
        return self._copy
