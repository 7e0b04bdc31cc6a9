"""Many questions whose answers are written: those that may go side by side do (`ragged`), the others one by one."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from inspect import signature

from hf_nb.errors import HfNbError, OutOfMemory, Stopped
from hf_nb.infer.backends.local import ragged
from hf_nb.infer.backends.local.decoding import ours
from hf_nb.infer.backends.local.generating import Halt, Job, write
from hf_nb.infer.backends.local.model import Loaded, said
from hf_nb.infer.backends.local.plans import Plan, Planned, Said
from hf_nb.infer.call import Call, Chunk, Terms

ROWS = 64  # side by side: of more, a pass takes nearly as long for each
READ = 8192  # tokens of prompts in one pass
KEPT = 1 << 30  # bytes that are kept of what was read and written
WHOLE = 4  # bytes of a number: with fewer of them close calls are everywhere, and none is looked at again
ROUGH = "written beside others in half precision: alone a word may differ"
ALIKE = 3  # rows that fail alone with the same words and none is done: it is the model, not they

Several = Callable[[Loaded, Sequence[Call], Terms], Iterator[tuple[int, Chunk | HfNbError]]]
Text = tuple[int, int]  # a question's number, and which of its texts


@dataclass
class Waiting:
    """A question whose texts are not all written."""

    plan: Plan
    said: list[Said | None] = field(default_factory=list)


def by(plan: Planned) -> Several:
    """Each question's number with its answer, or with why there is none, as they are done."""

    def several(
        loaded: Loaded, calls: Sequence[Call], terms: Terms
    ) -> Iterator[tuple[int, Chunk | HfNbError]]:
        writing = Writing(loaded, calls, terms)
        yield from writing.planned(plan)
        yield from writing.answers()

    return several


