"""A Hub of some hundred made-up repositories that differ in everything a search can ask for, and the right answers.

The answers are worked out from the recipes alone: nothing of hf_nb's search, nor of the Hub's, takes part.
"""

# ruff: noqa: S311 -- made up, and the same on every run

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hf_nb.offline.repos import Record, Type, stamp
from hf_nb.offline.store import Store

Recipe = Mapping[str, Any]
DAY = datetime(2024, 1, 1, tzinfo=UTC)
OWNERS = ["ada", "grace-lab", "linus", "Mary"]
WORDS = ["bert", "tiny", "vision", "chat", "news", "law"]
TASKS = ["text-classification", "text-generation", "image-classification", "translation", None]
LIBRARIES = ["transformers", "diffusers", "sentence-transformers", "gguf", None]
LANGUAGES = ["en", "fr", "de", "zh", "sw"]
LICENCES = ["mit", "apache-2.0", "cc-by-4.0", "llama3", None]
TRAINING = ["ada/news", "linus/laws"]
DOMAINS = ["medical", "legal", "finance"]
PROVIDERS = ["hf-inference", "together", "groq"]
MODALITIES = ["text", "image", "audio", "tabular"]
FORMATS = ["parquet", "csv", "json", "imagefolder"]
SIZES = ["n<1K", "1K<n<10K", "10K<n<100K", "n>1T"]
SDKS = ["gradio", "streamlit", "docker", "static"]
HARDWARE = ["cpu-basic", "cpu-upgrade", "t4-small", "t4-medium", "zero-a10g", "a100-large"]
STAGES = [
    "RUNNING",
    "RUNNING_BUILDING",
    "BUILDING",
    "SLEEPING",
    "PAUSED",
    "RUNTIME_ERROR",
    "BUILD_ERROR",
    "NO_APP_FILE",
]
PARAMETERS = [
    None,
    1,
    999_999,
    1_000_000,
    22_713_217,
    350_000_000,
    999_999_999,
    1_000_000_000,
    6_738_415_616,
    7_000_000_000,
    70_553_706_496,
]


def _common(chance: random.Random, number: int) -> dict[str, Any]:
    """What every repository has; likes and dates are few enough to tie."""
    return {
        "id": f"{chance.choice(OWNERS)}/{chance.choice(WORDS)}-{chance.choice(WORDS)}-{number}",
        "licence": chance.choice(LICENCES),
        "likes": chance.choice([0, 0, 1, 2, 5, 10, 99, 1500]),
        "trending": float(chance.randrange(40)),
        "created": DAY + timedelta(hours=number % 50),
        "updated": DAY + timedelta(days=100 + chance.randrange(60)),
        "private": chance.random() < 0.08,
        "tags": chance.sample(["demo", "arxiv:1706.03762", "safetensors", *DOMAINS], chance.randrange(3)),
    }


def model(chance: random.Random, number: int) -> dict[str, Any]:
    served = chance.sample(PROVIDERS, chance.randrange(3)) if chance.random() < 0.4 else []
    return _common(chance, number) | {
        "kind": "model",
        "tasks": [task] if (task := chance.choice(TASKS)) else [],
        "library": chance.choice(LIBRARIES),
        "languages": chance.sample(LANGUAGES, chance.randrange(3)),
        "training": chance.sample(TRAINING, chance.randrange(2)),
        "parameters": chance.choice(PARAMETERS),
        "weights": chance.choice(["safetensors", "gguf"]),
        "downloads": chance.choice([0, 3, 40, 40, 5000, 10**6]),
        "gated": chance.choice([None, None, "auto", "manual"]),
        "providers": served,
    }


def dataset(chance: random.Random, number: int) -> dict[str, Any]:
    return _common(chance, number) | {
        "kind": "dataset",
        "tasks": chance.sample([task for task in TASKS if task], chance.randrange(3)),
        "library": chance.choice(["datasets", "pandas", None]),
        "languages": chance.sample(LANGUAGES, chance.randrange(3)),
        "modality": chance.sample(MODALITIES, chance.randrange(3)),
        "format": chance.choice(FORMATS),
        "size": chance.choice(SIZES),
        "bytes": chance.choice([0, 900, 10**6, 5 * 10**8, 5 * 10**9]),
        "downloads": chance.choice([0, 3, 40, 5000]),
        "gated": chance.choice([None, None, "auto"]),
        "rows": chance.choice([None, 12, 4096]),
        "columns": chance.sample(["text", "label", "image", "answer"], 1 + chance.randrange(3)),
    }


def space(chance: random.Random, number: int) -> dict[str, Any]:
    return _common(chance, number) | {
        "kind": "space",
        "sdk": chance.choice(SDKS),
        "hardware": chance.choice(HARDWARE),
        "requested_only": chance.random() < 0.3,
        "stage": chance.choice(STAGES),
        "uses_model": chance.choice([None, "ada/bert"]),
        "uses_dataset": chance.choice([None, "ada/news"]),
    }


