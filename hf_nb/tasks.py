"""Tasks as data. `HUB_TASKS`: what a model or dataset can be filtered by. `TASKS`: what this package can run."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any


class In(StrEnum):
    """Kinds of input: a text, or fields by name."""

    TEXT = "text"
    LABELLED = "labelled"  # a text, and the labels it may get
    QUESTION = "question"  # a question, and the text that holds its answer
    SENTENCES = "sentences"  # one sentence, and those it is compared with
    TABLE = "table"  # a question, and a table
    CHAT = "chat"  # messages


class Out(StrEnum):
    """Kinds of output; `render/` has one file for each."""

    LABELS = "labels"
    SPANS = "spans"
    EXTRACT = "extract"
    CELLS = "cells"
    FILLS = "fills"
    VECTORS = "vectors"
    SCORES = "scores"
    TEXT = "text"
    CHAT = "chat"


# The fields of an input, in the names the Hub's task routes use; a text alone has none.
FIELDS: Mapping[In, tuple[str, ...]] = MappingProxyType(
    {
        In.TEXT: (),
        In.LABELLED: ("text", "candidate_labels"),
        In.QUESTION: ("question", "context"),
        In.SENTENCES: ("source_sentence", "sentences"),
        In.TABLE: ("query", "table"),
        In.CHAT: ("messages",),
    }
)


@dataclass(frozen=True)
class Task:
    """One row: what goes in and what comes out.

    `tags`: the tasks a model may be filed under on the Hub to be run for this one; `parameters`: the class of
    `huggingface_hub` that lists its parameters; `also`: other names people type.
    """

    name: str
    input: In
    output: Out
    example: Any
    parameters: str
    tags: tuple[str, ...] = ()
    also: tuple[str, ...] = ()

    @property
    def streams(self) -> bool:
        """Its answer comes word by word."""
        return self.output in (Out.TEXT, Out.CHAT)

    def fits(self, tag: str | None) -> bool:
        """Whether a model filed under `tag` is for this."""
        return tag is None or tag == self.name or tag in self.tags


_ROWS = (
    Task(
        "text-classification",
        In.TEXT,
        Out.LABELS,
        "The room was small, but we loved the view.",
        "TextClassificationParameters",
        also=("sentiment-analysis", "sentiment", "topic", "intent", "classification"),
    ),
    Task(
        "zero-shot-classification",
        In.LABELLED,
        Out.LABELS,
        {"text": "The striker scored twice.", "candidate_labels": ["sport", "cooking", "money"]},
        "ZeroShotClassificationParameters",
        tags=("text-classification",),  # what its config alone says of a model of entailment
        also=("zero-shot",),
    ),
    Task(
        "token-classification",
        In.TEXT,
        Out.SPANS,
        "Maria Keller moved from Lisbon to Geneva.",
        "TokenClassificationParameters",
        also=("ner", "entities"),
    ),
    Task(
        "question-answering",
        In.QUESTION,
        Out.EXTRACT,
        {"question": "Where does Maria live?", "context": "Maria lives in Geneva. She works as a nurse."},
        "QuestionAnsweringParameters",
        also=("qa",),
    ),
    Task(
        "table-question-answering",
        In.TABLE,
        Out.CELLS,
        {
            "query": "Which city has the most people?",
            "table": {"city": ["Bern", "Lyon"], "people": ["134000", "522000"]},
        },
        "TableQuestionAnsweringParameters",
        also=("table-qa",),
    ),
    Task(
        "summarization",
        In.TEXT,
        Out.TEXT,
        "The meeting was in the library. Coffee was served. The group voted to repair ten chairs. It should be done "
        "by May. They will meet again on Friday.",
        "SummarizationParameters",
        tags=("text2text-generation",),
        also=("summarisation", "summary"),
    ),
    Task(
        "translation",
        In.TEXT,
        Out.TEXT,
        "she sees a white house",
        "TranslationParameters",
        tags=("text2text-generation",),
        also=("translate",),
    ),
    Task(
        "text2text-generation",
        In.TEXT,
        Out.TEXT,
        "plural: house",
        "Text2TextGenerationParameters",
        tags=("summarization", "translation"),
        also=("text2text",),
    ),
    Task(
        "fill-mask",
        In.TEXT,
        Out.FILLS,
        "Return a new [MASK] with the same keys.",
        "FillMaskParameters",
        also=("mask",),
    ),
    Task(
        "text-generation",
        In.TEXT,
        Out.TEXT,
        "Return the list of",
        "TextGenerationInputGenerateParameters",
        also=("generation", "completion"),
    ),
    Task(
        "code-generation",
        In.TEXT,
        Out.TEXT,
        "def add(a, b):",
        "TextGenerationInputGenerateParameters",
        tags=("text-generation",),
        also=("code",),
    ),
    Task(
        "chat",
        In.CHAT,
        Out.CHAT,
        {"messages": [{"role": "user", "content": "What is the capital of France?"}]},
        "ChatCompletionInput",
        tags=("text-generation", "image-text-to-text", "conversational"),
        also=("conversational", "chat-completion"),
    ),
    Task(
        "feature-extraction",
        In.TEXT,
        Out.VECTORS,
        "A quiet room near the station.",
        "FeatureExtractionInput",
        tags=("sentence-similarity",),
        also=("embed", "embeddings", "embedding"),
    ),
    Task(
        "sentence-similarity",
        In.SENTENCES,
        Out.SCORES,
        {
            "source_sentence": "The soup was cold.",
            "sentences": ["My soup arrived cold.", "The train was late."],
        },
        "SentenceSimilarityInput",
        tags=("feature-extraction",),
        also=("similarity", "similar"),
    ),
)
TASKS: Mapping[str, Task] = MappingProxyType({row.name: row for row in _ROWS})
ALSO: Mapping[str, str] = MappingProxyType({name: row.name for row in _ROWS for name in row.also})


HUB_TASKS: tuple[str, ...] = (
    "text-classification",
    "token-classification",
    "table-question-answering",
    "question-answering",
    "zero-shot-classification",
    "translation",
    "summarization",
    "feature-extraction",
    "text-generation",
    "fill-mask",
    "sentence-similarity",
    "text-ranking",
    "text-retrieval",
    "text-to-speech",
    "text-to-audio",
    "automatic-speech-recognition",
    "audio-to-audio",
    "audio-classification",
    "audio-text-to-text",
    "voice-activity-detection",
    "depth-estimation",
    "image-classification",
    "object-detection",
    "image-segmentation",
    "text-to-image",
    "image-to-text",
    "image-to-image",
    "image-to-video",
    "unconditional-image-generation",
    "video-classification",
    "video-text-to-text",
    "video-to-video",
    "zero-shot-image-classification",
    "zero-shot-object-detection",
    "mask-generation",
    "keypoint-detection",
    "text-to-video",
    "text-to-3d",
    "image-to-3d",
    "image-feature-extraction",
    "image-text-to-image",
    "image-text-to-text",
    "image-text-to-video",
    "visual-question-answering",
    "document-question-answering",
    "visual-document-retrieval",
    "any-to-any",
    "tabular-classification",
    "tabular-regression",
    "tabular-to-text",
    "table-to-text",
    "time-series-forecasting",
    "reinforcement-learning",
    "robotics",
    "graph-ml",
    "multiple-choice",
    "text2text-generation",
    "other",
)

# ISO 639-1 codes, with the few longer ones that cards use: how a bare tag on a model is known to be a language.
LANGUAGES: frozenset[str] = frozenset(
    (
        "aa ab af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da "
        "de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy "
        "hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg "
        "li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or "
        "os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta "
        "te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu "
        "multilingual code"
    ).split()
)
