"""`parity`: whether quicker copies of a model say the same."""

from __future__ import annotations

import click

from hf_nb.commands.tree import Verb, call


@click.command(
    cls=Verb, short_help="Measure quicker copies of a model: speed, and whether they say the same."
)
@click.argument("model", metavar="ID")
@click.option("--task", metavar="TASK", help="The task, where the model is good for several.")
def parity(model: str, *, task: str | None) -> object:
    r"""What bf16, int8 and ONNX Runtime would gain for a model on this machine, and whether the answers stay the same.

    A copy is taken for batches where the setting accel is auto, it is 1.3 times as quick, and it decides the same for
    every text; what it decides narrowly, the model itself is asked again.

    \b
    %hf parity hfnb-demo/sentiment-en
    %hf settings accel=auto
    """
    return call("hf_nb.infer.parity", model, task)
