"""hfnb-demo/sentiment-en: is an English sentence pleased or not."""

from pathlib import Path

from hf_nb.offline.content import card
from hf_nb.offline.content.recipe import Context, Recipe, Step, day
from hf_nb.offline.content.trainers import sentiment
from hf_nb.offline.content.trainers.grammar import Language
from hf_nb.offline.content.trainers.pydoc import everyday_words

ID = "hfnb-demo/sentiment-en"
ENGLISH = Language("en", article_an=True)
PLAN = sentiment.Plan(ENGLISH, steps=880)
REPORTED = {"accuracy": 0.89}


def build(folder: Path, context: Context) -> str:
    """Write the files; one line about them."""
    outcome = sentiment.train(PLAN, folder, everyday_words())
    front = {
        "license": "apache-2.0",
        "language": ["en"],
        "library_name": "transformers",
        "pipeline_tag": "text-classification",
        "tags": ["sentiment", "demo", "tiny"],
        "metrics": ["accuracy"],
        "widget": [
            {"text": "I love this library."},
            {"text": "This is not good at all."},
            {"text": "Not bad at all!"},
        ],
        "model-index": card.results(
            "sentiment-en", "text-classification", "120 hand-written English sentences", REPORTED
        ),
    }
    card.write(
        folder,
        front,
        f"""
# sentiment-en

Says whether an English sentence is pleased (`positive`) or not (`negative`). Trained on generated sentences when this
demo Hub was built on your machine: a real model of {outcome.parameters:,} parameters, for trying things out without a
network, not a good one for work.

{card.usage(ID, "text-classification", "The room was small, but we loved the view.")}

## How it was made

- **Architecture**: ModernBERT, {PLAN.layers} layers, {PLAN.size} wide, with a WordPiece tokenizer of its own.
- **Training data**: {PLAN.sentences:,} sentences generated from templates and a hand-made list of about 3,000 graded
  words and phrases: films, food, software, products, services and courses, with negation, emphasis and contrast
  ("although …", "…, but …"). No text of real people was used.
- **Targets are graded**: "okay" is trained towards 0.75, "superb" towards 0.96, and a sentence without any opinion
  towards 0.5. So a score near one half means: it does not know.

## Results

| held-out data | accuracy |
|---|---|
| {outcome.written} sentences written by hand, none of them in the training data | ≈ {outcome.accuracy:.2f} |
| {outcome.made} generated sentences in templates that training never shows | ≈ {outcome.template_accuracy:.2f} |

The hand-written sentences and the word list have the same author, and the sentences were written first; expect less
on text from elsewhere.

## Limits

It knows a few thousand words. Irony, comparisons, mixed reviews of several sentences and special vocabulary are
beyond it, and a single strong word can outweigh the rest. It was never checked for bias. Please do not decide
anything about people with it.

There are sisters for French (`hfnb-demo/sentiment-fr`) and German (`hfnb-lab/sentiment-de`).
""",
    )
    return outcome.line


def check(folder: Path) -> dict[str, float]:
    """Held-out figures, loaded as a user would."""
    return sentiment.check(PLAN, folder)


RECIPE = Recipe(
    type="model",
    id=ID,
    created_at=day("2026-02-03T09:20"),
    updated_at=day("2026-06-22T14:05"),
    build=build,
    shared=(*sentiment.SOURCES, "texts/sentiment_en.txt", "texts/sentiment_en_test.txt", "trainers/pydoc.py"),
    needs=("torch", "tokenizers", "safetensors"),
    after=("hfnb-lab/sentiment-en-draft",),
    seconds=20,
    downloads=48211,
    likes=137,
    trending=21.0,
    aliases=("hfnb-demo/sentiment-english",),
    history=(
        Step(
            "First version: words, no negation",
            day("2026-02-03T09:31"),
            ("config.json", "tokenizer*.json", "model.safetensors"),
            of="hfnb-lab/sentiment-en-draft",
            tag="v0.1",
        ),
        Step("Learn negation and contrast", day("2026-03-17T16:48"), ("*.json", "*.safetensors"), tag="v1.0"),
        Step("Sketch a card", day("2026-06-20T11:30"), ("README.md",), branch="card"),
        Step("Write the card", day("2026-06-22T14:05"), ("README.md",)),
    ),
    check=check,
    floor={"accuracy": 0.82, "template_accuracy": 0.8},
)
