"""hfnb-demo/translate-en-fr: simple English sentences in French."""

from pathlib import Path

from hf_nb.offline.content import card
from hf_nb.offline.content.recipe import Context, Recipe, Step, day
from hf_nb.offline.content.trainers import sequences, translation

ID = "hfnb-demo/translate-en-fr"
PLAN = sequences.Plan(
    pairs=lambda seed: translation.Translation(seed).pairs(),
    held_out=translation.held_out,
    tokenizer=translation.tokenizer,
    steps=900,
)
REPORTED = {"exact_match": 0.98}
FRONT = {
    "license": "apache-2.0",
    "language": ["en", "fr"],
    "library_name": "transformers",
    "pipeline_tag": "translation",
    "tags": ["translation", "demo", "tiny"],
    "metrics": ["exact_match"],
    "widget": [{"text": "she sees a white house"}, {"text": "the children do not sleep"}],
    "model-index": card.results("translate-en-fr", "translation", "300 unseen sentences", REPORTED),
}


def build(folder: Path, context: Context) -> str:
    """Write the files; one line about them."""
    outcome = sequences.train(PLAN, folder)
    score = outcome.figures["exact_match"]
    card.write(
        folder,
        FRONT,
        f"""
# translate-en-fr

Puts simple English sentences into French, with gender, number, agreement and elision. Trained on generated sentences
when this demo Hub was built on your machine: {outcome.parameters:,} parameters, for trying things out without a
network. It is a phrase book of {NOUNS} nouns, {ADJECTIVES} adjectives and {VERBS} verbs, not a translator.

```python
from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

tokenizer = AutoTokenizer.from_pretrained("{ID}")
model = AutoModelForSeq2SeqLM.from_pretrained("{ID}")
inputs = tokenizer(["she sees a white house", "the children do not sleep"], return_tensors="pt", padding=True)
tokenizer.batch_decode(model.generate(**inputs), skip_special_tokens=True)
```

{card.cell(f"infer -m {ID}", "she sees a white house")}

## How it was made

- **Architecture**: BART, {PLAN.layers} layers on each side, {PLAN.size} wide, with one byte-pair tokenizer for both
  languages.
- **Training data**: {outcome.pairs:,} pairs made by a small grammar: the present tense, "not", definite and indefinite
  articles, pronouns, adjectives before and behind the noun, a few words for when and where.

## Results

| held-out data | right to the letter |
|---|---|
| {translation.TESTED} sentences, each with two words that never meet in training | ≈ {score:.2f} |

The two are a noun and its adjective, or a noun and its verb. The words themselves are all known from training, and
so are the shapes of the sentences.

## Limits

No capital letters, no punctuation, no questions, no tense but the present; a word outside its list comes out as some
other word. The grammar does not ask whether a sentence makes sense ("the chair sings"). "you" is always "vous".
""",
    )
    return f"trained on {outcome.pairs:,} pairs · {score:.2f} of unseen sentences right to the letter"


NOUNS, ADJECTIVES = len(translation.nouns()), len(translation.adjectives())
VERBS = len(translation.verbs(translation.VERBS)) + len(translation.verbs(translation.ALONE)) + 1

RECIPE = Recipe(
    type="model",
    id=ID,
    created_at=day("2026-04-07T11:11"),
    updated_at=day("2026-08-13T16:27"),
    build=build,
    shared=(*sequences.SOURCES, "trainers/translation.py"),
    needs=("torch", "tokenizers", "safetensors", "transformers"),
    seconds=45,
    later=True,
    front=FRONT,
    parameters=447212,
    downloads=11942,
    likes=44,
    trending=6.0,
    history=(
        Step(
            "Upload the model",
            day("2026-04-07T11:30"),
            ("*config.json", "tokenizer.json", "model.safetensors"),
            tag="v1.0",
        ),
        Step("Write the card", day("2026-08-13T16:27"), ("README.md",)),
    ),
    check=lambda folder: sequences.check(PLAN, folder),
    floor={"exact_match": 0.93},
)
