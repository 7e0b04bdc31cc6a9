"""What may be said of a comparison: by labels, votes and a judge, in parts of the rows, and what may not."""

from __future__ import annotations

from array import array
from typing import Any

import pytest

from hf_nb.compare import likeness
from hf_nb.compare.judge import judged, read
from hf_nb.errors import BadInput, NotFound
from hf_nb.measure.metrics import score
from hf_nb.values import Comparison, Contender, FailedRow, Showing, Source

ROWS = 60
LABELS = ["good", "bad"] * (ROWS // 2)


def labels(right: float, sure: float = 0.9) -> list[Any]:
    """Answers of which this share is right, the wrong ones spread evenly."""
    made = []
    for at, label in enumerate(LABELS):
        said = label if (at * 7) % ROWS < right * ROWS else {"good": "bad", "bad": "good"}[label]
        made.append(((said, sure), ({"good": "bad", "bad": "good"}[said], 1 - sure)))
    return made


def showing(name: str, outputs: list[Any], seconds: float = 0.01, **how: Any) -> Showing:
    who = Contender(name, f"owner/{name}", "text-classification", **how)
    alone = {
        at: Source(who.model, "1" * 40, "local", "", seconds * (1 + at / 100)) for at in range(len(outputs))
    }
    failures = tuple(FailedRow(at, "Busy", "503") for at, one in enumerate(outputs) if one is None)
    return Showing(
        who, tuple(outputs), failures, {at: one for at, one in alone.items() if outputs[at] is not None}
    )


def comparison(*showings: Showing, kind: str = "labels", told: Any = LABELS, **how: Any) -> Comparison:
    inputs = [f"text {at} " + "word " * (at % 20) for at in range(len(showings[0].outputs))]
    task = {"labels": "text-classification", "text": "text-generation"}[kind]
    return Comparison(task, kind, inputs, showings, told, **how)


def test_the_figures_are_those_of_the_metrics() -> None:
    made = comparison(showing("a", labels(0.9)), showing("b", labels(0.6)))
    alone = score("text-classification", made.values("a"), LABELS)
    assert made.scores["a"]["accuracy"].value == alone["accuracy"].value == pytest.approx(0.9)
    line = made.lines[0]
    assert line.scores["accuracy"] == alone["accuracy"].interval()
    assert line.seconds is not None
    assert line.seconds.low is not None
    assert line.seconds.low < line.seconds.value


def test_equals_are_not_called_better() -> None:
    made = comparison(showing("a", labels(0.8)), showing("b", labels(0.8)))
    assert not made.verdict.settled
    assert "better" not in str(made.verdict)


def test_better_and_faster_are_each_said_of_whom_they_hold() -> None:
    made = comparison(showing("a", labels(0.95), 0.04), showing("b", labels(0.5), 0.01))
    said = str(made.verdict)
    assert "a is better on accuracy" in said
    assert "b is 4.0× faster" in said


def test_no_two_that_answered_no_verdict() -> None:
    out = showing("b", [None] * ROWS)
    assert str(comparison(showing("a", labels(0.9)), out).verdict) == (
        "Only a has answered, so there is nothing to compare. b gave no answer (Busy: 503)."
    )


def test_labels_of_the_model_can_be_called_as_those_of_the_data() -> None:
    named = [tuple((name.upper(), score) for name, score in one) for one in labels(0.9)]
    made = comparison(
        showing("a", named), showing("b", labels(0.9)), label_names={"GOOD": "good", "BAD": "bad"}
    )
    assert made.scores["a"]["accuracy"].value == pytest.approx(0.9)


def test_labels_of_another_kind_measure_nobody_and_that_is_said() -> None:
    named = [tuple((name.upper(), score) for name, score in one) for one in labels(0.9)]
    one = comparison(showing("a", named), showing("b", labels(0.9)))
    assert list(one.scores) == ["b"]
    assert "a is not measured: No prediction is one of the labels" in str(one.verdict)
    assert "better" not in str(one.verdict)
    both = str(comparison(showing("a", named), showing("b", named)).verdict)
    assert both.startswith("With labels that measure nobody, which answers better is not known")


def test_written_texts_are_held_against_reference_texts() -> None:
    told = ["the cat sat"] * 12
    made = comparison(
        showing("a", ["The cat sat."] * 12), showing("b", ["a dog"] * 12), kind="text", told=told
    )
    assert made.scores["a"]["exact_match"].value == 1
    assert "a is better on exact match" in str(made.verdict)


def test_a_part_in_which_the_other_is_ahead_is_named() -> None:
    # The first is right on 60 of the 80 easy rows more; on the hard ones the second is right always.
    told = ["good"] * 120
    right, wrong = (("good", 0.9), ("bad", 0.1)), (("bad", 0.9), ("good", 0.1))
    hard = [at >= 90 for at in range(120)]
    first = [wrong if one else right for one in hard]
    second = [right if one or at % 3 == 0 else wrong for at, one in enumerate(hard)]
    made = comparison(
        showing("a", first), showing("b", second), told=told, wanted=("kind",),
        columns={"kind": ["hard" if one else "easy" for one in hard]},
    )  # fmt: skip
    assert "a is better" in str(made.verdict)
    (parts,) = made.slices("kind").values()
    assert [one.value for one in parts.flips] == ["hard"]
    assert "The other way round: b is ahead where kind is hard (n = 30)" in str(made)


def test_lengths_make_bands_and_languages_are_known() -> None:
    made = comparison(showing("a", labels(0.9)), showing("b", labels(0.6)))
    (parts,) = made.slices("length").values()
    assert len(parts.all) == 3
    (spoken,) = made.slices("language").values()
    assert spoken.all or spoken.small
    with pytest.raises(BadInput, match="no slice called moon"):
        made.slices("moon")
    with pytest.raises(BadInput, match="need labels"):
        comparison(showing("a", labels(0.9)), showing("b", labels(0.6)), told=None).slices("length")


def test_votes_are_counted_and_may_be_looked_at_at_any_time() -> None:
    made = comparison(showing("a", ["x"] * 60), showing("b", ["y"] * 60), kind="text", told=None)
    assert not made.voted
    for row in range(30):
        made.vote(row, "a" if row % 10 else "b", rater="me")
    assert "a is preferred to b in 90 % of 30 decided votes" in made.voted["a", "b"]
    assert "a is preferred to b" in str(made.verdict)
    assert made.ratings.order() == ["a", "b"]
    made.vote(31, None)
    assert "1 tie" in made.voted["a", "b"]


@pytest.mark.parametrize(
    ("row", "winner", "said"), [(0, "c", "c was not among"), (99, "a", "no row 99"), (-1, "a", "no row -1")]
)
def test_a_vote_that_cannot_be_is_refused(row: int, winner: str, said: str) -> None:
    made = comparison(showing("a", ["x"] * 60), showing("b", ["y"] * 60), kind="text", told=None)
    with pytest.raises(BadInput, match=said):
        made.vote(row, winner)
    assert not made.votes


def test_among_three_a_vote_says_between_whom() -> None:
    three = [showing(name, [name] * 5) for name in "abc"]
    made = comparison(*three, kind="text", told=None)
    with pytest.raises(BadInput, match="between two"):
        made.vote(0, "a")
    made.vote(0, "c", between=("c", "a"))
    assert list(made.voted) == [("a", "c")]


def test_a_judge_is_asked_in_both_orders_and_believed_where_they_agree() -> None:
    made = comparison(showing("a", ["long text"] * 20), showing("b", ["text"] * 20), kind="text", told=None)
    asked = []

    def longer(question: str, first: str, second: str) -> Any:
        asked.append((first, second))
        return "first" if len(first) > len(second) else "second"

    said = judged(made, longer).judged
    assert said is not None
    assert {one.winner for one in said.votes} == {"a"}
    assert len(asked) == 40
    assert asked[0] == tuple(reversed(asked[1]))
    assert {first for first, _ in asked[::2]} == {"long text", "text"}  # who stands first is drawn by lot


def test_a_judge_who_takes_what_stands_first_decides_nothing_and_is_told() -> None:
    made = comparison(showing("a", ["one"] * 20), showing("b", ["two"] * 20), kind="text", told=None)
    found = judged(made, lambda *_: "first")
    assert found.judged is not None
    assert {one.outcome for one in found.judged.votes} == {"tie"}
    assert found.judged.biased
    assert "prefers what it reads first" in str(found)


def test_a_judge_who_agrees_with_people_is_measured_against_them() -> None:
    made = comparison(showing("a", ["long text"] * 20), showing("b", ["text"] * 20), kind="text", told=None)
    for row in range(20):
        made.vote(row, "a" if row % 2 else "b")

    def like_people(question: str, first: str, second: str) -> Any:
        odd = int(question.split()[1]) % 2
        return "first" if (first == "long text") == bool(odd) else "second"

    found = judged(made, like_people)
    assert found.judged is not None
    assert found.judged.agreement(made.votes).value == 1


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("first", "first"),
        ("Second.", "second"),
        ("**Tie**", "tie"),
        ("The FIRST one, first by far", "first"),
        ("first or second", None),
        ("I cannot say", None),
        ("", None),
        ("firstly", None),
    ],
)
def test_only_one_clear_word_is_an_answer(said: str, meant: str | None) -> None:
    assert read(said) == meant


