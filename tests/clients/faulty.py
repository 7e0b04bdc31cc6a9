"""Reads whose Hub is about to fail, in a worker where nobody waits long.

The client's own waiting between tries is counted and not slept. No request waits for its answer longer than a third
of a second: most of the client asks with `timeout=None`, and on a Hub that stalls `model_info` would hang for ever.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

from huggingface_hub import HfApi, hf_hub_download, set_client_factory, snapshot_download
from huggingface_hub.utils import disable_progress_bars, httpx, logging
from huggingface_hub.utils._http import hf_request_event_hook

from tests.clients.demo import EMBEDDINGS, TEXT, WEIGHTS

PATIENCE = 0.35
SMALL = "config.json"
waited: list[Any] = []


def impatient(request: Any) -> None:
    """Over the waits that a caller names, too."""
    request.extensions["timeout"] = dict.fromkeys(("connect", "read", "write", "pool"), PATIENCE)


time.sleep = waited.append
set_client_factory(
    lambda: httpx.Client(event_hooks={"request": [hf_request_event_hook, impatient]}, follow_redirects=True)
)
disable_progress_bars()
logging.set_verbosity_error()
api = HfApi()


def waits() -> list[Any]:
    """What the client would have waited since the last question."""
    said = list(waited)
    waited.clear()
    return said


def model_info() -> None:
    assert api.model_info(TEXT).id == TEXT


def list_models() -> None:
    assert list(api.list_models())


def tree() -> None:
    assert list(api.list_repo_tree(TEXT, recursive=True))


def _fresh() -> str:
    return tempfile.mkdtemp(dir=os.environ["HF_HOME"])


def _checked(filename: str, where: str) -> str:
    """Only a checksum tells that the bytes are not the ones that were asked for; the transfer does not look."""
    found = api.verify_repo_checksums(TEXT, cache_dir=where)
    return "a wrong checksum" if filename in {one["path"] for one in found.mismatches} else "as it should be"


def _download(filename: str) -> str:
    where = _fresh()
    hf_hub_download(TEXT, filename, cache_dir=where)
    # a second question, which a fault must not strike: the fault under test is asked to spare /tree/
    return _checked(filename, where)


def small() -> str:
    return _download(SMALL)


def large() -> str:
    return _download(WEIGHTS)


def snapshot() -> str:
    where = _fresh()
    folder = Path(snapshot_download(TEXT, cache_dir=where, allow_patterns=[SMALL]))
    assert (folder / SMALL).is_file()
    return _checked(SMALL, where)


def already_here_while_the_hub_is_away(where: str) -> str:
    """What is in the cache is served from there."""
    return Path(hf_hub_download(TEXT, SMALL, cache_dir=where)).name


def resumed() -> str:
    """A file long enough that what came before a cut is on the disk already."""
    where = _fresh()
    path = Path(hf_hub_download(EMBEDDINGS, WEIGHTS, cache_dir=where))
    digest = hashlib.sha256()
    with path.open("rb") as content:
        while chunk := content.read(1 << 20):
            digest.update(chunk)
    assert path.resolve().name == digest.hexdigest()
    size = path.stat().st_size
    shutil.rmtree(where)
    return str(size)
