"""What the verbs that ask a model share: who is asked, with which parameters, and what TEXT may be."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from hf_nb.commands.objects import OBJECT
from hf_nb.commands.tree import Answer
from hf_nb.errors import BadInput
from hf_nb.plumbing import progress, redact

LONGEST_PATH = 1024
MOST_BYTES = 20_000_000

_WHO = (
    click.option("-m", "--model", type=OBJECT, help="A model's id, a folder, or $model of the notebook."),
    click.option(
        "--provider", metavar="NAME", help="auto, local, hf, one of its providers, or a server of yours."
    ),
    click.option("--policy", metavar="NAME", help="How to choose: as listed, free first, local only …"),
    click.option(
        "--fallback",
        metavar="MODEL",
        multiple=True,
        help="Another model that may answer where this one cannot; repeatable.",
    ),
    click.option("--timeout", type=click.FloatRange(min=0), help="Seconds for all of it."),
)
_MASK = (
    click.option(
        "--mask",
        is_flag=True,
        help="Personal data goes to another machine as [EMAIL_1], and stands in the answer again.",
    ),
)
_TRUST = (
    click.option(
        "--trust",
        metavar="ID@COMMIT",
        help="A repository whose own code may run here, at this commit: once you have read it.",
    ),
)
_FRESH = (click.option("--fresh", is_flag=True, help="Ask the model even where its answer is kept."),)
_HOW = (
    click.option("--param", metavar="K=V", multiple=True, help="Any parameter of the task; repeatable."),
    click.option("--max-tokens", type=click.IntRange(min=1), help="Write no more than that."),
    click.option("--temperature", type=click.FloatRange(min=0), help="0 is the likeliest; more is freer."),
)


def who(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say who answers."""
    return _with(_WHO, command)


def masked(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option that masks what belongs to somebody."""
    return _with(_MASK, command)


def anew(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option that lets no kept answer count."""
    return _with(_FRESH, command)


def trusted(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option that names whose code may run."""
    return _with(_TRUST, command)


def how(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say how it is written."""
    return _with(_HOW, command)


def _with(options: Sequence[Any], command: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(options):
        command = option(command)
    return command


def parameters(
    param: Sequence[str], max_tokens: int | None, temperature: float | None, **others: Any
) -> dict[str, Any] | None:
    """All of them in one mapping; a value is JSON where it can be read as such, else a text."""
    made = {key: value for key, value in others.items() if value is not None}
    if max_tokens is not None:
        made["max_new_tokens"] = max_tokens
    if temperature is not None:
        made["temperature"] = temperature
    for one in param:
        key, equals, value = one.partition("=")
        if not equals or not key.strip():
            raise BadInput(f"--param takes K=V, not {one!r}.", "For example: --param top_k=3")
        made[key.strip().replace("-", "_")] = _value(value.strip())
    return made or None


def _value(text: str) -> Any:
    small = text.lower()
    if small in ("true", "false", "none", "null"):
        return {"true": True, "false": False}.get(small)
    try:
        return json.loads(text)
    except ValueError:
        return text


def said(words: Sequence[Any], ctx: click.Context) -> Any:
    """TEXT of a line, or the cell's body: a text, what a file holds, or an object of the notebook."""
    body = ctx.obj.body
    if body is not None and words:
        raise click.UsageError(
            "The text is in the cell's body; leave it off the first line (options only).", ctx
        )
    if body is not None:
        return body.removesuffix("\n")
    if len(words) == 1:
        return read(words[0], ctx.obj)
    if odd := next((one for one in words if not isinstance(one, str)), None):
        raise click.UsageError(
            f"One object, or words: not {type(odd).__name__} among {len(words)} of them.", ctx
        )
    return " ".join(words)


def read(given: Any, asked: Answer) -> Any:
    """What a file holds, where a text names one that is there; anything else as it is."""
    if not isinstance(given, str) or not _is_file(given):
        return given
    path = Path(given).expanduser()
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise BadInput(f"{given} is too large to be read at once: {size / 1e6:.0f} MB.")
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise BadInput(f"{given} is no text.", "A text, or the path of a text file.") from None
    except OSError as wrong:
        raise BadInput(f"{given} cannot be read: {wrong.strerror}.") from None
    if redact.has_hub_token(text):
        raise BadInput(f"{given} holds a Hub token, which is no model's business.", "Take it out first.")
    from hf_nb.render import units

    if not asked.code:
        progress.say(f"Read {path.name} ({units.size(size)}).")
    asked.objects[id(text)] = f'open({json.dumps(given)}, encoding="utf-8").read()'
    return text


def _is_file(text: str) -> bool:
    if not text.strip() or len(text) > LONGEST_PATH or "\n" in text or "\0" in text:
        return False
    try:
        return Path(text).expanduser().is_file()
    except (OSError, RuntimeError):  # a name too long, or no such user
        return False


def listed(given: Any) -> Any:
    """A list of texts from an object, from JSON, or from words with commas between them."""
    if isinstance(given, str):
        if given.lstrip().startswith("["):
            try:
                return json.loads(given)
            except ValueError:
                pass
        return [one.strip() for one in given.split(",") if one.strip()]
    return list(given) if not isinstance(given, Mapping) and hasattr(given, "__iter__") else given


__all__ = ["OBJECT", "anew", "how", "listed", "masked", "parameters", "read", "said", "trusted", "who"]
