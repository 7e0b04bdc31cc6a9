"""`df["text"].hf`: verbs over a column of pandas, there from the moment pandas is.

df["text"].hf.infer("owner/name")     a Series with the answers     df["text"].hf.batch("owner/name")    the whole Batch
df["text"].hf.embed("owner/name")     a matrix of vectors
"""

from __future__ import annotations

import sys
from typing import Any

from hf_nb.plumbing.extras import load

NAME = "hf"
BATCH = "hf_nb.infer.many.batch:batch"


class Column:
    """What can be asked about the texts of a column. The column itself is never changed."""

    def __init__(self, series: Any) -> None:
        self._series = series

    def batch(self, model: Any = None, **how: Any) -> Any:
        """Every row with its answer, or why there is none; `how` as hf_nb.infer.batch takes it."""
        return load(BATCH)(self._series, model=model, **how)

    def infer(self, model: Any = None, **how: Any) -> Any:
        """The label, the text … of every row, beside the same index; nothing where a row failed."""
        found = self.batch(model, **how)
        frame = found.to_pandas()
        name = next(one for one in frame.columns[::-1] if not str(one).endswith(("_score", "_error")))
        return frame[name]

    def embed(self, model: Any = None, **how: Any) -> Any:
        """Rows of float32."""
        return self.batch(model, task="feature-extraction", **how).vectors


def register(pandas: Any) -> None:
    """`Series.hf`, unless somebody else has taken the name."""
    if not hasattr(pandas.Series, NAME):
        pandas.api.extensions.register_series_accessor(NAME)(Column)


def here() -> None:
    """Where pandas is there already."""
    if (pandas := sys.modules.get("pandas")) is not None and hasattr(pandas, "api"):
        register(pandas)
