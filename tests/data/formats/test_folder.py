"""Folders of pictures and sounds: rows as `datasets` has them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hf_nb.data import finding
from hf_nb.errors import BadInput

PNG = b"\x89PNG\r\n\x1a\n"


def made(folder: Path, files: dict[str, bytes | str]) -> None:
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content.encode() if isinstance(content, str) else content)


def theirs(folder: Path, split: str = "train") -> Any:
    from datasets import Image, load_dataset  # type: ignore[import-untyped]

    found = load_dataset(str(folder), split=split, cache_dir=str(folder.parent / f".cache-{folder.name}"))
    return found.cast_column("image", Image(decode=False))


FOLDERS: dict[str, dict[str, bytes | str]] = {
    "labels": {f"train/{name}/{n}.png": PNG + bytes([n]) for n in range(3) for name in ("cat", "dog")},
    "one folder": {f"{n}.png": PNG + bytes([n]) for n in range(3)},
    "uneven depth": {"a/1.png": PNG, "b/c/2.png": PNG},
    "metadata": {"1.png": PNG, "2.png": PNG + b"2", "metadata.csv": "file_name,text\n2.png,two\n1.png,one\n"},
    "metadata lines": {
        "train/1.png": PNG,
        "train/sub/2.png": PNG + b"2",
        "train/metadata.jsonl": '{"n": 1, "file_name": "1.png"}\n{"n": 2, "file_name": "sub/2.png"}\n',
    },
}


# `datasets` leaves metadata files open
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("files", FOLDERS.values(), ids=FOLDERS)
def test_rows_are_those_of_datasets(files: dict[str, bytes | str], tmp_path: Path) -> None:
    folder = tmp_path / "data"
    made(folder, files)
    found, wanted = finding.open(folder), theirs(folder)
    rows = found.read(0, 100).to_pylist()
    assert [_named(row) for row in rows] == [_named(row, folder) for row in wanted.to_list()]
    assert found.schema.names == wanted.column_names
    if "label" in wanted.features:
        label = next(column for column in found.columns if column.name == "label")
        assert (label.kind, list(label.labels)) == ("label", wanted.features["label"].names)
    assert next(column.kind for column in found.columns if column.name == "image") == "image"


def _named(row: dict[str, Any], folder: Path | None = None) -> dict[str, Any]:
    """The picture as its content: `datasets` names the file on the disk instead."""
    content = row["image"]["bytes"]
    if content is None and folder is not None:
        content = Path(row["image"]["path"]).read_bytes()
    return row | {"image": content}


def test_labels_are_those_of_all_splits(tmp_path: Path) -> None:
    made(tmp_path / "x", {"train/a/1.png": PNG, "train/b/1.png": PNG, "test/b/1.png": PNG})
    found = finding.open(tmp_path / "x", split="test")
    assert found.read(0, 9).column("label").to_pylist() == [1]


def test_what_a_metadata_file_names_outside_of_the_folder_is_not_read(tmp_path: Path) -> None:
    made(tmp_path, {"secret.png": b"secret", "x/1.png": PNG})
    made(
        tmp_path,
        {"x/metadata.csv": f"file_name,n\n../secret.png,1\n{tmp_path}/secret.png,2\n1.png,3\n"},
    )
    rows = finding.open(tmp_path / "x").read(0, 9).to_pylist()
    assert [row["image"]["bytes"] for row in rows] == [None, None, PNG]


def test_metadata_without_file_names_says_what_is_missing(tmp_path: Path) -> None:
    made(tmp_path, {"1.png": PNG, "metadata.csv": "name,n\n1.png,1\n"})
    with pytest.raises(BadInput, match="file_name"):
        finding.open(tmp_path).read(0, 1)


def test_only_the_files_of_the_shown_rows_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from hf_nb.data.files.disk import Disk

    made(tmp_path, {f"{n}.png": PNG for n in range(20)})
    read: list[str] = []
    plain = Disk.read

    def watched(self: Disk, ranges: Any) -> list[bytes]:
        read.append(self.name)
        return plain(self, ranges)

    monkeypatch.setattr(Disk, "read", watched)
    found = finding.open(tmp_path)
    assert found.rows == 20
    assert found.read(5, 2).num_rows == 2
    assert len(read) == 2
