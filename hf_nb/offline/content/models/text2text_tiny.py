"""hfnb-demo/text2text-tiny: five small jobs of rewriting, named by a word in front."""

from pathlib import Path

from hf_nb.offline.content import card
from hf_nb.offline.content.recipe import Context, Recipe, Step, day
from hf_nb.offline.content.trainers import rewriting, sequences
from hf_nb.offline.content.trainers.pydoc import everyday_words

ID = "hfnb-demo/text2text-tiny"
PLAN = sequences.Plan(
    pairs=lambda seed: rewriting.Rewriting(seed, everyday_words()).pairs(),
    held_out=lambda: rewriting.held_out(everyday_words()),
    tokenizer=rewriting.letters,
    steps=1100,
)
REPORTED = {"exact_match": 0.98}
FRONT = {
    "license": "apache-2.0",
    "language": ["en"],
    "library_name": "transformers",
    "pipeline_tag": "text2text-generation",
    "tags": ["text2text-generation", "demo", "tiny"],
    "metrics": ["exact_match"],
    "widget": [{"text": "plural: puppy"}, {"text": "words: 305"}, {"text": "date: March 3rd 2024"}],
    "model-index": card.results("text2text-tiny", "text2text-generation", "460 unseen inputs", REPORTED),
}


def build(folder: Path, context: Context) -> str:
    """Write the files; one line about them."""
    outcome = sequences.train(PLAN, folder)
    figures = outcome.figures
    rows = "\n".join(f"| `{job}:` | {EXAMPLES[job]} | ≈ {figures[job]:.2f} |" for job in rewriting.JOBS)
    card.write(
        folder,
        FRONT,
        f"""
# text2text-tiny

One model, five small jobs; the word in front says which. Trained on generated pairs when this demo Hub was built on
your machine: {outcome.parameters:,} parameters, for trying things out without a network.

```python
from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

tokenizer = AutoTokenizer.from_pretrained("{ID}")
model = AutoModelForSeq2SeqLM.from_pretrained("{ID}")
inputs = tokenizer(["plural: puppy", "words: 305", "date: March 3rd 2024"], return_tensors="pt", padding=True)
tokenizer.batch_decode(model.generate(**inputs), skip_special_tokens=True)
```

{card.cell(f"infer -m {ID}", "plural: puppy")}

## What it does, and how well

The share of answers that are right to the letter, on inputs it has never seen:

| job | example | exact match |
|---|---|---|
{rows}
| all of them | | ≈ {figures["exact_match"]:.2f} |

## How it was made

- **Architecture**: BART, {PLAN.layers} layers on each side, {PLAN.size} wide. It reads and writes letter by letter,
  but for number words and months, which are one token each.
- **Training data**: {outcome.pairs:,} generated pairs. One number, date and word in ten (by a hash) is kept for the
  test; plurals are tested on 60 nouns written by hand, which training does not use.

## Limits

Words of at most eight letters, lower case. Plurals are regular ones: it says "mans" and "sheeps", and
slips most often at words in -y ("citys"). Numbers are whole
ones below ten thousand, dates lie between 1950 and 2049. Anything else gets an answer too, and a wrong one.
""",
    )
    return f"trained on {outcome.pairs:,} pairs · {figures['exact_match']:.2f} of unseen inputs right to the letter"


EXAMPLES = {
    "plural": "`plural: puppy` → `puppies`",
    "reverse": "`reverse: lamp` → `pmal`",
    "digits": "`digits: three hundred and five` → `305`",
    "words": "`words: 305` → `three hundred and five`",
    "date": "`date: March 3rd 2024` → `2024-03-03`",
}

RECIPE = Recipe(
    type="model",
    id=ID,
    created_at=day("2026-02-24T13:15"),
    updated_at=day("2026-06-11T10:02"),
    build=build,
    shared=(*sequences.SOURCES, "trainers/rewriting.py", "trainers/pydoc.py"),
    needs=("torch", "tokenizers", "safetensors", "transformers"),
    seconds=60,
    later=True,
    front=FRONT,
    parameters=411419,
    downloads=6408,
    likes=23,
    trending=3.0,
    history=(
        Step(
            "Upload the model",
            day("2026-02-24T13:40"),
            ("*config.json", "tokenizer.json", "model.safetensors"),
            tag="v1.0",
        ),
        Step("Write the card", day("2026-06-11T10:02"), ("README.md",)),
    ),
    check=lambda folder: sequences.check(PLAN, folder),
    floor={"exact_match": 0.93, "plural": 0.85, "reverse": 0.9, "digits": 0.93, "words": 0.9, "date": 0.88},
)
