"""`.eval_results/*.yaml`: what was measured of a model, benchmark by benchmark."""

from typing import Any

import yaml

from hf_nb.offline.derive import card
from hf_nb.offline.derive.facts import Snapshot

FOLDER, ENDS = ".eval_results/", (".yaml", ".yml")
LONGEST, MOST = 100_000, 50


def entries(files: Snapshot) -> list[dict[str, Any]]:
    """One after another, each with its file's name; a file that is not as it should be is there with what is wrong."""
    found: list[dict[str, Any]] = []
    paths = sorted(path for path in files.blobs if path.startswith(FOLDER) and path.endswith(ENDS))
    for path in paths[:MOST]:
        try:
            read = card.load(files.bytes(path, LONGEST).decode("utf-8", "replace"))
        except yaml.YAMLError:
            read = None
        if isinstance(read, list) and all(_whole(one) for one in read):
            found += [{"filename": path, "data": one} for one in read]
        else:
            found.append(
                {"filename": path, "error": "expected a list of results, each of a dataset and a value"}
            )
    return found


def _whole(one: Any) -> bool:
    dataset = one.get("dataset") if isinstance(one, dict) else None
    named = isinstance(dataset, dict) and all(isinstance(dataset.get(key), str) for key in ("id", "task_id"))
    return named and "value" in one