def recipes() -> list[Recipe]:
    """All of them, the same on every run."""
    chance = random.Random(7)
    makers: list[tuple[Callable[[random.Random, int], Recipe], int]] = [
        (model, 240),
        (dataset, 160),
        (space, 120),
    ]
    return [make(chance, number) for make, count in makers for number in range(count)]


def fill(root: Path, made: list[Recipe]) -> None:
    """Put them on a Hub: the records first, then what a record has no word for."""
    store = Store.open(root)
    store.create_many(_record(recipe) for recipe in made)
    with store.database.writing() as sql:
        for recipe in made:
            key = (recipe["kind"], recipe["id"].lower())
            rid = sql.execute("SELECT rid FROM repos WHERE type = ? AND folded = ?", key).fetchone()[0]
            sql.execute(
                "UPDATE repos SET modified = ?, warm = ?, bytes = ?, runtime = ? WHERE rid = ?",
                (
                    stamp(recipe["updated"]),
                    bool(recipe.get("providers")),
                    recipe.get("bytes", 0),
                    json.dumps(_runtime(recipe)) if recipe["kind"] == "space" else None,
                    rid,
                ),
            )
            for name in recipe.get("providers", ()):
                served = json.dumps({"status": "live", "providerId": "x", "task": "text-generation"})
                sql.execute("INSERT INTO providers VALUES (?, ?, ?)", (rid, name, served))
            for kind in ("model", "dataset"):
                if target := recipe.get(f"uses_{kind}"):
                    sql.execute("INSERT INTO links (rid, kind, target) VALUES (?, ?, ?)", (rid, kind, target))
    store.close()


def _record(recipe: Recipe) -> Record:
    kind: Type = recipe["kind"]
    tags = [*recipe["tags"], *([f"license:{recipe['licence']}"] if recipe["licence"] else [])]
    details: dict[str, Any] = {}
    if kind == "model":
        tags += [*recipe["tasks"], *recipe["languages"], *([recipe["library"]] if recipe["library"] else [])]
        tags += [f"dataset:{name}" for name in recipe["training"]]
        if recipe["parameters"]:
            details[recipe["weights"]] = {
                "total": recipe["parameters"],
                "parameters": {"F32": recipe["parameters"]},
            }
    elif kind == "dataset":
        tags += [f"task_categories:{task}" for task in recipe["tasks"]]
        tags += [f"language:{code}" for code in recipe["languages"]]
        tags += [f"modality:{name}" for name in recipe["modality"]]
        tags += [f"format:{recipe['format']}", f"size_categories:{recipe['size']}"]
        tags += [f"library:{recipe['library']}"] if recipe["library"] else []
        if recipe["rows"] is not None:
            features = [{"name": name, "dtype": "string"} for name in recipe["columns"]]
            splits = [{"name": "train", "num_examples": recipe["rows"]}]
            details["cardData"] = {"dataset_info": {"features": features, "splits": splits}}
    else:
        tags.append(recipe["sdk"])
    return Record(
        kind,
        recipe["id"],
        recipe["created"],
        tags=tuple(dict.fromkeys(tags)),
        pipeline_tag=next(iter(recipe["tasks"]), None) if kind == "model" else None,
        library_name=recipe["library"] if kind == "model" else None,
        parameters=recipe.get("parameters"),
        downloads=recipe.get("downloads", 0),
        likes=recipe["likes"],
        trending=recipe["trending"],
        private=recipe["private"],
        gated=recipe.get("gated"),
        sdk=recipe.get("sdk"),
        details=details,
    )


def _runtime(recipe: Recipe) -> dict[str, Any]:
    current = None if recipe["requested_only"] else recipe["hardware"]
    return {"stage": recipe["stage"], "hardware": {"current": current, "requested": recipe["hardware"]}}


# -- the right answers

