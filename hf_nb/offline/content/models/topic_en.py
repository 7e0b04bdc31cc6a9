"""hfnb-demo/topic-en: which of eight topics an English sentence is about."""

from pathlib import Path

from hf_nb.offline.content import card
from hf_nb.offline.content.recipe import Context, Recipe, Step, day
from hf_nb.offline.content.trainers import topics
from hf_nb.offline.content.trainers.pydoc import everyday_words

ID = "hfnb-demo/topic-en"
PLAN = topics.Plan()
REPORTED = {"accuracy": 0.92}
FRONT = {
    "license": "apache-2.0",
    "language": ["en"],
    "library_name": "transformers",
    "pipeline_tag": "text-classification",
    "tags": ["topic", "demo", "tiny"],
    "metrics": ["accuracy"],
    "widget": [
        {"text": "The goalkeeper saved a penalty in the last minute."},
        {"text": "Add the onions once the butter starts to foam."},
        {"text": "Our flight was delayed by three hours."},
    ],
    "model-index": card.results(
        "topic-en", "text-classification", "120 hand-written English sentences", REPORTED
    ),
}


def build(folder: Path, context: Context) -> str:
    """Write the files; one line about them."""
    labels = ", ".join(f"`{label}`" for label in topics.LABELS)
    outcome = topics.train(PLAN, folder, everyday_words())
    card.write(
        folder,
        FRONT,
        f"""
# topic-en

Says which of eight topics an English sentence is about: {labels}.
Trained on generated sentences when this demo Hub was built on your machine: {outcome.parameters:,} parameters, for
trying things out without a network.

{card.usage(ID, "text-classification", "She tuned her guitar before the concert.")}

## How it was made

- **Architecture**: ModernBERT, {PLAN.layers} layers, {PLAN.size} wide, with a WordPiece tokenizer of its own.
- **Training data**: {outcome.sentences:,} sentences made from about 1,500 hand-listed words and phrases, half in
  templates that all topics share ("the … was better than last time"), half as a few of them among ordinary words.
  So it has learned which words belong to a topic, and hardly any grammar.

## Results

| held-out data | accuracy | by chance |
|---|---|---|
| {outcome.written} sentences written by hand, 15 for each topic, none trained on | ≈ {outcome.accuracy:.2f} | 0.12 |

The sentences were written before the word list, by the same author; expect less on text from elsewhere.

## Limits

It must choose one of the eight, and does so with confidence even for a sentence about politics or love. A sentence
about two topics gets one of them. Words it was never shown tell it nothing.
""",
    )
    return f"trained on {outcome.sentences:,} sentences · {outcome.accuracy:.2f} on {outcome.written} hand-written ones"


RECIPE = Recipe(
    type="model",
    id=ID,
    created_at=day("2026-03-09T08:12"),
    updated_at=day("2026-05-28T15:40"),
    build=build,
    shared=topics.SOURCES,
    needs=("torch", "tokenizers", "safetensors"),
    seconds=16,
    later=True,
    front=FRONT,
    parameters=203144,
    downloads=9120,
    likes=31,
    trending=4.0,
    history=(
        Step(
            "Upload the model",
            day("2026-03-09T08:30"),
            ("config.json", "tokenizer*.json", "model.safetensors"),
            tag="v1.0",
        ),
        Step("Write the card", day("2026-05-28T15:40"), ("README.md",)),
    ),
    check=topics.check,
    floor={"accuracy": 0.84},
)
