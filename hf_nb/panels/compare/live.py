"""All contenders on one input: what each says as it comes, in columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from hf_nb.compare import live as lives
from hf_nb.panels import wire
from hf_nb.panels.compare import answers, coding, meant, running
from hf_nb.plumbing import redact
from hf_nb.render import coming

if TYPE_CHECKING:
    from hf_nb.panels.desk import Ask
    from hf_nb.plumbing.session import Session

# Seconds between two events: a page draws no oftener than this can be told apart.
BETWEEN = 0.04


def live(ask: Ask, *, contenders: list[dict[str, Any]], input: Any, task: str = "") -> dict[str, Any]:
    """`compare.live`: events hold what is new of each column; its answer is how to do the same in code."""
    ask.official()
    who, given = meant.contenders(contenders, task), meant.input(input, task)
    with lives.stream(who, given, session=ask.session) as going:
        run, texts = running.enter(going), Texts()
        ask.tell({"run": run, "columns": []})
        while not going.over:
            if news := columns(going.lately(BETWEEN), texts, ask.session):
                ask.tell({"run": run, "columns": news})
    return {"code": coding.one(who, given)}


def stop(ask: Ask, *, run: str, at: int | None = None) -> dict[str, Any]:
    """`compare.stop`: one column, or all of them; what has come stays."""
    running.stop(run, at)
    return {}


class Texts:
    """Texts on their way: what may turn out to be the beginning of a token waits for the rest of it."""

    def __init__(self) -> None:
        self._held: dict[int, str] = {}

    def safe(self, at: int, text: str) -> str:
        """As much as may be shown by now."""
        said = self._held.pop(at, "") + text
        if held := coming.begun(said):
            self._held[at] = said[-held:]
        return redact.tokens(said[: len(said) - held])


def columns(news: Sequence[lives.Event], texts: Texts, session: Session) -> list[dict[str, Any]]:
    """What happened, by column: texts that came one after another are one."""
    found: dict[int, dict[str, Any]] = {}
    for at, kind, payload in news:
        column = found.setdefault(at, {"at": at})
        match kind:
            case "doing":
                column["doing"] = payload
            case "began":
                column["target"] = answers.target(payload)
            case "part":
                column["text"] = column.get("text", "") + texts.safe(at, payload)
                column["parts"] = column.get("parts", 0) + 1
            case "failed":
                column |= {"state": "failed", "wrong": wire.wrong(payload)}
            case _:
                column |= {"state": "done" if kind == "value" else "stopped", **ended(payload, session)}
    return list(found.values())


def ended(value: Any, session: Session) -> dict[str, Any]:
    """A whole answer, or as much of it as there is."""
    if value is None:
        return {}
    return {"answer": answers.drawn(value), "figures": answers.figures(value, session)}
