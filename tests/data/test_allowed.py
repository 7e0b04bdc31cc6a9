"""A refusal says how much to allow, and with that much allowed it goes through."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy
import pyarrow as pa
import pyarrow.parquet
import pytest

import hf_nb
from hf_nb.data.files.kept import Kept
from hf_nb.errors import Costly
from tests.data.serving import Server, serving

ROWS = 200_000
WAYS: dict[str, Callable[[str, str, Path], Any]] = {
    "find": lambda url, allow, _: hf_nb.data.preview(url, where="text like '%zzz%'", allow=allow),
    "sort": lambda url, allow, _: hf_nb.data.preview(url, sort="text", allow=allow),
    "query": lambda url, allow, _: hf_nb.data.sql(f"select max(length(text)) from '{url}'", allow=allow),  # noqa: S608 -- a test's own words
    "save": lambda url, allow, to: hf_nb.data.save(url, to, allow=allow),
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    path = tmp_path_factory.mktemp("allowed") / "t.parquet"
    table = pa.table(
        {
            "x": numpy.random.default_rng(0).normal(size=ROWS),
            "text": [f"some words {at * 7919 % ROWS} here" for at in range(ROWS)],
        }
    )
    pa.parquet.write_table(table, path, row_group_size=10_000, compression="none", use_dictionary=False)
    with serving({"/t.parquet": path.read_bytes()}) as running:
        yield running


@pytest.mark.parametrize("way", WAYS)
def test_what_a_refusal_says_to_allow_is_enough_and_hardly_too_much(
    way: str, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ask(allow: str) -> Any:
        monkeypatch.setattr("hf_nb.data.files.remote.kept", Kept())
        server.clear()
        return WAYS[way](server.url("/t.parquet"), allow, tmp_path / "t.csv")

    with pytest.raises(Costly) as refused:
        ask("1MB")
    assert server.bytes <= 1_000_000
    said = re.search(r"--allow (\d+)MB", refused.value.next_step)
    assert said
    ask(f"{said[1]}MB")
    assert server.bytes > (int(said[1]) - 1) * 900_000, "nor is more asked for than it takes"
    assert not list(tmp_path.glob(".*")), "nothing half is left"
