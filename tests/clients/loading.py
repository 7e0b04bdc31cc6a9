"""What datasets, transformers and sentence-transformers are asked to load, each in a process of its own.

Every function loads as a user does, with nothing but an id, and uses what came.
"""

from __future__ import annotations

from typing import Any

from tests.clients.demo import DIGITS, DOCS, EMBEDDINGS, GENERATION, IMAGES, TABLES, TABLES_CONFIGS, TEXT


def without_a_viewer() -> None:
    """Asked for a dataset's configs, the library also looks for a viewer at `datasets-server.127.0.0.1`, in vain."""
    import datasets  # type: ignore[import-untyped]

    datasets.config.USE_PARQUET_EXPORT = False


def rows_of(dataset: str) -> dict[str, Any]:
    """Every config and split, streamed and not: the same rows both ways."""
    from datasets import get_dataset_config_names, load_dataset

    without_a_viewer()
    seen = {}
    for config in get_dataset_config_names(dataset):
        whole = load_dataset(dataset, config)
        streamed = load_dataset(dataset, config, streaming=True)
        assert set(whole) == set(streamed), config
        for split, part in whole.items():
            first = next(iter(streamed[split]))
            assert set(first) == set(part.column_names)
            assert repr(first) == repr(part[0]) or "PIL" in repr(first), (first, part[0])
            assert streamed[split].features == part.features
            seen[f"{config}/{split}"] = part.num_rows
    assert all(count > 0 for count in seen.values())
    return seen


def digits() -> None:
    from datasets import load_dataset

    assert rows_of(DIGITS)
    first = next(iter(load_dataset(DIGITS, split="train", streaming=True)))
    assert any(hasattr(value, "getpixel") for value in first.values()), first


def tables() -> None:
    configs = {name.partition("/")[0] for name in rows_of(TABLES)}
    assert configs == set(TABLES_CONFIGS)


def docs() -> None:
    assert rows_of(DOCS)


def missing_config() -> None:
    from datasets import load_dataset

    without_a_viewer()
    try:
        load_dataset(TABLES, "no-such-config")
    except ValueError as wrong:
        assert "iris" in str(wrong)  # noqa: PT017 -- runs in a worker, without pytest
    else:
        raise AssertionError("a config that is not there was loaded")


def classify_text() -> None:
    from transformers import pipeline

    classify = pipeline("text-classification", model=TEXT)
    good, bad = classify(["I love this film, it is wonderful.", "I hate this film, it is terrible."])
    assert good["label"] != bad["label"], (good, bad)


def task_from_the_hub() -> None:
    from transformers import pipeline

    assert pipeline(model=TEXT).task == "text-classification"  # type: ignore[call-overload]


def classify_images() -> None:
    from datasets import load_dataset
    from transformers import pipeline

    classify = pipeline("image-classification", model=IMAGES)
    split = load_dataset(DIGITS, split="test")
    image, label = (
        next(name for name, kind in split.features.items() if type(kind).__name__ == word)
        for word in ("Image", "ClassLabel")
    )
    right = sum(
        str(classify(row[image])[0]["label"]) == split.features[label].int2str(row[label])
        for row in split.select(range(20))
    )
    assert right >= 15, right


def generate_text() -> None:
    from transformers import pipeline

    generate = pipeline("text-generation", model=GENERATION)
    (said,) = generate("def ", max_new_tokens=8, do_sample=False)
    assert said["generated_text"].startswith("def ")
    assert len(said["generated_text"]) > len("def ")


def load_parts() -> None:
    import torch
    from transformers import AutoConfig, AutoModel, AutoModelForSequenceClassification, AutoTokenizer

    config = AutoConfig.from_pretrained(TEXT)
    tokens = AutoTokenizer.from_pretrained(TEXT)("hello there", return_tensors="pt")
    with torch.inference_mode():
        hidden = AutoModel.from_pretrained(TEXT)(**tokens).last_hidden_state
        logits = AutoModelForSequenceClassification.from_pretrained(TEXT)(**tokens).logits
    assert hidden.shape[:2] == tokens["input_ids"].shape
    assert logits.shape == (1, config.num_labels)


def embed() -> None:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(EMBEDDINGS, device="cpu")
    cat, kitten, tax = model.encode(
        ["A cat sleeps.", "A kitten is sleeping.", "Taxes are due in April."], normalize_embeddings=True
    )
    assert cat @ kitten > cat @ tax
