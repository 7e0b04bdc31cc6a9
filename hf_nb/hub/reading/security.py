"""What in a repository could run: pickles, code of its own, and what the Hub's scan says of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from hf_nb.hub.translate import translated
from hf_nb.plumbing.session import Session
from hf_nb.values import Kind
from hf_nb.values.info import File, Scan, Security

if TYPE_CHECKING:
    from huggingface_hub import HfApi

PICKLES = (".bin", ".pkl", ".pickle", ".pt", ".pth", ".ckpt", ".joblib")
_LEVELS = ("safe", "unscanned", "queued", "error", "caution", "suspicious", "unsafe")  # the last is the worst
MOST_FILES = 50
_MOST_IMPORTS = 40


def pickles(kind: Kind, files: Sequence[File]) -> tuple[str, ...]:
    """Files that are small programs when they are loaded. In datasets, `.bin` is anybody's ending."""
    endings = PICKLES if kind == "model" else PICKLES[1:]
    return tuple(file.path for file in files if file.path.lower().endswith(endings))


def code(kind: Kind, found: Any, files: Sequence[File]) -> tuple[str, ...]:
    """Python a library would run when it loads this: named by `auto_map`, or a dataset's loading script."""
    if kind == "space":
        return ()
    python = [file.path for file in files if file.path.endswith(".py")]
    if kind == "dataset":
        script = f"{found.id.rpartition('/')[2]}.py"
        return tuple(path for path in python if path == script)
    config = getattr(found, "config", None)
    named = config.get("auto_map") if isinstance(config, dict) else None
    modules = {f"{name.partition('.')[0]}.py" for name in _names(named)}
    tagged = "custom_code" in (found.tags or ())
    return tuple(path for path in python if path in modules or (tagged and re.fullmatch(r"[^/]+\.py", path)))


def read(hub: HfApi, session: Session, kind: Kind, found: Any, files: Sequence[File]) -> Security:
    """Everything together; asks about pickles, and about what the whole repository's scan named."""
    risky = pickles(kind, files)
    stated = getattr(found, "security_repo_status", None)
    levels = _stated(stated)
    scans: dict[str, Scan] = {path: Scan(path, level) for path, level in levels.items()}
    if risky:
        paths = list(dict.fromkeys([*levels, *risky]))[:MOST_FILES]
        scans |= {one.path: one for one in _ask(hub, session, kind, found, paths)}
    issues = tuple(one for _, one in sorted(scans.items()) if one.level in _LEVELS[4:])
    looked = bool(scans) or (isinstance(stated, dict) and stated.get("scansDone") is True)
    worst = max((one.level for one in issues), key=_LEVELS.index, default="safe" if looked else "unscanned")
    return Security(worst, issues, risky, code(kind, found, files))


def _ask(hub: HfApi, session: Session, kind: Kind, found: Any, paths: list[str]) -> list[Scan]:
    with translated(f"{kind} {found.id}", session.settings):
        given = hub.get_paths_info(found.id, paths, expand=True, revision=found.sha, repo_type=kind)
    seen = [(one.path, getattr(one, "security", None)) for one in given]
    return [Scan(path, _level(scan.status), _imports(scan)) for path, scan in seen if scan is not None]


def _stated(status: Any) -> dict[str, str]:
    given = status.get("filesWithIssues") if isinstance(status, dict) else None
    found = [one for one in given if isinstance(one, dict)] if isinstance(given, list) else []
    return {str(one.get("path")): _level(one.get("level")) for one in found if one.get("path")}


def _level(word: Any) -> str:
    return word if word in _LEVELS else "unscanned"


def _imports(security: Any) -> tuple[str, ...]:
    """What a pickle would bring in and should not, as module.name; the harmless ones are left out."""
    scan = security.pickle_import_scan
    given = scan.get("pickleImports") if isinstance(scan, dict) else None
    named = [one for one in given or () if isinstance(one, dict) and one.get("safety") != "innocuous"]
    return tuple(f"{one.get('module')}.{one.get('name')}" for one in named[:_MOST_IMPORTS])


def _names(value: Any) -> list[str]:
    """`auto_map` holds names, and lists of names."""
    if isinstance(value, str):
        return [value.rpartition("--")[2]]
    if isinstance(value, dict):
        return [name for one in value.values() for name in _names(one)]
    return [name for one in value for name in _names(one)] if isinstance(value, list) else []
