"""Logistic regression on scikit-learn's small tables, kept as safetensors: means, spreads, weights, biases."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from hf_nb.offline.content import card
from hf_nb.offline.content.card import write_json
from hf_nb.offline.content.recipe import Context, Recipe, day
from hf_nb.offline.content.trainers.tables import table

USE = """\
```python
import json

import numpy as np
from huggingface_hub import hf_hub_download
from safetensors.numpy import load_file

config = json.load(open(hf_hub_download("{id}", "config.json")))
w = load_file(hf_hub_download("{id}", "model.safetensors"))

row = np.array({row})
scores = ((row - w["mean"]) / w["scale"]) @ w["coef"].T + w["intercept"]
config["id2label"][str(scores.argmax())]
```"""


CARD = """
# {name}

Says {what}. A logistic regression over
{columns} standardised columns, kept as safetensors (no pickle): nothing but numbers is loaded.

{use}

## Results

Fitted on {trained_on} rows of `hfnb-demo/sklearn-tables` (config `{table}`);
right on ≈ {accuracy:.2f} of the {tested_on} test rows.

## Limits

{limits}
"""
FEW_ROWS = "A few hundred rows from one place and time: it shows how such a model is kept and used, no more."


def recipe(
    table: str,
    *,
    what: str,
    licence: str,
    since: str,
    limits: str = FEW_ROWS,
    front: Mapping[str, Any] | None = None,
    **facts: Any,
) -> Recipe:
    """A fitted table as a repository: what differs between them is what it says, under which licence."""
    name = f"{table}-logreg"
    id = f"hfnb-demo/{name}"

    def build(folder: Path, context: Context) -> str:
        outcome = train(table, folder)
        head = {
            "license": licence,
            "library_name": "sklearn",
            "pipeline_tag": "tabular-classification",
            "tags": ["sklearn", "tabular-classification", "logistic-regression", "tiny"],
            "datasets": ["hfnb-demo/sklearn-tables"],
            "metrics": ["accuracy"],
        }
        text = CARD.format(
            name=name,
            what=what,
            table=table,
            limits=limits,
            columns=len(outcome.columns),
            use=USE.format(id=id, row=outcome.row),
            trained_on=outcome.trained_on,
            tested_on=outcome.tested_on,
            accuracy=outcome.accuracy,
        )
        card.write(folder, head | dict(front or {}), text)
        return (
            f"fitted on {outcome.trained_on} rows · {outcome.accuracy:.2f} on {outcome.tested_on} unseen ones"
        )

    return Recipe(
        type="model",
        id=id,
        created_at=day(since),
        updated_at=day(since) + timedelta(minutes=20),
        build=build,
        shared=("trainers/tabular.py", "trainers/tables.py"),
        needs=("sklearn", "safetensors"),
        check=lambda folder: check(table, folder),
        floor={"accuracy": 0.9},
        **facts,
    )


@dataclass(frozen=True)
class Outcome:
    """What a fit came to, measured on unseen rows."""

    trained_on: int
    tested_on: int
    accuracy: float
    row: list[float]
    columns: list[str]


def train(name: str, folder: Path) -> Outcome:
    """Fit, write, and measure on the test split."""
    import numpy
    from safetensors.numpy import save_file
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    data = table(name)
    scaler = StandardScaler().fit(data.rows["train"])
    model = LogisticRegression(C=0.5, max_iter=500).fit(
        scaler.transform(data.rows["train"]), data.labels["train"]
    )
    coef, intercept = model.coef_, model.intercept_
    if (
        len(data.classes) == 2
    ):  # two classes share one row of weights: written as two, the softmax is the same
        coef, intercept = numpy.vstack([-coef / 2, coef / 2]), numpy.hstack([-intercept / 2, intercept / 2])
    weights = {"mean": scaler.mean_, "scale": scaler.scale_, "coef": coef, "intercept": intercept}
    save_file(
        {key: numpy.ascontiguousarray(value) for key, value in weights.items()}, folder / "model.safetensors"
    )
    write_json(
        folder / "config.json",
        {
            "task": "tabular-classification",
            "estimator": "sklearn.linear_model.LogisticRegression",
            "columns": data.columns,
            "id2label": dict(enumerate(data.classes)),
        },
    )
    accuracy = check(name, folder)["accuracy"]
    counts = len(data.labels["train"]), len(data.labels["test"])
    return Outcome(
        *counts, accuracy, [round(float(value), 4) for value in data.rows["test"][0]], data.columns
    )


def check(name: str, folder: Path) -> dict[str, float]:
    """Share of right classes, computed the way the card says."""
    from safetensors.numpy import load_file

    data, w = table(name), load_file(folder / "model.safetensors")
    scores: Any = ((data.rows["test"] - w["mean"]) / w["scale"]) @ w["coef"].T + w["intercept"]
    return {"accuracy": float((scores.argmax(-1) == data.labels["test"]).mean())}
