"""Start an offline Hub as a child process, and talk to it.

with start() as hub:                       # the demo content, on a copy that is thrown away
    env = hub.environment_for(os.environ)  # for a child process: its own HF_HOME, no token
    with hub.fault("status", match="/api/models*", status=503, count=2):
        ...
    hub.requests()

here()                                     # in a process below `hf-nb hub run`: the Hub it lives under
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn, Self

from hf_nb.errors import BadInput, Refused, Timeout
from hf_nb.offline import handle
from hf_nb.offline.handle import ADMIN, Handle
from hf_nb.offline.people import LEARNER
from hf_nb.offline.store import Store

here = handle.here

LEARNER_TOKEN = "HF_NB_LEARNER_TOKEN"  # noqa: S105 -- the name of a variable
# Whatever would lead the official client to the user's own cache, token or Hub.
UNSET = (
    "HF_TOKEN HUGGING_FACE_HUB_TOKEN HF_TOKEN_PATH HF_STORED_TOKENS_PATH HF_HUB_CACHE "
    "HUGGINGFACE_HUB_CACHE HF_ASSETS_CACHE HUGGINGFACE_ASSETS_CACHE HF_XET_CACHE HF_DATASETS_CACHE "
    "HF_MODULES_CACHE TRANSFORMERS_CACHE HF_HUB_OFFLINE TRANSFORMERS_OFFLINE HF_DATASETS_OFFLINE "
    "HF_INFERENCE_ENDPOINT HUGGINGFACE_CO_STAGING HUGGINGFACE_BASE_URL HUGGINGFACE_API_KEY "
    "HF_HUB_DISABLE_IMPLICIT_TOKEN HF_HUB_ENABLE_HF_TRANSFER HF_OIDC_TOKEN HF_NB_HUB_ADMIN"
).split()
_SWITCHES = {
    "HF_HUB_DISABLE_XET": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_UPDATE_CHECK": "1",
    # `datasets` tells a third party which dataset was loaded, and the switch for telemetry does not stop it
    "HF_UPDATE_DOWNLOAD_COUNTS": "0",
    # what is built when it is first asked for takes longer than the 10 seconds clients wait
    "HF_HUB_ETAG_TIMEOUT": "120",
    "HF_HUB_DOWNLOAD_TIMEOUT": "120",
    "HF_NB_READ_TIMEOUT": "120",
    "HF_NB_DEADLINE": "150",
    # nothing on loopback takes long enough for a bar, and a notebook run again should show no difference
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "HF_DATASETS_DISABLE_PROGRESS_BARS": "1",
}
_PATIENCE = 30.0


def start(
    root: Path | None = None,
    *,
    users: Sequence[str] = (),
    limits: str = "roomy",
    port: int = 0,
    cdn_port: int = 0,
    home: Path | None = None,
    with_cache: bool = False,
    answer: str | None = None,
    rows: str | None = None,
) -> Running:
    """An offline Hub, ready to be asked. Without a root: the demo content, on a copy of its own.

    `answer`: the module that answers questions to models (`hf_nb.infer.serving`); without one nobody does.
    `rows`: the module that reads datasets for their viewer (`hf_nb.data.serving`); without one there is no viewer.
    """
    own = Path(tempfile.mkdtemp(prefix="hf-nb-hub-"))
    try:
        folder = ready_root(root, own / "store", with_cache=with_cache)
        told = {
            "root": str(folder),
            "users": list(users),
            "limits": limits,
            "port": port,
            "cdn_port": cdn_port,
            "answer": answer,
            "rows": rows,
        }
        process, said = _spawn(told)
    except BaseException:
        shutil.rmtree(own, ignore_errors=True)
        raise
    return Running(process, said, root=folder, home=home or own / "home", own=own, demo=root is None)


def ready_root(root: Path | None, own: Path, *, with_cache: bool) -> Path:
    """The folder to serve: the one given, or a copy of the demo content, with the user's cache if that is wanted."""
    if root is not None:
        if with_cache:
            raise BadInput(
                "The cache is shown beside the demo content, not in a folder that stays.",
                "Leave out --root or --with-cache.",
            )
        return root
    folder = demo_copy(own)
    if with_cache:
        from hf_nb.offline.cached import bring

        store = Store.open(folder)
        bring(store)
        store.close()
    return folder


def demo_copy(folder: Path) -> Path:
    """The demo content, built where it is missing, as a store that may be changed; files are read where they are."""
    import importlib

    build = importlib.import_module("hf_nb.offline.content.build")
    built: Path = build.ensure(report=lambda line: print(line, file=sys.stderr))  # noqa: T201 -- it takes a minute, once
    Store.overlay(built, folder).close()
    return folder


def environment(
    url: str, home: Path, before: Mapping[str, str] = os.environ, *, demo: bool = False
) -> dict[str, str]:
    """The variables that turn the official client to a Hub at `url`; one of a demo Hub's lets its learner log in."""
    proxied = {name: _with_loopback(before.get(name, "")) for name in ("NO_PROXY", "no_proxy")}
    account = {LEARNER_TOKEN: LEARNER} if demo else {}
    return {"HF_ENDPOINT": url, "HF_HOME": str(home), **_SWITCHES, **proxied, **account}


class Running(Handle):
    """An offline Hub at work in a child process; what can be asked of it stands in handle.py."""

    unset = tuple(UNSET)

    def __init__(
        self,
        process: subprocess.Popen[str],
        said: Mapping[str, str],
        *,
        root: Path,
        home: Path,
        own: Path,
        demo: bool = False,
    ) -> None:
        super().__init__(said["url"], said["admin"])
        self.process, self.root, self.home, self.demo = process, root, home, demo
        self.cdn_url = said["cdn_url"]
        self.environment = environment(self.url, home, demo=demo)
        self._own = own
        home.mkdir(parents=True, exist_ok=True)

    def environment_for(self, before: Mapping[str, str]) -> dict[str, str]:
        """A whole environment for a child process: `before` with this Hub's variables set and the user's removed."""
        kept = {name: value for name, value in before.items() if name not in self.unset}
        return kept | environment(self.url, self.home, before, demo=self.demo)

    @property
    def key(self) -> dict[str, str]:
        """The variable by which a process finds its Hub with `here()`; whoever holds it commands the Hub."""
        return {ADMIN: self._admin}

    def stop(self) -> None:
        """End the process and remove what was its own. More than once is fine."""
        if self.process.stdin and not self.process.stdin.closed:
            with contextlib.suppress(OSError):
                self.process.stdin.close()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()
        shutil.rmtree(self._own, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _spawn(told: Mapping[str, Any]) -> tuple[subprocess.Popen[str], dict[str, str]]:
    """The child, once it says where it listens. Tokens go through its input: everybody can read command lines."""
    process = subprocess.Popen(
        [sys.executable, "-m", "hf_nb.offline"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # Ctrl-C is for the command that uses the Hub
    )
    assert process.stdin
    assert process.stdout
    try:
        process.stdin.write(json.dumps(told) + "\n")
        process.stdin.flush()
        line = process.stdout.readline()
        said: dict[str, str] = json.loads(line) if line else {}
        if "url" not in said:
            _complain(said)
    except BaseException:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()
        raise
    return process, said


def _complain(said: Mapping[str, str]) -> NoReturn:
    if "error" in said:
        raise Refused(said["error"], said["next"])
    raise Timeout("The offline Hub did not start.")


def _with_loopback(hosts: str) -> str:
    return ",".join(dict.fromkeys([host for host in hosts.split(",") if host] + ["127.0.0.1"]))
