"""One repository: what it is, who may touch it, how its tensors are laid out."""

from typing import Any

from hf_nb.offline import history, reading, trees
from hf_nb.offline.derive import Snapshot, pickles
from hf_nb.offline.derive.weights import read_header
from hf_nb.offline.reading import Shown
from hf_nb.offline.server import refusals
from hf_nb.offline.server.answers import Answer, as_json
from hf_nb.offline.server.ask import Ask
from hf_nb.offline.server.routes.search import expanded


def info(ask: Ask) -> Answer:
    """`GET /api/{types}/{id}[/revision/{rev}]`."""
    row = ask.repo
    asked = expanded(ask)
    shown = Shown(ask.sql, row, ask.who, ask.commit(row), blobs=ask.flag("blobs"), now=ask.now())
    found = reading.show(shown, asked or reading.INFO[row["type"]].split())
    if row["type"] == "model" and "model-index" in found:
        found["model-index"] = found["model-index"]
    if ask.flag("securityStatus"):
        blobs = history.blobs_of(ask.sql, shown.commit.tree)
        found["securityRepoStatus"] = pickles.repository(blobs, ask.site.store.beginning)
    return as_json(found, headers={"x-repo-commit": shown.commit.oid})


def nameless(ask: Ask) -> Answer:
    """A repository without a namespace that is nobody's old name."""
    raise refusals.repo_not_found(ask.who)


def auth_check(ask: Ask) -> Answer:
    """`GET …/auth-check`: 200, or why not."""
    ask.readable()
    return as_json({})


def auth_check_write(ask: Ask) -> Answer:
    """`GET …/auth-check/write`."""
    ask.readable()
    ask.writable()
    return as_json({})


def safetensors(ask: Ask) -> Answer:
    """`GET /api/models/{id}/safetensors-metadata/{filename}`: headers of a file or of an index's shards."""
    row = ask.readable()
    commit = ask.commit(row)
    path = ask.names["path"]
    entry = trees.find(ask.sql, commit.tree, path)
    if entry is None or entry.folder:
        raise refusals.entry_not_found(path, commit.oid)
    files = Snapshot(history.blobs_of(ask.sql, commit.tree), ask.site.store.beginning)
    if not path.endswith(".index.json"):
        return as_json({"index": None, "headers": {path: _header(files, path)}})
    index = files.json(path)
    shards = index.get("weight_map")
    if not isinstance(shards, dict):
        raise refusals.bad_request(f"{path} is not an index of safetensors files")
    folder = path.rpartition("/")[0]
    names = sorted({str(shard) for shard in shards.values()})
    return as_json(
        {
            "index": index,
            "headers": {name: _header(files, f"{folder}/{name}" if folder else name) for name in names},
        }
    )


def _header(files: Snapshot, path: str) -> dict[str, Any]:
    found = read_header(files, path)
    if not found:
        raise refusals.bad_request(f"{path} is not a safetensors file")
    return found


def leaderboard(ask: Ask) -> Answer:
    """`GET /api/datasets/{id}/leaderboard`: nobody has been ranked here."""
    _ = ask.repo
    return as_json([])