VISION = {"image-classification"}
FREE = 12_000_000_000  # bytes of memory, wherever the tests run
STATUS = {
    "running": {"RUNNING", "RUNNING_BUILDING"},
    "building": {"BUILDING"},
    "sleeping": {"SLEEPING"},
    "paused": {"PAUSED"},
    "error": {"RUNTIME_ERROR", "BUILD_ERROR", "NO_APP_FILE"},
}
# A filter as a person says it: (words of it, what it lets through).
HOLDS: dict[str, Callable[[Recipe, Any], bool]] = {
    "text": lambda one, word: all(part in one["id"].lower() for part in word.lower().split()),
    "author": lambda one, name: one["id"].lower().startswith(f"{name.lower()}/"),
    "task": lambda one, task: task in one["tasks"],
    "category": lambda one, name: (
        bool(VISION & set(one["tasks"])) == (name == "vision") and bool(one["tasks"])
        if one["kind"] == "model"
        else any((task in VISION) == (name == "vision") for task in one["tasks"])
    ),
    "domain": lambda one, name: {"law": "legal", "financial": "finance"}.get(name, name) in one["tags"],
    "library": lambda one, name: one["library"] == name,
    "language": lambda one, name: {"french": "fr", "german": "de"}.get(name, name) in one["languages"],
    "licence": lambda one, name: one["licence"] == name.lower(),
    "tags": lambda one, names: set(names) <= set(one["tags"]),
    "dataset": lambda one, id: id in one["training"] if one["kind"] == "model" else one["uses_dataset"] == id,
    "model": lambda one, id: one["uses_model"] == id,
    "modality": lambda one, name: name in one["modality"],
    "file_format": lambda one, name: one["format"] == name,
    "size": lambda one, name: (
        {"<1k": "n<1K", "1k-10k": "1K<n<10K", ">1T": "n>1T"}.get(name, name) == one["size"]
    ),
    "max_bytes": lambda one, most: one["bytes"] <= {"1MB": 10**6, "5GB": 5 * 10**9}.get(most, most),
    "sdk": lambda one, name: one["sdk"] == name,
    "hardware": lambda one, name: {
        "gpu": not one["hardware"].startswith("cpu"),
        "cpu": one["hardware"].startswith("cpu"),
        "t4": one["hardware"].startswith("t4-"),
    }.get(name, one["hardware"] == name),
    "status": lambda one, name: one["stage"] in STATUS[name],
    "min_parameters": lambda one, least: (
        (one["parameters"] or 0) >= amount(least) and one["parameters"] is not None
    ),
    "max_parameters": lambda one, most: one["parameters"] is not None and one["parameters"] <= amount(most),
    "min_likes": lambda one, least: one["likes"] >= amount(least),
    "min_downloads": lambda one, least: one["downloads"] >= amount(least),
    "gated": lambda one, yes: (one["gated"] is not None) == yes,
    "warm": lambda one, _: bool(one["providers"]),
    "provider": lambda one, name: name in one["providers"],
    # of FREE bytes: no size here is near the edge
    "fits": lambda one, _: one["parameters"] is not None and one["parameters"] <= 1_000_000_000,
    "app": lambda one, name: one["library"] == {"ollama": "gguf", "vllm": "transformers"}[name],
}
SAID: dict[str, list[Any]] = {
    "text": ["bert", "TINY", "chat news", "9", "nothing-has-this"],
    "author": ["ada", "grace-lab", "MARY", "nobody"],
    "task": ["text-classification", "image-classification"],
    "category": ["vision", "nlp"],
    "domain": ["medical", "law", "financial"],
    "library": ["transformers", "datasets", "gguf"],
    "language": ["en", "french", "de", "sw"],
    "licence": ["mit", "Apache-2.0", "llama3"],
    "tags": [("demo",), ("demo", "safetensors"), ("arxiv:1706.03762",)],
    "dataset": ["ada/news", "linus/laws"],
    "model": ["ada/bert", "ada/none"],
    "modality": ["text", "image"],
    "file_format": ["parquet", "json"],
    "size": ["<1k", "1k-10k", "1K<n<10K", ">1T"],
    "max_bytes": ["1MB", "5GB", 899],
    "sdk": SDKS,
    "hardware": ["gpu", "cpu", "t4", "cpu-basic", "a100-large"],
    "status": [*STATUS],
    "min_parameters": ["1B", "350M", "1.5k", 6_738_415_617, 0],
    "max_parameters": ["7B", "1M", 999_999, "6.9B"],
    "min_likes": [0, 2, "1.5k"],
    "min_downloads": [1, "5k"],
    "gated": [True, False],
    "warm": [True],
    "provider": ["together", "groq"],
    "fits": [True],
    "app": ["ollama", "vllm"],
}
FILTERS: dict[str, list[str]] = {
    "models": (
        "text author task category domain library language licence tags dataset min_parameters max_parameters "
        "min_likes min_downloads gated warm provider fits app"
    ).split(),
    "datasets": (
        "text author task category domain library language licence tags modality file_format size max_bytes min_likes "
        "min_downloads gated"
    ).split(),
    "spaces": "text author sdk hardware status licence tags model dataset min_likes".split(),
}
SORTS: dict[str, list[str]] = {
    "models": ["trending", "downloads", "likes", "updated", "created", "parameters"],
    "datasets": ["trending", "downloads", "likes", "updated", "created", "size"],
    "spaces": ["trending", "likes", "updated", "created"],
}


def amount(said: int | str) -> float:
    """7B as a number."""
    if isinstance(said, int):
        return said
    return float(said[:-1]) * {"k": 1e3, "M": 1e6, "B": 1e9}[said[-1]]


def key(sort: str) -> Callable[[Recipe], Any]:
    """What a sort looks at; None where the repository has no such thing."""
    return lambda one: one[{"size": "bytes"}.get(sort, sort)]


def answer(made: list[Recipe], kind: str, filters: Mapping[str, Any], sort: str) -> list[Recipe]:
    """Every repository that is wanted, in order; what has no value to sort by comes last."""
    found = [
        one
        for one in made
        if f"{one['kind']}s" == kind
        and not one["private"]
        and all(HOLDS[name](one, value) for name, value in filters.items())
    ]
    word, _, upward = sort.partition(":")
    known = [one for one in found if key(word)(one) is not None]
    unknown = [one for one in found if key(word)(one) is None]
    return [*sorted(known, key=key(word), reverse=not upward), *unknown]
