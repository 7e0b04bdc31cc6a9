"""The official tree's words, options and choices as plain data: importing the tree itself takes a third of a second.

python -m hf_nb.commands.official.index      writes tree.json anew, from the installed huggingface_hub
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hf_nb.commands.official import kept

FILE = Path(__file__).with_name("tree.json")


@dataclass(frozen=True)
class Option:
    """`names` as typed; `choices` where only some values fit; a flag takes none."""

    names: tuple[str, ...]
    flag: bool
    choices: tuple[str, ...] = ()
    help: str = ""


@dataclass(frozen=True)
class Argument:
    """A word that is no option. `many`: it takes all that follow."""

    name: str
    many: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Node:
    """A command, or a word with words of its own (`words`: also under their other names)."""

    name: str
    help: str = ""
    words: Mapping[str, Node] = field(default_factory=dict)
    options: tuple[Option, ...] = ()
    arguments: tuple[Argument, ...] = ()


_at_hand: list[tuple[str, Node]] = []  # the version whose words they are, and the words


def tree() -> Node:
    """The whole of it: of the installed version as soon as that was read, until then as shipped."""
    return _words()[1]


def is_current() -> bool:
    """Whether the words at hand are the installed version's."""
    return _words()[0] == kept.version()


def learn() -> None:
    """Make it so. This imports the official tree, and TAB never does."""
    if is_current():
        return
    found = read()
    kept.save(found)
    _at_hand[:] = [(found["huggingface_hub"], of(found))]


def _words() -> tuple[str, Node]:
    if not _at_hand:
        shipped = json.loads(FILE.read_text(encoding="utf-8"))
        installed = kept.version()
        same = installed == shipped["huggingface_hub"]
        own = None if same else kept.load(installed, of)
        _at_hand[:] = [(installed, own) if own else (shipped["huggingface_hub"], of(shipped))]
    return _at_hand[0]


def of(read: Mapping[str, Any]) -> Node:
    """The tree in what `read` gives."""
    return _node("hf", read["tree"])


def path(words: Sequence[str]) -> tuple[str, ...]:
    """The words at the beginning that name a command, as typed."""
    node, found = tree(), []
    for word in words:
        if word not in node.words:
            break
        node = node.words[word]
        found.append(word)
    return tuple(found)


def at(typed: Sequence[str]) -> Node:
    """What these words name."""
    *_, last = (tree(), *_along(typed))
    return last


def canonical(typed: Sequence[str]) -> tuple[str, ...]:
    """`models ls` is `models list`."""
    return tuple(node.name for node in _along(typed))


def options(typed: Sequence[str]) -> list[str]:
    """Every option of a command, in all its spellings."""
    return [name for option in at(typed).options for name in option.names]


def leaves(node: Node | None = None, before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every command there is, hidden ones too, by its first name."""
    node = node or tree()
    for name, child in node.words.items():
        if name != child.name:
            continue
        if child.words:
            yield from leaves(child, (*before, name))
        else:
            yield (*before, name)


def _along(typed: Sequence[str]) -> Iterator[Node]:
    node = tree()
    for word in typed:
        node = node.words[word]
        yield node


def _node(name: str, raw: Mapping[str, Any]) -> Node:
    words: dict[str, Node] = {}
    for names, child in raw.get("words", {}).items():
        first, *others = names.split("|")
        words[first] = _node(first, child)
        words |= dict.fromkeys(others, words[first])
    return Node(
        name,
        raw.get("help", ""),
        words,
        tuple(Option(tuple(one[0]), one[1], tuple(one[2]), one[3]) for one in raw.get("options", ())),
        tuple(Argument(one[0], one[1], tuple(one[2])) for one in raw.get("arguments", ())),
    )


def read() -> dict[str, Any]:
    """The same data from the installed huggingface_hub."""
    import huggingface_hub
    from huggingface_hub.cli import hf

    return {"huggingface_hub": huggingface_hub.__version__, "tree": _read(hf.app)}


def _read(command: Any) -> dict[str, Any]:
    import click

    if hasattr(command, "materialize"):
        command = command.materialize()
    help = command.get_short_help_str(80)
    if isinstance(command, click.Group):
        words = {"|".join(name.split(" | ")): _read(child) for name, child in command.commands.items()}
        return {"help": help, "words": words}
    options = [_option(one) for one in command.params if isinstance(one, click.Option) and not one.hidden]
    arguments = [_argument(one) for one in command.params if isinstance(one, click.Argument)]
    if not command.context_settings.get("ignore_unknown_options"):
        options += [one for one in _formats() if not any(set(one[0]) & set(other[0]) for other in options)]
    return {"help": help, "options": options, "arguments": arguments}


def _formats() -> list[list[Any]]:
    """The options every command has; the official client reads them before click does."""
    from huggingface_hub.cli._output import OutputFormat

    return [
        [["--format"], False, [one.value for one in OutputFormat], "Output format."],
        [["--json"], True, [], "JSON output."],
        [["-q", "--quiet"], True, [], "One id per line."],
        [["--no-truncate"], True, [], "Do not cut values in tables."],
    ]


def _option(one: Any) -> list[Any]:
    names = [*one.opts, *one.secondary_opts]
    return [names, bool(one.is_flag), list(getattr(one.type, "choices", ())), _first(one.help)]


def _argument(one: Any) -> list[Any]:
    return [one.name, one.nargs == -1, list(getattr(one.type, "choices", ()))]


def _first(help: str | None) -> str:
    sentence = " ".join((help or "").split()).partition(". ")[0]
    return sentence if len(sentence) <= 80 else f"{sentence[:79]}…"


def main() -> None:
    """Write the file: a line for each first word, so that a change can be read."""
    found = read()
    words = found["tree"].pop("words")
    lines = ",\n".join(f"{_line(name)}:{_line(child)}" for name, child in words.items())
    version, help = _line(found["huggingface_hub"]), _line(found["tree"]["help"])
    text = f'{{"huggingface_hub":{version},"tree":{{"help":{help},"words":{{\n{lines}\n}}}}}}\n'
    FILE.write_text(text, encoding="utf-8")


def _line(data: Any) -> str:
    return json.dumps(data, separators=(",", ":"), ensure_ascii=False)


if __name__ == "__main__":
    main()
