"""Tasks as data. `HUB_TASKS`: what a model or dataset can be filtered by. `TASKS`: what this package can run."""

from dataclasses import dataclass
from enum import StrEnum


class In(StrEnum):
    """Kinds of input."""

    TEXT = "text"


class Out(StrEnum):
    """Kinds of output; `render/` has one file for each."""

    LABELS = "labels"


@dataclass(frozen=True)
class Task:
    """One row: what goes in and what comes out."""

    name: str
    input: In
    output: Out
    example: str


TASKS: dict[str, Task] = {
    "text-classification": Task(
        "text-classification", In.TEXT, Out.LABELS, "The room was small, but we loved the view."
    ),
}

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
