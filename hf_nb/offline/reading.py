"""A repository as the API shows it: one function per field, so that `expand` picks from a table."""

# ruff: noqa: S608 -- only words of this package are put into statements; every value is a parameter

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from hf_nb.offline import history, restarts, trees
from hf_nb.offline.people import Caller, visible

Row = sqlite3.Row
_SPACES_SHOWN = 100


class Shown:
    """One repository, read once however many of its fields are shown."""

    def __init__(
        self,
        sql: sqlite3.Connection,
        row: Row,
        who: Caller,
        commit: history.Commit | None = None,
        *,
        blobs: bool = False,
        now: datetime | None = None,
    ) -> None:
        self.sql, self.row, self.who, self.blobs = sql, row, who, blobs
        self.now = now or datetime.now(UTC)
        self._commit = commit
        self._details: dict[str, Any] | None = None

    @property
    def commit(self) -> history.Commit:
        """The revision shown."""
        if self._commit is None:
            self._commit = history.commit(self.sql, self.row["rid"], self.row["sha"])
        return self._commit

    @property
    def sha(self) -> str | None:
        """The revision's commit id; the newest one's without reading it."""
        return self._commit.oid if self._commit else self.row["sha"]

    def detail(self, name: str) -> Any:
        """Something worked out from the files."""
        if self._details is None:
            self._details = json.loads(self.row["details"])
        return self._details.get(name)

    def card(self, name: str) -> Any:
        """A value of the front matter."""
        card = self.detail("cardData")
        return card.get(name) if isinstance(card, dict) else None


def _column(name: str) -> Callable[[Shown], Any]:
    return lambda shown: shown.row[name]


def _detail(name: str) -> Callable[[Shown], Any]:
    return lambda shown: shown.detail(name)


def _siblings(shown: Shown) -> list[dict[str, Any]]:
    found = []
    for path, oid in sorted(trees.files(shown.sql, shown.commit.tree).items()):
        entry: dict[str, Any] = {"rfilename": path}
        if shown.blobs:
            blob = history.blob(shown.sql, oid)
            entry |= {"blobId": blob.oid, "size": blob.length}
            if blob.sha256:
                entry["lfs"] = {"sha256": blob.sha256, "size": blob.bytes, "pointerSize": blob.size}
        found.append(entry)
    return found


def _used_storage(shown: Shown) -> int:
    oids = set(trees.files(shown.sql, shown.commit.tree).values())
    return sum(history.blob(shown.sql, oid).length for oid in oids)


def _providers(shown: Shown) -> list[dict[str, Any]]:
    rows = shown.sql.execute(
        "SELECT provider, mapping FROM providers WHERE rid = ? ORDER BY provider", (shown.row["rid"],)
    )
    return [{"provider": row["provider"], **json.loads(row["mapping"])} for row in rows]


def _bases(shown: Shown) -> dict[str, Any] | None:
    rows = shown.sql.execute(
        "SELECT target, relation FROM links WHERE rid = ? AND kind = 'base'", (shown.row["rid"],)
    ).fetchall()
    models = [{"_id": oid, "id": id} for id, oid in _seen(shown, "model", [row["target"] for row in rows])]
    return {"relation": rows[0]["relation"], "models": models} if models else None


def _children(shown: Shown) -> dict[str, int]:
    seen, values = visible(shown.who, "r")
    statement = (
        "SELECT l.relation, count(*) FROM links l JOIN repos r ON r.rid = l.rid"
        f" WHERE l.kind = 'base' AND l.target = ? AND {seen} GROUP BY 1"
    )
    counts = dict(shown.sql.execute(statement, [shown.row["id"], *values]).fetchall())
    return {relation: counts.get(relation, 0) for relation in ("adapter", "merge", "quantized", "finetune")}


def _spaces(shown: Shown) -> list[str]:
    seen, values = visible(shown.who, "r")
    statement = (
        "SELECT DISTINCT r.id FROM links l JOIN repos r ON r.rid = l.rid"
        f" WHERE l.kind = ? AND l.target = ? AND r.type = 'space' AND {seen} LIMIT ?"
    )
    return [
        row[0]
        for row in shown.sql.execute(statement, [shown.row["type"], shown.row["id"], *values, _SPACES_SHOWN])
    ]


def _used(kind: str) -> Callable[[Shown], list[str]]:
    def used(shown: Shown) -> list[str]:
        rows = shown.sql.execute(
            "SELECT target FROM links WHERE rid = ? AND kind = ? ORDER BY target", (shown.row["rid"], kind)
        )
        return [id for id, _ in _seen(shown, kind, [row["target"] for row in rows])]

    return used


def _seen(shown: Shown, kind: str, ids: Iterable[str]) -> list[tuple[str, str]]:
    """Those of these ids that exist and that this caller may know of."""
    seen, values = visible(shown.who, "r")
    statement = f"SELECT r.id, r.oid FROM repos r WHERE r.type = ? AND r.folded = ? AND {seen}"
    found = [shown.sql.execute(statement, [kind, id.lower(), *values]).fetchone() for id in ids]
    return [(row["id"], row["oid"]) for row in found if row]


