"""Advice in a cell, each piece with its button: the Inference panel, of which only that part is shown."""

from __future__ import annotations

from typing import Any

from hf_nb import render
from hf_nb.panels import advice
from hf_nb.plumbing import redact
from hf_nb.plumbing.session import current
from hf_nb.values import Advice
from hf_nb.widgets.inference import Inference


class Advised(Inference):
    """What was told; a saved notebook keeps it as text, with the lines to type."""

    def __init__(self, told: Advice) -> None:
        self._told = told
        super().__init__(only="advice", advice=advice.shown(told, current()))

    def picture(self) -> tuple[str, str]:
        """As it is where nothing can be clicked."""
        return redact.tokens(render.text(self._told)), redact.tokens(render.html(self._told))


def bundle(told: Advice) -> Any:
    """An output of a notebook."""
    return Advised(told)._repr_mimebundle_()
