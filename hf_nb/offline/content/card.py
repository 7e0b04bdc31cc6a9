"""README.md: front matter and text. Front matter is the same on every machine; measured figures stand in the text."""

import json
from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent
from typing import Any

import yaml

MADE_UP = (
    "---\nThis repository lives on the offline demo Hub. Its downloads, likes and dates are made up, "
    "so that there is something to sort by."
)


class _Plain(yaml.SafeDumper):
    """Says a thing twice rather than `*id001`: a Hub refuses aliases."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def write(folder: Path, front: Mapping[str, Any], text: str) -> None:
    """Write the card."""
    head = yaml.dump(dict(front), Dumper=_Plain, sort_keys=False, allow_unicode=True, width=100)
    card = f"---\n{head}---\n\n{dedent(text).strip()}\n\n{MADE_UP}\n"
    (folder / "README.md").write_text(card, "utf-8")


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """A configuration file as the Hub's usually look."""
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", "utf-8")


def results(
    name: str, task: str, dataset: str, metrics: Mapping[str, float], *, kind: str = "hfnb-generated"
) -> list[dict[str, Any]]:
    """`model-index` with the figures a release was measured at (a rebuild comes within a few hundredths)."""
    found = [
        {"type": metric, "value": value, "name": metric.replace("_", " ")}
        for metric, value in metrics.items()
    ]
    about = {"name": dataset, "type": kind, "split": "test"}
    return [{"name": name, "results": [{"task": {"type": task}, "dataset": about, "metrics": found}]}]


# Tasks that run in a cell, as models are filed under: a card shows no line that does not work.
IN_A_CELL = frozenset(
    (
        "text-classification zero-shot-classification token-classification question-answering"
        " table-question-answering summarization translation text2text-generation fill-mask text-generation"
        " feature-extraction sentence-similarity"
    ).split()
)


def cell(line: str, text: str) -> str:
    """How to use it in a notebook: the words after %%hf, and the text below them."""
    return dedent(f"""\
        In a notebook with hf_nb:

        ```
        %%hf {line}
        {text}
        ```""")


def usage(id: str, task: str, example: str) -> str:
    """How to use it: transformers, and a cell where a cell can."""
    pipeline = dedent(f"""\
        ```python
        from transformers import pipeline

        pipe = pipeline("{task}", model="{id}")
        pipe({example!r})
        ```""")
    return f"{pipeline}\n\n{cell(f'infer -m {id}', example)}" if task in IN_A_CELL else pipeline
