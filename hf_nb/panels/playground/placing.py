"""Who would answer, why, and who else could: said before anything is asked of a model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from hf_nb.errors import HfNbError
from hf_nb.infer.choose import Choice, Wish, choose, servers
from hf_nb.infer.choose.places import Out, Place, possible
from hf_nb.infer.lookup import look_up
from hf_nb.panels import in_code
from hf_nb.panels.models import here
from hf_nb.panels.playground import given, widgets
from hf_nb.panels.wire import wrong

if TYPE_CHECKING:
    from hf_nb.panels.desk import Ask
    from hf_nb.plumbing.session import Session

# What stands beside a method's name, by where the weights are.
_STANDS = {"loaded": "in memory", "cached": "cached", "partial": "partly here", "available": "to be fetched"}


def place(
    ask: Ask, *, task: str, model: str | None = None, provider: str = "auto", input: Any = None
) -> dict[str, Any]:
    """`playground.place`: an error is a part of the answer, since the form stands all the same."""
    ask.official()
    row = given.task(task)
    asked = given.taken(row, input) if input else row.example
    try:
        with ask.session.ledger.looking():
            choice = choose(Wish(_named(model), row.name, provider, input=asked), ask.session)
            methods = _methods(model or choice.targets[0].model, row.name, ask.session)
    except HfNbError as cannot:
        return {"chosen": None, "methods": [], "examples": [], "wrong": wrong(cannot)}
    examples = widgets.examples(choice.targets[0].model, row, ask.session) if _on_the_hub(choice) else []
    return {
        "chosen": _chosen(choice, ask.session),
        "methods": methods,
        "examples": examples,
        "wrong": None,
    }


def _named(model: str | None) -> str | None:
    return model.strip() or None if model else None


def _on_the_hub(choice: Choice) -> bool:
    model = choice.targets[0].model
    return "/" in model and not model.startswith(("/", ".", "~")) and in_code.checked(model) == model


def _chosen(choice: Choice, session: Session) -> dict[str, Any]:
    first = choice.targets[0]
    remote = _leaves(first.method, session)
    stand = None if remote else here.stands([first.model], session)[first.model]
    return {
        "method": first.method,
        "model": first.model,
        "task": choice.task,
        "label": _label(first.method),
        "stands": _STANDS.get(stand.status, "") if stand else "",
        "reason": "; ".join(filter(None, (choice.reason, first.reason))),
        "remote": remote,
        "price": _price(first.read, first.written),
    }


def _leaves(method: str, session: Session) -> bool:
    """Whether what is asked leaves this machine."""
    if method in ("local", "hashing"):
        return False
    return not (method in servers.names(session) and servers.is_here(method, session))


def _price(read: float | None, written: float | None) -> str | None:
    if read is None and written is None:
        return None
    return f"${read or 0:g} read, ${written or 0:g} written, per million tokens"


def _methods(model: str, task: str, session: Session) -> list[dict[str, Any]]:
    """Every way to ask this model; those that cannot be taken say why."""
    if not model or model.startswith(("/", ".", "~")):
        return []
    known = look_up(model, None, session)
    found = possible(known, task, session, policy=session.settings.policy, revision=None, named=True)
    rows = [_method(one) for one in found]
    if any(one["can"] and one["value"] == "hf" for one in rows):
        rows += [
            {"value": f"hf/{name}", "label": f"{name}, by the router", "can": True, "why": ""}
            for name in _others(known.providers, rows)
        ]
    return rows


def _others(providers: Sequence[str] | None, rows: Sequence[dict[str, Any]]) -> list[str]:
    there = {one["value"] for one in rows}
    return [name for name in providers or () if f"hf/{name}" not in there]


def _method(one: Place | Out) -> dict[str, Any]:
    method = one.method if isinstance(one, Out) else one.target.method
    why = one.why if isinstance(one, Out) else ""
    return {"value": method, "label": _label(method), "can": isinstance(one, Place), "why": why}


def _label(method: str) -> str:
    if method.startswith("hf/"):
        return f"{method.removeprefix('hf/')}, by the router"
    return {"local": "this machine", "hf": "the Hub's providers", "hashing": "hashing, no model"}.get(
        method, method
    )
