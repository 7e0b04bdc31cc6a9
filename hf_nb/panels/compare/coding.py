"""The same comparison in a cell, and in Python."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hf_nb.panels import in_code
from hf_nb.values.comparisons import Contender

if TYPE_CHECKING:
    from hf_nb.panels.compare.given import Given

PLAIN = {"provider": "auto"}


def one(who: Sequence[Contender], given: Any) -> dict[str, str]:
    """All of them on one input."""
    python = run(who, inputs=[given])
    words = magic(who)
    if words is None or not isinstance(given, str):
        return {"magic": python, "python": python}
    return in_code.cell(*words, body=given, python=python)


def rows(who: Sequence[Contender], taken: Given, how: Mapping[str, Any]) -> dict[str, str]:
    """All of them on many rows."""
    more = {"slices": list(how.get("slices") or ()) or None, "budget": how.get("budget")}
    python = run(who, inputs=Raw(taken.written), **{**taken.named, **more})
    words = magic(who)
    named = {
        name: value for name, value in {**taken.named, "budget": more["budget"]}.items() if value is not None
    }
    if words is None or taken.what is None or any(isinstance(value, list) for value in named.values()):
        return {"magic": python, "python": python}
    said = [word for name, value in named.items() for word in (f"--{name}", str(value))]
    quoted = " ".join(map(shlex.quote, [*words, *said]))
    return {"magic": f"%hf {quoted} {taken.what}", "python": python}


class Raw(str):
    """Code as it is."""

    __slots__ = ()


def run(who: Sequence[Contender], **named: Any) -> str:
    """The call."""
    parts = [f"    {in_code.literal(told(one))}," for one in who]
    rest = "".join(
        f", {name}={value if isinstance(value, Raw) else in_code.literal(value)}"
        for name, value in named.items()
        if value is not None
    )
    listed = "\n".join(parts)
    return f"import hf_nb\n\nhf_nb.compare.run([\n{listed}\n]{rest})"


def told(one: Contender) -> Any:
    """A contender as one would write it: an id alone where that is all there is to it."""
    fields: Mapping[str, Any] = one.to_dict()
    said = {name: part for name, part in fields.items() if part and part != PLAIN.get(name)}
    short = one.model.rstrip("/").rpartition("/")[2]
    if said.get("name") == short:
        del said["name"]
    return one.model if set(said) == {"model"} else said


def magic(who: Sequence[Contender]) -> list[str] | None:
    """The words of the command; None where they cannot say what these are."""
    if any(one.held is not None or one.copy or one.revision for one in who):
        return None
    if any(len({_hashable(getattr(one, name)) for one in who}) > 1 for name in ("task", "params", "system")):
        return None
    first = who[0]
    words = ["compare", *_each("-m", [one.model for one in who])]
    if any(one.provider != "auto" for one in who):
        words += _each("--provider", [one.provider for one in who])
    if any(one.template for one in who):
        words += _each("--template", [one.template or "{input}" for one in who])
    words += ["--system", first.system] if first.system else []
    words += ["--task", first.task] if first.task else []
    return [*words, *_each("--param", [f"{name}={_typed(value)}" for name, value in first.params.items()])]


def _each(option: str, values: Sequence[str]) -> list[str]:
    return [word for value in values for word in (option, value)]


def _typed(value: Any) -> str:
    """As `--param` reads it."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _hashable(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=str)
