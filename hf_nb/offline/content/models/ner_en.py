"""hfnb-demo/ner-en: people, places and organisations in an English sentence."""

from pathlib import Path

from hf_nb.offline.content import card
from hf_nb.offline.content.recipe import Context, Recipe, Step, day
from hf_nb.offline.content.trainers import tagging

ID = "hfnb-demo/ner-en"
PLAN = tagging.Plan()
REPORTED = {"f1": 0.76}
FRONT = {
    "license": "apache-2.0",
    "language": ["en"],
    "library_name": "transformers",
    "pipeline_tag": "token-classification",
    "tags": ["ner", "demo", "tiny"],
    "metrics": ["f1", "precision", "recall"],
    "widget": [
        {"text": "Nora Keller left Cedar Motors and moved to Lisbon."},
        {"text": "Police in Oslo are looking for Martin."},
    ],
    "model-index": card.results(
        "ner-en", "token-classification", "66 hand-written English sentences", REPORTED
    ),
}


def build(folder: Path, context: Context) -> str:
    """Write the files; one line about them."""
    outcome = tagging.train(PLAN, folder, tagging.ordinary_words())
    figures = outcome.figures
    row = " | ".join(f"≈ {figures[name]:.2f}" for name in ("precision", "recall", "f1"))
    card.write(
        folder,
        FRONT,
        f"""
# ner-en

Marks people (`PER`), places (`LOC`) and organisations (`ORG`) in an English sentence. Trained on generated sentences
when this demo Hub was built on your machine: {outcome.parameters:,} parameters, for trying things out without a
network.

```python
from transformers import pipeline

pipe = pipeline("token-classification", model="{ID}", aggregation_strategy="max")
pipe("Nora Keller left Cedar Motors and moved to Lisbon.")
```

{card.cell(f"infer -m {ID}", "Nora Keller left Cedar Motors and moved to Lisbon.")}

Please keep `aggregation_strategy="max"` (or "first"): a name it has never met is read in pieces, and this makes the
pieces of a word agree. With "simple", long names fall apart.

## How it was made

- **Architecture**: ModernBERT, {PLAN.layers} layers, {PLAN.size} wide, with a cased WordPiece tokenizer of its own.
- **Training data**: {outcome.sentences:,} sentences from about 200 templates and 550 listed names. Two names in three
  are blends ("Barcelin"), some of an unfit kind, so that it must look at how a name is used. In each sentence some
  ordinary words are exchanged for others. Tags are BIO, on every piece.

## Results

A name counts as found where both ends and the kind are right.

| held-out data | precision | recall | F1 |
|---|---|---|---|
| {outcome.written} sentences written by hand, with {outcome.names} names | {row} |

No name in these sentences, and no word of one, is ever in the training data, but for titles and the words for a kind of
organisation ("Bank", "University"). They were written before the templates, by the same author;
the design was chosen by looking at them, so expect less on others.

## Limits

Sentences without capital letters are lost on it, and an unusual word at the beginning of a sentence may pass for a
name. Whether a name is a place or a company it often can only guess, as would you. One sentence at a time is best. It
knows no dates, products or nationalities.
""",
    )
    return f"trained on {outcome.sentences:,} sentences · F1 {figures['f1']:.2f} on names it has never met"


RECIPE = Recipe(
    type="model",
    id=ID,
    created_at=day("2026-01-19T10:05"),
    updated_at=day("2026-07-02T09:31"),
    build=build,
    shared=tagging.SOURCES,
    needs=("torch", "tokenizers", "safetensors", "transformers"),
    seconds=40,
    later=True,
    front=FRONT,
    parameters=530599,
    downloads=15733,
    likes=52,
    trending=7.0,
    history=(
        Step(
            "Upload the model",
            day("2026-01-19T10:20"),
            ("config.json", "tokenizer*.json", "model.safetensors"),
            tag="v1.0",
        ),
        Step("Write the card", day("2026-07-02T09:31"), ("README.md",)),
    ),
    check=tagging.check,
    floor={"f1": 0.66},
)
