"""What a model was made for, by the name of its architecture."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

# The last part of an architecture's name says what the model was made for.
ARCHITECTURES: dict[str, str] = {
    "ForSequenceClassification": "text-classification",
    "ForCausalLM": "text-generation",
    "ForTokenClassification": "token-classification",
    "ForMaskedLM": "fill-mask",
    "ForQuestionAnswering": "question-answering",
    "ForTableQuestionAnswering": "table-question-answering",
    "ForConditionalGeneration": "text2text-generation",
    "ForImageClassification": "image-classification",
    "ForSpeechSeq2Seq": "automatic-speech-recognition",
    "LMHeadModel": "text-generation",
    "MTModel": "translation",
    "Model": "feature-extraction",  # without a head; the last, since others end so too
}


def task_of_config(config: Path) -> str | None:
    """What the architecture in a config was made for."""
    try:
        architectures = json.loads(config.read_text(encoding="utf-8")).get("architectures") or []
    except (OSError, ValueError, AttributeError, RecursionError):
        return None
    return task_of(architectures) if isinstance(architectures, list) else None


def task_of(architectures: Iterable[Any]) -> str | None:
    """What a class of that name was made for."""
    names = [one for one in architectures if isinstance(one, str)]
    return next(
        (task for ending, task in ARCHITECTURES.items() for name in names if name.endswith(ending)),
        None,
    )
