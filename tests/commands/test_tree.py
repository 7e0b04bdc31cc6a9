"""One tree for the notebook and the terminal: every command documented, every misuse answered with the right word."""

import ast
from typing import Any

import click
import pytest

from hf_nb.commands import COMMANDS, FIRST_STEPS, start, tree
from hf_nb.commands.tree import Tree, Verb, answer
from hf_nb.errors import BadInput


def _leaves(
    group: click.Group = tree, path: tuple[str, ...] = ()
) -> list[tuple[tuple[str, ...], click.Command]]:
    found: list[tuple[tuple[str, ...], click.Command]] = []
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        found += (
            _leaves(command, (*path, name))
            if isinstance(command, click.Group)
            else [((*path, name), command)]
        )
    return found


LEAVES = _leaves()


@pytest.mark.parametrize(("path", "command"), LEAVES, ids=[" ".join(path) for path, _ in LEAVES])
def test_every_command_has_help_and_every_option_too(path: tuple[str, ...], command: click.Command) -> None:
    assert command.help
    assert command.get_short_help_str()
    for option in command.params:
        if isinstance(option, click.Option):
            assert option.help or isinstance(option.type, click.Choice), f"{' '.join(path)} {option.name}"


@pytest.mark.parametrize("path", [path for path, _ in LEAVES], ids=" ".join)
def test_help_is_printed_and_nothing_runs(path: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    answered = answer(tree, [*path, "--help"], "terminal")
    assert answered.value in (None, 0)
    assert f"Usage: hf-nb {' '.join(path)}" in capsys.readouterr().out


def test_a_wrong_command_offers_the_nearest() -> None:
    with pytest.raises(BadInput, match="Did you mean search"):
        answer(tree, ["serach"], "notebook")
    with pytest.raises(BadInput, match="Commands: search, info"):
        answer(tree, ["qqq"], "notebook")


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["search"], "datasets"),
        (["search", "modles"], "models"),
        (["search", "models", "--lcence", "mit"], "--licence"),
        (["search", "models", "--limit", "many"], "integer"),
        (["info"], "REPO"),
        (["search", "models", "-o", "1x"], "not a name"),
    ],
    ids=" ".join,
)
def test_a_misuse_says_what_was_expected_and_where_help_is(words: list[str], hint: str) -> None:
    with pytest.raises(BadInput) as misuse:
        answer(tree, words, "notebook")
    assert hint in misuse.value.problem
    assert misuse.value.next_step == f"Help: %hf {words[0]} --help"
    assert len(misuse.value._render_traceback_()) <= 3


@pytest.mark.parametrize("word", ["bert", "don't", 'a "b"', 'it\'s "x"', "back\\slash"])
def test_the_code_of_an_official_line_is_python_whatever_stands_in_it(word: str) -> None:
    code = answer(tree, ["models", "ls", "--search", word, "--code"], "notebook").value.source
    call = ast.parse(code).body[1].value
    assert ast.literal_eval(call.args[0]) == ["hf", "models", "ls", "--search", word]


def test_a_terminal_has_no_variables() -> None:
    with pytest.raises(BadInput, match="--json"):
        answer(tree, ["settings", "-o", "x"], "terminal")


def test_the_first_steps_name_commands_that_exist() -> None:
    assert {line.split()[0] for line, _ in FIRST_STEPS} <= set(COMMANDS)
    assert len(start().rows) == len(FIRST_STEPS) + 1


def test_a_command_is_imported_when_it_is_used() -> None:
    lazy = Tree({"nowhere": "hf_nb.commands.no_such_module:x"})
    with pytest.raises(ModuleNotFoundError):
        answer(lazy, ["nowhere"], "terminal")


def test_a_verbs_value_reaches_the_caller_with_its_format() -> None:
    @click.command(cls=Verb)
    def count() -> Any:
        return 42

    lazy = Tree({})
    lazy.add_command(count)
    lazy.lazy = {"count": "x"}
    lazy.get_command = lambda *_: count  # type: ignore[method-assign]
    assert answer(lazy, ["count", "--json"], "notebook").format == "json"
    assert answer(lazy, ["count", "-q"], "notebook").format == "quiet"
    answered = answer(lazy, ["count", "-o", "kept"], "notebook")
    assert (answered.value, answered.out, answered.format) == (42, "kept", "auto")
