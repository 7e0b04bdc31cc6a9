"""What fits at the cursor: words, options, values; ids, files and names come from sources.py. In a few ms."""

from __future__ import annotations

import functools
import re
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from hf_nb.commands.official import index
from hf_nb.commands.official.index import Argument, Node, Option
from hf_nb.magics import sources
from hf_nb.magics.sources import Offer
from hf_nb.plumbing import seen

_BRACE = re.compile(r"\{\s*((?:[^\W\d]\w*\.)*\w*)$")
_FREE = (
    Option(("-o", "--out"), flag=False),
    Option(("-O",), flag=False),
    Option(("-b", "--bg"), flag=True),
    Option(("--code",), flag=True),
)
# A repository's kind by what a command's argument or option is called; None: any kind, as `datasets/owner/name`.
_REPOS: dict[str, str | None] = {
    "repo": None,
    "repo_id": None,
    "from_id": None,
    "to_id": None,
    "--repo": None,
    "model": "model",
    "model_id": "model",
    "--model": "model",
    "--fallback": "model",
    "--judge": "model",
    "dataset": "dataset",
    "dataset_id": "dataset",
    "--dataset": "dataset",
    "space_id": "space",
    "item_id": None,
}
_FILES = frozenset(
    "what path paths file folder local_path source src dest dst script --file --local-dir --to --cache-dir --root"
    " --schema --context --env-file --secrets-file --body-file --attach --local-file --identity-file --filter-from"
    " -f -i".split()
)
_TOKENS = frozenset({"--token", "--token-name"})
_OWNERS = frozenset({"--author", "--owner", "--namespace"})
_REVISIONS = frozenset({"--revision", "revision", "old", "new"})
_ASKING = frozenset({"infer", "chat", "embed", "similar", "compare"})
_KIND_OPTIONS = frozenset({"--kind", "--type", "--repo-type"})


class Cursor(NamedTuple):
    """The whole words before the cursor and the one it is in: as it is meant, and as typed after an opening quote."""

    words: list[str]
    word: str
    raw: str
    quote: str = ""


Offers = tuple[str, list[Offer]]


def on_line(text: str, names: Mapping[str, Any]) -> Offers:
    """In a line: the fragment that would be replaced, and what may stand there."""
    cursor = read(text)
    brace = _BRACE.search(cursor.word) if cursor.quote != "'" or "{" in cursor.word else None
    if brace:
        return brace[1], sources.names(brace[1], names)
    if cursor.word.startswith("$") and not cursor.quote:
        return cursor.word[1:], sources.names(cursor.word[1:], names)
    name, equals, value = cursor.word.partition("=")
    if equals and name.startswith("--"):
        cursor = Cursor([*cursor.words, name], value, cursor.raw.partition("=")[2], cursor.quote)
    offered = islice(_fitting(cursor, names), sources.MOST)
    return cursor.raw, [one._replace(text=_quoted(one.text, cursor.quote)) for one in offered]


def in_body(text: str, names: Mapping[str, Any]) -> Offers:
    """In a cell's text: names after a brace, else nothing."""
    brace = _BRACE.search(text[-200:])
    return (brace[1], sources.names(brace[1], names)) if brace else ("", [])


def read(text: str) -> Cursor:
    """The words so far, quotes obeyed, however unfinished."""
    words: list[str] = []
    word, quote, start, at = "", "", -1, 0  # start: where the word began, -1 between words
    while at < len(text):
        char = text[at]
        start = at if start < 0 and not char.isspace() else start
        if quote:
            quote, word = ("", word) if char == quote else (quote, word + char)
        elif char in "'\"":
            quote = char
        elif char == "\\" and at + 1 < len(text):
            at += 1
            word += text[at]
        elif char.isspace():
            words += [word] if start >= 0 else []
            word, start = "", -1
        else:
            word += char
        at += 1
    raw = text[start:] if start >= 0 else ""
    if quote and raw == quote + word:
        return Cursor(words, word, word, quote)
    return Cursor(words, word, raw)


@functools.cache
def ours() -> Mapping[str, Any]:
    """The words of our own tree; each command is imported when its options are wanted."""
    from hf_nb.commands import COMMANDS

    return COMMANDS


@functools.cache
def node(word: str) -> Node:
    """One of our words, as the same plain data the official ones are in."""
    from hf_nb.plumbing.extras import load

    return _plain(word, load(ours()[word]))


def _fitting(cursor: Cursor, names: Mapping[str, Any]) -> Iterator[Offer]:
    if not cursor.words or cursor.words == ["help"]:
        yield from sources.starting(cursor.word, _first_words(), "command")
        return
    words = cursor.words[1:] if cursor.words[0] == "help" else cursor.words
    at, left = _walk(words)
    if at is None:
        return
    if at.words:
        if not left:
            yield from sources.starting(cursor.word, at.words, "command")
            if cursor.word.startswith("-"):
                yield Offer("--help", "option")
        return
    path = words[: len(words) - len(left)]
    option, position, given = _position(at, left)
    if option is not None:
        yield from _of_option(option, cursor.word, path, left, given, names)
    elif cursor.word.startswith("-"):
        options = [name for one in _options(at) for name in one.names]
        yield from sources.starting(cursor.word, [*options, "--help"], "option")
    else:
        yield from _of_argument(at, position, cursor.word, path, left, given)


def _first_words() -> list[str]:
    official = (name for name in index.tree().words if not name.startswith("lfs-"))
    return list(dict.fromkeys([*ours(), "help", *official]))


