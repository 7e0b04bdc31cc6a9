"""What went wrong, in at most three lines, with a next step; the class says whether to try again."""

import inspect

import pytest

from hf_nb import errors


def _classes() -> list[type[errors.HfNbError]]:
    return [
        one for _, one in inspect.getmembers(errors, inspect.isclass) if issubclass(one, errors.HfNbError)
    ]


def test_every_error_is_either_lasting_or_passing() -> None:
    for one in _classes():
        if one not in (errors.HfNbError, errors.Lasting, errors.Passing):
            assert issubclass(one, errors.Lasting) != issubclass(one, errors.Passing), one


def test_the_tree_at_the_top_of_the_file_names_every_class() -> None:
    for one in _classes():
        assert one.__name__ in str(errors.__doc__), f"{one.__name__} is missing from the drawing"


@pytest.mark.parametrize("kind", _classes(), ids=lambda kind: kind.__name__)
def test_a_notebook_shows_at_most_three_lines_with_the_class_and_the_next_step(
    kind: type[errors.HfNbError],
) -> None:
    lines = kind("first\nsecond\nthird\nfourth", "do this")._render_traceback_()
    assert len(lines) <= 3
    assert lines[0] == f"{kind.__name__}: first"
    assert kind("a problem", "do this")._render_traceback_() == [f"{kind.__name__}: a problem", "do this"]
