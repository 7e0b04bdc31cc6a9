"""Texts as vectors, and how near they are.

embed(["a room", "a hotel"])              Vectors
similar("a room", ["a hotel", "a fish"])  Similarities: compared by a model
similar(one, many)                        the same for vectors that are there already
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from hf_nb.errors import BadInput
from hf_nb.infer.near import cosine
from hf_nb.infer.run import run
from hf_nb.values import Similarities, Similarity, Vectors

if TYPE_CHECKING:
    from array import array

    from hf_nb.plumbing.session import Session


def embed(
    texts: Any,
    *,
    model: Any = None,
    provider: str = "auto",
    revision: str | None = None,
    params: Mapping[str, Any] | None = None,
    policy: str | None = None,
    timeout: float | None = None,
    fresh: bool = False,
    session: Session | None = None,
) -> Vectors:
    """A vector for each text: of one text, a list, or a pandas Series. `fresh`: asked even where they are kept.

    >>> embed("a quiet room", provider="hashing").dimensions
    512
    """
    found = run(
        texts if isinstance(texts, str) else _several(texts),
        task="feature-extraction",
        model=model,
        provider=provider,
        revision=revision,
        params=params,
        policy=policy,
        timeout=timeout,
        fresh=fresh,
        session=session,
    )
    assert isinstance(found, Vectors)
    return found


def similar(
    sentence: Any,
    others: Any,
    *,
    model: Any = None,
    provider: str = "auto",
    revision: str | None = None,
    policy: str | None = None,
    timeout: float | None = None,
    session: Session | None = None,
) -> Similarities:
    """How near each of `others` is to `sentence`: texts, or vectors of one space.

    >>> similar("a quiet room", ["a room", "fish"], provider="hashing").best()[0].sentence
    'a room'
    """
    if isinstance(sentence, Vectors) or isinstance(others, Vectors):
        return _between(sentence, others)
    found = run(
        {"source_sentence": sentence, "sentences": _several([others] if isinstance(others, str) else others)},
        task="sentence-similarity",
        model=model,
        provider=provider,
        revision=revision,
        policy=policy,
        timeout=timeout,
        session=session,
    )
    assert isinstance(found, Similarities)
    return found


def same_space(*vectors: Vectors) -> str:
    """The space all of them lie in; refused where there are two: distances between spaces mean nothing."""
    spaces = sorted({one.space for one in vectors})
    if len(spaces) > 1:
        raise BadInput(
            f"These vectors lie in different spaces: {', '.join(spaces)}.",
            "Embed all of them with one model.",
        )
    return spaces[0] if spaces else ""


def _between(sentence: Any, others: Any) -> Similarities:
    if not isinstance(sentence, Vectors) or not isinstance(others, Vectors):
        raise BadInput("Vectors are compared with vectors.", "similar(embed(TEXT), embed(TEXTS))")
    same_space(sentence, others)
    if len(sentence) != 1:
        raise BadInput(
            f"One vector is compared with several; these are {len(sentence)}.", "similar(embed(TEXT), …)"
        )
    here: array[float] = sentence.vectors[0]
    pairs = zip(others.texts, others.vectors, strict=True)
    return Similarities(
        tuple(Similarity(text, cosine(here, vector)) for text, vector in pairs),
        sentence.texts[0],
        others.source,
    )


def _several(texts: Any) -> list[Any]:
    """A list, an array, a column: whatever can be walked through."""
    plain = texts.tolist() if hasattr(texts, "tolist") else texts
    try:
        return list(plain)
    except TypeError:
        raise BadInput(
            f"Texts are wanted, not {type(texts).__name__}.", 'embed(["a room", "a hotel"])'
        ) from None
