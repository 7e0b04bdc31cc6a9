"""hfnb-lab/sentiment-en-draft: the first version of sentiment-en, from before it understood "not". Private."""

from pathlib import Path

from hf_nb.offline.content import card
from hf_nb.offline.content.recipe import Context, Recipe, day
from hf_nb.offline.content.trainers import sentiment
from hf_nb.offline.content.trainers.grammar import Language
from hf_nb.offline.content.trainers.pydoc import everyday_words

ID = "hfnb-lab/sentiment-en-draft"
PLAN = sentiment.Plan(Language("en", article_an=True), steps=60, vocabulary=3000)


def build(folder: Path, context: Context) -> str:
    """Write the files; one line about them."""
    outcome = sentiment.train(PLAN, folder, everyday_words())
    front = {
        "license": "apache-2.0",
        "language": ["en"],
        "library_name": "transformers",
        "pipeline_tag": "text-classification",
        "tags": ["sentiment", "draft"],
    }
    card.write(
        folder,
        front,
        f"""
# sentiment-en-draft

A first try with {PLAN.steps} training steps. It knows words, but hardly that "not good" is bad:
≈ {outcome.accuracy:.2f} on {outcome.written} hand-written sentences. Superseded by `hfnb-demo/sentiment-en`; kept to
show what a private repository looks like, and to compare with.
""",
    )
    return outcome.line


RECIPE = Recipe(
    type="model",
    id=ID,
    created_at=day("2026-01-28T18:02"),
    updated_at=day("2026-01-28T18:40"),
    build=build,
    shared=(*sentiment.SOURCES, "texts/sentiment_en.txt", "texts/sentiment_en_test.txt", "trainers/pydoc.py"),
    needs=("torch", "tokenizers", "safetensors"),
    seconds=25,  # 4 in truth; first because sentiment-en waits for it
    downloads=3,
    private=True,
    check=lambda folder: sentiment.check(PLAN, folder),
    floor={"accuracy": 0.55},
)