def _runtime(shown: Shown) -> dict[str, Any]:
    found: dict[str, Any] = restarts.at(json.loads(shown.row["runtime"] or "{}"), shown.now)
    found.setdefault("replicas", {"current": 1, "requested": 1})
    found.setdefault("domains", [{"domain": f"{subdomain(shown.row['id'])}.hf.space", "stage": "READY"}])
    return found


def subdomain(id: str) -> str:
    """Where a Space is served."""
    return "".join(letter if letter.isalnum() else "-" for letter in id.lower())


_COMMON: dict[str, Callable[[Shown], Any]] = {
    "_id": _column("oid"),
    "id": _column("id"),
    "author": _column("namespace"),
    "cardData": _detail("cardData"),
    "createdAt": _column("created"),
    "disabled": lambda shown: bool(shown.row["disabled"]),
    "gated": lambda shown: shown.row["gated"] or False,
    "lastModified": _column("modified"),
    "likes": _column("likes"),
    "private": lambda shown: bool(shown.row["private"]),
    "resourceGroup": lambda _: None,
    "sha": lambda shown: shown.sha,
    "siblings": _siblings,
    "tags": lambda shown: json.loads(shown.row["tags"]),
    "trendingScore": lambda shown: _number(shown.row["trending"]),
    "usedStorage": _used_storage,
    "xetEnabled": lambda _: False,
}
_COUNTED: dict[str, Callable[[Shown], Any]] = {
    "downloads": _column("downloads"),
    "downloadsAllTime": _column("all_time"),
}

FIELDS: dict[str, Mapping[str, Callable[[Shown], Any]]] = {
    "model": {
        **_COMMON,
        **_COUNTED,
        "baseModels": _bases,
        "childrenModelCount": _children,
        "config": _detail("config"),
        "evalResults": _detail("evalResults"),
        "gguf": _detail("gguf"),
        "inference": lambda shown: "warm" if shown.row["warm"] else None,
        "inferenceProviderMapping": _providers,
        "library_name": _column("library"),
        "mask_token": _detail("mask_token"),
        "model-index": _detail("model-index"),
        "modelId": _column("id"),
        "pipeline_tag": _column("pipeline"),
        "safetensors": _detail("safetensors"),
        "spaces": _spaces,
        "transformersInfo": _detail("transformersInfo"),
        "widgetData": _detail("widgetData"),
    },
    "dataset": {
        **_COMMON,
        **_COUNTED,
        "citation": _detail("citation"),
        "description": _detail("description"),
        # how large it will be is not known before it is built
        "mainSize": lambda shown: None if shown.row["promised"] else shown.row["bytes"],
        "paperswithcode_id": _detail("paperswithcode_id"),
    },
    "space": {
        **{name: show for name, show in _COMMON.items() if name != "gated"},
        "datasets": _used("dataset"),
        "host": lambda shown: f"https://{subdomain(shown.row['id'])}.hf.space",
        "models": _used("model"),
        "region": lambda _: "us",
        "runtime": _runtime,
        "sdk": _column("sdk"),
        "subdomain": lambda shown: subdomain(shown.row["id"]),
    },
}
# Fields that are there without being asked for, and so are no options of `expand`.
_UNASKED = {"_id", "id", "modelId", "host"}
EXPANDABLE = {kind: tuple(name for name in fields if name not in _UNASKED) for kind, fields in FIELDS.items()}

LISTED = {
    "model": "_id id likes trendingScore private downloads tags pipeline_tag library_name createdAt modelId",
    "dataset": "_id id author disabled gated lastModified likes trendingScore private sha description downloads"
    " tags createdAt",
    "space": "_id id likes trendingScore private sdk tags createdAt",
}
FULL = {
    "model": "author gated lastModified sha siblings config",
    "dataset": "cardData siblings paperswithcode_id citation mainSize",
    "space": "author lastModified sha siblings cardData subdomain host runtime disabled",
}
INFO = {
    "model": "_id id private pipeline_tag library_name tags downloads likes modelId author sha lastModified gated"
    " inference disabled mask_token widgetData model-index config cardData transformersInfo"
    " safetensors gguf siblings spaces createdAt usedStorage",
    "dataset": "_id id author sha lastModified private gated disabled tags citation description paperswithcode_id"
    " downloads likes cardData siblings createdAt usedStorage",
    "space": "_id id author sha lastModified private disabled tags likes sdk cardData siblings subdomain host runtime"
    " models datasets createdAt usedStorage",
}
# Left out where a repository has none, as the Hub does; other fields then say null.
_OPTIONAL = frozenset(
    {
        "safetensors",
        "gguf",
        "mask_token",
        "widgetData",
        "transformersInfo",
        "config",
        "cardData",
        "evalResults",
        "inference",
    }
) | {
    "baseModels",
    "citation",
    "description",
    "paperswithcode_id",
    "library_name",
    "pipeline_tag",
    "resourceGroup",
    "sdk",
}


def show(shown: Shown, names: Iterable[str]) -> dict[str, Any]:
    """The chosen fields."""
    fields = FIELDS[shown.row["type"]]
    found = {name: fields[name](shown) for name in dict.fromkeys(names)}
    return {name: value for name, value in found.items() if value is not None or name not in _OPTIONAL}


def _number(value: float) -> float | int:
    return int(value) if value == int(value) else value
