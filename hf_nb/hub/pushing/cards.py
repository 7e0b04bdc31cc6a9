"""A card for what has none, and entries added to one that is there. What nobody said is said to be unknown."""

from __future__ import annotations

import re
from typing import Any

from hf_nb.errors import BadInput
from hf_nb.hub.pushing.parcel import Parcel
from hf_nb.values import Kind

_FRONT = re.compile(r"\A(\ufeff?---[ \t]*\r?\n)(.*?)(^---[ \t]*(?:\r?\n|\Z))", re.DOTALL | re.MULTILINE)
_MINE = ("configs", "dataset_info")
LICENCE_LINE = (
    "Not stated yet. Until its author states one, nobody else may use this "
    "(`license: apache-2.0` in the metadata, for example)."
)


def write(parcel: Parcel, kind: Kind, repo: str) -> str:
    """A whole card."""
    told = _metadata(parcel, kind, repo)
    front = f"---\n{yaml_of(told)}---\n\n" if told else ""
    name = repo.rpartition("/")[2]
    parts = [f"{front}# {name}\n"]
    if parcel.facts:
        parts.append("\n".join(f"- {_text(fact)}" for fact in parcel.facts) + "\n")
    if parcel.load:
        parts.append(f"## How to load it\n\n```python\n{parcel.load.replace('{repo}', repo)}\n```\n")
    if parcel.about:
        parts.append(f"{parcel.about.strip()}\n")
    origin = (
        f"Made from [{parcel.base_model}](https://huggingface.co/{parcel.base_model})."
        if parcel.base_model
        else ""
    )
    about = (
        "what it is for, what it was made from, how well it does"
        if kind == "model"
        else "where it comes from, how it was collected, who is in it"
    )
    parts.append(
        f"## About\n\n{origin + ' ' if origin else ''}Not described yet: {about}.\n"
        if kind != "space"
        else ""
    )
    parts.append(f"## Licence\n\n{LICENCE_LINE}\n")
    return "\n".join(part for part in parts if part)


def _metadata(parcel: Parcel, kind: Kind, repo: str) -> dict[str, Any]:
    if kind == "space":
        sdk = "gradio" if "app.py" in parcel.files else "docker" if "Dockerfile" in parcel.files else "static"
        more = {"app_file": "app.py"} if sdk == "gradio" else {}
        return {"title": repo.rpartition("/")[2], "sdk": sdk, **more}
    told: dict[str, Any] = {}
    if kind == "model":
        told |= {"library_name": parcel.library} if parcel.library and parcel.library != "datasets" else {}
        told |= {"pipeline_tag": parcel.task} if parcel.task else {}
        told |= {"base_model": parcel.base_model} if parcel.base_model else {}
        told |= {"tags": list(parcel.tags)} if parcel.tags else {}
    else:
        sizes = [tag for tag in parcel.tags if "n" in tag and ("<" in tag or ">" in tag)]
        told |= {"size_categories": sizes} if sizes else {}
        rest = [tag for tag in parcel.tags if tag not in sizes]
        told |= {"tags": rest} if rest else {}
    if parcel.data:
        told |= {"dataset_info": [parcel.data.info], "configs": [parcel.data.entry]}
    return told


def add(card: str, parcel: Parcel) -> str:
    """The card with this parcel's config in it; every other line stays as it is."""
    found = _FRONT.match(card)
    front = found[2] if found else ""
    told = _read(front)
    mine = {
        "dataset_info": _merged_info(_listed(told.get("dataset_info")), parcel.data),
        "configs": _merged_configs(_listed(told.get("configs")), parcel.data),
    }
    kept = _without(front, _MINE)
    if kept and not kept.endswith("\n"):
        kept += "\n"
    rest = card[found.end() :] if found else "\n" + card
    return f"---\n{kept}{yaml_of(mine)}---\n{rest}"


def _read(front: str) -> dict[str, Any]:
    import yaml

    try:
        told = yaml.safe_load(front) or {}
    except (yaml.YAMLError, ValueError):
        told = None
    if not isinstance(told, dict):
        raise BadInput(
            "The metadata of this repository's card cannot be read.",
            "Mend the lines between --- in its README.md first.",
        )
    return told


def _listed(told: Any) -> list[dict[str, Any]]:
    entries = [told] if isinstance(told, dict) else told if isinstance(told, list) else []
    return [{"config_name": "default", **one} for one in entries if isinstance(one, dict)]


def _merged_configs(old: list[dict[str, Any]], data: Any) -> list[dict[str, Any]]:
    entry = dict(data.entry)
    same = next((one for one in old if one["config_name"] == data.config), None)
    if same and isinstance(same.get("data_files"), list):
        fresh = {one["split"] for one in entry["data_files"]}
        others = [
            one for one in same["data_files"] if isinstance(one, dict) and one.get("split") not in fresh
        ]
        entry = {**same, "data_files": [*others, *entry["data_files"]]}
    return [*(one for one in old if one is not same), entry]


def _merged_info(old: list[dict[str, Any]], data: Any) -> list[dict[str, Any]]:
    info = dict(data.info)
    same = next((one for one in old if one["config_name"] == data.config), None)
    fresh = {one["name"] for one in info["splits"]}
    others = [
        one
        for one in (same or {}).get("splits", ())
        if isinstance(one, dict) and one.get("name") not in fresh
    ]
    if same and others:
        if same.get("features") != info["features"]:
            raise BadInput(
                f"The columns differ from those of the split {others[0].get('name')!r} in config {data.config!r}.",
                "Push it under another config: --config NAME",
            )
        info["splits"] = [*others, *info["splits"]]
        info["dataset_size"] = sum(int(one.get("num_bytes") or 0) for one in info["splits"])
        info["download_size"] = int(same.get("download_size") or 0) + int(info["download_size"])
    return [*(one for one in old if one is not same), info]


def _without(front: str, names: tuple[str, ...]) -> str:
    """The text of the metadata without these entries; comments and the author's own order stay."""
    kept, inside = [], False
    for line in front.splitlines(keepends=True):
        if line[:1] not in {" ", "\t", "-", "\n", "\r", "#"}:
            inside = line.split(":", 1)[0].strip() in names
        if not inside:
            kept.append(line)
    return "".join(kept)


def yaml_of(told: dict[str, Any]) -> str:
    """As the Hub's own libraries write it."""
    import yaml

    text: str = yaml.safe_dump(told, sort_keys=False, allow_unicode=True)
    return text


def _text(value: str) -> str:
    """A fact may hold a class's name: no Markdown of its own."""
    return re.sub(r"([\\`*_\[\]<>#|])", r"\\\1", value)
