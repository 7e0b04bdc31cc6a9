"""What the small Hub of these tests holds."""

from __future__ import annotations

import json
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hf_nb.offline.running import Running
from hf_nb.offline.store import Store

DAY = datetime(2025, 3, 1, 12, tzinfo=UTC)
LEARNER, TEACHER, STRANGER = "hf_learner_offline", "hf_teacher_offline", "hf_stranger_offline"
CARD = """---
license: mit
language: [en, fr]
tags: [tiny]
datasets: [demo/rows]
base_model: demo/base
pipeline_tag: text-classification
---
# Tiny

A small model. See arxiv:1810.04805.
"""


def safetensors(rows: int = 3, columns: int = 4, filler: bytes = b"\1") -> bytes:
    size = rows * columns * 4
    header = json.dumps(
        {"weight": {"dtype": "F32", "shape": [rows, columns], "data_offsets": [0, size]}}
    ).encode()
    return struct.pack("<Q", len(header)) + header + filler * size


WEIGHTS = safetensors(300, 400)
CONFIG = json.dumps({"model_type": "bert", "architectures": ["BertForSequenceClassification"]}).encode()
FILES: dict[str, bytes] = {
    "README.md": CARD.encode(),
    "config.json": CONFIG,
    "tokenizer_config.json": b'{"mask_token": {"content": "[MASK]"}}',
    "model.safetensors": WEIGHTS,
    "data/sub/deep file.txt": b"deep\n",
    "data/\u00fcml\u00e4ut.txt": "ü".encode(),
    "empty.txt": b"",
}


def fill(store: Store) -> None:
    store.organisation("demo", "Demo", members={"mate": "read"})
    store.organisation("lab", "Lab")
    store.user("learner", LEARNER, orgs={"demo": "read"})
    store.user("teacher", TEACHER, orgs={"demo": "admin", "lab": "admin"})
    store.user("stranger", STRANGER, role="read")
    store.follow("learner", "demo")
    _models(store)
    store.create_repo("dataset", "demo/rows", created_at=DAY, downloads=7)
    rows = b"---\nlicense: cc0-1.0\ntask_categories: [text-classification]\nlanguage: en\n---\n# Rows\n\nA few rows.\n"
    files = {"README.md": rows, "data/train.csv": b"a,b\n1,2\n", "data/big.parquet": b"PAR1" * 100}
    store.commit("dataset", "demo/rows", files, title="rows", author="teacher", date=DAY)
    store.create_repo("space", "demo/app", created_at=DAY, trending=3)
    app = {
        "README.md": b"---\ntitle: Sentiment App\nemoji: x\nsdk: gradio\nmodels: [demo/tiny]\n---\n"
        b"Classifies the mood of a text.\n",
        "app.py": b"load('demo/rows'); load('lab/secret')",
    }
    store.commit("space", "demo/app", app, title="app", author="teacher", date=DAY)
    store.variable("demo/app", "MODE", "fast", date=DAY)
    _conversations(store)


def _models(store: Store) -> None:
    store.create_repo("model", "demo/base", created_at=DAY, downloads=50, likes=5, trending=1)
    store.commit(
        "model",
        "demo/base",
        {"config.json": CONFIG, "model.safetensors": safetensors()},
        title="base",
        author="teacher",
        date=DAY,
    )
    store.create_repo("model", "demo/tiny", created_at=DAY, downloads=100, likes=3, trending=9.5)
    first = store.commit(
        "model", "demo/tiny", FILES, title="Add model", author="teacher", date=DAY + timedelta(days=1)
    )
    store.tag("model", "demo/tiny", "v1.0", first)
    store.branch("model", "demo/tiny", "feature/x")
    second = {"data/sub/deep file.txt": b"deeper\n"}
    store.commit(
        "model",
        "demo/tiny",
        second,
        title="Change <one> file",
        author="learner",
        date=DAY + timedelta(days=2),
    )
    store.alias("model", "tiny", "demo/tiny")
    store.alias("model", "old/name", "demo/tiny")
    store.create_repo("model", "lab/secret", private=True, created_at=DAY, trending=99, likes=1)
    secret = {"README.md": b"---\ntags: [classified]\n---\n", "x.txt": b"s"}
    store.commit("model", "lab/secret", secret, title="s", author="teacher", date=DAY)
    for gated in ("manual", "auto"):
        store.create_repo("model", f"lab/{gated}", gated=gated, created_at=DAY)
        store.commit(
            "model",
            f"lab/{gated}",
            {"x.txt": b"gate", "model.bin": b"w" * 50},
            title="g",
            author="teacher",
            date=DAY,
        )
    store.grant("model", "lab/auto", "learner", date=DAY)


def _conversations(store: Store) -> None:
    store.like("model", "demo/tiny", "learner", date=DAY)
    store.like("model", "lab/secret", "teacher", date=DAY)
    items = [("model", "demo/tiny"), ("model", "lab/secret"), ("paper", "1810.04805")]
    store.collection(owner="demo", title="Good ones!", items=items, date=DAY, description="Worth a look")
    store.paper(
        id="1810.04805",
        title="Transformers, two ways",
        summary="Deep and bidirectional.",
        date=DAY,
        authors=["A. Author"],
        upvotes=4,
    )
    store.discussion(
        "model",
        "demo/tiny",
        title="A question",
        author="learner",
        body="Why?",
        comments=[("teacher", "Because.", DAY)],
        date=DAY,
    )
    store.discussion(
        "model", "demo/tiny", title="Fix", author="learner", status="closed", pull_request=True, date=DAY
    )


def incoming(hub: Running) -> list[Path]:
    """What is on its way into a Hub's store, or was left there."""
    return [path for path in (hub.root / "blobs" / "incoming").rglob("*") if path.is_file()]
