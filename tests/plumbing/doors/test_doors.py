"""`local_only` closes every way out: nothing connects and no name is looked up; taken away, the same tries do both."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from hf_nb.plumbing import doors, session
from hf_nb.plumbing.doors import variables
from tests.plumbing.doors.reaching import FAR, TRIES

REACHING = Path(__file__).with_name("reaching.py")
ROOT = Path(__file__).parents[3]
# Shown by tests of their own: files over Xet below, the official command in tests/commands/test_official.py.
ELSEWHERE = {"Xet", "official sql"}
# Our queries read no address, whatever the settings say.
ALWAYS = {"DuckDB"}


def _environment(tmp_path: Path, *, local_only: bool, endpoint: str = f"https://{FAR}") -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
    home = str(tmp_path)
    return kept | {
        "PYTHONPATH": str(ROOT),  # without the tests' own guard: it would hear what hf_nb refuses
        "HOME": home,
        "HF_HOME": home,
        "HF_ENDPOINT": endpoint,
        "HF_NB_LOCAL_ONLY": str(int(local_only)),
    }


def _reach(tmp_path: Path, *names: str, local_only: bool) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, str(REACHING), *names],
        env=_environment(tmp_path, local_only=local_only),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_every_door_is_tried() -> None:
    assert {one.name for one in doors.DOORS} - ELSEWHERE == set(TRIES) - ELSEWHERE - {"own"}
    assert all(one.who and one.how for one in doors.DOORS)


def test_under_local_only_no_door_lets_anything_out_and_a_cells_own_code_is_let_through(
    tmp_path: Path,
) -> None:
    names = [one for one in TRIES if one != "Xet"]
    found = _reach(tmp_path, *names, local_only=True)
    heard = {name: one["heard"] for name, one in found.items()}
    assert len(heard.pop("own")) > 0
    assert heard == {name: [] for name in names if name != "own"}
    said = found["client"]["said"]
    assert sum("local_only refused" in one for one in said) >= 7, said
    assert all("local_only refused" in one for one in found["sockets"]["said"][:4])
    assert "local_only refused git" in found["programs"]["said"][0]


def test_with_the_protection_taken_out_the_same_tries_are_seen_to_leave(tmp_path: Path) -> None:
    names = [one for one in TRIES if one not in {"Xet", *ALWAYS}]
    found = _reach(tmp_path, *names, local_only=False)
    assert [name for name, one in found.items() if not one["heard"]] == []
    assert len(found["client"]["heard"]) >= 8


class _Far(BaseHTTPRequestHandler):
    """A Hub here whose file, it says, lies in a store elsewhere; it also gives it plainly."""

    def do_HEAD(self) -> None:
        self._head("0")

    def do_GET(self) -> None:
        if "xet-read-token" in self.path:
            self.send_response(200)
            self.send_header("X-Xet-Cas-Url", f"https://{FAR}")
            self.send_header("X-Xet-Access-Token", "none")
            self.send_header("X-Xet-Token-Expiration", "4102444800")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self._head("5")
        self.wfile.write(b"plain")

    def _head(self, length: str) -> None:
        self.send_response(200)
        self.send_header("X-Repo-Commit", "a" * 40)
        self.send_header("ETag", '"' + "b" * 64 + '"')
        self.send_header("X-Linked-Size", "5")
        self.send_header("X-Xet-Hash", "c" * 64)
        route = f"http://{self.headers['Host']}/api/models/owner/name/xet-read-token/{'a' * 40}"
        self.send_header("Link", f'<{route}>; rel="xet-auth"')
        self.send_header("Content-Length", length)
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """Quiet."""


@pytest.fixture
def far() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Far) as listening:
        thread = threading.Thread(target=listening.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.server_port}"
        listening.shutdown()
        thread.join()


def _traced(tmp_path: Path, endpoint: str, *names: str, local_only: bool) -> tuple[str, list[str]]:
    """What it printed, and the addresses of the internet that the kernel was asked for, native code's too.

    It is ended as soon as one is not of this machine.
    """
    log = tmp_path / "connects"
    watched = ["strace", "-f", "-qq", "-e", "trace=connect,sendto,sendmmsg,sendmsg", "-o", str(log)]
    process = subprocess.Popen(
        [*watched, sys.executable, str(REACHING), *names],
        env=_environment(tmp_path, local_only=local_only, endpoint=endpoint),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    try:
        ends = time.monotonic() + 100
        while process.poll() is None and not _away(log) and time.monotonic() < ends:
            time.sleep(0.05)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        said, _ = process.communicate()
    return said, _away(log)


def _away(log: Path) -> list[str]:
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    asked = [one for one in lines if "sin_addr=" in one or "sin6_addr" in one]
    return [one for one in asked if 'inet_addr("127.' not in one and '"::1"' not in one]


@pytest.mark.skipif(shutil.which("strace") is None, reason="only strace sees what Rust asks the kernel for")
def test_files_that_lie_in_a_store_elsewhere_come_from_the_hub_itself_or_not_at_all(
    tmp_path: Path, far: str
) -> None:
    said, away = _traced(tmp_path, far, "Xet", "DuckDB", "children", local_only=True)
    assert away == []
    assert json.loads(said)["Xet"]["said"] == ["plain", "done"]
    for one in ("hub", "xet"):
        shutil.rmtree(tmp_path / one, ignore_errors=True)
    (tmp_path / "connects").unlink()
    _, away = _traced(tmp_path, far, "Xet", local_only=False)
    assert FAR in away[0]


# -- the switches


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Iterator[session.Session]:
    for one in variables.SWITCHES:
        monkeypatch.delenv(one.variable, raising=False)
    made = session.Session()
    session.use(made)
    yield made
    session.use(None)


def _constants() -> tuple[bool, bool, bool]:
    from huggingface_hub import constants

    return constants.HF_HUB_OFFLINE, constants.HF_HUB_DISABLE_XET, constants.HF_HUB_DISABLE_TELEMETRY


def test_the_libraries_own_switches_are_set_and_taken_back(
    here: session.Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WANDB_MODE", "online")
    before = _constants(), {**os.environ}
    here.settings.local_only = True
    assert _constants() == (True, True, True)
    assert os.environ["HF_HUB_OFFLINE"] == os.environ["DO_NOT_TRACK"] == "1"
    assert os.environ["WANDB_MODE"] == "offline"
    here.settings.local_only = False
    assert (_constants(), {**os.environ}) == before


def test_a_hub_on_this_machine_is_still_asked_and_what_somebody_changed_meanwhile_stays(
    here: session.Session,
) -> None:
    here.settings.local_only = True
    here.settings.endpoint = "http://127.0.0.1:8000"
    assert "HF_HUB_OFFLINE" not in os.environ
    assert _constants()[1:] == (True, True)
    os.environ["HF_UPDATE_DOWNLOAD_COUNTS"] = "no"
    here.settings.local_only = False
    assert os.environ.pop("HF_UPDATE_DOWNLOAD_COUNTS") == "no"


def test_what_is_imported_meanwhile_is_opened_again_too(
    here: session.Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "datasets.config", raising=False)
    here.settings.local_only = True
    late = type(sys)("datasets.config")
    late.HF_UPDATE_DOWNLOAD_COUNTS, late.HF_HUB_OFFLINE = False, True  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "datasets.config", late)
    here.settings.local_only = False
    assert (late.HF_UPDATE_DOWNLOAD_COUNTS, late.HF_HUB_OFFLINE) == (True, False)


def test_a_child_gets_a_proxy_that_is_not_there_only_while_it_is_closed(here: session.Session) -> None:
    assert doors.environment({"A": "1"}) == {"A": "1"}
    here.settings.local_only = True
    given = doors.environment({"A": "1", "HF_ENDPOINT": "http://127.0.0.1:1"})
    assert given["https_proxy"].startswith("http://127.0.0.1:")
    assert "127.0.0.1" in given["no_proxy"]
    assert given["GIT_ALLOW_PROTOCOL"] == "file"
    assert "HF_HUB_OFFLINE" not in given


def test_what_a_library_does_is_its_own_and_what_it_calls_back_is_the_notebooks(tmp_path: Path) -> None:
    """A tool that a model calls is written by the user, and stands nearer to the socket than the library."""
    lines = f"""
import socket, sys
sys.path.insert(0, {str(ROOT)!r})
from hf_nb.plumbing.doors import sockets
sockets.close()

def left(event, given):
    if event == "socket.getaddrinfo":
        raise OSError("left")

sys.addaudithook(left)

def say(call):
    try:
        call()
    except Exception as wrong:
        print(type(wrong).__name__)

look = "import socket; socket.getaddrinfo('hub.invalid', 443)"
library = {{"__name__": "hf_nb.infer.tools"}}
exec("def call(one): one()", library)
say(lambda: library["call"](lambda: socket.getaddrinfo("hub.invalid", 443)))
say(lambda: exec(look, {{"__name__": "datasets.load"}}))
sockets.open_again()
say(lambda: exec(look, {{"__name__": "datasets.load"}}))
"""
    (tmp_path / "cell.py").write_text(lines)
    done = subprocess.run(
        [sys.executable, str(tmp_path / "cell.py")],
        env=_environment(tmp_path, local_only=False),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() == ["OSError", "Refused", "OSError"], done.stderr
