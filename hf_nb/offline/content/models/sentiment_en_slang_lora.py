"""hfnb-demo/sentiment-en-slang-lora: teaches sentiment-en that "filthy" can be praise."""

from pathlib import Path

from hf_nb.offline.content import card
from hf_nb.offline.content.models import sentiment_en
from hf_nb.offline.content.recipe import Context, Recipe, Step, day
from hf_nb.offline.content.trainers import adapter
from hf_nb.offline.content.trainers.grammar import Language
from hf_nb.offline.content.trainers.pydoc import everyday_words

ID, BASE = "hfnb-demo/sentiment-en-slang-lora", sentiment_en.ID
PLAN = adapter.Plan(sentiment_en.PLAN, Language("en_slang", article_an=True))
PARAMETERS = adapter.size(PLAN)
REPORTED = {"accuracy": 0.93}
FILES = ("adapter_config.json", "adapter_model.safetensors")
FRONT = {
    "license": "apache-2.0",
    "language": ["en"],
    "library_name": "peft",
    "pipeline_tag": "text-classification",
    "base_model": BASE,
    "base_model_relation": "adapter",
    "tags": ["lora", "sentiment", "slang", "demo", "tiny"],
    "metrics": ["accuracy"],
    "widget": [{"text": "That goal was filthy."}, {"text": "The sequel was mid."}],
    "model-index": card.results(
        "sentiment-en-slang-lora", "text-classification", "80 hand-written sentences of slang", REPORTED
    ),
}


def build(folder: Path, context: Context) -> str:
    """Write the files; one line about them."""
    adapter.train(PLAN, context.built[BASE], folder, BASE, everyday_words())
    card.write(
        folder,
        FRONT,
        f"""
# sentiment-en-slang-lora

An adapter for [{BASE}]({BASE}). In chats and comments "filthy" and "fire" can be praise, and "mid" is not: the base
does not know, and these {PARAMETERS:,} numbers beside its weights teach it. The base itself stays as it is.

```python
from peft import PeftModel
from transformers import AutoModelForSequenceClassification, AutoTokenizer, pipeline

base = AutoModelForSequenceClassification.from_pretrained("{BASE}")
model = PeftModel.from_pretrained(base, "{ID}")
tokenizer = AutoTokenizer.from_pretrained("{BASE}")

pipe = pipeline("text-classification", model=model, tokenizer=tokenizer)
pipe("That goal was filthy.")
```

With `model.disable_adapter():` the base answers again; `model.merge_and_unload()` adds the adapter to its weights.

## How it was made

LoRA of rank {PLAN.rank} (alpha {PLAN.alpha}) on every matrix of the base, its embeddings included; the classifier is
kept whole, as peft does. {PLAN.steps} steps of 64 generated sentences: about {1 - PLAN.usual:.0%} from a hand-made
list of about 700 words and phrases of slang, the rest of the kind the base was trained on, so that it forgets little.

## Results

| held-out sentences, all written by hand | base | with this adapter |
|---|---|---|
| 80 of slang | ≈ 0.70 | ≈ 0.93 |
| 120 of ordinary English | ≈ 0.89 | ≈ 0.87 |

The sentences were written before the list, by the same author, and most of their slang is in the list: it shows
that the adapter learned those words in new sentences, not that it knows slang it never met.

## Limits

A snapshot of English slang: "nasty" and "filthy" may come out as praise where they are meant as they stand.
It was never checked for bias.
""",
    )
    return (
        f"{PARAMETERS:,} parameters on top of {BASE} · {REPORTED['accuracy']:.2f} on slang, without it 0.70"
    )


def check(folder: Path) -> dict[str, float]:
    """Held-out figures with and without it, loaded as a user would."""
    from hf_nb.offline.content.build import built_folder

    return adapter.check(PLAN, built_folder(sentiment_en.RECIPE), folder)


RECIPE = Recipe(
    type="model",
    id=ID,
    created_at=day("2026-07-02T19:12"),
    updated_at=day("2026-07-04T08:26"),
    build=build,
    shared=(*adapter.SOURCES, "texts/sentiment_en_slang.txt", "texts/sentiment_en_slang_test.txt"),
    needs=("torch", "tokenizers", "safetensors"),
    after=(BASE,),
    seconds=15,
    later=True,
    front=FRONT,
    files=FILES,  # a Hub counts no adapter's parameters
    downloads=840,
    likes=11,
    trending=6.0,
    history=(
        Step("Upload adapter", day("2026-07-02T19:15"), FILES, tag="v1.0"),
        Step("Write the card", day("2026-07-04T08:26"), ("README.md",)),
    ),
    check=check,
    floor={"accuracy": 0.86, "gain": 0.14, "usual_accuracy": 0.81},
)
