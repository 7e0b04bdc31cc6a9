"""Notes: a summary holds what was decided and nothing that was not, and tested decisions are never trained on."""

from itertools import islice

from hf_nb.offline.content.trainers import notes


def test_a_tested_decision_is_never_in_the_training_data() -> None:
    tested = {
        f"{action} {number} {thing}"
        for action in notes.ACTIONS
        for number in notes.NUMBERS
        for thing in notes.THINGS
        if notes.is_tested(f"{action} {number} {thing}")
    }
    assert len(tested) > 200
    for text, _ in islice(notes.Notes(6).pairs(), 10_000):
        words = text.replace(".", "").replace(",", "").split()
        assert tested.isdisjoint(" ".join(words[at : at + 3]) for at in range(len(words)))


def test_a_summary_keeps_its_facts_and_they_are_in_the_notes() -> None:
    made = notes.Notes(6)
    for text, summary, kept in (made.one() for _ in range(500)):
        assert all(fact in text and fact in summary for fact in kept)


def test_facts_are_counted_one_by_one() -> None:
    assert notes.facts_kept(lambda texts: ["" for _ in texts]) == 0.0
    assert notes.facts_kept(lambda texts: texts) == 1.0
