"""Cells of a table: those the pipeline marks, by a small model made here, and what happens to tables too large."""

from pathlib import Path
from typing import Any

import pytest

from hf_nb import errors

pytestmark = pytest.mark.slow
TABLE = {"city": ["Bern", "Lyon", "Oslo"], "people": ["134000", "522000", "709000"]}


@pytest.fixture(scope="module")
def model(tmp_path_factory: Any, served_hub: Any) -> Path:
    """TAPAS with random weights; its words are letters and digits."""
    import torch
    from transformers import TapasConfig, TapasForQuestionAnswering, TapasTokenizer

    folder: Path = tmp_path_factory.mktemp("tapas")
    signs = "abcdefghijklmnopqrstuvwxyz0123456789?.,"
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "[EMPTY]", *signs, *(f"##{one}" for one in signs)]
    (folder / "vocab.txt").write_text("\n".join(words))
    torch.manual_seed(5)
    config = TapasConfig(
        vocab_size=len(words),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=128,
        num_aggregation_labels=4,
        aggregation_labels={0: "NONE", 1: "SUM", 2: "AVERAGE", 3: "COUNT"},
        no_aggregation_label_index=0,
        initializer_range=1.0,
    )
    TapasForQuestionAnswering(config).eval().save_pretrained(folder)
    TapasTokenizer(str(folder / "vocab.txt"), model_max_length=128).save_pretrained(folder)
    return folder


@pytest.mark.parametrize("query", ["which city has the most people?", "sum?", "👍 שלום"])
def test_cells_are_the_pipelines(query: str, model: Path, ask: Any) -> None:
    from transformers import pipeline

    expected: Any = pipeline("table-question-answering", model=str(model))(table=TABLE, query=query)
    got = ask("table-question-answering", model, {"query": query, "table": TABLE}).output
    assert got["answer"] == expected["answer"]
    assert got["cells"] == expected["cells"]
    assert [tuple(place) for place in got["coordinates"]] == expected["coordinates"]
    assert got["aggregator"] == (expected.get("aggregator") or "NONE")


def test_rows_that_do_not_fit_are_left_out_and_that_is_said(model: Path, ask: Any) -> None:
    table = {name: cells * 30 for name, cells in TABLE.items()}
    answer = ask("table-question-answering", model, {"query": "sum?", "table": table})
    assert "of 90 rows fit into 128 tokens" in answer.note


def test_a_question_that_leaves_no_room_for_a_row_is_too_large(model: Path, ask: Any) -> None:
    with pytest.raises(errors.TooLarge, match="128 tokens"):
        ask("table-question-answering", model, {"query": "why " * 200, "table": TABLE})


@pytest.mark.parametrize("where", ["query", "cell", "heading"])
def test_half_a_character_is_told_wherever_it_stands(where: str, model: Path, ask: Any) -> None:
    half = "a\ud83d"
    table = {half if where == "heading" else "city": ["Bern", half if where == "cell" else "Lyon"]}
    asked = {"query": half if where == "query" else "sum?", "table": table}
    with pytest.raises(errors.BadInput, match="lone surrogate"):
        ask("table-question-answering", model, asked)


def test_a_model_for_texts_cannot_read_tables(ask: Any) -> None:
    with pytest.raises(errors.BadInput, match="table-question-answering"):
        ask("table-question-answering", "hfnb-demo/qa-en", {"query": "sum?", "table": TABLE})
