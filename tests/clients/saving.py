"""What datasets and transformers are asked to push, each with a repository of its own, and load again.

Every function pushes as a user does, and compares what comes back with what went.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from tests.clients.loading import without_a_viewer
from tests.clients.writing.client import api, paths, repository, unused


def rows(repo: str, config: str | None = None, **more: Any) -> Any:
    """The data set, asked for anew."""
    from datasets import load_dataset  # type: ignore[import-untyped]

    without_a_viewer()
    return load_dataset(repo, config, cache_dir=tempfile.mkdtemp(dir=os.environ["HF_HOME"]), **more)


def push_one() -> None:
    from datasets import Dataset

    one = Dataset.from_dict({"n": list(range(100)), "text": [f"row {n}" for n in range(100)]})
    repo = unused("dataset")
    one.push_to_hub(repo, private=True, max_shard_size="1KB", commit_message="rows")
    assert api.dataset_info(repo).private
    assert rows(repo, split="train").to_dict() == one.to_dict()
    assert len(paths(repo, repo_type="dataset")) > 2  # several shards and a card
    # fewer shards the next time: the old ones are gone
    one.select(range(3)).push_to_hub(repo)
    assert rows(repo, split="train").to_dict() == one.select(range(3)).to_dict()
    assert [path for path in paths(repo, repo_type="dataset") if path.endswith("parquet")] == [
        "data/train-00000-of-00001.parquet"
    ]


def push_splits_and_configs() -> None:
    from datasets import ClassLabel, Dataset, DatasetDict, Features, Image, Value, get_dataset_config_names

    features = Features({"text": Value("string"), "label": ClassLabel(names=["bad", "good"])})
    both = DatasetDict(
        {
            "train": Dataset.from_dict({"text": ["a", "b"], "label": [0, 1]}, features=features),
            "test": Dataset.from_dict({"text": ["c"], "label": [1]}, features=features),
        }
    )
    repo = unused("dataset")
    both.push_to_hub(repo)
    both["test"].push_to_hub(repo, "small", split="test")
    Dataset.from_dict({"n": [1]}).push_to_hub(repo, "other", split="validation")
    without_a_viewer()
    assert set(get_dataset_config_names(repo)) == {"default", "small", "other"}
    found = rows(repo)
    assert {split: part.to_dict() for split, part in found.items()} == {
        split: part.to_dict() for split, part in both.items()
    }
    assert found["train"].features == features
    assert [row["n"] for row in rows(repo, "other", split="validation", streaming=True)] == [1]
    assert rows(repo, "small", split="test").to_dict() == both["test"].to_dict()
    from PIL import Image as Picture

    red = Dataset.from_dict(
        {"image": [Picture.new("RGB", (4, 4), "red")]}, features=Features({"image": Image()})
    )
    red.push_to_hub(repo, "pictures")
    assert rows(repo, "pictures", split="train")[0]["image"].getpixel((0, 0)) == (255, 0, 0)
    # as a proposal: main stays as it is
    Dataset.from_dict({"n": [2]}).push_to_hub(repo, "other", split="validation", create_pr=True)
    assert rows(repo, "other", split="validation")["n"][:] == [1]
    assert rows(repo, "other", split="validation", revision="refs/pr/1")["n"][:] == [2]


def push_a_stream() -> None:
    from datasets import IterableDataset

    stream = IterableDataset.from_generator(lambda: ({"n": number} for number in range(50)))
    repo = unused("dataset")
    stream.push_to_hub(repo, num_shards=1)
    assert rows(repo, split="train")["n"][:] == list(range(50))


def tiny() -> tuple[Any, Any]:
    """A model and a tokenizer, built on the spot."""
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

    words = {word: number for number, word in enumerate(["[PAD]", "[UNK]", "good", "bad", "film"])}
    tokenizer = Tokenizer(models.WordLevel(words, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=16,
        id2label={0: "bad", 1: "good"},
        label2id={"bad": 0, "good": 1},
    )
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]")
    return BertForSequenceClassification(config), fast


def same_model(model: Any, repo: str, **more: Any) -> None:
    """Every weight, bit for bit."""
    import torch
    from transformers import AutoModelForSequenceClassification

    again = AutoModelForSequenceClassification.from_pretrained(repo, **more).state_dict()
    weights = model.state_dict()
    assert set(again) == set(weights)
    assert all(torch.equal(again[name], value) for name, value in weights.items())


def push_a_model() -> None:
    from transformers import AutoTokenizer, pipeline

    model, tokenizer = tiny()
    repo = unused("transformer")
    model.push_to_hub(repo)
    tokenizer.push_to_hub(repo)
    same_model(model, repo)
    assert AutoTokenizer.from_pretrained(repo)("good film").input_ids == tokenizer("good film").input_ids
    assert api.model_info(repo).safetensors is not None
    (said,) = pipeline("text-classification", model=repo)("good film")
    assert said["label"] in ("good", "bad")
    model.push_to_hub(repo, revision="half", commit_message="sharded", max_shard_size="4KB")
    same_model(model, repo, revision="half")
    assert "model.safetensors.index.json" in paths(repo, revision="half")
    model.push_to_hub(repo, create_pr=True, commit_message="proposed")


def push_a_trained_model() -> None:
    from datasets import Dataset
    from transformers import Trainer, TrainingArguments

    model, tokenizer = tiny()
    repo = repository("trainer")
    where = Path(tempfile.mkdtemp(dir=os.environ["HF_HOME"]))
    lines = Dataset.from_dict({"text": ["good film", "bad film"] * 2, "label": [1, 0] * 2})
    trainer = Trainer(
        model=model,
        args=TrainingArguments(
            output_dir=str(where),
            hub_model_id=repo,
            push_to_hub=True,
            max_steps=2,
            save_steps=1,
            report_to="none",
            use_cpu=True,
            disable_tqdm=True,
        ),
        train_dataset=lines.map(lambda row: tokenizer(row["text"])),
        processing_class=tokenizer,
    )
    trainer.train()
    trainer.push_to_hub("done", blocking=True)
    same_model(trainer.model, repo)
    assert {"README.md", "model.safetensors", "tokenizer.json", "training_args.bin"} <= paths(repo)
    assert "generated_from_trainer" in (api.model_info(repo).tags or [])
    assert api.list_repo_commits(repo)[0].title == "done"
