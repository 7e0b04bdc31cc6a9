"""Which model is meant, who serves it, and what the list of models says of it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hf_nb.offline import history, providers, trees
from hf_nb.offline.providers import CHAT, GENERATES, Provider
from hf_nb.offline.server.ask import Ask
from hf_nb.offline.server.promises import Promised
from hf_nb.offline.server.refusals import Refusal

_LENGTHS = ("max_position_embeddings", "n_positions", "max_source_positions")


@dataclass(frozen=True)
class Served:
    """A model that can be asked, and who answers for it."""

    row: sqlite3.Row
    commit: history.Commit
    provider: Provider

    @property
    def id(self) -> str:
        """Its name as it is now."""
        return str(self.row["id"])


def known(ask: Ask, id: str) -> sqlite3.Row | None:
    """The model of this name, present or former, if this caller may know of it."""
    row: sqlite3.Row | None = ask.database.one(
        "SELECT * FROM repos WHERE type = 'model' AND folded = ?", id.lower()
    )
    if row is None:
        row = ask.database.one(
            "SELECT r.* FROM aliases a JOIN repos r ON r.rid = a.rid WHERE a.type = 'model' AND a.folded = ?",
            id.lower(),
        )
    return None if row is None or (row["private"] and not ask.who.rank(row["namespace"])) else row


def served(ask: Ask, row: sqlite3.Row | None, named: str, task: str, wish: str = "") -> Served:
    """A model that may be asked for this task, as it is on its main branch."""
    if row is None:
        raise unknown(named)
    pipeline = row["pipeline"]
    if not providers.servable(pipeline, row["parameters"], row["library"]):
        raise _not_served(named)
    if pipeline not in providers.FITS.get(task, ()):
        raise _not_served(named, f" for {task}: it is a model for {pipeline}")
    provider = providers.chosen(pipeline, wish)
    if provider is None:
        raise _not_served(
            named, f' by "{wish}"; it is by {", ".join(one.name for one in providers.of(pipeline))}'
        )
    if row["promised"]:
        raise Promised(row["promised"])
    if task == "chat" and CHAT not in json.loads(row["tags"]):
        raise _not_served(named, ": it has no chat template, so it cannot chat")
    ask.repo = row
    ask.readable()
    commit = history.resolve(ask.sql, row["rid"], "HEAD")
    if commit is None:
        raise _not_served(named)
    return Served(row, commit, provider)


def unknown(named: str) -> Refusal:
    """There is none of this name, or none for this caller."""
    return Refusal(404, f"The model '{named}' does not exist", "model_not_found")


def _not_served(named: str, but: str = "") -> Refusal:
    return Refusal(404, f"The model '{named}' is not served here{but}", "model_not_supported")


def listing(ask: Ask, provider: str = "") -> list[dict[str, Any]]:
    """Every public model that is served, by this provider."""
    rows = ask.sql.execute(
        "SELECT * FROM repos WHERE type = 'model' AND warm = 1 ORDER BY trending DESC, folded"
    ).fetchall()
    return [shown(ask, row) for row in rows if _by(row, provider)]


def shown(ask: Ask, row: sqlite3.Row) -> dict[str, Any]:
    """One line of that list."""
    length, template = _facts(ask, row)
    chats = row["pipeline"] in GENERATES and CHAT in json.loads(row["tags"])
    created = datetime.fromisoformat(row["created"])
    return {
        "id": row["id"],
        "object": "model",
        "created": int(created.timestamp()),
        "owned_by": row["namespace"],
        "task": CHAT if chats else row["pipeline"],
        "architecture": {"input_modalities": ["text"], "output_modalities": ["text"]},
        "providers": [
            {
                "provider": one.name,
                "status": "live",
                "context_length": length,
                "pricing": {"input": one.read, "output": one.written},
                "supports_tools": chats and "tools" in template,
                "supports_structured_output": chats,
                "first_token_latency_ms": round(one.first * 1000),
                "throughput": one.rate,
                "is_model_author": False,
            }
            for one in providers.of(row["pipeline"])
        ],
    }


def _by(row: sqlite3.Row, provider: str) -> bool:
    served_by = [one.name for one in providers.of(row["pipeline"])]
    return row["pipeline"] in providers.TASKS and (not provider or provider in served_by)


def _facts(ask: Ask, row: sqlite3.Row) -> tuple[int | None, str]:
    """How much it reads at once, and how it chats; of one that is only promised nothing is known yet."""
    commit = None if row["promised"] else history.resolve(ask.sql, row["rid"], "HEAD")
    if commit is None:
        return None, ""
    config, tokenizer = (_json(ask, commit, name) for name in ("config.json", "tokenizer_config.json"))
    length = next((config[name] for name in _LENGTHS if isinstance(config.get(name), int)), None)
    template = tokenizer.get("chat_template") or _text(ask, commit, "chat_template.jinja")
    return length, template if isinstance(template, str) else json.dumps(template)


def _json(ask: Ask, commit: history.Commit, path: str) -> Mapping[str, Any]:
    try:
        found = json.loads(_text(ask, commit, path) or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _text(ask: Ask, commit: history.Commit, path: str) -> str:
    entry = trees.find(ask.sql, commit.tree, path)
    if entry is None or entry.folder:
        return ""
    place = ask.site.store.blobs.path_of(history.blob(ask.sql, entry.oid))
    return place.read_text(encoding="utf-8", errors="replace") if place.stat().st_size < 1 << 20 else ""
