"""hfnb-demo/sentiment-fr: is a French sentence pleased or not."""

from pathlib import Path

from hf_nb.offline.content import card
from hf_nb.offline.content.recipe import Context, Recipe, day
from hf_nb.offline.content.trainers import sentiment
from hf_nb.offline.content.trainers.grammar import Language

ID = "hfnb-demo/sentiment-fr"
PLAN = sentiment.Plan(Language("fr", endings=("", "e", "s", "es")), steps=300, vocabulary=3000)
REPORTED = {"accuracy": 0.96}


def build(folder: Path, context: Context) -> str:
    """Write the files; one line about them."""
    outcome = sentiment.train(PLAN, folder)
    front = {
        "license": "mit",
        "language": ["fr"],
        "library_name": "transformers",
        "pipeline_tag": "text-classification",
        "tags": ["sentiment", "demo", "tiny"],
        "metrics": ["accuracy"],
        "widget": [{"text": "J'adore cette bibliothèque."}, {"text": "Ce n'est vraiment pas bon."}],
        "model-index": card.results(
            "sentiment-fr", "text-classification", "50 hand-written French sentences", REPORTED
        ),
    }
    card.write(
        folder,
        front,
        f"""
# sentiment-fr

Dit si une phrase française est contente (`positive`) ou non (`negative`). The French sister of
`hfnb-demo/sentiment-en`: {outcome.parameters:,} parameters, trained on {PLAN.sentences:,} generated sentences from a
list of about 900 graded words and phrases. Accents may be left out.

{card.usage(ID, "text-classification", "La chambre était petite, mais la vue est superbe.")}

## Results

≈ {outcome.accuracy:.2f} on {outcome.written} sentences written by hand and never trained on; ≈
{outcome.template_accuracy:.2f} on {outcome.made} generated ones in unseen templates. Fifty sentences are few: take the
first figure with a margin of ten points.

## Limits

The templates agree badly in gender and number, so it has seen much wrong French; it counts words and negations more
than it reads. Irony and longer texts are beyond it.
""",
    )
    return outcome.line


RECIPE = Recipe(
    type="model",
    id=ID,
    created_at=day("2026-03-02T11:00"),
    updated_at=day("2026-03-02T11:24"),
    build=build,
    shared=(*sentiment.SOURCES, "texts/sentiment_fr.txt", "texts/sentiment_fr_test.txt"),
    needs=("torch", "tokenizers", "safetensors"),
    seconds=8,
    downloads=5120,
    likes=22,
    trending=3.0,
    check=lambda folder: sentiment.check(PLAN, folder),
    floor={"accuracy": 0.78},
)
