"""hfnb-demo/summarize-en: notes of a meeting in one sentence."""

from pathlib import Path

from hf_nb.offline.content import card
from hf_nb.offline.content.recipe import Context, Recipe, Step, day
from hf_nb.offline.content.trainers import notes, sequences

ID = "hfnb-demo/summarize-en"
PLAN = sequences.Plan(
    pairs=lambda seed: notes.Notes(seed).pairs(),
    held_out=notes.held_out,
    tokenizer=notes.tokenizer,
    steps=800,
    positions=96,
)
REPORTED = {"exact_match": 0.98}
EXAMPLE = (
    "The meeting was in the library. Coffee was served. The group voted to repair ten chairs. It should be done "
    "by May. They will meet again on Friday. Nora wanted to buy six lamps, but nobody agreed."
)
FRONT = {
    "license": "apache-2.0",
    "language": ["en"],
    "library_name": "transformers",
    "pipeline_tag": "summarization",
    "tags": ["summarization", "demo", "tiny"],
    "metrics": ["exact_match"],
    "widget": [{"text": EXAMPLE}],
    "model-index": card.results("summarize-en", "summarization", "200 unseen notes", REPORTED),
}


def build(folder: Path, context: Context) -> str:
    """Write the files; one line about them."""
    outcome = sequences.train(PLAN, folder)
    kept, score = notes.facts_kept(sequences.answering(folder)), outcome.figures["exact_match"]
    card.write(
        folder,
        FRONT,
        f"""
# summarize-en

Sums up the notes of a meeting in one sentence: what was decided, by when, and when the next meeting is. Trained on
generated notes when this demo Hub was built on your machine: {outcome.parameters:,} parameters, for trying things out
without a network. It sums up this one kind of text and no other.

```python
from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

tokenizer = AutoTokenizer.from_pretrained("{ID}")
model = AutoModelForSeq2SeqLM.from_pretrained("{ID}")
notes = (
    "The meeting was in the library. Coffee was served. The group voted to repair ten chairs. It should be done "
    "by May. They will meet again on Friday. Nora wanted to buy six lamps, but nobody agreed."
)
inputs = tokenizer(notes, return_tensors="pt")
tokenizer.decode(model.generate(**inputs)[0], skip_special_tokens=True)
```

{card.cell(f"infer -m {ID}", EXAMPLE)}

## How it was made

- **Architecture**: BART, {PLAN.layers} layers on each side, {PLAN.size} wide.
- **Training data**: {outcome.pairs:,} generated notes of two to seven sentences, with the summary by rule: the plans
  that were turned down, the place, who came and what else was said are left out.

## Results

On {notes.TESTED} notes each, about decisions ("repair ten chairs") that training never shows, although their words are
known:

| | |
|---|---|
| facts kept (decision, month, day) | ≈ {kept:.2f} |
| summaries right to the letter | ≈ {score:.2f} |

## Limits

Now and then it mixes a plan that was turned down with the one that was not. The sentences are those of its generator;
in other words for the same thing it gets lost, and names a decision that is
not in the text. A real meeting is beyond it, and so is every other kind of text.
""",
    )
    return f"trained on {outcome.pairs:,} notes · {kept:.2f} of facts kept"


def check(folder: Path) -> dict[str, float]:
    """Held-out figures, loaded as a user would."""
    return {**sequences.check(PLAN, folder), "facts_kept": notes.facts_kept(sequences.answering(folder))}


RECIPE = Recipe(
    type="model",
    id=ID,
    created_at=day("2026-05-04T09:45"),
    updated_at=day("2026-08-30T12:10"),
    build=build,
    shared=(*sequences.SOURCES, "trainers/notes.py"),
    needs=("torch", "tokenizers", "safetensors", "transformers"),
    seconds=50,
    later=True,
    front=FRONT,
    parameters=441716,
    downloads=8801,
    likes=36,
    trending=8.0,
    history=(
        Step(
            "Upload the model",
            day("2026-05-04T10:00"),
            ("*config.json", "tokenizer.json", "model.safetensors"),
            tag="v1.0",
        ),
        Step("Write the card", day("2026-08-30T12:10"), ("README.md",)),
    ),
    check=check,
    floor={"exact_match": 0.92, "facts_kept": 0.95},
)
