"""hfnb-demo/breast-cancer-logreg: was a breast tumour malignant, by a picture's measurements."""

from hf_nb.offline.content.trainers import tabular

LIMITS = """**Not for medicine.** Measurements of 569 patients of one hospital in the 1990s; it shows how such a model
is kept and used. Access is given automatically to whoever agrees to that."""

RECIPE = tabular.recipe(
    "breast-cancer",
    what="whether a breast tumour was malignant, from a picture's measurements",
    licence="openrail",
    since="2025-09-24T10:00",
    limits=LIMITS,
    front={
        "extra_gated_prompt": "I will not use this for decisions about patients.",
        "extra_gated_button_content": "Agree",
    },
    downloads=1780,
    likes=9,
    gated="auto",
)
