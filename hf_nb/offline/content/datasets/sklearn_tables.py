"""hfnb-demo/sklearn-tables: iris, wine and breast cancer, with their own column names."""

from pathlib import Path
from typing import TYPE_CHECKING

from hf_nb.offline.content import card, parquet
from hf_nb.offline.content.recipe import Context, Recipe, day
from hf_nb.offline.content.trainers.tables import NAMES, Table, table

if TYPE_CHECKING:
    import pyarrow

ID = "hfnb-demo/sklearn-tables"


def build(folder: Path, context: Context) -> str:
    """Write the files; one line about them."""
    tables = {name: table(name) for name in NAMES}
    configs = {
        name: {split: _arrow(data, split) for split in ("train", "test")} for name, data in tables.items()
    }
    features = {
        name: [
            *(parquet.column(column, "float64") for column in data.columns),
            parquet.classes("target", data.classes),
        ]
        for name, data in tables.items()
    }
    described = parquet.write(folder, configs, features)
    card.write(
        folder,
        {
            "license": "cc-by-4.0",
            "task_categories": ["tabular-classification"],
            "size_categories": ["n<1K"],
            "pretty_name": "Three small tables",
            "tags": ["tabular", "demo", "iris", "wine"],
            **described,
        },
        f"""
# Three small tables

The classic tables that come with scikit-learn, with their real column names and whole numbers as classes. All three
are from the UCI Machine Learning Repository (CC BY 4.0): iris by R. A. Fisher (1936), wine by S. Aeberhard and
M. Forina, breast cancer (diagnostic) by W. Wolberg, N. Street and O. Mangasarian.

| config | rows | columns | classes |
|---|---|---|---|
{_lines(tables)}

```python
from datasets import load_dataset

wine = load_dataset("{ID}", "wine", split="train").to_pandas()
```

Every fifth row is in `test`. `hfnb-demo/iris-logreg` and its sisters were fitted on these tables.
""",
    )
    rows = sum(len(labels) for data in tables.values() for labels in data.labels.values())
    return f"{len(tables)} tables, {rows} rows"


def _lines(tables: dict[str, Table]) -> str:
    return "\n".join(
        f"| {name} | {' + '.join(str(len(data.labels[split])) for split in ('train', 'test'))} "
        f"| {len(data.columns)} | {', '.join(data.classes)} |"
        for name, data in tables.items()
    )


def _arrow(data: Table, split: str) -> "pyarrow.Table":
    import pyarrow

    columns = {name: pyarrow.array(data.rows[split][:, at]) for at, name in enumerate(data.columns)}
    found = pyarrow.table({**columns, "target": pyarrow.array(data.labels[split], pyarrow.int64())})
    plain = {name: {"dtype": "float64", "_type": "Value"} for name in data.columns}
    return parquet.with_features(found, {**plain, "target": {"names": data.classes, "_type": "ClassLabel"}})


def check(folder: Path) -> dict[str, float]:
    """Rows as `datasets` sees them."""
    from datasets import load_dataset  # type: ignore[import-untyped]

    cache = str(folder.parent / f".cache-{folder.name}")
    return {
        name: float(len(load_dataset(str(folder), name, split="train+test", cache_dir=cache)))
        for name in NAMES
    }


ROWS = {"iris": 150, "wine": 178, "breast-cancer": 569}
RECIPE = Recipe(
    type="dataset",
    id=ID,
    created_at=day("2025-09-21T09:00"),
    updated_at=day("2025-09-21T09:30"),
    build=build,
    shared=("parquet.py", "trainers/tables.py"),
    needs=("sklearn", "pyarrow"),
    seconds=3,
    downloads=8240,
    likes=18,
    trending=1.0,
    check=check,
    floor=ROWS,
    ceiling=ROWS,
)
