"""hfnb-demo/pydoc-mlm: fills a gap in a sentence of the Python manual."""

from pathlib import Path

from hf_nb.offline.content import card
from hf_nb.offline.content.recipe import Context, Recipe, Step, day
from hf_nb.offline.content.trainers import masked

ID = "hfnb-demo/pydoc-mlm"
PLAN = masked.Plan()
PARAMETERS = masked.size(PLAN)
REPORTED = {"accuracy": 0.24, "top_5_accuracy": 0.43}
EXAMPLE = "Return a [MASK] of all the keys in the dictionary."
FRONT = {
    "license": "other",
    "license_name": "psf-2.0",
    "license_link": "https://docs.python.org/3/license.html",
    "language": ["en"],
    "library_name": "transformers",
    "pipeline_tag": "fill-mask",
    "mask_token": "[MASK]",
    "tags": ["python", "documentation", "demo", "tiny"],
    "datasets": ["hfnb-demo/python-docs"],
    "metrics": ["accuracy"],
    "widget": [{"text": EXAMPLE}, {"text": "If the file does [MASK] exist, an error is raised."}],
    "model-index": card.results(
        "pydoc-mlm", "fill-mask", "python-docs", REPORTED, kind="hfnb-demo/python-docs"
    ),
}


def build(folder: Path, context: Context) -> str:
    """Write the files; one line about them."""
    masked.train(PLAN, folder)
    card.write(
        folder,
        FRONT,
        f"""
# pydoc-mlm

Guesses the word that is missing in a sentence of Python's documentation. A masked language model of
{PARAMETERS:,} parameters, which is very small: it knows what kind of word goes where, and little more.

{card.usage(ID, "fill-mask", EXAMPLE)}

## How it was made

- **Architecture**: ModernBERT, {PLAN.shape.layers} layers, {PLAN.shape.size} wide, with a WordPiece tokenizer of its
  own ({PLAN.shape.vocabulary:,} pieces, lower case). The first layer sees {PLAN.shape.reach} tokens to each side,
  the last one everything.
- **Training data**: the language reference and the docstrings that come with Python (PSF licence), without
  the sources of the `test` and `validation` splits of `hfnb-demo/python-docs`. {PLAN.steps} steps of {PLAN.batch}
  windows, with {PLAN.masked:.0%} of the tokens masked.

## Results

{PLAN.questions} words to guess in passages of the `test` split. A word is only asked for where its neighbourhood, three
words to each side, stands nowhere in the training text.

| | first guess right | within five guesses |
|---|---|---|
| this model | ≈ 0.24 | ≈ 0.43 |
| always the most frequent words | ≈ 0.09 | ≈ 0.23 |
| the words most frequent after the word before | ≈ 0.23 | ≈ 0.42 |

So it is far better than knowing no context, and about as good as a table of word pairs: what comes after the gap
helps it no more than its size costs it.

## Limits

English and Python only, no facts, everything in lower case. Only words that are one piece of its vocabulary can come
out of a single `[MASK]`.
""",
    )
    return f"{PARAMETERS:,} parameters · about {REPORTED['top_5_accuracy']:.2f} of unseen words within five guesses"


def check(folder: Path) -> dict[str, float]:
    """Held-out figures, loaded as a user would."""
    return masked.check(PLAN, folder)


RECIPE = Recipe(
    type="model",
    id=ID,
    created_at=day("2025-12-09T10:02"),
    updated_at=day("2026-05-19T17:31"),
    build=build,
    shared=masked.SOURCES,
    needs=("torch", "tokenizers", "safetensors"),
    seconds=55,
    later=True,
    front=FRONT,
    parameters=PARAMETERS,
    downloads=3120,
    likes=19,
    trending=2.0,
    history=(
        Step("Upload tokenizer", day("2025-12-09T10:10"), ("tokenizer*.json",)),
        Step(
            "Upload ModernBertForMaskedLM",
            day("2025-12-09T10:12"),
            ("config.json", "*.safetensors"),
            tag="v1.0",
        ),
        Step("Say what a table of word pairs reaches", day("2026-05-19T17:31"), ("README.md",)),
    ),
    check=check,
    floor={"accuracy": 0.18, "gain": 0.09, "top_5_accuracy": 0.36, "top_5_gain": 0.13, "questions": 600.0},
)
