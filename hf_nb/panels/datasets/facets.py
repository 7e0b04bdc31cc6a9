"""What datasets may be filtered by, in the words people use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hf_nb.errors import BadInput
from hf_nb.hub.finding import words
from hf_nb.panels.models.facets import languages, licences, order
from hf_nb.panels.models.names import CATEGORIES, task

if TYPE_CHECKING:
    from hf_nb.panels.desk import Ask

SORTS = "trending downloads likes updated created size size:asc".split()
# What somebody wants to do: its name, and the tags a dataset for it has. The Hub filters by all of them itself.
USES: dict[str, tuple[str, tuple[str, ...]]] = {
    "chat": ("Train a chat model", ("task_categories:text-generation", "modality:text")),
    "evaluate": ("Evaluate a model", ("benchmark",)),
    "classify": ("Classify text", ("task_categories:text-classification",)),
    "answer": ("Answer questions", ("task_categories:question-answering",)),
    "translate": ("Translate", ("task_categories:translation",)),
    "pictures": ("Work with pictures", ("modality:image",)),
    "sound": ("Work with sound", ("modality:audio",)),
    "tables": ("Learn from tables", ("modality:tabular",)),
    "series": ("Forecast a series", ("task_categories:time-series-forecasting",)),
}
# The Hub's words, where they are not what one says.
_MODALITIES = {"3d": "3D", "image": "Pictures", "audio": "Sound", "tabular": "Tables", "timeseries": "Series"}
_FORMATS = {
    "csv": "CSV",
    "json": "JSON Lines",
    "imagefolder": "Folder of pictures",
    "audiofolder": "Folder of sound",
    "documentfolder": "Folder of documents",
    "webdataset": "WebDataset",
    "optimized-parquet": "Parquet with a page index",
}


def facets(ask: Ask) -> dict[str, Any]:
    """`datasets.facets`: from tables of our own; nothing is asked."""
    return {
        "tasks": [
            {"value": one, "label": task(one), "group": CATEGORIES[group]}
            for group, some in words.CATEGORIES.items()
            for one in sorted(some, key=task)
        ],
        "domains": [_choice(one) for one in dict.fromkeys(words.DOMAINS.values())],
        "uses": [{"value": one, "label": label} for one, (label, _) in USES.items()],
        "modalities": [_choice(one, _MODALITIES) for one in words.MODALITIES],
        "formats": [_choice(one, _FORMATS) for one in words.FILE_FORMATS],
        "languages": languages(),
        "licences": licences(),
        "sizes": [{"value": one, "label": rows_in(one)} for one in words.SIZE_CLASSES],
        "sorts": [{"value": one, "label": order(one)} for one in SORTS],
    }


def tags_of(use: str) -> tuple[str, ...]:
    """The tags that a dataset for this has."""
    if use not in USES:
        raise BadInput(f"There is no use {use!r:.40}.", f"Uses: {', '.join(USES)}")
    return USES[use][1]


def rows_in(size: str | None) -> str:
    """A class of the Hub in words: 1K<n<10K is "1 K to 10 K rows"."""
    if not size or size not in words.SIZE_CLASSES:
        return ""
    spaced = size.replace("K", " K").replace("M", " M").replace("B", " B").replace("T", " T")
    if spaced.startswith("n<"):
        return f"under {spaced[2:]} rows"
    if spaced.startswith("n>"):
        return f"over {spaced[2:]} rows"
    return f"{spaced.replace('<n<', ' to ')} rows"


def _choice(word: str, names: dict[str, str] | None = None) -> dict[str, str]:
    return {"value": word, "label": (names or {}).get(word) or word.replace("-", " ").capitalize()}
