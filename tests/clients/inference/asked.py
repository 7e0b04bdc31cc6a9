"""What is asked of every client that knows the task: the words, and what a right answer is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Question:
    """A call of `InferenceClient`: its method, what it is told, the model, and whether an answer is right."""

    operation: str
    method: str
    given: dict[str, Any]
    model: str
    right: Callable[[Any], bool]
    path: str = ""  # of the task, where a model has several


TABLE = {"city": ["Bern", "Lyon"], "people": ["134000", "522000"]}
QUESTIONS = (
    Question(
        "text-classification",
        "text_classification",
        {"text": "I love it"},
        "sentiment-en",
        lambda found: found[0].label == "positive" and found[0].score > found[1].score,
    ),
    Question(
        "zero-shot-classification",
        "zero_shot_classification",
        {"text": "The striker scored twice.", "candidate_labels": ["sport", "cooking"]},
        "nli-en",
        lambda found: found[0].label == "sport" and len(found) == 2,
    ),
    Question(
        "token-classification",
        "token_classification",
        {"text": "Maria Keller moved from Lisbon to Geneva."},
        "ner-en",
        lambda found: (found[0].word, found[0].entity_group) == ("Maria Keller", "PER"),
    ),
    Question(
        "question-answering",
        "question_answering",
        {"question": "Where does Maria live?", "context": "Maria lives in Geneva. She works as a nurse."},
        "qa-en",
        lambda found: (found.answer, found.start, found.end) == ("Geneva", 15, 21),
    ),
    Question(
        "table-question-answering",
        "table_question_answering",
        {"table": TABLE, "query": "Which city has the most people?"},
        "table-qa-en",
        lambda found: bool(found.cells) and set(found.cells) <= {*TABLE["city"], *TABLE["people"]},
    ),
    Question(
        "summarization",
        "summarization",
        {"text": "The ferry to the island leaves at nine. It was late on Monday because of fog."},
        "summarize-en",
        lambda found: len(found.summary_text) > 10,
    ),
    Question(
        "translation",
        "translation",
        {"text": "she sees a white house"},
        "translate-en-fr",
        lambda found: "maison" in found.translation_text,
    ),
    Question(
        "fill-mask",
        "fill_mask",
        {"text": "Return a new [MASK] with the same keys.", "top_k": 3},
        "pydoc-mlm",
        lambda found: len(found) == 3 and found[0].sequence.startswith("Return a new"),
    ),
    Question(
        "text-generation",
        "text_generation",
        {"prompt": "Return the list of", "max_new_tokens": 6, "do_sample": False},
        "pydoc-gpt",
        lambda found: isinstance(found, str) and bool(found),
    ),
    Question(
        "feature-extraction",
        "feature_extraction",
        {"text": "A quiet room"},
        "similar-en",
        lambda found: found.shape == (96,),
        "feature-extraction",
    ),
    Question(
        "sentence-similarity",
        "sentence_similarity",
        {
            "sentence": "The soup was cold.",
            "other_sentences": ["My soup arrived cold.", "The train was late."],
        },
        "similar-en",
        lambda found: found[0] > found[1],
        "sentence-similarity",
    ),
)
