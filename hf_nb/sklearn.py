"""Models as steps of a scikit-learn pipeline. They learn nothing: the model is as its repository has it.

make_pipeline(Embeddings("owner/encoder"), LogisticRegression()).fit(texts, classes)

Embeddings(model)    texts -> a matrix of vectors
Labels(model)        texts -> a matrix of scores, a column per class
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from hf_nb.errors import BadInput, MissingExtra
from hf_nb.infer.many.batch import batch
from hf_nb.plumbing.extras import require
from hf_nb.values.batches import Batch

if TYPE_CHECKING:
    import numpy
    from sklearn.base import BaseEstimator, TransformerMixin
else:
    # classes look at their parents when they are made, so the package is needed here
    try:
        from sklearn.base import BaseEstimator, TransformerMixin
    except ModuleNotFoundError:
        raise MissingExtra(
            "hf_nb.sklearn needs the package scikit-learn.", "%pip install scikit-learn"
        ) from None


class _Answers(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """What both share: texts in, a matrix out."""

    _task = ""

    def __init__(
        self,
        model: Any = None,
        *,
        provider: str = "auto",
        params: Mapping[str, Any] | None = None,
        fresh: bool = False,
    ) -> None:
        self.model, self.provider, self.params, self.fresh = model, provider, params, fresh

    def fit(self, X: Any, y: Any = None) -> Self:  # noqa: N803 -- scikit-learn's names
        """Nothing is learned."""
        return self

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.requires_fit = False
        tags.input_tags.string = True
        tags.input_tags.one_d_array = True
        tags.input_tags.two_d_array = False
        return tags

    def _answered(self, texts: Any) -> Batch:
        """All of them: a matrix has no place for a row that failed."""
        found = batch(
            _column(texts),
            model=self.model,
            task=self._task,
            provider=self.provider,
            params=self.params,
            journal=False,
            fresh=self.fresh,
        )
        assert isinstance(found, Batch)
        if found.stopped:
            raise KeyboardInterrupt
        if found.failures:
            one = found.failures[0]
            raise BadInput(
                f"{found.failed} of {found.rows} texts have no answer; row {one.row}: {one.problem}",
                "Leave these rows out, or fill them, before the pipeline.",
            )
        return found


class Embeddings(_Answers):
    """A vector for each text."""

    _task = "feature-extraction"

    def transform(self, X: Any) -> numpy.ndarray:  # noqa: N803 -- scikit-learn's name
        """A row per text."""
        return self._answered(X).vectors


class Labels(_Answers):
    """For each text the score of every class of the model. `classes_`: their names, in the order of the columns."""

    _task = "text-classification"

    def transform(self, X: Any) -> numpy.ndarray:  # noqa: N803 -- scikit-learn's name
        """A row per text, a column per class."""
        found = self._answered(X)
        names = sorted({label for one in found.outputs for label, _ in one})
        library: Any = require("numpy", "data", "Labels")
        self.classes_ = library.array(names)
        rows = [[dict(one).get(name, 0.0) for name in names] for one in found.outputs]
        made: numpy.ndarray = library.array(rows, dtype="float32").reshape(len(rows), len(names))
        return made

    def get_feature_names_out(self, input_features: Any = None) -> Any:
        """The classes."""
        return self.classes_


def _column(texts: Any) -> Any:
    """A frame or matrix of one column is that column."""
    if hasattr(texts, "columns"):
        if len(texts.columns) != 1:
            raise BadInput(f"One column of texts is wanted, not {len(texts.columns)}.", 'X[["text"]]')
        return texts[texts.columns[0]]
    if getattr(texts, "ndim", 1) == 2:
        if texts.shape[1] != 1:
            raise BadInput(f"One column of texts is wanted, not {texts.shape[1]}.", "X[:, 0]")
        return texts[:, 0]
    return texts
