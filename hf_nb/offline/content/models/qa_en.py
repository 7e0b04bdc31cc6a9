"""hfnb-demo/qa-en: finds the answer to a question in a short English passage."""

from pathlib import Path

from hf_nb.offline.content import card
from hf_nb.offline.content.recipe import Context, Recipe, Step, day
from hf_nb.offline.content.trainers import reading
from hf_nb.offline.content.trainers.answers import hand_written

ID = "hfnb-demo/qa-en"
PLAN = reading.Plan()
REPORTED = {"exact_match": 0.78, "f1": 0.79}
FRONT = {
    "license": "apache-2.0",
    "language": ["en"],
    "library_name": "transformers",
    "pipeline_tag": "question-answering",
    "tags": ["question-answering", "demo", "tiny"],
    "metrics": ["exact_match", "f1"],
    "widget": [
        {
            "text": "What colour is the bicycle?",
            "context": "Nora lives in Oslo. On Monday she bought a red bicycle.",
        }
    ],
    "model-index": card.results(
        "qa-en", "question-answering", "58 questions on hand-written passages", REPORTED
    ),
}


def build(folder: Path, context: Context) -> str:
    """Write the files; one line about them."""
    outcome = reading.train(PLAN, folder)
    figures = outcome.figures
    written, made = (
        f"≈ {figures[f'{kind}exact_match']:.2f} | ≈ {figures[f'{kind}f1']:.2f}" for kind in ("", "generated_")
    )
    card.write(
        folder,
        FRONT,
        f"""
# qa-en

Finds the answer to a question in a passage of a few short English sentences. Trained on generated passages when this
demo Hub was built on your machine: {outcome.parameters:,} parameters, for trying things out without a network.

```python
from transformers import AutoModelForQuestionAnswering, AutoTokenizer

tokenizer = AutoTokenizer.from_pretrained("{ID}")
model = AutoModelForQuestionAnswering.from_pretrained("{ID}")
question, passage = "What colour is the bicycle?", "Nora lives in Oslo. On Monday she bought a red bicycle."
inputs = tokenizer(question, passage, return_tensors="pt")
scores = model(**inputs)
first, last = scores.start_logits.argmax(), scores.end_logits.argmax()
tokenizer.decode(inputs.input_ids[0, first : last + 1])
```

{card.cell(f'infer -m {ID} --context "Nora lives in Oslo. She bought a red bicycle."', "What colour is the bicycle?")}

Where both point at the first token, `[CLS]`, it says that the passage does not tell. (The figures below take the best
pair of first and last token within the passage instead of the best of each.)

## How it was made

- **Architecture**: RoFormer, {PLAN.layers} layers, {PLAN.size} wide, with a WordPiece tokenizer of its own.
  Attention begins by looking for equal words in question and passage.
- **Training data**: {outcome.questions:,} questions on passages of one to five made-up facts: who lives, works, buys,
  finds, gives, keeps or loses what, where and when. Half of the passages tell the same kind of thing of two people.
  About one question in eight has no answer.

## Results

| held-out data | exact match | F1 |
|---|---|---|
| {len(hand_written())} questions on ten passages written by hand | {written} |
| {reading.TESTED} generated questions, new in names and (where there are others) in words | {made} |

The passages were written before the generator, by the same author; their names are never in the training data.
The design was chosen by looking at them, so expect less on others.

## Limits

It knows about forty kinds of questions on small everyday facts, and misses often even there: a name it has never met
may be cut short, and the wrong one of two people be named. Why, longer texts, and anything to be worked out are
beyond it.
""",
    )
    return f"trained on {outcome.questions:,} questions · {figures['exact_match']:.2f} exact on hand-written passages"


RECIPE = Recipe(
    type="model",
    id=ID,
    created_at=day("2026-02-12T14:50"),
    updated_at=day("2026-07-21T08:18"),
    build=build,
    shared=reading.SOURCES,
    needs=("torch", "tokenizers", "safetensors", "transformers"),
    seconds=70,
    later=True,
    front=FRONT,
    parameters=344738,
    downloads=7315,
    likes=28,
    trending=5.0,
    history=(
        Step(
            "Upload the model",
            day("2026-02-12T15:10"),
            ("config.json", "tokenizer*.json", "model.safetensors"),
            tag="v1.0",
        ),
        Step("Write the card", day("2026-07-21T08:18"), ("README.md",)),
    ),
    check=reading.check,
    floor={"exact_match": 0.62, "f1": 0.62, "generated_exact_match": 0.45},
)
