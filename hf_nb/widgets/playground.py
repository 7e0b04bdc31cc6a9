"""The Playground in a cell: a task, a model, an input, settings; what was run in it stays with the notebook."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from hf_nb import infer
from hf_nb.infer.controls import controls
from hf_nb.panels.playground import given, running
from hf_nb.plumbing import redact
from hf_nb.render import page, plain, runs
from hf_nb.render.grid import grid
from hf_nb.values import Controls, Run, Runs, Value
from hf_nb.widgets.base import PICTURE, Panel
from hf_nb.widgets.redrawn import Redrawn

FIRST = "text-classification"
SHOWN = 10  # runs that a saved notebook shows
KEPT = 40
AGAIN = "To open it again, run the cell."


class Playground(Panel):
    """Try any model. `input`: a text, or the fields of the task; `params`: what is set to begin with.

    `controls`: what can be set; `run(…)`: a run from Python, which the panel shows too; `history`: all runs.
    """

    panel = "playground"

    def __init__(
        self,
        *,
        task: str | None = None,
        model: str | None = None,
        input: Any = None,
        text: str | None = None,
        provider: str | None = None,
        params: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> None:
        row = given.task(task or FIRST)
        begun = input if input is not None else text
        self._redrawn = Redrawn(self._repr_mimebundle_)
        super().__init__(
            task=row.name if task else None,
            model=model,
            provider=provider,
            input=None if begun is None else given.shown(row, begun),
            params=None if params is None else dict(params),
            **options,
        )
        self.observe(self._changed, "options")

    @property
    def controls(self) -> Controls:
        """Every parameter of the task that is chosen now."""
        return controls(self._task)

    @property
    def history(self) -> Runs:
        """What was run, the latest first."""
        return Runs(tuple(_run(one) for one in self._kept))

    def run(self, input: Any = None, *, fresh: bool = False, **params: Any) -> Value:
        """One run, kept in the history; what is left out is as it was chosen."""
        options = self.options
        row = given.task(self._task)
        asked = {
            "task": row.name,
            "model": options.get("model") or "",
            "provider": options.get("provider") or "auto",
            "input": given.shown(row, input if input is not None else options.get("input") or row.example),
            "params": {**(options.get("params") or {}), **params},
        }
        value = infer.run(
            given.taken(row, asked["input"]),
            model=asked["model"] or None,
            task=row.name,
            provider=asked["provider"],
            params=asked["params"],
            fresh=fresh,
        )
        made = {
            **asked,
            "id": uuid.uuid4().hex[:8],
            "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "end": "done",
            "wrong": "",
            **running.kept(value),
        }
        self.options = {**options, "history": [_clean(made), *self._kept][:KEPT]}
        self._redrawn.again()
        return value

    def picture(self) -> tuple[str, str]:
        """The last result and the latest runs: what can be read where nothing runs."""
        kept = self._kept
        head = f"Playground: {self._task}, {self.options.get('model') or 'the default model'}"
        some = self.history.runs[:SHOWN]
        text = "\n\n".join(
            [head, *([plain.table(runs.COLUMNS, runs.rows(some))] if some else [runs.NOTHING]), AGAIN]
        )
        for html in (_last(kept), ""):
            drawn = page.frame(
                f'<div class="head"><span class="name">{page.escape(head)}</span></div>{html}'
                f"{grid(runs.COLUMNS, runs.rows(some)) if some else page.foot(runs.NOTHING)}"
                f"{page.foot(AGAIN).replace(AGAIN, f'<span class=again>{AGAIN}</span>')}"
            )
            if len(drawn.encode()) <= PICTURE:
                break
        return redact.tokens(plain.clean(text)), redact.tokens(drawn)

    @property
    def _task(self) -> str:
        return given.task(self.options.get("task") or FIRST).name

    @property
    def _kept(self) -> list[dict[str, Any]]:
        found = self.options.get("history")
        return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []

    def _ipython_display_(self) -> None:
        """In a way that lets the output's picture be drawn again: a notebook is saved with what was run last."""
        if not self._redrawn.show():
            raise NotImplementedError  # as any other widget

    def _changed(self, change: Mapping[str, Any]) -> None:
        """The page has run something. Only where it says that the panel stands still while its picture is changed."""
        old, new = change["old"] or {}, change["new"]
        if new.get("stays") and old.get("history") != new.get("history"):
            self._redrawn.again()


def _last(kept: list[dict[str, Any]]) -> str:
    """What came of the latest run, as it was drawn."""
    if not kept:
        return ""
    words = " ".join(given.words(kept[0].get("input", "")).split())
    shown = (
        kept[0].get("html")
        or f"<pre>{page.escape(str(kept[0].get('said') or kept[0].get('wrong') or ''))}</pre>"
    )
    return f"<div>{page.escape(words[:300])}</div>{shown}"


def _run(kept: Mapping[str, Any]) -> Run:
    """A run as it is kept, as a value."""
    numbers = kept.get("numbers") or {}
    return Run(
        task=str(kept.get("task", "")),
        model=str(kept.get("model") or numbers.get("model") or ""),
        input=kept.get("input", ""),
        params=kept.get("params") or {},
        end=str(kept.get("end", "")),
        at=str(kept.get("at", "")),
        text=str(kept.get("said", "")),
        provider=str(kept.get("provider", "auto")),
        method=str(numbers.get("method", "")),
        seconds=numbers.get("seconds"),
        first=numbers.get("first"),
        tokens=numbers.get("written"),
        rate=numbers.get("rate"),
        cost=numbers.get("cost"),
        wrong=str(kept.get("wrong", "")),
    )


def _clean(value: Any) -> Any:
    """Without a token that somebody pasted: this is written into the notebook."""
    if isinstance(value, str):
        return redact.tokens(value)
    if isinstance(value, Mapping):
        return {str(name): _clean(one) for name, one in value.items()}
    return [_clean(one) for one in value] if isinstance(value, (list, tuple)) else value
