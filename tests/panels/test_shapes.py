"""The reader of the front end's types, which other tests lean on: it must be able to say no."""

import pytest

from tests.panels.shapes import declared, fits

ROW = {"value": "a", "label": "A"}


@pytest.mark.parametrize(
    "panel", ["models", "spaces", "inference", "datasets", "explorer", "playground", "compare"]
)
def test_every_shape_of_a_panel_is_read(panel):
    names = set(declared(panel))
    assert names >= {"Page", "Code", "Fact", "Choice", "Wrong"}
    text = (__import__("tests.panels.shapes", fromlist=["PANELS"]).PANELS / panel / "answers.ts").read_text(
        "utf-8"
    )
    assert names >= {line.split()[2].rstrip("{=") for line in text.splitlines() if line.startswith("export ")}


@pytest.mark.parametrize(
    ("shape", "value"),
    [
        ("Choice", ROW),
        ("Choice", {**ROW, "group": "g"}),
        ("Choice[]", [ROW, ROW]),
        ("Statuses", {"a/b": {"status": "cached", "cachedBytes": 5}}),
        ("string | null", None),
    ],
)
def test_what_fits_is_let_through(shape, value):
    fits("models", shape, value)


@pytest.mark.parametrize(
    ("shape", "value", "says"),
    [
        ("Choice", {"value": "a"}, "lacks label"),
        ("Choice", {**ROW, "more": 1}, "has more"),
        ("Choice", {**ROW, "label": 5}, "is no string"),
        ("Choice[]", ROW, "is no list"),
        ("Statuses", {"a/b": {"status": "here", "cachedBytes": 5}}, "is none of"),
        ("Statuses", {"a/b": {"status": "cached"}}, "lacks cachedBytes"),
        ("number", True, "is no number"),
        ("Page<Choice>", {"rows": [{}]}, "lacks value"),
    ],
)
def test_what_does_not_fit_is_told_where(shape, value, says):
    with pytest.raises(AssertionError, match=says):
        fits("models", shape, value)
