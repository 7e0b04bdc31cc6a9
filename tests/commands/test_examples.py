"""The examples of every command's help can be typed where they are read."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest

from hf_nb.commands import tree
from hf_nb.commands.examples import in_terminal


def every(command: click.Command, words: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield words
    if isinstance(command, click.Group):
        for name, one in command.commands.items():
            yield from every(one, (*words, name))


def all_words() -> list[tuple[str, ...]]:
    context = click.Context(tree)
    return [
        words
        for name in tree.lazy
        if (one := tree.get_command(context, name))
        for words in every(one, (name,))
    ]


def told(name: str, words: tuple[str, ...]) -> str:
    context = click.Context(tree, info_name=name)
    command: click.Command = tree
    for word in words:
        assert isinstance(command, click.Group)
        found = command.get_command(context, word)
        assert found is not None
        command = found
        context = click.Context(command, info_name=word, parent=context)
    return command.get_help(context)


@pytest.mark.parametrize("words", all_words(), ids=" ".join)
def test_the_help_of_a_command_shows_lines_of_the_place_where_it_is_read(words: tuple[str, ...]) -> None:
    there, here = told("hf-nb", words), told("%hf", words)
    assert "%hf" not in there
    assert "\\b" not in there + here
    assert "$df" not in there.partition("Options:")[0] or "object of this" in there


def test_a_cells_text_is_one_word_in_a_terminal_and_variables_are_left_out() -> None:
    said = in_terminal(
        'Asks.\n\n\b\n%hf sql "select 1"\n%%hf sql --about\nselect it\'s\n%hf save $df x.csv\n%hf x -o y'
    )
    assert said.splitlines() == [
        "Asks.", "", "\b", 'hf-nb sql "select 1"', "hf-nb sql --about 'select it'\"'\"'s'",
    ]  # fmt: skip
    assert in_terminal("Asks.\n\n\b\n%hf save $df x.csv") == "Asks."
