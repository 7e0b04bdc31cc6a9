"""hfnb-demo/breast-cancer-logreg: whether a breast tumour was malignant, from a picture's measurements."""

from pathlib import Path

from hf_nb.offline.content import card
from hf_nb.offline.content.recipe import Context, Recipe, day
from hf_nb.offline.content.trainers import tabular

ID, TABLE = "hfnb-demo/breast-cancer-logreg", "breast-cancer"


def build(folder: Path, context: Context) -> str:
    """Write the files; one line about them."""
    outcome = tabular.train(TABLE, folder)
    card.write(
        folder,
        {
            "license": "openrail",
            "library_name": "sklearn",
            "pipeline_tag": "tabular-classification",
            "tags": ["sklearn", "tabular-classification", "logistic-regression", "tiny"],
            "datasets": ["hfnb-demo/sklearn-tables"],
            "metrics": ["accuracy"],
            "extra_gated_prompt": "I will not use this for decisions about patients.",
            "extra_gated_button_content": "Agree",
        },
        f"""
# breast-cancer-logreg

Says whether a breast tumour was malignant, from a picture's measurements. A logistic regression over
{len(outcome.columns)} standardised columns, kept as safetensors (no pickle): nothing but numbers is loaded.

{tabular.USE.format(id=ID, row=outcome.row)}

## Results

Fitted on {outcome.trained_on} rows of `hfnb-demo/sklearn-tables` (config `breast-cancer`);
right on ≈ {outcome.accuracy:.2f} of the {outcome.tested_on} test rows.

## Limits

**Not for medicine.** Measurements of 569 patients of one hospital in the 1990s;
it shows how such a model is
kept and used. Access is given automatically to whoever agrees to that.
""",
    )
    return f"fitted on {outcome.trained_on} rows · {outcome.accuracy:.2f} on {outcome.tested_on} unseen ones"


RECIPE = Recipe(
    type="model",
    id=ID,
    created_at=day("2025-09-24T10:00"),
    updated_at=day("2025-09-24T10:20"),
    build=build,
    shared=("trainers/tabular.py", "trainers/tables.py"),
    needs=("sklearn", "safetensors"),
    downloads=1780,
    likes=9,
    gated="auto",
    check=lambda folder: tabular.check(TABLE, folder),
    floor={"accuracy": 0.9},
)
