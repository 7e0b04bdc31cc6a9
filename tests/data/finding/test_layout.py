"""Which files are which split: held against `datasets`, on folders made up here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from hf_nb.data import finding
from hf_nb.data.finding import configs
from hf_nb.errors import BadInput, NotFound

TREES: dict[str, tuple[str, ...]] = {
    "one file": ("data.csv",),
    "by name": ("train.csv", "test.csv"),
    "numbered": ("train_0.csv", "train_1.csv", "test_0.csv"),
    "other words": ("training.csv", "dev.csv", "eval.csv"),
    "in a folder": ("data/train.jsonl", "data/valid.jsonl"),
    "folders": ("train/a.csv", "train/b.csv", "test/c.csv"),
    "deep folders": ("x/train/a.csv", "x/train/y/b.csv", "x/val-2/c.csv"),
    "sharded": (
        "data/train-00000-of-00002.parquet",
        "data/train-00001-of-00002.parquet",
        "data/odd_name-00000-of-00001.parquet",
        "data/test-00000-of-00001.parquet",
    ),
    "sharded elsewhere": ("plain/train-00000-of-00001.parquet", "plain/test-00000-of-00001.parquet"),
    "mixed endings": ("a.csv", "b.csv", "notes.txt"),
    "a draw": ("a.csv", "b.jsonl"),
    "parquet wins a draw": ("a.csv", "b.parquet"),
    "hidden": (".hidden/train.csv", ".train.csv", "data.csv"),
    "special": ("__pycache__/train.csv", "data.csv"),
    "ignored": ("config.json", "dummy_data.zip", "data.json"),
    "packed": ("train.csv.gz", "test.csv.gz"),
    "words inside words": ("trainer.csv", "contest.csv", "attest.csv"),
    "dots": ("my.train.csv", "my.test.csv"),
    "spaces": ("the train set.csv", "the test set.csv"),
    "upper case": ("Train.csv", "Test.csv"),
    "several words": ("train-test.csv", "train.csv"),
    "tsv": ("train.tsv", "test.tsv"),
    "ndjson": ("train.ndjson",),
    "arrow": ("train.arrow",),
    "pictures": ("train/cat/1.png", "train/dog/2.png", "test/cat/3.png"),
    "pictures and what is said of them": ("train/1.png", "train/2.png", "train/metadata.csv"),
}


@pytest.mark.parametrize("tree", TREES.values(), ids=TREES)
def test_splits_are_those_of_datasets(tree: tuple[str, ...], tmp_path: Path) -> None:
    _made(tmp_path, tree)
    assert _ours(tmp_path) == _theirs(tmp_path)


_WORDS = some.sampled_from(
    ["train", "test", "val", "data", "a", "training", "dev", "eval", "x_train", "1", "my-test"]
)
_PATHS = some.builds(
    lambda parts, ending: "/".join(parts) + ending,
    some.lists(_WORDS, min_size=1, max_size=3),
    some.sampled_from([".csv", ".csv", ".csv", "-00000-of-00001.csv", "_2.csv", " 3.csv"]),
)


@given(some.lists(_PATHS, min_size=1, max_size=6, unique=True))
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_tree_of_files_is_split_as_datasets_splits_it(tmp_path_factory: Any, tree: list[str]) -> None:
    folder = tmp_path_factory.mktemp("tree")
    tree = [one for one in tree if not any(other != one and other.startswith(f"{one}/") for other in tree)]
    _made(folder, tree)
    assert _ours(folder) == _theirs(folder)


CARDS: dict[str, tuple[Any, ...]] = {
    "a pattern": ({"config_name": "one", "data_files": "a/*.csv"},),
    "patterns": ({"config_name": "one", "data_files": ["a/1.csv", "b/*.csv"]},),
    "by split": (
        {
            "config_name": "one",
            "data_files": [{"split": "train", "path": "a/*"}, {"split": "test", "path": ["b/3.csv"]}],
        },
    ),
    "several": (
        {"config_name": "one", "data_files": "a/*.csv"},
        {"config_name": "two", "data_files": [{"split": "odd", "path": "b/*"}], "default": True},
    ),
    "a folder": ({"config_name": "one", "data_dir": "a"}, {"config_name": "two", "data_dir": "b"}),
    "one is called default": (
        {"config_name": "x", "data_files": "a/*"},
        {"config_name": "default", "data_files": "b/*"},
    ),
    "two stars": ({"config_name": "one", "data_files": "**/1.csv"},),
}


@pytest.mark.parametrize("card", CARDS.values(), ids=CARDS)
def test_a_card_decides_as_it_does_for_datasets(card: tuple[Any, ...], tmp_path: Path) -> None:
    _made(tmp_path, ("a/1.csv", "a/2.csv", "b/3.csv"))
    (tmp_path / "README.md").write_text(f"---\nconfigs: {json.dumps(list(card))}\n---\n")
    assert _ours(tmp_path) == _theirs(tmp_path)
    assert finding.layout(tmp_path).config == (_default(tmp_path) or card[0]["config_name"])


def test_rows_and_columns_are_those_of_the_card() -> None:
    info = {
        "features": [{"name": "label", "dtype": {"class_label": {"names": {"0": "no", "1": "yes"}}}}],
        "splits": [{"name": "train", "num_examples": 7}],
    }
    one = configs.found(["train.csv"], {"dataset_info": info}).all["default"]
    assert one.rows == {"train": 7}
    assert one.features == {"label": {"_type": "ClassLabel", "names": ["no", "yes"]}}


@pytest.mark.parametrize(
    "card",
    [
        {"configs": "x"},
        {"configs": [1, None, {"data_files": 3}]},
        {"configs": [{"config_name": "a", "data_files": {"train": 3}}]},
        {"configs": [{"config_name": "a", "data_files": [{"path": "x"}]}]},
        {"configs": [{"config_name": "a", "data_files": "[a-"}]},
        {"configs": [{"config_name": "a", "data_files": "**.csv"}]},
        {"configs": [{"config_name": "a", "data_dir": "../.."}]},
        {"dataset_info": [3, {"features": 3, "splits": "x"}]},
        {"dataset_info": {"features": [{"name": "a", "dtype": {"x": None}}, 3], "splits": [{"name": 3}]}},
    ],
)
def test_a_card_that_makes_no_sense_does_no_harm(card: Any) -> None:
    found = configs.found(["a.csv", "b.csv"], card)
    assert found.default in found.all


def test_a_card_cannot_lead_out_of_its_folder(tmp_path: Path) -> None:
    (tmp_path / "outside.csv").write_text("secret\n1\n")
    inside = tmp_path / "inside"
    _made(inside, ("a.csv",))
    (inside / "README.md").write_text(
        '---\nconfigs: [{"config_name": "x", "data_files": "../outside.csv"}]\n---\n'
    )
    with pytest.raises(NotFound):
        finding.open(inside)


def test_a_wrong_name_leads_to_the_nearest(tmp_path: Path) -> None:
    _made(tmp_path, ("train.csv", "test.csv"))
    with pytest.raises(NotFound) as wrong:
        finding.open(tmp_path, split="trian")
    assert wrong.value.nearest[0] == "train"
    with pytest.raises(NotFound) as wrong:
        finding.open(tmp_path, config="other")
    assert wrong.value.nearest == ("default",)
    with pytest.raises(NotFound) as wrong:
        finding.open(str(tmp_path / "trian.csv"))
    assert wrong.value.nearest[0] == "train.csv"


def test_only_the_hub_has_revisions(tmp_path: Path) -> None:
    _made(tmp_path, ("train.csv",))
    with pytest.raises(BadInput, match="revisions"):
        finding.open(tmp_path, revision="v1")


def _made(folder: Path, tree: Any) -> None:
    for at, path in enumerate(tree):
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(f"n\n{at}\n")


def _ours(folder: Path) -> dict[str, dict[str, list[str]]]:
    from hf_nb.data.finding.meant import Disk
    from hf_nb.data.finding.places import OnDisk

    found = OnDisk(Disk(str(folder))).configs.all
    return {
        name: {split: sorted(files) for split, files in one.splits.items()} for name, one in found.items()
    }


def _theirs(folder: Path) -> dict[str, dict[str, list[str]]]:
    return dict(_builders(folder))


def _builders(folder: Path) -> Iterator[tuple[str, dict[str, list[str]]]]:
    from datasets import get_dataset_config_names, load_dataset_builder  # type: ignore[import-untyped]

    for name in get_dataset_config_names(str(folder)):
        builder = load_dataset_builder(str(folder), name, cache_dir=str(folder.parent / ".cache"))
        files = builder.config.data_files
        yield (
            name,
            {
                str(split): sorted({str(Path(one).relative_to(folder)) for one in given})
                for split, given in files.items()
            },
        )


def _default(folder: Path) -> str | None:
    from datasets import get_dataset_default_config_name

    name = get_dataset_default_config_name(str(folder))
    return str(name) if name else None
