"""Which files differ between two trees: by what the Hub knows of their contents, nothing is downloaded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hf_nb.values.diff import FileChange, Status

if TYPE_CHECKING:
    from huggingface_hub import HfApi

    from hf_nb.hub.address import Address


@dataclass(frozen=True)
class Entry:
    """A file of one revision. `content` is the same for the same bytes stored the same way."""

    path: str
    size: int
    content: str
    large: bool


def tree(hub: HfApi, address: Address, commit: str) -> dict[str, Entry]:
    """Every file at a commit."""
    from huggingface_hub.hf_api import RepoFile

    found = hub.list_repo_tree(address.id, recursive=True, revision=commit, repo_type=address.kind)
    entries = {}
    for one in found:
        if isinstance(one, RepoFile):
            content = f"sha256:{one.lfs.sha256}" if one.lfs else f"git:{one.blob_id}"
            entries[one.path] = Entry(one.path, one.lfs.size if one.lfs else one.size, content, bool(one.lfs))
    return entries


def files(old: Mapping[str, Entry], new: Mapping[str, Entry]) -> list[FileChange]:
    """Added, removed, renamed and changed, in the order of their paths."""
    removed = [one for path, one in old.items() if path not in new]
    added = [one for path, one in new.items() if path not in old]
    renamed = _pairs(removed, added)
    gone, come = {a.path for a, _ in renamed}, {b.path for _, b in renamed}
    changes = [_change("renamed", a, b) for a, b in renamed]
    changes += [_change("removed", one, None) for one in removed if one.path not in gone]
    changes += [_change("added", None, one) for one in added if one.path not in come]
    both = old.keys() & new.keys()
    changes += [
        _change("changed", old[path], new[path]) for path in both if old[path].content != new[path].content
    ]
    return sorted(changes, key=lambda one: one.path)


def _pairs(removed: Iterable[Entry], added: Iterable[Entry]) -> list[tuple[Entry, Entry]]:
    """The same content under another name; of several the one with the same last part, and each only once."""
    by_content: dict[str, list[Entry]] = defaultdict(list)
    for one in sorted(removed, key=lambda one: one.path):
        if one.size:  # all empty files are alike, which says nothing
            by_content[one.content].append(one)
    pairs: list[tuple[Entry, Entry]] = []
    rest: list[Entry] = []
    for one in sorted(added, key=lambda one: one.path):
        candidates = by_content[one.content]
        same = next((each for each in candidates if _last(each) == _last(one)), None)
        if same:
            candidates.remove(same)
            pairs.append((same, one))
        else:
            rest.append(one)
    return pairs + [(by_content[one.content].pop(0), one) for one in rest if by_content[one.content]]


def _last(entry: Entry) -> str:
    return entry.path.rpartition("/")[2]


def _change(status: Status, old: Entry | None, new: Entry | None) -> FileChange:
    end = new or old
    assert end is not None
    return FileChange(
        status,
        end.path,
        old_path=old.path if old and status == "renamed" else None,
        old_size=old.size if old else None,
        new_size=new.size if new else None,
        old_digest=old.content if old else None,
        new_digest=new.content if new else None,
        large=any(one.large for one in (old, new) if one),
    )
