"""Models in memory: a row each, the sum below."""

from __future__ import annotations

from hf_nb.render import page, plain, units
from hf_nb.render.grid import Html, grid
from hf_nb.values.loaded import LoadedModel, LoadedModels, Unloaded

COLUMNS = (
    plain.Column("model"),
    plain.Column("task", keep=2),
    plain.Column("memory", right=True),
    plain.Column("device", keep=1),
    plain.Column("uses", right=True, keep=3),
    plain.Column("state"),
)
NOTHING = "No model is in memory: one is loaded when it is first asked."


def text(value: LoadedModels | LoadedModel) -> str:
    """Rows and a sum; of what was unloaded one line."""
    models = _of(value)
    if isinstance(value, Unloaded):
        return _freed(value)
    if not models:
        return NOTHING
    rows = [[*_row(one), units.size(one.bytes), *_rest(one)] for one in models]
    return "\n".join([plain.table(COLUMNS, rows), "", _foot(value)])


def html(value: LoadedModels | LoadedModel) -> str:
    """The same, with the exact bytes on hover."""
    models = _of(value)
    if isinstance(value, Unloaded):
        return page.frame(f"<div>{page.escape(_freed(value))}</div>")
    if not models:
        return page.frame(page.foot(NOTHING))
    rows = [[*_row(one), _exact(one.bytes), *_rest(one)] for one in models]
    return page.frame(f"{grid(COLUMNS, rows)}{page.foot(_foot(value))}")


def _of(value: LoadedModels | LoadedModel) -> tuple[LoadedModel, ...]:
    return value.models if isinstance(value, LoadedModels) else (value,)


def _row(one: LoadedModel) -> list[str]:
    return [one.model, one.task]


def _rest(one: LoadedModel) -> list[str]:
    return [one.device, f"{one.uses:,}", "answering" if one.busy else "idle"]


def _exact(count: int) -> str:
    return Html(f'<span title="{count:,} bytes">{units.size(count)}</span>')


def _freed(value: Unloaded) -> str:
    names = ", ".join(dict.fromkeys(one.model for one in value.models))
    return f"{names}: unloaded, {units.size(value.bytes)} of memory free again."


def _foot(value: LoadedModels | LoadedModel) -> str:
    models = _of(value)
    count = "1 model" if len(models) == 1 else f"{len(models)} models"
    size = units.size(sum(one.bytes for one in models))
    said = [f"{count}, {size}{_budget(value)}."]
    if isinstance(value, LoadedModels) and (value.answering or value.waiting):
        waits = f", {value.waiting} wait{'s' if value.waiting == 1 else ''}" if value.waiting else ""
        said.append(f"{value.answering} of {value.at_once} at work{waits}.")
    return " ".join([*said, f"To free one: %hf loaded --unload {models[0].model}"])


def _budget(value: LoadedModels | LoadedModel) -> str:
    """What they may take, where it is one sum."""
    if not isinstance(value, LoadedModels) or not value.budgets:
        return ""
    if len(value.budgets) == 1:
        return f" of {units.size(*value.budgets.values())}"
    return " of " + ", ".join(f"{units.size(most)} on {device}" for device, most in value.budgets.items())
