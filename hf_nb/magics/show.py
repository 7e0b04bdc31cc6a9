"""A value as a cell's output: rich, or printed in the format that was asked for."""

from __future__ import annotations

from typing import Any

from hf_nb.commands.tree import Answer


def result(answered: Answer) -> Any:
    """What the magic returns to IPython; printed formats return nothing."""
    from hf_nb.render import formats
    from hf_nb.values import Code

    value = answered.value
    as_asked = getattr(value, "as_asked", None)  # an official command's own formats
    if as_asked is not None and (answered.shown or not answered.out):
        print(as_asked)
        return None
    if answered.format == "auto" and not isinstance(value, Code) and not answered.wide:
        return value if answered.shown or not answered.out else None
    if answered.out and not answered.shown:
        return None
    print(formats.printed(value, answered.format, wide=answered.wide))
    return None
