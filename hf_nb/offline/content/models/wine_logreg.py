"""hfnb-demo/wine-logreg: which of three growers an Italian wine comes from, by its chemistry."""

from hf_nb.offline.content.trainers import tabular

RECIPE = tabular.recipe(
    "wine",
    what="which of three growers an Italian wine comes from, by its chemistry",
    licence="bsd-3-clause",
    since="2025-09-23T10:00",
    downloads=2210,
    likes=11,
)
