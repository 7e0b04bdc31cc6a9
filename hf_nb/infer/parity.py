"""Whether a quicker copy of a model gives the same answers on this machine.

parity("owner/name")                    measured on English sentences of all lengths
parity("owner/name", inputs=texts)      on your own
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from hf_nb.errors import BadInput
from hf_nb.infer import backends
from hf_nb.infer.call import Call, Terms
from hf_nb.infer.choose import Wish, choose
from hf_nb.plumbing.session import Session, current

if TYPE_CHECKING:
    from hf_nb.values import Parity

ROWS = 64
# Python's own descriptions: English that is on every machine.
TOLD = (
    "argparse",
    "asyncio",
    "collections",
    "contextlib",
    "datetime",
    "json",
    "pathlib",
    "random",
    "statistics",
)


def parity(
    model: Any = None,
    task: str | None = None,
    inputs: Sequence[str] | None = None,
    *,
    session: Session | None = None,
) -> Parity:
    """Every copy that can be made of a model (bf16, int8, ONNX Runtime), beside the model itself: speed and answers.

    What it finds is kept, and decides where the setting `accel` is auto.
    """
    session = session or current()
    session.settings.require("inference")
    if inputs is not None and (
        isinstance(inputs, str) or not inputs or not all(isinstance(one, str) for one in inputs)
    ):
        raise BadInput("inputs is a list of texts.", 'For example: inputs=["I love it.", "It was late."]')
    with session.span("infer.parity"):
        choice = choose(Wish(model, task, "local", None, "I love it.", (), None, {}), session)
        local: Any = backends.find("local", session)
        from hf_nb.infer.backends.local import WAYS, accel

        target = choice.targets[0]
        call = Call(choice.task, target.model, target.revision, "")
        way, terms = WAYS[choice.task], Terms(session.clock)
        with local.turns.turn(terms), local.memory.lent(call, way.auto, way.answer, terms) as loaded:
            if why := accel.cannot(loaded, choice.task):
                raise BadInput(f"{target.model} has no quicker copy: {why}.", "%hf settings accel")
            texts = list(sentences() if inputs is None else inputs)
            pieces = [piece for text in texts for piece in loaded.reader.pieces(text)]
            return accel.measured(loaded, choice.task, pieces, terms)[0]


def sentences(rows: int = ROWS) -> list[str]:
    """The same every time: of lengths as texts have them, most short and a few long."""
    import importlib
    import inspect

    words = " ".join(
        inspect.getdoc(one) or ""
        for name in TOLD
        for _, one in sorted(vars(importlib.import_module(name)).items(), key=lambda pair: pair[0])
        if inspect.isclass(one) or inspect.isfunction(one)
    ).split()
    draw = random.Random(0)  # noqa: S311 -- the same every time
    return [
        " ".join(words[at : at + max(3, min(250, int(draw.lognormvariate(2.8, 0.9))))])
        for at in (draw.randrange(max(1, len(words) - 250)) for _ in range(rows))
    ]
