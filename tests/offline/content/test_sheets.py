"""Tables and questions: answers are right, tested tables are never shown, and the encoding is TAPAS's own."""

from itertools import islice
from pathlib import Path

import pytest

from hf_nb.offline.content.trainers import sheets
from hf_nb.offline.content.trainers.sheets import Sheet


@pytest.fixture(scope="module")
def made() -> list[Sheet]:
    return list(islice(sheets.Sheets(7).sheets(), 3000))


def test_tested_tables_are_never_trained_on(made: list[Sheet]) -> None:
    tested = sheets.held_out()
    assert len(tested) == sheets.TESTED
    assert not {one.key for one in made} & {one.key for one in tested}
    assert {one.kind for one in tested} == set(sheets.KINDS)


def test_the_most_and_the_least_are_where_they_are_said_to_be(made: list[Sheet]) -> None:
    seen = 0
    for one in made:
        if one.kind == "extreme":
            seen += 1
            column = next(at for at, name in enumerate(one.columns) if at and f" {name}?" in one.question)
            numbers = [int(row[column]) for row in one.rows]
            wanted = max if any(word in one.question for word in ("most", "highest", "largest")) else min
            assert one.cells == ((numbers.index(wanted(numbers)), 0),)
    assert seen > 300


def test_a_looked_up_cell_is_in_the_row_that_was_named(made: list[Sheet]) -> None:
    looked_up = [one for one in made if one.kind == "lookup"]
    assert len(looked_up) > 1000
    for one in looked_up:
        ((row, column),) = one.cells
        assert one.rows[row][0] in one.question
        assert column > 0


def test_an_aggregation_takes_a_whole_column(made: list[Sheet]) -> None:
    found = [one for one in made if one.aggregation != sheets.NONE]
    assert {one.aggregation for one in found} == {sheets.SUM, sheets.AVERAGE, sheets.COUNT}
    for one in found:
        assert [row for row, _ in one.cells] == list(range(len(one.rows)))
        assert len({column for _, column in one.cells}) == 1


@pytest.mark.slow  # transformers is loaded
def test_it_is_trained_on_what_the_official_tokenizer_would_hand_over(
    made: list[Sheet], tmp_path: Path
) -> None:
    pandas = pytest.importorskip("pandas")
    from transformers import TapasTokenizer

    from hf_nb.offline.content.trainers import tapas

    tokenizer = tapas._tokenizer(tapas.Plan(), made)
    tapas._save_tokenizer(tapas.Plan(), tokenizer, tmp_path)
    official = TapasTokenizer.from_pretrained(str(tmp_path))
    for one in made[:40]:
        ids, kinds, wanted, _ = tapas.encoded(tokenizer, one)
        theirs = official(
            table=pandas.DataFrame([list(row) for row in one.rows], columns=list(one.columns)),
            queries=one.question,
            answer_coordinates=list(one.cells),
            answer_text=[one.rows[row][column] for row, column in one.cells],
        )
        assert theirs["input_ids"][: len(ids)] == ids
        assert theirs["token_type_ids"][: len(ids)] == kinds
        assert theirs["labels"][: len(ids)] == wanted
