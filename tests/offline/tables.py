"""Tables for the viewer: every kind of cell, and the Hub that shows them."""

from __future__ import annotations

import io
import wave
from datetime import UTC, datetime, timedelta
from typing import Any

from hf_nb.offline.store import Store
from tests.offline.small import DAY, LEARNER, STRANGER, TEACHER

ROWS, TESTED = 350, 40
KINDS = ["red", "green", "blue"]
CSV = 'number,text,mixed\n1,"two\nlines",7\n2,"a ""quoted"" word",8\n3,,nine\n'
WORDS = ("running", "dogs", "a cat sleeps", "The dog ran home", "nothing at all", "connections", "connected")


def picture(side: int) -> bytes:
    from PIL import Image

    kept = io.BytesIO()
    Image.new("RGB", (side, 3), "red").save(kept, "PNG")
    return kept.getvalue()


def sound(frames: int) -> bytes:
    kept = io.BytesIO()
    with wave.open(kept, "wb") as made:
        made.setnchannels(1)
        made.setsampwidth(2)
        made.setframerate(100)
        made.writeframes(b"\0\0" * frames)
    return kept.getvalue()


def features() -> Any:
    from datasets import Audio, ClassLabel, Features, Image, List, Value  # type: ignore[import-untyped]

    return Features(
        {
            "id": Value("int64"),
            "score": Value("float64"),
            "flag": Value("bool"),
            "text": Value("string"),
            "kind": ClassLabel(names=KINDS),
            "few": Value("string"),
            "when": Value("timestamp[ms, tz=UTC]"),
            "numbers": List(Value("int32")),
            "chat": List({"role": Value("string"), "said": Value("string")}),
            "picture": Image(),
            "album": List(Image()),
            "sound": Audio(sampling_rate=100),
            'odd "name".ü': Value("float32"),
            "bytes": Value("binary"),
        }
    )


def row(number: int) -> dict[str, Any]:
    nothing = number % 11 == 5
    return {
        "id": number,
        "score": None if nothing else float("nan") if number % 13 == 0 else number / 7,
        "flag": None if nothing else number % 2 == 0,
        "text": None if nothing else f"{WORDS[number % len(WORDS)]} {number}x",
        "kind": -1 if number % 17 == 0 else number % 3,
        "few": None if nothing else f"label {number % 4}",
        "when": None if nothing else datetime(2024, 2, 28, tzinfo=UTC) + timedelta(hours=number * 5),
        "numbers": None if nothing else list(range(number % 6)),
        "chat": [{"role": "user", "said": f"hello {number}"}, {"role": "bot", "said": None}],
        "picture": None if nothing else {"bytes": picture(number % 9 + 1), "path": "p.png"},
        "album": [{"bytes": picture(side), "path": None} for side in range(1, number % 3 + 1)],
        "sound": None if nothing else {"bytes": sound(50 + number % 20), "path": "s.wav"},
        'odd "name".ü': number * 0.5,
        "bytes": b"\xff\x00",
    }


def table(start: int, count: int) -> Any:
    import pyarrow

    return pyarrow.Table.from_pylist(
        [row(number) for number in range(start, start + count)], schema=features().arrow_schema
    )


def parquet(start: int, count: int, *, group: int) -> bytes:
    import pyarrow.parquet

    kept = io.BytesIO()
    pyarrow.parquet.write_table(table(start, count), kept, row_group_size=group)
    return kept.getvalue()


def fill(store: Store) -> None:
    """Public, private, gated, broken, empty, and of several configurations."""
    store.organisation("demo", members={"learner": "read", "teacher": "admin"})
    store.user("learner", LEARNER, orgs={"demo": "read"})
    store.user("teacher", TEACHER, orgs={"demo": "admin"})
    store.user("stranger", STRANGER)
    files = {
        "data/train-00000-of-00002.parquet": parquet(0, 210, group=64),
        "data/train-00001-of-00002.parquet": parquet(210, ROWS - 210, group=1000),
        "data/test-00000-of-00001.parquet": parquet(0, TESTED, group=7),
    }
    for id, private, gated in (
        ("demo/table", False, False),
        ("demo/secret", True, False),
        ("demo/gate", False, "manual"),
    ):
        made(store, id, files, private=private, gated=gated)
    store.alias("dataset", "demo/old-table", "demo/table")
    made(store, "demo/csv", {"train.csv": CSV.encode(), "validation.csv": CSV.encode()})
    front = (
        "---\nconfigs:\n- config_name: one\n  data_files: one.jsonl\n  default: true\n"
        "- config_name: two\n  data_files: two.jsonl\n- config_name: broken\n  data_files: three.jsonl\n---\n"
    )
    several = {
        "README.md": front.encode(),
        "one.jsonl": b'{"a": {"b": [1, 2]}, "c": "x"}\n{"a": {"b": null}, "c": null}\n',
        "two.jsonl": b'{"a": 1}\n',
        "three.jsonl": b'{"a": \n',
    }
    made(store, "demo/several", several)
    made(store, "demo/empty", {})
    made(store, "demo/broken", {"train.parquet": b"PAR1 this is none PAR1"})


def made(store: Store, id: str, files: dict[str, bytes], **how: Any) -> None:
    store.create_repo("dataset", id, created_at=DAY, **how)
    if files:
        store.commit("dataset", id, files, title="data", author="teacher", date=DAY)