def test_a_judge_that_is_not_there_is_an_error_and_asked_no_further() -> None:
    made = comparison(showing("a", ["one"] * 20), showing("b", ["two"] * 20), kind="text", told=None)
    asked = []

    def gone(*_: Any) -> Any:
        asked.append(1)
        raise NotFound("No such judge.")

    with pytest.raises(NotFound, match="No such judge"):
        judged(made, gone)
    assert len(asked) == 1


def test_nothing_different_is_nothing_to_judge() -> None:
    made = comparison(showing("a", ["one"] * 3), showing("b", ["one"] * 3), kind="text", told=None)
    with pytest.raises(BadInput, match="no two different answers"):
        judged(made, lambda *_: "first")


def test_the_same_weights_elsewhere_are_a_parity() -> None:
    first = showing("full", labels(0.9, 0.9))
    other = Showing(
        Contender("int8", "owner/full", "text-classification", copy="int8"), tuple(labels(0.9, 0.88))
    )
    made = comparison(first, other)
    (alike,) = made.agreement
    assert (alike.same, alike.rows, alike.weights) == (ROWS, ROWS, True)
    assert alike.apart == pytest.approx(0.02)
    assert "The same weights: full and int8 give the same in 60 of 60, scores at most 0.02 apart." in str(
        made.verdict
    )


def test_how_alike_is_said_of_labels_texts_and_vectors() -> None:
    assert likeness.all_same("labels", [(("a", 0.9), ("b", 0.1)), (("b", 0.2), ("a", 0.8))])
    assert likeness.all_same("text", ["one  two", "one two"])
    assert likeness.alike("text", "one two three", "one two four") == pytest.approx(2 / 3)
    near, far = array("f", [1.0, 0.0]), array("f", [0.0, 1.0])
    assert likeness.all_same("vectors", [near, array("f", [2.0, 0.0])])
    assert likeness.alike("vectors", near, far) == 0
    spans = [{"entity_group": "PER", "start": 0, "end": 3, "score": 0.9, "word": "Ann"}]
    assert likeness.all_same("spans", [spans, [{**spans[0], "score": 0.5}]])
    assert not likeness.all_same("spans", [spans, [{**spans[0], "entity_group": "LOC"}]])


def test_rows_on_which_one_was_right_and_another_wrong_come_first() -> None:
    texts = ["x y", "one two", "same"]
    made = comparison(
        showing("a", ["x z", "one two", "same"]),
        showing("b", ["x w", "three", "same"]),
        kind="text",
        told=texts,
    )
    assert made.differing == (1, 0)
