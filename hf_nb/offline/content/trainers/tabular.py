"""Logistic regression on scikit-learn's small tables, kept as safetensors: means, spreads, weights, biases."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hf_nb.offline.content.card import write_json
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
```

In a notebook with hf_nb:

```
%%hf infer -m {id}
{row}
```"""


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
