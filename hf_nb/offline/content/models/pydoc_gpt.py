"""hfnb-demo/pydoc-gpt: writes something like the Python manual."""

from pathlib import Path

from hf_nb.offline.content import card
from hf_nb.offline.content.recipe import Context, Recipe, Step, day
from hf_nb.offline.content.trainers import language

ID = "hfnb-demo/pydoc-gpt"
PLAN = language.Plan()
REPORTED = {"perplexity": 105.0}


def build(folder: Path, context: Context) -> str:
    """Write the files; one line about them."""
    outcome = language.train(PLAN, folder)
    front = {
        "license": "other",
        "license_name": "psf-2.0",
        "license_link": "https://docs.python.org/3/license.html",
        "language": ["en"],
        "library_name": "transformers",
        "pipeline_tag": "text-generation",
        "tags": ["python", "documentation", "demo", "tiny"],
        "datasets": ["hfnb-demo/python-docs"],
        "metrics": ["perplexity"],
        "widget": [{"text": "Return a list of"}, {"text": "If the file does not exist,"}],
        "model-index": card.results(
            "pydoc-gpt", "text-generation", "python-docs", REPORTED, kind="hfnb-demo/python-docs"
        ),
    }
    card.write(
        folder,
        front,
        f"""
# pydoc-gpt

A language model of {outcome.parameters:,} parameters that continues a text in the manner of Python's
documentation. Each
few words are in order and the whole is nonsense: good for watching tokens stream, comparing sampling settings and
fine-tuning in seconds, useless as a reference.

{card.usage(ID, "text-generation", "Return a list of")}

## How it was made

A Llama with {PLAN.layers} layers, {PLAN.size} wide, and a byte-level BPE tokenizer of
{PLAN.vocabulary:,} tokens, trained for
{PLAN.steps} steps on about {round(outcome.tokens, -4):,} tokens:
the `train` split of `hfnb-demo/python-docs`, which is the
language reference and the docstrings that come with Python itself (PSF licence).

## Results

On the `test` split, passages it has not seen: perplexity ≈ {outcome.perplexity:.0f} per token (untrained:
{PLAN.vocabulary:,}), and ≈ {outcome.next_token:.2f} of the next tokens guessed exactly.

## Limits

It knows no facts, invents functions and forgets its beginning after {PLAN.positions} tokens. English and Python only.
""",
    )
    return f"{outcome.parameters:,} parameters · perplexity {outcome.perplexity:.0f} on unseen documentation"


RECIPE = Recipe(
    type="model",
    id=ID,
    created_at=day("2025-11-18T13:10"),
    updated_at=day("2026-04-11T08:55"),
    build=build,
    shared=tuple(f"trainers/{name}.py" for name in ("language", "networks", "loop", "pieces", "pydoc")),
    needs=("torch", "tokenizers", "safetensors"),
    seconds=30,
    downloads=12780,
    likes=64,
    trending=8.0,
    aliases=("hfnb-demo/pydoc-gpt2",),
    history=(
        Step("Upload tokenizer", day("2025-11-18T13:20"), ("tokenizer*.json",)),
        Step(
            "Upload LlamaForCausalLM", day("2025-11-18T13:22"), ("*config.json", "*.safetensors"), tag="v1.0"
        ),
        Step("Add model card", day("2026-04-11T08:55"), ("README.md",)),
    ),
    check=lambda folder: language.check(PLAN, folder),
    floor={"next_token_accuracy": 0.14},
    ceiling={"perplexity": 150.0},
)
