"""hfnb-demo/table-qa-en: answers questions about small tables."""

from pathlib import Path

from hf_nb.offline.content import card
from hf_nb.offline.content.recipe import Context, Recipe, Step, day
from hf_nb.offline.content.trainers import sheets, tapas

ID = "hfnb-demo/table-qa-en"
PLAN = tapas.Plan()
FRONT = {
    "license": "apache-2.0",
    "language": ["en"],
    "library_name": "transformers",
    "pipeline_tag": "table-question-answering",
    "tags": ["table-question-answering", "demo", "tiny"],
    "metrics": ["accuracy"],
    "widget": [
        {
            "text": "Which city has the most people?",
            "table": {"city": ["Basel", "Lyon", "Graz"], "people": ["177000", "522000", "303000"]},
        }
    ],
}
KINDS = {
    "lookup": '"What is the price of the red chair?", "How many people live in Lyon?"',
    "extreme": '"Which city has the most people?"',
    "whose": '"Which person has the job nurse?"',
    "all": '"What is the average price?", "How many cities are there?"',
}


def build(folder: Path, context: Context) -> str:
    """Write the files; one line about them."""
    outcome = tapas.train(PLAN, folder)
    score = outcome.figures["denotation_accuracy"]
    rows = "\n".join(f"| {example} | ≈ {outcome.figures[kind]:.2f} |" for kind, example in KINDS.items())
    card.write(
        folder,
        FRONT,
        f"""
# table-qa-en

Finds the cells of a small table that answer a question, and says whether they are to be added up, averaged or
counted. Trained on generated tables when this demo Hub was built on your machine: {outcome.parameters:,} parameters,
for trying things out without a network. Like every TAPAS it chooses cells and leaves the arithmetic to you.

```python
from transformers import pipeline

ask = pipeline("table-question-answering", model="{ID}")
table = {{"city": ["Basel", "Lyon", "Graz"], "people": ["177000", "522000", "303000"]}}
ask(table=table, query="Which city has the most people?")
```

{card.cell(f"infer -m {ID} --table $table", "Which city has the most people?")}

## Results

The share of questions with the right cells and the right way to join them, on {sheets.TESTED} tables it has never seen:

| question | right |
|---|---|
{rows}
| all of them | ≈ {score:.2f} |

## How it was made

- **Architecture**: TAPAS, {PLAN.layers} layers, {PLAN.size} wide, with its own WordPiece tokenizer of
  {PLAN.vocabulary:,} pieces. Some of its heads begin as ones that look along a row, along a column, and for words of
  the question: a short training would not find them. It needs pandas, as every TAPAS does.
- **Training data**: {outcome.tables:,} generated tables with a question each: people, cities, products, countries;
  two to eight columns, two to twelve rows.

## Limits

The tables are unseen, their words are not: a name or a column it was not trained on is often missed. No conditions
("people older than 30"), no question about two columns at once, no table of more than about twelve rows.
""",
    )
    return f"trained on {outcome.tables:,} tables · {score:.2f} of questions about unseen tables right"


RECIPE = Recipe(
    type="model",
    id=ID,
    created_at=day("2026-05-19T09:40"),
    updated_at=day("2026-08-21T11:15"),
    build=build,
    shared=(*tapas.SOURCES, "trainers/pydoc.py", "texts/countries_en.txt"),
    needs=("torch", "tokenizers", "safetensors", "transformers", "pandas"),
    seconds=90,
    later=True,
    front=FRONT,
    parameters=376806,
    downloads=5120,
    likes=19,
    trending=2.5,
    history=(
        Step(
            "Upload the model",
            day("2026-05-19T10:00"),
            ("*config.json", "vocab.txt", "model.safetensors"),
            tag="v1.0",
        ),
        Step("Write the card", day("2026-08-21T11:15"), ("README.md",)),
    ),
    check=tapas.check,
    floor={"denotation_accuracy": 0.88, "lookup": 0.85, "extreme": 0.85, "whose": 0.7, "all": 0.9},
)
