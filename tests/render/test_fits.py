"""A verdict and picks as text and HTML: hostile names do nothing, what is not known is not shown."""

from __future__ import annotations

from hf_nb import render
from hf_nb.values import Fit, Pick, Picks

ODD = "a/<script>alert(1)</script>"


def test_a_verdict_is_the_first_line_and_what_is_not_known_is_left_out() -> None:
    one = Fit("a/b", "unknown", "Not known: nobody says how large it is.", free=10**9)
    shown = render.text(one)
    assert shown.splitlines()[0] == "a/b: Not known: nobody says how large it is."
    assert "None" not in shown
    assert "one pass" not in shown


def test_names_from_outside_are_text() -> None:
    fit = Fit(ODD, "fits", "Runs.", notes=(ODD,), task=ODD, memory=1, least=1, most=1)
    picks = Picks(
        ODD, {"language": ODD}, (Pick(ODD, 0.5, (ODD,), result=ODD, licence=ODD),), ((ODD, ODD),), 2
    )
    for value in (fit, picks, picks[0], Picks("t", {}, (), ((ODD, ODD),), 1)):
        assert "<script>" not in render.html(value)
        assert render.text(value)


def test_what_was_left_out_is_put_together_by_reason() -> None:
    out = tuple((f"a/{at}", "gated") for at in range(5))
    shown = render.text(Picks("t", {}, (Pick("a/b", 0.5),), out, 6))
    assert "a/0, a/1, a/2 and 2 more: gated" in shown
    assert "1 of 6 models looked at" in shown
