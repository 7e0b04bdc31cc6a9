"""Official words that have no place in a notebook, each with the way that is safe."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from hf_nb.errors import BadInput, HfNbError, Refused
from hf_nb.plumbing import redact, token

Path = tuple[str, ...]

_TERMINAL = "It needs a terminal of its own."
_INSTALLS = "It downloads and runs other people's programs, and a notebook runs what it is given."
# a command, or all that begin with these words -> (why, what to do; {line} is what was typed)
REFUSED: dict[Path, tuple[str, str]] = {
    ("auth", "login"): ("A token that is typed stays where it was typed.", "%hf login"),
    ("auth", "token"): ("A token that is shown stays where it was shown.", "Who you are: %hf whoami"),
    ("update",): ("A kernel cannot replace what it has imported.", "pip install -U huggingface_hub"),
    ("extensions",): (_INSTALLS, "In a terminal: {line}"),
    ("skills", "add"): ("It writes files for programs other than this one.", "In a terminal: {line}"),
    ("skills", "update"): ("It writes files for programs other than this one.", "In a terminal: {line}"),
    ("jobs", "ssh"): (_TERMINAL, "In a terminal: {line}"),
    ("spaces", "ssh"): (_TERMINAL, "In a terminal: {line}"),
    ("lfs-enable-largefiles",): ("git runs it.", "In a terminal: {line}"),
    ("lfs-multipart-upload",): ("git runs it.", "In a terminal: {line}"),
}
# a command's option -> the same
REFUSED_WITH: dict[tuple[Path, str], tuple[str, str]] = {
    (("jobs", "run"), "--ssh"): (_TERMINAL, "In a terminal: {line}"),
    (("jobs", "uv", "run"), "--ssh"): (_TERMINAL, "In a terminal: {line}"),
    (("jobs", "stats"), "-f"): ("It redraws a terminal.", "Leave out -f"),
    (("jobs", "stats"), "--follow"): ("It redraws a terminal.", "Leave out --follow"),
    (("repos", "list"), "--explore"): (_TERMINAL, "In a terminal: {line}"),
}
# they only print what would be run
_HARMLESS: dict[Path, str] = {("jobs", "ssh"): "--dry-run", ("spaces", "ssh"): "--dry-run"}


def refusal(
    path: Path, options: Sequence[str], name: str = "%hf", *, local_only: bool = False
) -> HfNbError | None:
    """Why this line is not run here."""
    if "--help" in options:
        return None
    if local_only and path == ("datasets", "sql"):
        return Refused(
            "DuckDB would ask the network by itself, and the setting local_only is on.",
            "To allow it: hf_nb.settings().local_only = False",
        )
    if path in _HARMLESS and _HARMLESS[path] in options:
        return None
    prefixes = [path[: length + 1] for length in range(len(path))]
    found = next((REFUSED[one] for one in prefixes if one in REFUSED), None)
    found = found or next(
        (REFUSED_WITH[path, option] for option in options if (path, option) in REFUSED_WITH), None
    )
    if found is None:
        return None
    why, step = found
    line = shlex.join(["hf", *path, *options])
    where = "in a notebook" if name == "%hf" else f"through {name}"
    return Refused(
        f"`{' '.join(path)}` is not run {where}. {why}", step.format(line=line).replace("%hf", name)
    )


def with_token(words: Sequence[str]) -> list[str]:
    """The same words, the name after `--token` replaced by the stored token it stands for."""
    own, rest = _split(words)
    for at, word in enumerate(own):
        name, equals, given = word.partition("=")
        if name != "--token" or (not equals and at + 1 == len(own)):
            continue
        place, given = (at, given) if equals else (at + 1, own[at + 1])
        own[place] = f"--token={_stored(given)}" if equals else _stored(given)
    return own + rest


def _split(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """What follows `--` is for another program."""
    at = list(words).index("--") if "--" in words else len(words)
    return list(words[:at]), list(words[at:])


def _stored(name: str) -> str:
    stored = token.stored()
    if name.startswith(("hf_", "api_org_")) or redact.has_hub_token(name):
        raise BadInput(
            "A token on the line is saved with the notebook.",
            "Store it once with %hf login, then say --token and the name it was stored under.",
        )
    if name not in stored:
        known = ", ".join(stored) or "none yet; %hf login stores one"
        raise BadInput(f"No token is stored under the name {name!r}.", f"Names: {known}")
    return stored[name].get("hf_token", "")
