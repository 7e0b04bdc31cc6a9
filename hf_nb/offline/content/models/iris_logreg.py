"""hfnb-demo/iris-logreg: the species of an iris from the size of its leaves."""

from hf_nb.offline.content.trainers import tabular

RECIPE = tabular.recipe(
    "iris",
    what="the species of an iris from the size of its leaves",
    licence="cc-by-4.0",
    since="2025-09-22T10:00",
    downloads=3120,
    likes=19,
)
