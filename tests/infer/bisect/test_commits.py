"""A change planted in one of 64 commits is found with seven questions at most, and named."""

from __future__ import annotations

import shutil
from typing import Any

import pytest

from hf_nb import bisect, errors, render
from hf_nb.commands import tree
from hf_nb.commands.tree import answer
from hf_nb.hub.disk.listing import cache_folder
from hf_nb.plumbing.session import use
from tests.infer.bisect.conftest import BROKEN, COMMITS, CULPRIT, GROWN, NUDGED, TURNED, Grown

pytestmark = pytest.mark.slow  # a Hub of its own, and a dozen loads

TEXT = "good film"
BESIDE = 50_000  # bytes of settings and tokenizer, which come once


def test_one_of_64_commits_is_found_with_seven_answers_and_only_changed_files_are_fetched(
    grown: Grown, capsys: pytest.CaptureFixture[str]
) -> None:
    made = bisect.commits(GROWN, TEXT, session=grown.session)

    assert made.culprit == grown.commits[CULPRIT]
    assert made.before == grown.commits[CULPRIT - 1]
    assert made.title == "trained a little longer"
    assert made.candidates == COMMITS
    assert made.asked <= 7
    assert grown.size * made.asked <= made.bytes <= grown.size * made.asked + BESIDE
    with capsys.disabled():
        print(
            f"\n{COMMITS} commits: {len(made)} looked at, {made.asked} answers, {made.bytes:,} bytes fetched;"
            f" the weights of one are {grown.size:,}"
        )


def test_the_changed_tensor_is_named_with_how_much_it_changed(grown: Grown) -> None:
    made = bisect.commits(GROWN, TEXT, session=grown.session)

    assert [one.name for one in made.tensors] == [TURNED]
    assert made.tensors[0].largest == pytest.approx(3.0, abs=1e-5)
    assert made.tensors[0].share == 1.0
    assert made.old.startswith("good")
    assert made.new.startswith("bad")
    said = render.text(made)
    assert said.startswith(f"Commit {str(made.culprit)[:8]} (trained a little longer) changed the answer.")
    assert TURNED in said
    assert TURNED in render.html(made)


def test_weights_of_a_model_that_is_in_memory_alone_are_fetched_to_be_compared(grown: Grown) -> None:
    old, new = grown.commits[CULPRIT - 1], grown.commits[CULPRIT]
    assert bisect.commits(GROWN, TEXT, old=old, new=new, session=grown.session).bytes
    shutil.rmtree(cache_folder() / f"models--{GROWN.replace('/', '--')}")
    made = bisect.commits(GROWN, TEXT, old=old, new=new, session=grown.session)

    assert [one.name for one in made.tensors] == [TURNED]


def test_commits_that_change_no_file_of_the_model_are_not_asked(grown: Grown) -> None:
    made = bisect.commits(GROWN, TEXT, old=grown.commits[CULPRIT], session=grown.session)

    assert made.culprit is None
    assert any(one.same and not one.bytes for one in made)
    assert made.asked < len(made)
    assert "answers like the newest" in render.text(made)


def test_a_search_between_two_commits_stays_between_them(grown: Grown) -> None:
    old, new = grown.commits[CULPRIT - 1], grown.commits[CULPRIT]
    made = bisect.commits(GROWN, TEXT, old=old, new=new, session=grown.session)

    assert (made.before, made.culprit, made.candidates, made.asked) == (old, new, 2, 2)


def test_an_expected_answer_says_since_when_it_is_not_given(grown: Grown) -> None:
    made = bisect.commits(GROWN, TEXT, expect="good", session=grown.session)

    assert made.culprit == grown.commits[CULPRIT]


def test_a_score_that_moves_counts_where_that_was_asked_for(grown: Grown) -> None:
    made = bisect.commits(GROWN, TEXT, new=grown.commits[CULPRIT - 1], tolerance=1e-9, session=grown.session)

    assert made.culprit == grown.commits[36]
    assert [one.name for one in made.tensors] == [NUDGED]


def test_a_commit_that_cannot_be_loaded_is_passed_over_and_named(grown: Grown) -> None:
    made = bisect.commits(BROKEN, TEXT, session=grown.session)

    first, broken, last = grown.broken
    assert (made.before, made.culprit, made.untried) == (first, last, (broken,))
    assert f"Between both, and not to be asked: {broken[:8]}" in render.text(made)


def test_a_stop_keeps_what_is_known(grown: Grown, monkeypatch: pytest.MonkeyPatch) -> None:
    from hf_nb.infer import run as verb
    from hf_nb.infer.bisect import among_commits

    plainly, seen = verb, list[str]()

    def run(*args: Any, **kwargs: Any) -> Any:
        seen.append(kwargs["revision"])
        if len(seen) == 3:
            raise KeyboardInterrupt
        return plainly(*args, **kwargs)

    monkeypatch.setattr(among_commits, "run", run)
    with pytest.raises(errors.Stopped) as stopped:
        bisect.commits(GROWN, TEXT, session=grown.session)

    assert [one.name for one in stopped.value.partial if not one.same] == seen[:2]
    assert "Stopped before its end." in render.text(stopped.value.partial)
    assert grown.session.jobs.seen(1)[0].state == "stopped"


def test_wrong_ends_and_a_wrong_id_are_refused(grown: Grown) -> None:
    with pytest.raises(errors.BadInput, match="one commit"):
        bisect.commits(GROWN, TEXT, old="main", session=grown.session)
    with pytest.raises(errors.BadInput, match="no earlier commit"):
        bisect.commits(GROWN, TEXT, old="main", new=grown.commits[3], session=grown.session)
    with pytest.raises(errors.NotFound):
        bisect.commits("hfnb-lab/grwon", TEXT, session=grown.session)


def test_an_outage_in_the_middle_is_said_and_nothing_is_guessed(grown: Grown) -> None:
    with grown.hub.fault("status", status=503, match="*/tree/*"), pytest.raises(errors.Passing):
        bisect.commits(GROWN, TEXT, session=grown.session)


def test_a_line_is_one_call_in_python() -> None:
    found = answer(tree, ["bisect", GROWN, "--old", "v1", "--tolerance", "0.1", "--code", TEXT], "notebook")
    assert str(found.value.source) == (
        f'import hf_nb\n\nhf_nb.bisect.commits("{GROWN}", "{TEXT}", old="v1", tolerance=0.1)'
    )
    words = ["bisect", GROWN, TEXT, "--old-param", "top_k=1", "--new-param", "top_k=50", "--code"]
    said = str(answer(tree, words, "notebook").value.source)
    assert "hf_nb.bisect.parameters(" in said
    assert 'old={"top_k": 1}' in said
    words = ["bisect", GROWN, TEXT, "--package", "transformers", "--versions", "5.0, 5.1", "--code"]
    said = str(answer(tree, words, "notebook").value.source)
    assert '"transformers", ["5.0", "5.1"]' in said


def test_the_line_answers_as_the_function_does(grown: Grown) -> None:
    use(grown.session)
    try:
        old, new = grown.commits[CULPRIT - 1], grown.commits[CULPRIT]
        found = answer(tree, ["bisect", GROWN, TEXT, "--old", old, "--new", new], "notebook")
    finally:
        use(None)
    assert found.value.culprit == new
