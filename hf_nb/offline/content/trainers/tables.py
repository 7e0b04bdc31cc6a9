"""scikit-learn's small real tables, with their own column and class names, in one fixed split."""

from dataclasses import dataclass
from functools import cache
from typing import Any

NAMES = ("iris", "wine", "breast-cancer")


@dataclass(frozen=True)
class Table:
    """Rows and classes by split."""

    columns: list[str]
    classes: list[str]
    rows: dict[str, Any]  # "train" and "test": float arrays
    labels: dict[str, Any]  # whole numbers into `classes`


@cache
def table(name: str) -> Table:
    """Every fifth row is for testing (the tables are sorted by class, so each class has its share)."""
    import numpy
    from sklearn import datasets

    load = {
        "iris": datasets.load_iris,
        "wine": datasets.load_wine,
        "breast-cancer": datasets.load_breast_cancer,
    }[name]
    found = load()
    test = numpy.arange(len(found.target)) % 5 == 0
    columns = [_tidy(column) for column in found.feature_names]
    classes = [str(word) for word in found.target_names]
    rows = {"train": found.data[~test], "test": found.data[test]}
    return Table(columns, classes, rows, {"train": found.target[~test], "test": found.target[test]})


def _tidy(column: str) -> str:
    """As a column is called: "sepal length (cm)" -> "sepal_length_cm"."""
    return column.replace("(", "").replace(")", "").replace("/", "_").replace(" ", "_")
