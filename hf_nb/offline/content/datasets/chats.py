"""hfnb-demo/chats: conversations about the standard library, with tool calls, as chat models are trained on."""

import json
from pathlib import Path
from typing import Any

from hf_nb.offline.content import card, parquet
from hf_nb.offline.content.recipe import Context, Recipe, Step, day
from hf_nb.offline.content.trainers.pydoc import Passage, passages

ID = "hfnb-demo/chats"
COUNTS = {"train": 800, "test": 100}
TOOL = {
    "name": "python_help",
    "description": "The documentation of a name of the standard library.",
    "parameters": json.dumps(
        {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}
    ),
}
QUESTIONS = (
    "What does `{name}` do?",
    "I found `{name}` in some code. What is it?",
    "Can you explain `{name}` to me?",
)
STRINGS = {"role": "string", "content": "string", "name": "string"}
FRONT: dict[str, Any] = {
    "license": "other",
    "license_name": "psf-2.0",
    "license_link": "https://docs.python.org/3/license.html",
    "language": ["en"],
    "task_categories": ["text-generation"],
    "size_categories": ["n<1K"],
    "pretty_name": "Chats about the standard library",
    "annotations_creators": ["machine-generated"],
    "tags": ["chat", "tool-calls", "python", "demo"],
    "dataset_info": {
        "features": [
            parquet.column("id", "string"),
            {
                "name": "messages",
                "list": [
                    *(parquet.column(name, dtype) for name, dtype in STRINGS.items()),
                    {
                        "name": "tool_calls",
                        "list": [
                            parquet.column("id", "string"),
                            parquet.column("type", "string"),
                            {
                                "name": "function",
                                "struct": [
                                    parquet.column("name", "string"),
                                    parquet.column("arguments", "string"),
                                ],
                            },
                        ],
                    },
                ],
            },
            {"name": "tools", "list": [parquet.column(name, "string") for name in TOOL]},
            {
                "name": "metadata",
                "struct": [
                    parquet.column("source", "string"),
                    parquet.column("looked_up", "bool"),
                    parquet.column("turns", "int32"),
                ],
            },
        ],
        "splits": [{"name": name, "num_examples": count} for name, count in COUNTS.items()],
    },
}


def build(folder: Path, context: Context) -> str:
    """Write the files; one line about them."""
    import pyarrow
    from datasets import Features, List, Value  # type: ignore[import-untyped]

    text = Value("string")
    calls = {"id": text, "type": text, "function": {"name": text, "arguments": text}}
    features = Features(
        {
            "id": text,
            "messages": List({**dict.fromkeys(STRINGS, text), "tool_calls": List(calls)}),
            "tools": List(dict.fromkeys(TOOL, text)),
            "metadata": {"source": text, "looked_up": Value("bool"), "turns": Value("int32")},
        }
    )
    tables = {
        split: pyarrow.Table.from_pylist(
            [_chat(passage, number) for number, passage in enumerate(_about(split))],
            schema=features.arrow_schema,
        )
        for split in COUNTS
    }
    described = parquet.write(folder, {"default": tables}, {"default": FRONT["dataset_info"]["features"]})
    card.write(
        folder,
        {**FRONT, **described},
        f"""
# Chats about the standard library

{sum(COUNTS.values())} conversations in the form chat models are trained on: a list of `messages`, each with a `role`
(system, user, assistant, tool). In two of three the assistant first calls a tool, `python_help`, and answers from
what comes back; the others are answered at once. `tools` says what could be called, `metadata` where the answer is
from.

```python
from datasets import load_dataset

chats = load_dataset("{ID}", split="train")
chats[0]["messages"]
```

The questions are three sentences with a name filled in, the answers are first paragraphs of docstrings (PSF licence).
So the shape is real and the talk is not: good for trying chat templates, nested columns and tool calls. What one
docstring says is in one split only.
""",
    )
    return f"{sum(COUNTS.values())} conversations"


def _about(split: str) -> list[Passage]:
    found = [
        passage for passage in passages("docstrings") if passage.split == split and "." in passage.source
    ]
    return found[: COUNTS[split]]


def _chat(passage: Passage, number: int) -> dict[str, Any]:
    first = passage.text.partition("\n\n")[0].strip()
    looked_up = number % 3 != 2
    messages: list[dict[str, Any]] = [
        {"role": "system", "content": "You explain Python's standard library briefly."},
        {"role": "user", "content": QUESTIONS[number % 3].format(name=passage.source)},
    ]
    if looked_up:
        call = {"name": TOOL["name"], "arguments": json.dumps({"name": passage.source})}
        messages += [
            {
                "role": "assistant",
                "tool_calls": [{"id": f"call_{number}", "type": "function", "function": call}],
            },
            {"role": "tool", "name": TOOL["name"], "content": passage.text},
        ]
    messages.append({"role": "assistant", "content": first})
    if number % 2:
        module = passage.source.partition(".")[0]
        messages += [
            {"role": "user", "content": "Where do I import it from?"},
            {"role": "assistant", "content": f"From the module `{module}`."},
        ]
    turns = sum(message["role"] == "user" for message in messages)
    return {
        "id": f"{passage.source}-{number}",
        "messages": [{"content": None, "name": None, "tool_calls": None, **message} for message in messages],
        "tools": [TOOL] if looked_up else [],
        "metadata": {"source": passage.source, "looked_up": looked_up, "turns": turns},
    }


def check(folder: Path) -> dict[str, float]:
    """Rows as `datasets` sees them; whether every call is answered and every conversation ends with an answer."""
    from datasets import load_dataset

    found = load_dataset(str(folder), cache_dir=str(folder.parent / f".cache-{folder.name}"))
    whole = []
    for row in found["test"]:
        messages = row["messages"]
        asked = [
            json.loads(call["function"]["arguments"])["name"]
            for message in messages
            for call in message["tool_calls"] or ()
        ]
        answered = [message for message in messages if message["role"] == "tool"]
        whole.append(
            messages[-1]["role"] == "assistant"
            and bool(messages[-1]["content"])
            and len(asked) == len(answered) == int(row["metadata"]["looked_up"])
            and set(asked) <= {row["metadata"]["source"]}
        )
    shared = {row["source"] for row in found["train"]["metadata"]} & {
        row["source"] for row in found["test"]["metadata"]
    }
    return {
        **{f"{name}_rows": float(len(found[name])) for name in found},
        "whole": sum(whole) / len(whole),
        "sources_in_both": float(len(shared)),
    }


RECIPE = Recipe(
    type="dataset",
    id=ID,
    created_at=day("2026-07-11T12:00"),
    updated_at=day("2026-08-20T16:35"),
    build=build,
    shared=("parquet.py", "trainers/pydoc.py"),
    needs=("datasets", "pyarrow"),
    seconds=5,
    later=True,
    front=FRONT,
    files=("default/train-00000-of-00001.parquet",),
    downloads=1893,
    likes=24,
    trending=3.6,
    history=(
        Step("Upload conversations", day("2026-07-11T12:05"), ("*.parquet",)),
        Step("Say how they were made", day("2026-08-20T16:35"), ("README.md",)),
    ),
    check=check,
    floor={"train_rows": 800, "test_rows": 100, "whole": 1.0},
    ceiling={"sources_in_both": 1.0},
)
