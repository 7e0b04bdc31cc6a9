"""hfnb-demo/python-docs: the documentation that comes with Python, in passages."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from hf_nb.offline.content import card, parquet
from hf_nb.offline.content.recipe import Context, Recipe, day
from hf_nb.offline.content.trainers.pydoc import COUNTS, LONGEST, SHORTEST, Kind, passages

if TYPE_CHECKING:
    from pyarrow import Table

ID = "hfnb-demo/python-docs"
KINDS: tuple[Kind, ...] = ("topics", "docstrings")
SPLITS = ("train", "validation", "test")


def build(folder: Path, context: Context) -> str:
    """Write the files; one line about them."""
    configs: dict[str, dict[str, Any]] = {
        kind: {split: _table(kind, split) for split in SPLITS} for kind in KINDS
    }
    features: list[dict[str, object]] = [parquet.column("text", "string"), parquet.column("source", "string")]
    described = parquet.write(folder, configs, dict.fromkeys(KINDS, features))
    card.write(
        folder,
        {
            "license": "other",
            "license_name": "psf-2.0",
            "license_link": "https://docs.python.org/3/license.html",
            "language": ["en"],
            "task_categories": ["text-generation", "feature-extraction"],
            "size_categories": ["1K<n<10K"],
            "pretty_name": "Python's own documentation",
            "tags": ["python", "code", "documentation", "demo"],
            **described,
        },
        f"""
# Python's own documentation

{sum(COUNTS.values()):,} passages of {SHORTEST} to {LONGEST:,} characters,
read from the Python that built this Hub: nothing was fetched.

- `topics` ({COUNTS["topics"]}): the language reference, as `help("lambda")` shows it; `source` is the topic.
- `docstrings` ({COUNTS["docstrings"]:,}): from the standard library's sources; `source` is the dotted name.

```python
from datasets import load_dataset

docs = load_dataset("{ID}", "topics", split="train")
docs[0]["text"]
```

What one source says is in one split only (but for the two at the borders). The number of passages
is the same on every Python; their text follows its
version. Copyright Python Software Foundation, PSF licence version 2.
""",
    )
    return f"{sum(COUNTS.values()):,} passages"


def _table(kind: Kind, split: str) -> "Table":
    import pyarrow

    found = [p for p in passages(kind) if p.split == split]
    table = pyarrow.table({"text": [p.text for p in found], "source": [p.source for p in found]})
    value = {"dtype": "string", "_type": "Value"}
    return parquet.with_features(table, {"text": value, "source": value})


def check(folder: Path) -> dict[str, float]:
    """Rows as `datasets` sees them."""
    from datasets import load_dataset  # type: ignore[import-untyped]

    cache = str(folder.parent / f".cache-{folder.name}")
    whole = "+".join(SPLITS)
    return {kind: float(len(load_dataset(str(folder), kind, split=whole, cache_dir=cache))) for kind in KINDS}


RECIPE = Recipe(
    type="dataset",
    id=ID,
    created_at=day("2025-11-10T09:00"),
    updated_at=day("2025-11-10T09:40"),
    build=build,
    shared=("parquet.py", "trainers/pydoc.py"),
    needs=("pyarrow",),
    seconds=7,
    downloads=6410,
    likes=27,
    trending=2.0,
    check=check,
    floor=COUNTS,
    ceiling=COUNTS,
)
