"""A dataset in a list: what the Hub says of it, and where it stands on this machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hf_nb.hub.finding.rows import Tags
from hf_nb.panels.datasets import here
from hf_nb.panels.datasets.facets import rows_in
from hf_nb.panels.models.here import Stand
from hf_nb.panels.models.rows import licence_kind
from hf_nb.plumbing.session import Session
from hf_nb.values import Row

# Of one kind of word: a dataset of two hundred languages says so on its page.
MOST = 40


def rows(
    found: Sequence[Row], session: Session, titles: Mapping[str, str] | None = None
) -> list[dict[str, Any]]:
    """All of them at once: the disk is looked at once a dataset."""
    stands, hub = here.stands(one.id for one in found), session.settings.endpoint
    return [_row(one, stands[one.id], hub, (titles or {}).get(one.id)) for one in found]


def _row(row: Row, stand: Stand, hub: str, title: str | None) -> dict[str, Any]:
    author, _, name = row.id.rpartition("/")
    tagged = Tags(row.tags)
    return {
        "id": row.id,
        "author": author,
        "name": name,
        "title": title,
        "tasks": list(tagged.all("task_categories")[:MOST]),
        "modalities": list(tagged.all("modality")[:MOST]),
        "formats": list(tagged.all("format")[:MOST]),
        "languages": list(row.languages[:MOST]),
        "licence": row.licence,
        "licenceKind": licence_kind(row),
        "rows": row.rows,
        "rowsClass": rows_in(row.size) or None,
        "bytes": row.bytes,
        "downloads": row.downloads,
        "likes": row.likes,
        "updated": row.updated.isoformat() if row.updated else None,
        "gated": row.gated,
        "private": row.private,
        "status": stand.status,
        "cachedBytes": stand.bytes,
        "url": f"{hub}/datasets/{row.id}",
    }
