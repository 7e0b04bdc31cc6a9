# ruff: noqa: E501 -- cards, each on its line
"""A Hub of repositories that are odd in one way each, for what reads about repositories."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from hf_nb.offline.running import Running, start
from hf_nb.offline.store import Store
from tests.render.hostile import CARD as HOSTILE_CARD

DAY = datetime(2025, 3, 1, 12, tzinfo=UTC)
HOSTILE_NAME = "<img src=x onerror=hfnbHacked()> $\\href{javascript:hfnbHacked()}{x}$.txt"

MODELS: dict[str, dict[str, bytes]] = {
    "odd/code": {
        "README.md": b"---\nlicense: mit\n---\n# Code\n\nBrings code of its own along.\n",
        "config.json": json.dumps(
            {
                "model_type": "odd",
                "auto_map": {
                    "AutoModel": "modeling_odd.Odd",
                    "AutoConfig": "other/repo--configuration_odd.C",
                },
            }
        ).encode(),
        "modeling_odd.py": b"raise SystemExit('this must never run')\n",
        "setup.py": b"",
        "model.safetensors": b"",
    },
    "odd/hostile": {"README.md": HOSTILE_CARD.encode(), HOSTILE_NAME: b"x"},
    "odd/weird": {
        "README.md": b"---\nlicense: {a: b}\nlanguage: {x: 1}\ndatasets: 3\nbase_model: [1, {a: 2}]\nmodel-index: nonsense\n"
        b"tags: yes\n---\nA card in which nothing is as it should be.\n"
    },
    "odd/huge": {"README.md": b"# Huge\n\n" + b"word " * 1_300_000},
    "odd/none": {"x.txt": b"x"},
    "odd/two": {"README.md": b"---\nlicense: [mit, cc-by-nc-4.0]\n---\nTwo licences.\n"},
    "odd/named": {
        "README.md": b"---\nlicense: other\nlicense_name: my-own-terms\nlicense_link: https://example.org/terms\n---\nx\n"
    },
    "odd/many": {f"shard-{n // 50}/deep/er/part-{n:04}.bin": b"x" for n in range(600)}
    | {"README.md": b"# Many\n"},
}
DATASETS: dict[str, dict[str, bytes]] = {
    "odd/script": {"README.md": b"---\nlicense: cc0-1.0\n---\nx\n", "script.py": b"", "other.py": b""},
    "odd/weird-set": {
        "README.md": b"---\nconfigs: {config_name: one, data_files: [a.csv]}\ndataset_info:\n  features: [3, {name: q, dtype: {class_label: {names: [a, b]}}}, "
        b"{name: s, list: {list: int64}}, {name: t, struct: [{name: u, dtype: string}]}]\n  splits: [{name: train, num_examples: many}]\n---\nx\n"
    },
}


@contextlib.contextmanager
def served(folder: Path) -> Iterator[Running]:
    """It, running."""
    store = Store.open(folder / "store")
    store.user("teacher", "hf_teacher_offline")
    store.organisation("odd", "Odd")
    everything: dict[Literal["model", "dataset"], dict[str, dict[str, bytes]]] = {
        "model": MODELS,
        "dataset": DATASETS,
    }
    for kind, repositories in everything.items():
        for id, files in repositories.items():
            store.create_repo(kind, id, created_at=DAY)
            store.commit(kind, id, files, title="Everything", author="teacher", date=DAY)
    store.close()
    with start(folder / "store") as running:
        yield running
