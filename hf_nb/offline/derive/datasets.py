"""What the Hub says about a dataset, from its card and its files."""

from typing import Any

from hf_nb.offline.derive import card
from hf_nb.offline.derive.facts import Facts, Snapshot, unique, words

_PREFIXED = (
    ("task_categories", "task_categories:"),
    ("task_ids", "task_ids:"),
    ("annotations_creators", "annotations_creators:"),
    ("language_creators", "language_creators:"),
    ("multilinguality", "multilinguality:"),
    ("source_datasets", "source_datasets:"),
    ("language", "language:"),
    ("license", "license:"),
    ("size_categories", "size_categories:"),
)
_FORMATS = {
    "parquet": (".parquet",),
    "csv": (".csv", ".tsv"),
    "json": (".json", ".jsonl", ".json.gz", ".jsonl.gz"),
    "text": (".txt",),
    "arrow": (".arrow",),
}
_FOLDERS = {
    "imagefolder": (".png", ".jpg", ".jpeg", ".webp"),
    "audiofolder": (".wav", ".flac", ".mp3", ".ogg"),
}
_MODALITIES = {"imagefolder": "image", "audiofolder": "audio"}
_FEATURES = {"string": "text", "large_string": "text", "image": "image", "audio": "audio", "video": "video"}
_SIZES = (
    (1_000, "n<1K"),
    (10_000, "1K<n<10K"),
    (100_000, "10K<n<100K"),
    (1_000_000, "100K<n<1M"),
    (10_000_000, "1M<n<10M"),
    (100_000_000, "10M<n<100M"),
    (1_000_000_000, "100M<n<1B"),
    (10_000_000_000, "1B<n<10B"),
    (100_000_000_000, "10B<n<100B"),
    (1_000_000_000_000, "100B<n<1T"),
)
_ABOUT = ("README.md", ".gitattributes", "dataset_infos.json", "LICENSE")


def dataset(id: str, files: Snapshot) -> Facts:
    """Everything about a dataset."""
    text = files.bytes("README.md").decode("utf-8", "replace")
    front = card.metadata(text)
    data = [path for path in files.blobs if path not in _ABOUT]
    kind = _format(data)
    details: dict[str, Any] = {
        "cardData": front or None,
        "description": card.opening(text) or None,
        "citation": _citation(text),
        "paperswithcode_id": next(iter(words(front.get("paperswithcode_id"))), None),
    }
    return Facts(
        tags=_tags(front, kind, text),
        bytes=sum(files.blobs[path].length for path in data),
        details={key: value for key, value in details.items() if value is not None},
    )


def _tags(front: dict[str, Any], kind: str | None, text: str) -> list[str]:
    found: list[str] = []
    for key, prefix in _PREFIXED:
        found += [prefix + word for word in words(front.get(key))]
    rows = _rows(front)
    if rows is not None and "size_categories" not in front:
        found.append("size_categories:" + next((label for most, label in _SIZES if rows < most), "n>1T"))
    if kind:
        found.append(f"format:{kind}")
    found += [f"modality:{name}" for name in sorted(_modalities(front, kind))]
    if kind:
        found += ["library:datasets", *(["library:pandas"] if kind in ("parquet", "csv", "json") else [])]
    return unique([*found, *card.papers(text), "region:us", *words(front.get("tags"))])


def _format(paths: list[str]) -> str | None:
    counts = {
        name: sum(path.lower().endswith(ends) for path in paths)
        for name, ends in {**_FORMATS, **_FOLDERS}.items()
    }
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] else None


def _modalities(front: dict[str, Any], kind: str | None) -> set[str]:
    found = {_MODALITIES[kind]} if kind in _MODALITIES else {"text"} if kind in ("text", "json") else set()
    for info in _infos(front):
        for feature in _listed(info.get("features")):
            kind_of = feature.get("dtype") if isinstance(feature, dict) else None
            for word in (
                kind_of if isinstance(kind_of, dict) else [kind_of]
            ):  # {"audio": {"sampling_rate": 8000}}
                if name := _FEATURES.get(str(word)):
                    found.add(name)
    return found


def _rows(front: dict[str, Any]) -> int | None:
    counts = [
        split["num_examples"]
        for info in _infos(front)
        for split in _listed(info.get("splits"))
        if isinstance(split, dict) and isinstance(split.get("num_examples"), int)
    ]
    return sum(counts) if counts else None


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _infos(front: dict[str, Any]) -> list[dict[str, Any]]:
    found = front.get("dataset_info")
    return [info for info in (found if isinstance(found, list) else [found]) if isinstance(info, dict)]


def _citation(text: str) -> str | None:
    start = text.find("@")
    fenced = text.find("```bibtex")
    if fenced < 0 or start < fenced:
        return None
    return text[start:].partition("```")[0].strip() or None
