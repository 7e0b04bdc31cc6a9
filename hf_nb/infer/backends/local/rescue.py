"""What is tried when the memory was not enough after all: idle models go, then the CPU does it.

That fewer texts go through at once is tried before, by `passes`. Of an answer that has begun nothing is tried again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from hf_nb.errors import HfNbError, OutOfMemory
from hf_nb.infer.backends.local.model import Loaded, answering
from hf_nb.infer.backends.local.placing import NoRoom, named
from hf_nb.infer.call import Call, Chunk, Parts, Terms

if TYPE_CHECKING:
    from hf_nb.infer.backends.local import Way
    from hf_nb.infer.backends.local.memory import Memory

CPU = "cpu"
Several = Callable[[Loaded, Sequence[Call]], Iterator[tuple[int, Chunk | HfNbError]]]


class Tries:
    """One try after another: on which device (None: where there is room), and what is said of it."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory
        self.device: str | None = None
        self.note = ""
        self._on, self._where = "", ""
        self._spared = False

    def another(self, wrong: OutOfMemory) -> None:
        """After it did not fit; raises what is wrong where nothing else can be tried."""
        if isinstance(wrong, NoRoom):
            raise OutOfMemory(wrong.problem, wrong.next_step) from None
        gone = () if self._spared else self.memory.spare()
        self._spared = True
        others = [one for one in gone if one != self._on]
        where = self._where or self.memory.placing.devices()[0]  # it may have been too much to load already
        if others:
            self.note = f"{', '.join(others)} unloaded to make room"
        elif CPU in (self.device, where):
            raise wrong from None
        else:
            self.device = CPU
            self.note = f"on the CPU: {named(where)} ran out of memory"

    def began(self, loaded: Loaded) -> None:
        """This model is asked."""
        self._where, self._on = loaded.device, loaded.name

    def said(self, chunk: Chunk, loaded: Loaded) -> Chunk:
        """An answer's last part, with what its reader should know of how it was made."""
        if chunk.finish is None:
            return chunk
        notes = (chunk.note, self.note or str(loaded.kept.get("placed", "")))
        return chunk.by(loaded.device, "; ".join(filter(None, notes)))


def stream(memory: Memory, call: Call, way: Way, terms: Terms) -> Parts:
    """One answer in parts."""
    tries, begun = Tries(memory), False
    while True:
        try:
            with memory.lent(call, way.auto, way.answer, terms, tries.device) as loaded:
                tries.began(loaded)
                terms.check()
                with answering(call.model):
                    for chunk in way.answer(loaded, call, terms):
                        begun = begun or bool(chunk.text or chunk.output is not None)
                        yield tries.said(chunk, loaded)
        except OutOfMemory as full:
            if begun:
                raise
            wrong = type(full)(full.problem, full.next_step)  # without its stack, which holds the tensors
        else:
            return
        tries.another(wrong)


def several(
    memory: Memory, calls: Sequence[Call], way: Way, terms: Terms, through: Several
) -> Iterator[tuple[int, Chunk | HfNbError]]:
    """Many; those that have their answer are not asked again, and one that fits nowhere does not end the others."""
    tries, left = Tries(memory), dict(enumerate(calls))
    while left:
        numbers = [*left]
        full: OutOfMemory | None = None
        try:
            with memory.lent(calls[0], way.auto, way.answer, terms, tries.device) as loaded:
                tries.began(loaded)
                with answering(loaded.name):
                    for at, said in through(loaded, [left[number] for number in numbers]):
                        if isinstance(said, OutOfMemory):
                            full = said
                            continue
                        del left[numbers[at]]
                        yield numbers[at], said if isinstance(said, HfNbError) else tries.said(said, loaded)
        except OutOfMemory as wrong:
            full = type(wrong)(wrong.problem, wrong.next_step)
            tries.another(full)
            continue
        if full is None:
            return
        try:
            tries.another(full)
        except OutOfMemory as wrong:
            yield from ((number, wrong) for number in left)
            return
