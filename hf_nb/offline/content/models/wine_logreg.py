"""hfnb-demo/wine-logreg: which of three growers an Italian wine comes from, by its chemistry."""

from pathlib import Path

from hf_nb.offline.content import card
from hf_nb.offline.content.recipe import Context, Recipe, day
from hf_nb.offline.content.trainers import tabular

ID, TABLE = "hfnb-demo/wine-logreg", "wine"


def build(folder: Path, context: Context) -> str:
    """Write the files; one line about them."""
    outcome = tabular.train(TABLE, folder)
    card.write(
        folder,
        {
            "license": "bsd-3-clause",
            "library_name": "sklearn",
            "pipeline_tag": "tabular-classification",
            "tags": ["sklearn", "tabular-classification", "logistic-regression", "tiny"],
            "datasets": ["hfnb-demo/sklearn-tables"],
            "metrics": ["accuracy"],
        },
        f"""
# wine-logreg

Says which of three growers an Italian wine comes from, by its chemistry. A logistic regression over
{len(outcome.columns)} standardised columns, kept as safetensors (no pickle): nothing but numbers is loaded.

{tabular.USE.format(id=ID, row=outcome.row)}

## Results

Fitted on {outcome.trained_on} rows of `hfnb-demo/sklearn-tables` (config `wine`);
right on ≈ {outcome.accuracy:.2f} of the {outcome.tested_on} test rows.

## Limits

A few hundred rows from one place and time: it shows how such a model is kept and used, no more.
""",
    )
    return f"fitted on {outcome.trained_on} rows · {outcome.accuracy:.2f} on {outcome.tested_on} unseen ones"


RECIPE = Recipe(
    type="model",
    id=ID,
    created_at=day("2025-09-23T10:00"),
    updated_at=day("2025-09-23T10:20"),
    build=build,
    shared=("trainers/tabular.py", "trainers/tables.py"),
    needs=("sklearn", "safetensors"),
    downloads=2210,
    likes=11,
    check=lambda folder: tabular.check(TABLE, folder),
    floor={"accuracy": 0.9},
)
