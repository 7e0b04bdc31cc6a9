"""hfnb-lab/sentiment-de: is a German sentence pleased or not. Behind a gate that a person opens."""

from pathlib import Path

from hf_nb.offline.content import card
from hf_nb.offline.content.recipe import Context, Recipe, day
from hf_nb.offline.content.trainers import sentiment
from hf_nb.offline.content.trainers.grammar import Language

ID = "hfnb-lab/sentiment-de"
PLAN = sentiment.Plan(Language("de", endings=("", "e", "er", "es", "en")), steps=300, vocabulary=3600)
REPORTED = {"accuracy": 0.94}


def build(folder: Path, context: Context) -> str:
    """Write the files; one line about them."""
    outcome = sentiment.train(PLAN, folder)
    front = {
        "license": "cc-by-nc-4.0",
        "language": ["de"],
        "library_name": "transformers",
        "pipeline_tag": "text-classification",
        "tags": ["sentiment", "tiny"],
        "metrics": ["accuracy"],
        "extra_gated_heading": "Tell us what you want to try",
        "extra_gated_prompt": "A person looks at every request; nobody is turned away who asks kindly.",
        "extra_gated_fields": {"What for": "text", "I will not use it commercially": "checkbox"},
        "widget": [{"text": "Ich liebe diese Bibliothek."}, {"text": "Das ist überhaupt nicht gut."}],
        "model-index": card.results(
            "sentiment-de", "text-classification", "50 hand-written German sentences", REPORTED
        ),
    }
    card.write(
        folder,
        front,
        f"""
# sentiment-de

Sagt, ob ein deutscher Satz zufrieden klingt (`positive`) oder nicht (`negative`). The German sister of
`hfnb-demo/sentiment-en`: {outcome.parameters:,} parameters, trained on {PLAN.sentences:,} generated sentences from a
list of about 1,000 graded words and phrases. Access is granted by hand, and the licence forbids commercial use: it is
here so that gates and licence checks have something to work on.

{card.usage(ID, "text-classification", "Das Zimmer war klein, aber die Aussicht ist herrlich.")}

## Results

≈ {outcome.accuracy:.2f} on {outcome.written} sentences written by hand and never trained on; ≈
{outcome.template_accuracy:.2f} on {outcome.made} generated ones in unseen templates. Fifty sentences are few: take the
first figure with a margin of ten points.

## Limits

Compound nouns it has not seen say nothing to it, and the templates care little for der, die and das. Irony and longer
texts are beyond it.
""",
    )
    return outcome.line


RECIPE = Recipe(
    type="model",
    id=ID,
    created_at=day("2026-03-09T15:30"),
    updated_at=day("2026-03-09T16:01"),
    build=build,
    shared=(*sentiment.SOURCES, "texts/sentiment_de.txt", "texts/sentiment_de_test.txt"),
    needs=("torch", "tokenizers", "safetensors"),
    seconds=8,
    downloads=1894,
    likes=15,
    trending=1.0,
    gated="manual",
    check=lambda folder: sentiment.check(PLAN, folder),
    floor={"accuracy": 0.78},
)
