"""What goes wrong in an official command, in our words: at most three lines, with the official advice kept."""

from __future__ import annotations

import difflib
import re
import shlex
from collections.abc import Sequence

import click

from hf_nb import errors
from hf_nb.commands.official.said import bare
from hf_nb.hub import translate
from hf_nb.plumbing.settings import Settings

_OURS = re.compile(r"(?<![\w%/.-])(?:\$ )?hf (?=[a-z][a-z-]+|<)")
_LOGIN = re.compile(r"(?:%hf|hf-nb|hf) auth login")
_REPO = re.compile(r"[\w.-]+/[\w.-]+")
_KINDS = {"models": "model", "datasets": "dataset", "spaces": "Space", "space": "Space"}


def spoken(text: str, name: str = "%hf") -> str:
    """`hf models ls` as it is typed here."""
    return _LOGIN.sub(f"{name} login", _OURS.sub(f"{name} ", text))


def misuse(wrong: click.UsageError, name: str) -> errors.BadInput:
    """A word or an option that does not exist, or a value that does not fit."""
    said = bare(wrong.format_message())
    problem, _, listed = said.partition("\n\nAvailable")
    meant = re.search(r"Did you mean: (.*)\?", listed)
    known = re.findall(r"^  (?:-\w, )?([\w-]+)", listed, re.MULTILINE)
    wrong_word = re.search(r"['\"]?(--?[\w-]+)", problem)
    close = (
        [meant[1]] if meant else difflib.get_close_matches(wrong_word[1] if wrong_word else "", known, n=2)
    )
    if close and "Did you mean" not in problem:
        problem = f"{problem.rstrip('.')}. Did you mean {' or '.join(close)}?"
    path = wrong.ctx.command_path if wrong.ctx else name
    return errors.BadInput(spoken(" ".join(problem.split()), name), f"Help: {path} --help")


def ended(code: int, last: str, line: str, name: str) -> errors.HfNbError:
    """An exit code other than 0."""
    said = spoken(last, name)
    if "ot logged in" in said:
        return errors.Unauthorized("You are not logged in.", f"{name} login")
    lines = said.splitlines() or [f"`{line}` ended with {code}."]
    return errors.HfNbError(lines[0], " ".join(lines[1:3]))


def translated(
    foreign: Exception, path: Sequence[str], rest: Sequence[str], settings: Settings, name: str
) -> errors.HfNbError:
    """An official exception, or one of a library the command uses."""
    from huggingface_hub import errors as theirs
    from huggingface_hub.cli._errors import format_known_exception

    line = shlex.join([name, *path, *rest])
    if _no_route(foreign, settings):
        return not_here(path, name)
    if isinstance(foreign, theirs.LocalTokenNotFoundError):
        return errors.Unauthorized("You are not logged in.", f"{name} login")
    if isinstance(foreign, theirs.CLIError) and isinstance(foreign.__cause__, theirs.RepositoryNotFoundError):
        foreign = foreign.__cause__
    subject = about(path, rest)
    if type(foreign) is theirs.RepositoryNotFoundError and subject:
        kind, _, repo = subject.partition(" ")
        return errors.NotFound(
            f"There is no {subject} that you can see on {_where(settings)}.",
            f"Try: {name} search {kind.lower()}s {repo.rpartition('/')[2]}",
        )
    ours = translate.translate(foreign, subject or f"`{line}`", settings) if _is_known(foreign) else None
    if ours is not None and (subject or isinstance(ours, errors.Passing | errors.TooLarge)):
        ours.next_step = spoken(ours.next_step, name)
        return ours
    said = format_known_exception(foreign)
    if said is None:
        lines = bare(str(foreign)).strip().splitlines() or [type(foreign).__name__]
        return ours or errors.HfNbError(
            f"`{name} {' '.join(path)}` failed: {_short(lines[0])}", f"{name} tb shows where."
        )
    problem, _, more = spoken(bare(said).removeprefix("Invalid value. "), name).strip().partition("\n")
    made = type(ours) if ours is not None else errors.BadInput
    return made(_short(problem), _short(more.strip().splitlines()[0] if more.strip() else ""))


def not_here(path: Sequence[str], name: str) -> errors.NotFound:
    """The real Hub can, and this one cannot."""
    return errors.NotFound(
        f"The offline Hub has nothing behind `{name} {' '.join(path)}`.",
        "The real Hub has: set HF_ENDPOINT=https://huggingface.co and restart.",
    )


def about(path: Sequence[str], rest: Sequence[str]) -> str | None:
    """`model owner/name`: what the line is about, if that can be seen."""
    kind = _KINDS.get(path[0], "model")
    for option in ("--type", "--repo-type"):
        if option in rest[:-1]:
            kind = rest[list(rest).index(option) + 1]
    for word in rest:
        prefix, _, repo = word.partition("/")
        if prefix in ("models", "datasets", "spaces") and _REPO.fullmatch(repo):
            return f"{_KINDS[prefix]} {repo}"
        if _REPO.fullmatch(word):
            return f"{_KINDS.get(kind, kind)} {word}"
    return None


def _is_known(foreign: Exception) -> bool:
    """Of the Hub or the network; a ValueError of the official client says itself what it means."""
    from huggingface_hub import errors as theirs

    from hf_nb.plumbing import http

    return isinstance(
        foreign, theirs.HfHubHTTPError | theirs.HFValidationError | http.library().RequestError | OSError
    )


def _no_route(foreign: Exception, settings: Settings) -> bool:
    """The offline Hub's own word for it; Xet's client, in Rust, passes it on in a sentence."""
    if not settings.endpoint_is_local:
        return False
    response = getattr(foreign, "response", None)
    return getattr(response, "status_code", None) == 501 or "501 Not Implemented" in str(foreign)


def _where(settings: Settings) -> str:
    return "the offline Hub" if settings.endpoint_is_local else "the Hub"


def _short(text: str) -> str:
    return text if len(text) <= 300 else f"{text[:300]}…"
