"""One dataset: what it is, its card, its configurations and splits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hf_nb.hub.reading.info import info
from hf_nb.panels import cards, in_code
from hf_nb.panels.datasets.rows import rows
from hf_nb.panels.models.details import MOST_FILES, MOST_WARNINGS, licence
from hf_nb.render import facts
from hf_nb.values import RepoInfo, Row

if TYPE_CHECKING:
    from hf_nb.panels.desk import Ask

MOST_CONFIGS, MOST_SPLITS = 200, 50


def details(ask: Ask, *, id: str) -> dict[str, Any]:
    """`datasets.details`."""
    ask.official()
    repo = info(id, kind="dataset", session=ask.session)
    (row,) = rows([_row(repo)], ask.session, {repo.id: repo.title} if repo.title else None)
    return {
        "row": row,
        "facts": cards.shown(repo),
        **cards.card(repo),
        "files": [{"path": one.path, "bytes": one.size or 0} for one in repo.files[:MOST_FILES]],
        "filesMore": max(0, len(repo.files) - MOST_FILES),
        "licence": licence(repo),
        "configs": [
            {
                "name": one.name,
                "splits": [
                    {"name": split.name, "rows": split.rows, "bytes": split.bytes}
                    for split in one.splits[:MOST_SPLITS]
                ],
            }
            for one in repo.subsets[:MOST_CONFIGS]
        ],
        "code": code(repo.id),
        "warnings": [cards.clipped(line) for _, line in facts.notes(repo)[:MOST_WARNINGS]],
    }


def code(id: str) -> dict[str, str]:
    """Its first rows, in a cell."""
    id = in_code.checked(id)
    return in_code.line("preview", id, python=in_code.python("hf_nb.data.preview", [id]))


def _row(repo: RepoInfo) -> Row:
    counts = [one.rows for one in repo.subsets if one.rows is not None]
    sizes = [tag.partition(":")[2] for tag in repo.tags if tag.startswith("size_categories:")]
    return Row(
        "dataset",
        repo.id,
        licence=repo.licence,
        languages=repo.languages,
        downloads=repo.downloads,
        likes=repo.likes,
        created=repo.created,
        updated=repo.updated,
        gated=repo.gated,
        private=repo.private,
        size=next(iter(sizes), None),
        rows=sum(counts) if counts else None,
        bytes=repo.bytes or None,
        tags=repo.tags,
    )
