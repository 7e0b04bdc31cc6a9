"""`call`: the one call a command makes, run or, with `--code`, printed."""

from __future__ import annotations

import inspect
import pprint
from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import click

from hf_nb.values import Code

if TYPE_CHECKING:
    from hf_nb.commands.tree import Answer

LONGEST_LINE = 88


def call(name: str, /, *args: Any, **kwargs: Any) -> Any:
    """Run the public function `hf_nb.…` with these arguments."""
    verb = public(name)
    context = click.get_current_context(silent=True)
    asked: Answer | None = context.obj if context else None
    if asked is not None and asked.code:
        return Code(source(name, args, _said(verb, kwargs), asked.objects))
    return verb(*args, **kwargs)


def public(name: str) -> Any:
    """The function a dotted public name stands for."""
    import hf_nb

    package, _, rest = name.partition(".")
    assert package == "hf_nb", name
    return attrgetter(rest)(hf_nb)


def source(name: str, args: Sequence[Any], kwargs: Mapping[str, Any], objects: Mapping[int, str]) -> str:
    """The call as Python; an object of the notebook stands there by its name."""
    parts = [literal(value, objects) for value in args]
    parts += [f"{key}={literal(value, objects)}" for key, value in kwargs.items()]
    line = f"{name}({', '.join(parts)})"
    if len(line) > LONGEST_LINE or "\n" in line:
        inner = "".join(f"    {part.replace(chr(10), chr(10) + '    ')},\n" for part in parts)
        line = f"{name}(\n{inner})"
    return f"import hf_nb\n\n{line}"


def _said(verb: Any, kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """Without what is the default anyway."""
    defaults = {one.name: one.default for one in inspect.signature(verb).parameters.values()}
    return {key: value for key, value in kwargs.items() if key not in defaults or defaults[key] != value}


def literal(value: Any, objects: Mapping[int, str]) -> str:
    """One value as a formatter would write it."""
    if id(value) in objects:
        return objects[id(value)]
    if isinstance(value, (tuple, list)):
        inner = ", ".join(literal(one, objects) for one in value)
        return f"[{inner}]"
    if isinstance(value, dict):
        inner = ", ".join(f"{literal(key, objects)}: {literal(one, objects)}" for key, one in value.items())
        return f"{{{inner}}}"
    if isinstance(value, str) and "\n" in value and '"""' not in value and "\\" not in value:
        return f'"""{value}"""' if not value.endswith('"') else repr(value)
    return _double_quoted(value) if isinstance(value, str) else pprint.pformat(value, width=LONGEST_LINE)


def _double_quoted(text: str) -> str:
    """As a formatter would write it."""
    return repr(text) if '"' in text or "'" in text or "\\" in repr(text) else f'"{text}"'
