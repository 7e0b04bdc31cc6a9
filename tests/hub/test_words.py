"""The words of a search: what is understood, and what a wrong one is answered with."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hf_nb import tasks
from hf_nb.errors import BadInput
from hf_nb.hub.finding import words


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("7B", 7_000_000_000),
        ("350M", 350_000_000),
        ("1.5k", 1_500),
        ("1_000", 1_000),
        ("7,000", 7_000),
        ("2e9", 2_000_000_000),
        (" 12 ", 12),
        (12, 12),
        (0, 0),
        ("0.1B", 100_000_000),
        ("6.7b", 6_700_000_000),
        (None, None),
    ],
)
def test_amounts(said: Any, meant: int | None) -> None:
    assert words.number(said, "x") == meant


@pytest.mark.parametrize(
    "said", ["7Q", "-1 k", -1, "many", "", "1 2", "7BB", "NaN", "inf", True, "9" * 40 + "x"]
)
def test_what_is_no_amount_is_refused(said: Any) -> None:
    with pytest.raises(BadInput, match="min_likes cannot be"):
        words.number(said, "min_likes")


@given(st.text(max_size=20))
def test_any_text_is_an_amount_or_refused(said: str) -> None:
    for read in (words.number, words.bytes_of):
        with contextlib.suppress(BadInput):
            assert (read(said, "x") or 0) >= 0


@pytest.mark.parametrize(
    ("said", "meant"),
    [("5GB", 5 * 10**9), ("500 mb", 5 * 10**8), ("1KiB", 1024), ("900", 900), ("1.5T", 15 * 10**11)],
)
def test_bytes(said: str, meant: int) -> None:
    assert words.bytes_of(said, "x") == meant


def test_the_official_range() -> None:
    assert words.range_of("min:6B,max:128B", "x") == (6 * 10**9, 128 * 10**9)
    assert words.range_of("max:500M", "x") == (None, 5 * 10**8)
    with pytest.raises(BadInput, match="x cannot be"):
        words.range_of("6B-7B", "x")


@pytest.mark.parametrize(
    ("read", "said", "meant"),
    [
        (words.size_class, "1k-10k", "1K<n<10K"),
        (words.size_class, "1K<n<10K", "1K<n<10K"),
        (words.size_class, "<1k", "n<1K"),
        (words.size_class, "n<1K", "n<1K"),
        (words.size_class, ">1T", "n>1T"),
        (words.size_class, "1 k – 10 k", "1K<n<10K"),
        (words.task, "Text Classification", "text-classification"),
        (words.category, "cv", "vision"),
        (words.domain, "financial", "finance"),
        (words.domain, "Medicine", "medical"),
        (words.language, "French", "fr"),
        (words.language, "français", "fr"),
        (words.language, "FR", "fr"),
        (words.language, "swh", "swh"),
        (words.language, "pt-BR", "pt-br"),
        (words.licence, "MIT", "mit"),
        (words.licence, "Apache 2.0", "apache-2.0"),
        (words.licence, "license:cc0-1.0", "cc0-1.0"),
        (words.modality, "images", "image"),
        (words.file_format, "jsonl", "json"),
        (words.library, "scikit-learn", "sklearn"),
        (words.sdk, "Gradio", "gradio"),
        (words.status, "running", ("RUNNING", "RUNNING_BUILDING", "RUNNING_APP_STARTING")),
        (words.status, "BUILD_ERROR", ("BUILD_ERROR",)),
        (words.hardware, "t4", ("t4-small", "t4-medium")),
        (words.hardware, "a10g-large", ("a10g-large",)),
        (words.hardware, "a100", ("a100-large", "a100x4", "a100x8")),
        (words.hardware, "h200", ("h200",)),
        (words.hardware, "zero", ("zero-a10g",)),
    ],
)
def test_words_are_understood(read: Callable[[str], Any], said: str, meant: Any) -> None:
    assert read(said) == meant


@pytest.mark.parametrize(
    ("read", "said", "hint"),
    [
        (words.task, "text-clasification", "text-classification"),
        (words.category, "visoin", "vision"),
        (words.domain, "musik", "music"),
        (words.language, "frensh", "fr"),
        (words.licence, "aple-2.0", "--tag license:aple-2.0"),
        (words.modality, "pictures", "image"),
        (words.file_format, "parket", "parquet"),
        (words.size_class, "medium", "1k-10k"),
        (words.sdk, "gradoi", "gradio"),
        (words.status, "runing", "running"),
        (words.hardware, "a10-small", "a10g-small"),
    ],
)
def test_an_unknown_word_is_answered_with_the_nearest(
    read: Callable[[str], Any], said: str, hint: str
) -> None:
    with pytest.raises(BadInput) as refused:
        read(said)
    assert hint in str(refused.value)
    assert len(refused.value._render_traceback_()) <= 3


def test_a_sort_is_understood_as_the_official_command_spells_it() -> None:
    sorts = {"updated": "lastModified", "created": "createdAt", "likes": "likes"}
    assert words.sort("last_modified", sorts) == ("updated", False)
    assert words.sort("created_at:asc", sorts) == ("created", True)
    assert words.sort("Likes:desc", sorts) == ("likes", False)
    with pytest.raises(BadInput, match="Nearest: likes"):
        words.sort("like", sorts)
    with pytest.raises(BadInput, match="Cannot sort"):
        words.sort("likes:up", sorts)


def test_every_task_has_one_category() -> None:
    named = [task for some in words.CATEGORIES.values() for task in some]
    assert sorted(named) == sorted(tasks.HUB_TASKS)


def test_every_stage_of_the_official_client_has_one_status() -> None:
    from huggingface_hub import SpaceStage

    named = [stage for some in words.STATUSES.values() for stage in some]
    assert len(named) == len(set(named))
    assert {stage.value for stage in SpaceStage} <= set(named)
