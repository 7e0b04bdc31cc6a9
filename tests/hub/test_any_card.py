"""Whatever a card or a Hub says, and whatever is typed as an id: an answer or a typed error, never a trace."""

from __future__ import annotations

import contextlib
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hf_nb import errors
from hf_nb.hub import ids
from hf_nb.hub.reading import card, licence, security, weights
from hf_nb.hub.reading.terms import TERMS
from hf_nb.plumbing.session import Session
from hf_nb.render import markdown
from hf_nb.values import File
from tests.render.test_markdown import attempts

pytestmark = pytest.mark.slow  # seconds, each against a Hub of its own or in a kernel

KEYS = st.sampled_from(
    "license license_name license_link configs config_name data_files split dataset_info features name dtype list "
    "sequence struct class_label names splits num_examples num_bytes download_size".split()
)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(sorted(TERMS)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=20,
)
PIECES = st.sampled_from(
    "< > </ <a~href= javascript: <img~src=x~onerror= \" ' ` [ ]( ) ![ | <!-- --> <svg> <style> </style> <math> <table> "
    "<td> &lt; &#x6A $ \\ a ~~ ~~~~ ```~~ >~ -~ \0".replace("~", "\n").split(" ")
)
FEW = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


@FEW
@given(st.dictionaries(KEYS, JSON, max_size=8))
def test_any_metadata_is_read(stated: dict[str, Any]) -> None:
    assert licence.stated(stated).sentence
    for one in card.subsets(stated):
        assert one.rows is None or one.rows >= 0
    card.listed(stated.get("features"))


@FEW
@given(JSON, JSON, JSON)
def test_any_answer_about_security_and_tensors_is_read(one: Any, other: Any, third: Any) -> None:
    found = SimpleNamespace(
        id="o/n", config={"auto_map": one}, tags=["custom_code"], sha="x", security_repo_status=other
    )
    security.code("model", found, [File("modeling.py", 1)])
    assert security._stated(other) is not None
    assert security._stated({"filesWithIssues": third}) is not None
    assert isinstance(weights.parameters(SimpleNamespace(safetensors=SimpleNamespace(parameters=one))), dict)


@FEW
@given(st.lists(PIECES | st.text(max_size=6), max_size=40).map("".join))
def test_any_markdown_is_harmless(text: str) -> None:
    assert attempts(markdown.rendered(text, "https://huggingface.co/o/n/blob/main/README.md")) == []
    markdown.summary(text)


@FEW
@given(
    st.text(max_size=60)
    | st.lists(st.sampled_from("a / @ : . - _ hf:// https://huggingface.co/ datasets tree %2F".split())).map(
        "".join
    )
)
def test_any_word_means_a_repository_or_is_refused(words: str) -> None:
    session = Session()
    with contextlib.suppress(errors.BadInput):
        assert ids.which(words, session=session).id


@pytest.mark.parametrize("path", ["..", "a\x00b", "\ud800", "😀.bin", "x" * 5000, "a//b", "/"])
def test_any_file_name_has_a_place(path: str) -> None:
    from hf_nb.render import files

    assert files.tree([File(path, 1)]).count == 1
    assert weights.variants([File(path, 1)]) is not None
