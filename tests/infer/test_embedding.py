"""Texts as vectors, without a model here: what is near, what may not be mixed, what is always the same."""

from __future__ import annotations

import hashlib
import math
import subprocess
import sys
import threading
from array import array
from typing import Any

import pytest

from hf_nb import errors, infer
from hf_nb.infer.backends.hashing import Hashing, vector
from hf_nb.infer.call import Call, Terms
from hf_nb.plumbing.session import Session
from hf_nb.values import Vectors

SCRIPT = """
import hashlib, struct
from hf_nb.infer.backends.hashing import vector
text = "The soup was cold, l'été ﬁni. 你好 👋🏽"
print(hashlib.sha256(struct.pack("512d", *vector(text))).hexdigest())
"""
# What one text gives, everywhere; another value means that kept vectors no longer fit new ones.
KNOWN = "85ce14ca2f1957ae482ba6f1879a9e967c60d9a4713fc7fbdf2357d3f03e0d46"


def embed(texts: Any) -> Vectors:
    return infer.embed(texts, provider="hashing", session=Session())


@pytest.mark.parametrize("seed", ["0", "1", "random"])
def test_the_vector_of_a_text_is_the_same_in_every_run(seed: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env={"PYTHONHASHSEED": seed, "PATH": "", "HOME": "/nonexistent"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.strip() == KNOWN


def test_vectors_have_length_one_and_512_dimensions() -> None:
    for text in ("a", "The soup was cold.", "!?", "👋🏽", "\x00", "a " * 5_000, "\ud800"):
        made = vector(text)
        assert len(made) == 512
        assert math.fsum(one * one for one in made) == pytest.approx(1)


def test_texts_with_words_in_common_are_near() -> None:
    found = infer.similar(
        "The soup was cold.",
        ["The soup was very cold", "Soups were colder", "A train leaves at nine"],
        provider="hashing",
        session=Session(),
    )
    scores = [one.score for one in found]
    assert scores[0] > 0.6 > scores[1] > 0.1
    assert abs(scores[2]) < 0.1


def test_it_is_labelled_wherever_it_is_seen() -> None:
    found = embed("a")
    assert (found.source.method, found.source.model) == ("hashing", "hashing-512")
    assert found.space.startswith("hashing-512")
    assert "words in common, not meaning" in found.source.reason
    assert "hashing-512" in str(found)
    assert "hashing-512" in found._repr_mimebundle_()["text/html"]


def test_one_text_a_list_and_a_column_are_read() -> None:
    pandas = pytest.importorskip("pandas")
    one, several, column = embed("a b"), embed(["a b", "c"]), embed(pandas.Series(["a b", "c"]))
    assert (len(one), len(several), len(column)) == (1, 2, 2)
    assert several.vectors == column.vectors
    assert one.vectors[0] == several.vectors[0]
    assert several.to_numpy().shape == (2, 512)


@pytest.mark.parametrize("wrong", ["", "  ", [], ["a", ""], 3, None, [1]], ids=repr)
def test_what_is_no_text_is_refused(wrong: Any) -> None:
    with pytest.raises(errors.BadInput):
        embed(wrong)


def test_vectors_of_two_spaces_are_never_compared() -> None:
    hashed = embed(["a", "b"])
    others = Vectors(
        tuple(array("f", [1.0] * 512) for _ in range(2)), ("a", "b"), hashed.source, "owner/model@main"
    )
    with pytest.raises(errors.BadInput, match="different spaces: hashing-512@main, owner/model@main"):
        infer.similar(embed("a"), others)
    with pytest.raises(errors.BadInput, match="different spaces"):
        infer.same_space(hashed, others)
    assert infer.same_space(hashed, embed("c")) == hashed.space


def test_vectors_that_are_there_are_compared_without_asking() -> None:
    found = infer.similar(embed("a quiet room"), embed(["a room", "fish", "a quiet room"]))
    assert found.best()[0].sentence == "a quiet room"
    assert found.best()[0].score == pytest.approx(1)
    for wrong in ((embed(["a", "b"]), embed("c")), (embed("a"), ["b"]), ("a", embed("b"))):
        with pytest.raises(errors.BadInput):
            infer.similar(*wrong)


def test_a_long_text_is_left_when_it_is_stopped() -> None:
    terms = Terms()
    call = Call("feature-extraction", "hashing-512", None, [f"{i} " * 40 for i in range(20_000)])
    threading.Timer(0.1, terms.stop.set).start()
    with pytest.raises(errors.Stopped):
        list(Hashing(Session()).stream(call, terms))


def test_hashing_does_nothing_else() -> None:
    with pytest.raises(errors.BadInput, match="cannot do translation"):
        list(Hashing(Session()).stream(Call("translation", "hashing-512", None, "a"), Terms()))


def test_the_script_says_what_the_module_says() -> None:
    text = "The soup was cold, l'été ﬁni. 你好 👋🏽"
    import struct

    assert hashlib.sha256(struct.pack("512d", *vector(text))).hexdigest() == KNOWN