def _walk(words: Sequence[str]) -> tuple[Node | None, list[str]]:
    """The command these words name, and the words after it."""
    first = words[0]
    if first in ours():
        at = node(first)
    elif first in index.tree().words:
        at = index.tree().words[first]
    else:
        return None, []
    left = list(words[1:])
    while left and at.words:
        if left[0] not in at.words:
            return at, left
        at = at.words[left.pop(0)]
    return at, left


def _options(at: Node) -> tuple[Option, ...]:
    known = {name for one in at.options for name in one.names}
    return (*at.options, *(one for one in _FREE if not known & set(one.names)))


def _position(at: Node, left: Sequence[str]) -> tuple[Option | None, int, dict[str, str]]:
    """The option whose value is wanted, else the argument's number; and what the options before said."""
    by_name = {name: one for one in _options(at) for name in one.names}
    position, given = 0, dict[str, str]()
    waiting: Option | None = None
    for word in left:
        name, equals, value = word.partition("=")
        if waiting is not None:
            given |= dict.fromkeys(waiting.names, word)
            waiting = None
        elif word.startswith("-") and word != "-":
            option = by_name.get(name)
            if option is not None and not option.flag:
                waiting = None if equals else option
                given |= dict.fromkeys(option.names, value) if equals else {}
        else:
            position += 1
    return waiting, position, given


def _of_option(
    option: Option,
    word: str,
    path: Sequence[str],
    left: Sequence[str],
    given: Mapping[str, str],
    names: Mapping[str, Any],
) -> Iterator[Offer]:
    if option.choices:
        yield from sources.starting(word, option.choices, "value")
    for name in option.names:
        if name in _TOKENS:
            yield from sources.tokens(word)
        elif name == "--task":
            yield from sources.starting(word, sources.tasks(run=path[0] == "infer"), "value")
        elif name in ("--to", "--from") and path[0] == "infer":
            yield from sources.starting(word, sources.languages(), "value")
        elif name == "--provider" and path[0] in _ASKING:
            yield from sources.starting(word, sources.places(), "value")
        elif name == "--policy":
            yield from sources.starting(word, sources.policies(), "value")
        elif name == "--name" and path[0] == "chat":
            yield from sources.starting(word, sources.conversations(), "conversation")
        elif name == "--sort" and path[0] == "search":
            yield from sources.starting(word, sources.sorts(), "value")
        elif name in _OWNERS:
            yield from sources.starting(word, sources.owners(), "person")
        elif name == "--revision":
            yield from sources.revisions(word, _kind("repo", path, given), left)
        elif name in ("--out", "-O"):
            yield from sources.names(word, names)
        elif name in _REPOS:
            yield from sources.repos(word, _REPOS[name])
        elif name in _FILES and not _is_filter(path, name):
            yield from sources.files(word)


def _is_filter(path: Sequence[str], name: str) -> bool:
    """`cache ls -f` is no file, nor is `jobs logs -f`."""
    return name == "-f" and path[:2] != ["spaces", "hot-reload"]


def _of_argument(
    at: Node,
    position: int,
    word: str,
    path: Sequence[str],
    left: Sequence[str],
    given: Mapping[str, str],
) -> Iterator[Offer]:
    argument = _nth(at.arguments, position)
    if argument is None:
        return
    name = argument.name
    if argument.choices:
        yield from sources.starting(word, argument.choices, "value")
    elif path[0] == "settings":
        yield from sources.starting(word, sources.settings(), "setting")
    elif word.startswith("hf://"):
        yield from sources.addresses(word)
    elif name in _REPOS:
        yield from sources.repos(word, _kind(name, path, given))
    elif name == "table":  # a dataset or a file; an object begins with $
        yield from sources.repos(word, "dataset")
        yield from sources.files(word)
    elif name == "targets":
        yield from sources.starting(
            word, (f"{kind}/{id}" for kind in seen.KINDS for id in seen.ids(kind)), "repository"
        )
    elif name in _REVISIONS:
        yield from sources.revisions(word, _kind("repo", path, given), left)
    elif path[0] == "chat":
        yield from sources.starting(word, sources.conversations(), "conversation")
    elif name == "name" and path[0] in ("tokens", "logout"):
        yield from sources.tokens(word)
    elif name in _FILES or path[:2] == ["lock", "check"]:
        yield from sources.files(word)


def _nth(arguments: Sequence[Argument], position: int) -> Argument | None:
    for number, one in enumerate(arguments):
        if one.many or number == position:
            return one
    return None


def _kind(name: str, path: Sequence[str], given: Mapping[str, str]) -> str | None:
    said = next((given[one] for one in _KIND_OPTIONS if one in given), None)
    return said or _REPOS[name] or sources.NOUNS.get(path[0])


def _quoted(text: str, quote: str) -> str:
    """As it must be typed: in quotes where there are spaces, unless it stands in quotes already."""
    return text if quote or not re.search(r"[\s'\"\\]", text) else shlex.quote(text)


def _plain(name: str, command: Any) -> Node:
    """A click command of ours as data."""
    choices: Callable[[Any], tuple[str, ...]] = lambda one: tuple(getattr(one.type, "choices", ()))  # noqa: E731
    words = {child: _plain(child, one) for child, one in getattr(command, "commands", {}).items()}
    official = getattr(command, "official", None)
    if official:
        words = {**index.tree().words[official].words, **words}
    options = [one for one in command.params if one.param_type_name == "option" and not one.hidden]
    arguments = [one for one in command.params if one.param_type_name == "argument"]
    return Node(
        name,
        command.get_short_help_str(80),
        words,
        tuple(
            Option((*one.opts, *one.secondary_opts), bool(one.is_flag or one.count), choices(one))
            for one in options
        ),
        tuple(Argument(one.name, one.nargs == -1, choices(one)) for one in arguments),
    )
