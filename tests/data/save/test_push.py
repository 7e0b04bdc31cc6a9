"""A table pushed to a real Hub and loaded again, with a card that tells what is in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import pytest

import hf_nb
from hf_nb.data.saving import sending
from hf_nb.hub.client import api
from hf_nb.offline.running import Running
from hf_nb.plumbing.session import Session
from hf_nb.values import Column, Description, Origin, Summary
from tests.hub.pushing import ADA, serving

pytestmark = pytest.mark.slow  # a Hub of its own


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with serving(tmp_path_factory.mktemp("pushing")) as hub:
        yield hub


@pytest.fixture
def session(served_hub: Running, served: Running, monkeypatch: pytest.MonkeyPatch) -> Session:
    monkeypatch.setenv("HF_TOKEN", ADA)
    made = Session()
    made.settings.endpoint = served.url
    return made


def test_a_pushed_table_has_a_page_index_a_schema_and_its_columns_in_the_card(
    session: Session, tmp_path: Path
) -> None:
    table = pa.table({"n": [1, 2, 3, None], "text": ["a", "b|c", "b|c", "<b>"]})
    pushed: Any = hf_nb.data.push(table, "ada/made-here", where="n is null or n > 1", session=session)
    assert pushed
    hub = api(session)
    files = hub.list_repo_files("ada/made-here", repo_type="dataset")
    (parquet,) = [one for one in files if one.endswith(".parquet")]
    fetched = hub.hf_hub_download("ada/made-here", parquet, repo_type="dataset", local_dir=tmp_path)
    assert pa.parquet.read_table(fetched)["n"].to_pylist() == [2, 3, None]
    assert pa.parquet.ParquetFile(fetched).metadata.row_group(0).column(0).has_offset_index
    card = Path(
        hub.hf_hub_download("ada/made-here", "README.md", repo_type="dataset", local_dir=tmp_path)
    ).read_text()
    assert "dataset_info:" in card
    assert "| n | whole number | 1 | 2 | 2 | 2.5 | 3 |" in card
    again = hf_nb.data.preview("ada/made-here", session=session)
    assert [row["text"] for row in again] == ["b|c", "b|c", "<b>"]


def test_a_dry_run_sends_nothing(session: Session) -> None:
    plan: Any = hf_nb.data.push(pa.table({"n": [1]}), "ada/never-made", dry_run=True, session=session)
    assert "never-made" in str(plan)
    assert not api(session).repo_exists("ada/never-made", repo_type="dataset")


def test_names_of_columns_do_nothing_in_a_card() -> None:
    hostile = "a|b\n<script>`x`[y](javascript:z)"
    column = Column(hostile, "text", "text", "string")
    said = sending.told(Description(Origin("memory", "x"), (column,), (Summary(hostile, "all", 1, 1),)))
    assert len(said.splitlines()) == 5
    assert "<script" not in said.replace("\\<", "")
    assert said.splitlines()[-1].replace("\\|", "").count("|") == 8
