"""Answers found in a passage: the best stretch by the model's scores, exact places, passages of any length."""

from typing import Any

import pytest

from hf_nb import errors

pytestmark = pytest.mark.slow
MODEL = "hfnb-demo/qa-en"
PASSAGE = "Nora lives in Oslo. On Monday she bought a red bicycle."
QUESTIONS = ["What colour is the bicycle?", "Where does Nora live?", "When did Nora buy the bicycle?"]

UNANSWERED = ["How old is Tom?", "Who won the race?", "How many dogs does she have?"]


@pytest.fixture(scope="module")
def plainly(served_hub: Any) -> Any:
    """The same by the book: every pair of first and last token, tried one after the other."""
    import torch
    from transformers import AutoModelForQuestionAnswering, AutoTokenizer

    tokenizer, model = (
        AutoTokenizer.from_pretrained(MODEL),
        AutoModelForQuestionAnswering.from_pretrained(MODEL),
    )

    def find(question: str, passage: str, longest: int = 15) -> tuple[str, float]:
        read = tokenizer(question, passage, return_tensors="pt", return_offsets_mapping=True)
        places = read.pop("offset_mapping")[0].tolist()
        inside = [at for at, of in enumerate(read.sequence_ids(0)) if of == 1]
        with torch.no_grad():
            said = model(**read)
        first = torch.softmax(said.start_logits[0, inside], 0)
        last = torch.softmax(said.end_logits[0, inside], 0)
        score, start, end = max(
            (float(first[a] * last[b]), a, b)
            for a in range(len(inside))
            for b in range(a, min(a + longest, len(inside)))
        )
        return passage[places[inside[start]][0] : places[inside[end]][1]], score

    return find


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("passage", [PASSAGE, f"👩‍👩‍👧 {PASSAGE} שלום", PASSAGE.replace("red", "re\u0301d")])
def test_the_answer_is_the_best_pair_of_all(question: str, passage: str, ask: Any, plainly: Any) -> None:
    answer, score = plainly(question, passage)
    got = ask(
        "question-answering", MODEL, {"question": question, "context": passage}, align_to_words=False
    ).output
    assert (got["answer"], got["score"]) == (answer, pytest.approx(score, abs=1e-5))
    assert passage[got["start"] : got["end"]] == got["answer"]


def test_no_answer_is_longer_than_it_may_be(ask: Any, plainly: Any) -> None:
    fields = {"question": "What did she buy?", "context": PASSAGE}
    got = ask("question-answering", MODEL, fields, max_answer_len=1, align_to_words=False).output
    assert got["answer"] == plainly(*fields.values(), longest=1)[0]


def test_several_answers_come_best_first_and_differ(ask: Any) -> None:
    found = ask("question-answering", MODEL, {"question": QUESTIONS[0], "context": PASSAGE}, top_k=4).output
    assert len({(one["start"], one["end"]) for one in found}) == 4
    assert [one["score"] for one in found] == sorted((one["score"] for one in found), reverse=True)
    assert found[0]["answer"] == "red"


def test_a_question_the_passage_does_not_answer_may_stay_without_one(ask: Any) -> None:
    found = []
    for question in UNANSWERED:  # which of them it sees through, differs with the processor it was trained on
        fields = {"question": question, "context": PASSAGE}
        assert ask("question-answering", MODEL, fields).output["answer"] != ""
        got = ask("question-answering", MODEL, fields, handle_impossible_answer=True).output
        assert got["answer"] == PASSAGE[got["start"] : got["end"]]
        found.append((got["answer"], got["start"], got["end"]))
    assert ("", 0, 0) in found
    fields = {"question": QUESTIONS[0], "context": PASSAGE}
    assert ask("question-answering", MODEL, fields, handle_impossible_answer=True).output["answer"] == "red"


@pytest.mark.parametrize("before", [0, 40, 120, 3000])
def test_an_answer_is_found_wherever_in_a_long_passage_it_stands(before: int, ask: Any) -> None:
    filler = "The chair is in the garden. "
    passage = filler * before + PASSAGE + " " + filler * (3100 - before if before > 100 else 0)
    answer = ask("question-answering", MODEL, {"question": "Where does Nora live?", "context": passage})
    got = answer.output
    assert passage[got["start"] : got["end"]] == got["answer"]
    assert got["answer"] == "Oslo"
    assert ("pieces" in answer.note) == (before > 0)


def test_the_pieces_of_a_long_passage_share_one_certainty(ask: Any) -> None:
    """A piece that holds no answer is not sure of one of its own."""
    passage = "The chair is in the garden. " * 200 + PASSAGE
    found = ask("question-answering", MODEL, {"question": QUESTIONS[0], "context": passage}, top_k=200).output
    assert sum(one["score"] for one in found) <= 1 + 1e-5


def test_a_question_longer_than_the_window_names_both_numbers(ask: Any) -> None:
    fields = {"question": "Where does Nora live " * 100, "context": PASSAGE}
    with pytest.raises(errors.TooLarge, match=r"\d{3} tokens; .* reads 192"):
        ask("question-answering", MODEL, fields)
    assert ask("question-answering", MODEL, fields, max_question_len=20).output["answer"]


@pytest.mark.parametrize(
    "fields", [("?", "?"), ("\x00", "\x00"), ("Who?", "."), ("Who?", "\u200f")], ids=repr
)
def test_next_to_nothing_is_answered_with_something_inside_it(fields: tuple[str, str], ask: Any) -> None:
    got = ask("question-answering", MODEL, {"question": fields[0], "context": fields[1]}).output
    assert fields[1][got["start"] : got["end"]] == got["answer"]
