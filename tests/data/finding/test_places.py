"""Paths, patterns, saved datasets and addresses."""

from __future__ import annotations

import gzip
import io
from pathlib import Path
from typing import Any

import pytest

from hf_nb.data import finding, formats
from hf_nb.data.files.memory import Memory
from hf_nb.errors import BadInput, NotFound
from tests.data.serving import serving


def rows(what: Any, **how: Any) -> list[dict[str, Any]]:
    return list(finding.open(what, **how).read(0, 100).to_pylist())


def test_a_pattern_is_one_table(tmp_path: Path) -> None:
    for at in range(3):
        (tmp_path / f"part-{at}.csv").write_text(f"n\n{at}\n")
    (tmp_path / "notes.txt").write_text("no table\n")
    source = finding.open(f"{tmp_path}/*")
    assert source.read(0, 9).column("n").to_pylist() == [0, 1, 2]
    assert source.origin.files == 3
    assert rows(str(tmp_path / "part-[12].csv"))[0] == {"n": 1}
    with pytest.raises(NotFound):
        finding.open(f"{tmp_path}/*.parquet")


def test_a_path_from_here_and_a_path_from_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.csv").write_text("n\n1\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    for what in ("a.csv", "./a.csv", "~/a.csv", Path("a.csv"), "."):
        assert rows(what) == [{"n": 1}]


@pytest.mark.parametrize("several", [False, True])
def test_what_save_to_disk_wrote(tmp_path: Path, *, several: bool) -> None:
    from datasets import ClassLabel, Dataset, DatasetDict, Features, Value  # type: ignore[import-untyped]

    features = Features({"n": Value("int64"), "label": ClassLabel(names=["no", "yes"])})
    dataset = Dataset.from_dict({"n": list(range(3000)), "label": [0, 1] * 1500}, features=features)
    saved = DatasetDict({"train": dataset, "odd": dataset.select(range(5))}) if several else dataset
    saved.save_to_disk(str(tmp_path / "saved"), **({} if several else {"num_shards": 3}))
    source = finding.open(tmp_path / "saved")
    assert source.count() == 3000
    assert source.read(2_500, 1).to_pylist() == [{"n": 2_500, "label": 0}]
    assert (source.columns[1].kind, source.columns[1].labels) == ("label", ("no", "yes"))
    assert len(source.parts) == (1 if several else 3)
    if several:
        assert finding.open(tmp_path / "saved", split="odd").count() == 5


def test_a_selection_that_save_to_disk_wrote_is_refused_with_the_way_to_read_it(tmp_path: Path) -> None:
    (tmp_path / "state.json").write_text(
        '{"_data_files": [], "_indices_data_files": [{"filename": "i.arrow"}]}'
    )
    (tmp_path / "dataset_info.json").write_text("{}")
    with pytest.raises(BadInput, match="only `datasets`"):
        finding.open(tmp_path)


def test_a_saved_folder_cannot_lead_out_of_itself(tmp_path: Path) -> None:
    (tmp_path / "state.json").write_text(
        '{"_data_files": [{"filename": "../secret.arrow"}, {"filename": 3}, 4]}'
    )
    (tmp_path / "dataset_info.json").write_text("{}")
    with pytest.raises(NotFound):
        finding.open(tmp_path)


@pytest.mark.parametrize(
    "name", ["t.csv", "t.csv.gz", "t.jsonl", "t.parquet", "t.arrow", "t", "odd%20name.csv"]
)
def test_a_file_behind_an_address(name: str) -> None:
    import pyarrow
    import pyarrow.feather
    import pyarrow.parquet

    kept = io.BytesIO()
    table = pyarrow.table({"n": [1, 2], "w": ["a", "b"]})
    if name.endswith("parquet") or name == "t":
        pyarrow.parquet.write_table(table, kept)
    elif name.endswith("arrow"):
        pyarrow.feather.write_feather(table, kept)
    text = b'{"n": 1, "w": "a"}\n{"n": 2, "w": "b"}\n' if "json" in name else b"n,w\n1,a\n2,b\n"
    raw = kept.getvalue() or (gzip.compress(text) if name.endswith("gz") else text)
    with serving({f"/{name}": raw}) as server:
        source = finding.open(server.url(f"/{name}"))
        assert source.read(0, 9).to_pylist() == table.to_pylist()
        assert source.origin.place == "url"


def test_an_address_shows_nothing_that_is_secret_in_it() -> None:
    with serving({"/t.csv": b"n\n1\n"}) as server:
        source = finding.open(server.url("/t.csv") + "?token=hf_secret")
        assert "hf_secret" not in f"{source.origin.name} {source.origin.url} {source.parts[0].name}"
        with pytest.raises(NotFound) as missing:
            finding.open(server.url("/u.csv") + "?token=hf_secret").read(0, 1)
    assert "hf_secret" not in str(missing.value)


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02nothing", b"%PDF-1.4"])
def test_a_file_that_is_no_table_says_what_is_read(content: bytes) -> None:
    with pytest.raises(BadInput, match="no table") as wrong:
        formats.part(Memory(content, "file.bin"))
    assert "CSV" in wrong.value.next_step


def test_an_empty_folder_says_so(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        finding.open(tmp_path)
