"""What a test does with a Hub and a client that uploads through Xet."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from huggingface_hub.utils import httpx

from hf_nb.offline.running import Running
from hf_nb.offline.store import Store
from tests.offline.small import TEACHER

REPO = "lab/large"
UPLOAD = """
import sys
from huggingface_hub import HfApi
repo, folder, into, *words = sys.argv[1:]
HfApi().upload_folder(repo_id=repo, folder_path=folder, path_in_repo=into, create_pr="propose" in words)
"""


class Client:
    """The official client in a process of its own, with a home and variables it keeps."""

    def __init__(self, home: Path, **variables: str) -> None:
        self.home, self.variables = home, variables

    def begin(
        self, hub: Running, repo: str, folder: Path, into: str = "", *words: str, token: str = TEACHER
    ) -> subprocess.Popen[str]:
        """An upload that goes on by itself; `propose` makes it a pull request."""
        environment = hub.environment_for(os.environ) | {"HF_HOME": str(self.home), "HF_TOKEN": token}
        environment.pop("HF_HUB_DISABLE_XET", None)
        return subprocess.Popen(
            [sys.executable, "-c", UPLOAD, repo, str(folder), into, *words],
            env=environment | self.variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def upload(
        self, hub: Running, repo: str, folder: Path, into: str = "", *words: str, token: str = TEACHER
    ) -> str:
        """What the client says in the end: nothing, when all went well."""
        client = self.begin(hub, repo, folder, into, *words, token=token)
        said = client.communicate(timeout=100)[0]
        assert bool(client.returncode) == bool("Error" in said), said
        return said.strip().splitlines()[-1] if client.returncode else ""


def write(folder: Path, **files: bytes) -> Path:
    """A folder of large files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / f"{name}.bin").write_bytes(content)
    return folder


def fill(root: Path, box_root: Path) -> Path:
    store = Store.overlay(box_root, root)
    store.create_repo("model", REPO, created_at=datetime.now(UTC))
    store.create_repo("dataset", "lab/other", created_at=datetime.now(UTC), private=True)
    store.close()
    return root


def asked(hub: Running, what: str) -> list[int]:
    """The statuses of what was asked of an address."""
    return [request["status"] for request in hub.requests() if what in request["path"]]


def content(hub: Running, repo: str, path: str, rev: str = "main") -> bytes:
    """A file as anybody downloads it."""
    answer = httpx.get(
        f"{hub.url}/{repo}/resolve/{rev}/{path}",
        headers={"authorization": f"Bearer {TEACHER}"},
        follow_redirects=True,
        trust_env=False,
    )
    assert not [name for name in answer.headers if "xet" in name]
    return bytes(answer.raise_for_status().content)


def token(
    hub: Running, scope: str = "write", who: str = TEACHER, rev: str = "main", repo: str = f"models/{REPO}"
):
    return httpx.get(
        f"{hub.url}/api/{repo}/xet-{scope}-token/{rev}",
        headers={"authorization": f"Bearer {who}"} if who else {},
        trust_env=False,
    )


def left(hub: Running) -> list[Path]:
    """What is on its way, or was left lying."""
    folders = (hub.root / "xet" / "incoming", hub.root / "blobs" / "incoming")
    return [path for folder in folders for path in folder.rglob("*")]


def post(url: str, bearer: str, path: str, body: bytes):
    """Something sent to the storage by hand."""
    headers = {b"authorization": f"Bearer {bearer}".encode()}
    return httpx.post(f"{url}/{path}", content=body, headers=headers, trust_env=False)