class Writing:
    """Questions on their way."""

    def __init__(self, loaded: Loaded, calls: Sequence[Call], terms: Terms) -> None:
        self.loaded, self.calls, self.terms = loaded, calls, terms
        self.halt = Halt(terms)
        self.waiting: dict[int, Waiting] = {}
        self.failed: list[str] = []
        self.done = 0
        self.rows, self.full = ROWS, False
        self.rough: set[int] = set()

    def planned(self, plan: Planned) -> Iterator[tuple[int, HfNbError]]:
        """Read them all; those that cannot be read."""
        for number, call in enumerate(self.calls):
            self.halt.check()
            try:
                made = plan(self.loaded, call)
            except Stopped:
                raise
            except Exception as wrong:  # noqa: BLE001 -- whatever a tokenizer or a template raises
                yield number, said(self.loaded.name, wrong)
            else:
                self.waiting[number] = Waiting(made, [None] * len(made.jobs))

    def answers(self) -> Iterator[tuple[int, Chunk | HfNbError]]:
        """As they are done."""
        alone, alike = self._sorted()
        for texts in alike:
            while texts:
                group = texts[: self._fitting(texts)]
                del texts[: len(group)]
                if len(group) == 1 or not self.loaded.kept.get("side by side", True):
                    alone += group
                    continue
                self.full = False
                left = yield from self._together(group)
                if self.full:
                    texts[:0] = left
                else:
                    yield from self._alone(left)
        yield from self._alone(alone)

    def _job(self, text: Text) -> Job:
        return self.waiting[text[0]].plan.jobs[text[1]]

    def _sorted(self) -> tuple[list[Text], list[list[Text]]]:
        """Those that have to be alone; and those that may go together, the longest first."""
        alone: list[Text] = []
        alike: dict[str, list[Text]] = {}
        for number, one in self.waiting.items():
            for at, job in enumerate(one.plan.jobs):
                if may_go_together(self.loaded, job):
                    params = json.dumps(dict(self.calls[number].params), sort_keys=True, default=repr)
                    last = job.options.config.forced_eos_token_id is not None
                    key = f"{params} {job.options.limit if last else ''}"
                    alike.setdefault(key, []).append((number, at))
                else:
                    alone.append((number, at))
        for texts in alike.values():
            texts.sort(key=lambda one: -len(self._job(one).started))
        return alone, [*alike.values()]

    def _fitting(self, texts: Sequence[Text]) -> int:
        """How many of these, from the first on, go side by side."""
        longest = len(self._job(texts[0]).started)
        limit = max(self._job(one).options.limit for one in texts[: self.rows])
        kept = KEPT // max(_kept(self.loaded) * (longest + limit), _scores(self.loaded) * longest)
        return max(1, min(self.rows, READ // longest, kept))

    def _together(self, group: list[Text]) -> Generator[tuple[int, Chunk | HfNbError], None, list[Text]]:
        """Returns those that are left: better written alone, or fewer at once where memory was not enough."""
        left = dict(enumerate(group))
        try:
            for at, one in ragged.together(self.loaded, [self._job(text) for text in group], self.halt):
                if one is None:
                    continue
                text = left.pop(at)
                if self.loaded.model.dtype.itemsize < WHOLE and not self._job(text).options.draw:
                    self.rough.add(text[0])
                yield from self._written(text, one)
        except Stopped:
            raise
        except ragged.Unlike:
            pass
        except Exception as wrong:  # noqa: BLE001 -- whatever torch raises
            if isinstance(said(self.loaded.name, wrong), OutOfMemory):
                self.full, self.rows = True, max(1, len(group) // 2)
        return [*left.values()]

    def _alone(self, texts: Sequence[Text]) -> Iterator[tuple[int, Chunk | HfNbError]]:
        for text in texts:
            if text[0] not in self.waiting:
                continue  # another of its texts could not be written
            try:
                done = self._one(self._job(text))
            except Stopped:
                raise
            except Exception as wrong:  # noqa: BLE001 -- whatever torch raises
                failed = said(self.loaded.name, wrong)
            else:
                yield from self._written(text, done)
                continue
            # Out of the block above: what was raised there holds tensors.
            yield self._gave_up(text, failed)

    def _one(self, job: Job) -> Said:
        told: list[str] = []
        done = write(self.loaded, job, self.halt, lambda text, _: told.append(text))
        told.append(done.rest)
        return Said(told, done.written, done.finish, done.seconds)

    def _written(self, text: Text, one: Said) -> Iterator[tuple[int, Chunk | HfNbError]]:
        number, at = text
        mine = self.waiting.get(number)
        if mine is None:
            return
        self.done += 1
        mine.said[at] = one
        whole = [one for one in mine.said if one is not None]
        if len(whole) < len(mine.said):
            return
        del self.waiting[number]
        if self.terms.watch is not None:
            self.terms.watch.rows(1 - len(self.waiting) / len(self.calls))
        try:
            made = mine.plan.made(whole)
        except HfNbError as wrong:
            yield number, wrong
        else:
            rough = ROUGH if number in self.rough else ""
            yield number, replace(made, note="; ".join(filter(None, (made.note, rough))))

    def _gave_up(self, text: Text, wrong: HfNbError) -> tuple[int, HfNbError]:
        """A question that cannot be answered; raises where no other fares better."""
        if isinstance(wrong, OutOfMemory):
            raise wrong
        self.failed.append(wrong.problem)
        if not self.done and self.failed == [wrong.problem] * ALIKE:
            raise wrong
        del self.waiting[text[0]]
        return text[0], wrong


def may_go_together(loaded: Loaded, job: Job) -> bool:
    """Not by beams, nor by a grammar, nor drawn from a seed: what a seed draws depends on who draws beside it."""
    one = job.options
    drawn = one.draw and one.seed is not None
    return job.grammar is None and one.beams == 1 and not drawn and ours(loaded, one.config)


def _kept(loaded: Loaded) -> int:
    """Bytes that are kept of one token: a key and a value in each layer."""
    text = loaded.config.get_text_config(decoder=True)
    heads = getattr(text, "num_attention_heads", None) or 1
    size = getattr(text, "head_dim", None) or (getattr(text, "hidden_size", None) or 1024) // heads
    layers = getattr(text, "num_hidden_layers", None) or 1
    kept = getattr(text, "num_key_value_heads", None) or heads
    return int(2 * layers * kept * size * loaded.model.dtype.itemsize)


def _scores(loaded: Loaded) -> int:
    """Bytes of scores for each token of a prompt, where a model makes them for all of them and not for the last."""
    if loaded.config.is_encoder_decoder or "logits_to_keep" in signature(loaded.model.forward).parameters:
        return 0
    return int(getattr(loaded.config.get_text_config(decoder=True), "vocab_size", 0)) * WHOLE
